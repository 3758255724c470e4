"""Broken protocols, and the scene that finds each out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import spool_broken
from model_programs import Body


@dataclass(frozen=True)
class Mutant:
    """Programs in place of the protocol's, the scene that finds it out, and what is broken then."""

    programs: Mapping[str, Body]
    scene: str
    broken: str


MUTANTS: dict[str, Mutant] = {
    "orphans are not adopted": Mutant(
        {"adopt": spool_broken.nothing}, "an orphan", "left over in processing/"
    ),
    "a lock is believed though the name means another": Mutant(
        {"lock_if_dead": spool_broken.lock_whatever},
        "a producer, a consumer and a rescuer",
        "ENOENT",
    ),
    "no lock is asked for": Mutant(
        {"lock_if_dead": spool_broken.lock_nothing}, "two consumers, one job", "touches the folder"
    ),
    "moved before the verdict is inside": Mutant(
        {"move": spool_broken.move_then_rewrite},
        "two consumers, one job",
        "ended without a verdict",
    ),
    "removed before it is published": Mutant(
        {"move": spool_broken.rewrite_in_two_steps}, "two consumers, one job", "is lost"
    ),
    "the sidecar is taken first": Mutant(
        {"take": spool_broken.take_sidecar_first}, "a dropped pair, two takers", "parted"
    ),
    "a sidecar is taken alone": Mutant(
        {"take_dropped": spool_broken.take_lone_sidecars}, "a dropped pair, two takers", "parted"
    ),
    "entries are given back before intakes are finished": Mutant(
        {"give_back": spool_broken.give_back_entries_first}, "a dropped pair, two takers", "places"
    ),
    "an intake is built twice": Mutant(
        {"finish_intake": spool_broken.build_whatever_is_there},
        "a dropped pair, two takers",
        "EEXIST",
    ),
    "originals go before their entry is safe": Mutant(
        {"build_file": spool_broken.build_unflushed}, "power: a dropped pair", "places"
    ),
    "a folder's entry is built in place": Mutant(
        {"build_folder": spool_broken.build_folder_in_place},
        "a dropped folder, two takers",
        "not whole",
    ),
    "a folder's intake begins again": Mutant(
        {"build_folder": spool_broken.build_folder_anew}, "a dropped folder, two takers", "EEXIST"
    ),
    "a folder's entry is moved unflushed": Mutant(
        {"sync_tree": spool_broken.nothing}, "power: a dropped folder", "not whole"
    ),
    "a folder's verdict is not flushed before the move": Mutant(
        {"sync_names": spool_broken.do_not_sync_entry},
        "power: a dropped folder",
        "ended without a verdict",
    ),
    "a refusal's record comes last": Mutant(
        {"refuse": spool_broken.refuse_record_last}, "a refused pair", "does not tell the names"
    ),
    "a refusal's record is not flushed": Mutant(
        {"refuse": spool_broken.refuse_unflushed}, "power: a refused pair", "torn"
    ),
    "a refusal is moved piecemeal": Mutant(
        {"publish_refusal": spool_broken.publish_refusal_piecemeal}, "a refused pair", "not whole"
    ),
    "an operator's retry keeps the verdict": Mutant(
        {"run_again": spool_broken.retry_without_history}, "an operator's retry", "undone"
    ),
    "bytes are not flushed": Mutant(
        {"flush_files": spool_broken.flush_no_files}, "power: submit and settle", "torn"
    ),
    "a promise is told before the folder is flushed": Mutant(
        {"flush_folder": spool_broken.flush_no_folder}, "power: submit and settle", "is lost"
    ),
    "a batch is told after the first folder's flush": Mutant(
        {"commit": spool_broken.commit_answers_early},
        "power: settle and submit in one batch",
        "is lost",
    ),
    "a day's folder is not flushed": Mutant(
        {"publish": spool_broken.publish_day_unflushed}, "power: the first job of a day", "is lost"
    ),
    "a failed flush of names is tried again": Mutant(
        {"flush_folder": spool_broken.flush_folder_again},
        "power: two submits in one batch",
        "is lost",
    ),
    "a failed flush of bytes is tried again": Mutant(
        {"flush_files": spool_broken.flush_bytes_again},
        "power: two submits, flushed at once",
        "torn",
    ),
}
