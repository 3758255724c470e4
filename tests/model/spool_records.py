"""What lies in the modelled spool's files, and what its names tell."""

from __future__ import annotations

from typing import NamedTuple

INTAKE, REFUSED, NEWBORN = "~intake", ".refused", "new-"
DAY = "day"
FINAL = ("processed", "error", "archive", "discarded")
ROOTS = ("incoming", "processing", "retry", *FINAL, ".tmp")


class Verdict(NamedTuple):
    """How a job ended, and who said so."""

    outcome: str
    by: str
    run: int


class Job(NamedTuple):
    """An envelope; `made_of` names what was dropped for it."""

    id: str
    verdict: Verdict | None = None
    attempts: int = 0
    earlier: tuple[Verdict, ...] = ()
    """Verdicts that count no more."""
    made_of: tuple[str, ...] = ()

    @property
    def runs(self) -> int:
        """How often the job was given a verdict, so that no two verdicts are alike."""
        return len(self.earlier)


class Dropped(NamedTuple):
    """Bytes a person dropped, fit for a job or not."""

    label: str
    fit: bool = True


class Refusal(NamedTuple):
    """The record of a refusal: the intake folder's ID, and the names as they were dropped."""

    folder: str
    originals: tuple[str, ...]


class Me(NamedTuple):
    """A process: its worker's name, how its jobs go, and how many deaths a job may cost."""

    worker: str
    outcomes: tuple[str, ...] = ("passed",)
    max_rescues: int = 2

    @property
    def hold(self) -> str:
        """The folder of the jobs it holds."""
        return f"processing/{self.worker}"

    @property
    def scratch(self) -> str:
        """The folder whose lock says that it lives."""
        return f".tmp/{self.worker}"


def is_entry(name: str) -> bool:
    """Whether a name in `incoming/` is an entry's; dropped names have an extension."""
    return not name.startswith("n.")


def is_folder(entry: str) -> bool:
    """Whether an entry (a name or a path) is a folder with its envelope inside."""
    return entry.rpartition("/")[2].startswith("F")


def envelope_of(entry: str) -> str:
    """Return where an entry's envelope lies."""
    return f"{entry}/job.json" if is_folder(entry) else entry


def id_of(entry: str) -> str:
    """Return the ID an entry's name tells."""
    name = entry.rpartition("~")[2]
    return name if name.startswith("n.") else name.partition(".t")[0]


def rescues_of(entry: str) -> int:
    """Return how often a worker died holding the entry."""
    return int(entry.partition(".t")[2] or 0)


def rescued(entry: str) -> str:
    """Return the entry's name after one more death."""
    return f"{id_of(entry)}.t{rescues_of(entry) + 1}"


def base(path: str) -> str:
    """Return a path's last name."""
    return path.rpartition("/")[2]
