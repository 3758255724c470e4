from __future__ import annotations

import os
import socket
from typing import Any

import pytest

from syntx.older.folder import Found, state_of


def test_jobs_are_found_at_any_depth_with_their_folder(older: Any) -> None:
    """The innermost folder of a known name says how far a job had come."""
    older.put("archive/2025/woche 48", older.prompt, older.metadata())
    older.put("incoming", older.prompt, older.metadata())
    found = older.read()
    assert [(item.state, item.folder) for item in found] == [
        ("archive", "archive/2025/woche 48"),
        ("incoming", "incoming"),
    ]


def test_the_folder_itself_may_be_the_state(older: Any) -> None:
    """Reading processed/ alone knows that these jobs were processed."""
    older.put("processed", older.prompt, older.metadata())
    (found,) = older.read(older.root / "processed")
    assert found.state == "processed"
    assert state_of(older.root, "") is None


def test_what_ended_comes_before_what_waits(older: Any) -> None:
    """A job that lies in both places is met as finished first."""
    for state in ("incoming", "processed", "error", "processing", "archive"):
        older.put(state, older.prompt, older.metadata())
    states = [found.state for found in older.read()]
    assert states == ["archive", "error", "processed", "incoming", "processing"]


def test_umlauts_and_odd_names_are_read(older: Any) -> None:
    """Topics of any spelling belong together with their files."""
    name = "20251126_030512_000123__topic_Köche & Öfen (neu)__style_sehr_formell"
    older.put("processed", older.prompt, older.metadata(), older.answer, name=name)
    (found,) = older.read()
    assert found.stem == name
    assert set(found.files) == {"text", "metadata", "answer"}


def test_what_is_no_plain_file_is_skipped_with_its_reason(older: Any, tmp_path: Any) -> None:
    """Links, FIFOs and sockets are never opened, and the rest is read all the same."""
    older.put("incoming", older.prompt, older.metadata())
    folder = older.root / "incoming"
    (tmp_path / "secret").write_text("geheim")
    (folder / "link.txt").symlink_to(tmp_path / "secret")
    (folder / "nowhere.json").symlink_to(tmp_path / "gone")
    os.mkfifo(folder / "fifo.txt")
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(folder / "sock.txt"))
        skipped = older.skipped()

    names = {f"incoming/{name}": "not_plain" for name in ("link.txt", "nowhere.json", "fifo.txt")}
    assert skipped == {**names, "incoming/sock.txt": "not_plain"}
    assert [item.stem for item in older.read() if isinstance(item, Found)] == [older.name]


def test_a_linked_folder_is_not_entered(older: Any, tmp_path: Any) -> None:
    """A symbolic link to a folder is skipped; a loop of them ends nowhere."""
    (older.root / "processed").symlink_to(tmp_path)
    assert older.skipped() == {"processed": "unknown_type"}


def test_a_job_of_which_one_file_is_unfit_is_skipped_whole(older: Any) -> None:
    """Half a job is not imported."""
    older.put("processed", older.prompt, older.metadata())
    os.mkfifo(older.root / "processed" / f"{older.name}_response.txt")
    assert list(older.skipped().values()) == ["not_plain"]
    assert len(older.read()) == 1


def test_a_huge_file_is_skipped(older: Any) -> None:
    """A file above the limit is not read at all."""
    older.put("processed", "x" * 1001, {})
    assert older.skipped(limit=1000) == {f"processed/{older.name}.txt": "not_plain"}


def test_other_files_are_named_and_empty_hidden_ones_are_not(older: Any) -> None:
    """What might be somebody's is told; a .gitkeep says nothing."""
    older.write("processed", {".gitkeep": b"", ".half.txt": b"x", "notes.md": b"x"})
    (older.root / ".tmp").mkdir()
    assert older.skipped() == {
        ".tmp": "hidden",
        "processed/.half.txt": "hidden",
        "processed/notes.md": "unknown_type",
    }


def test_names_that_differ_in_case_are_not_mixed(older: Any) -> None:
    """Of two prompts under one name one is read, and the other told."""
    older.write("incoming", {f"{older.name}.TXT": b"A?", f"{older.name}.txt": b"B?"})
    assert list(older.skipped().values()) == ["twice"]


def test_a_name_that_is_no_text_is_shown_escaped(older: Any) -> None:
    """Bytes that are no UTF-8 in a name harm neither the reading nor the terminal."""
    folder = os.fsencode(older.root)
    with open(folder + b"/\xff\x1b.txt", "wb") as file:
        file.write(b"Warum?")
    (found,) = older.read()
    assert found.place == "\\udcff\\x1b"


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_folder_that_may_not_be_read_is_told(older: Any) -> None:
    """The reason is named, and the rest is read."""
    (older.root / "error").mkdir(mode=0)
    older.put("processed", older.prompt, older.metadata())
    assert older.skipped() == {"error": "unreadable"}
    assert len(older.read()) == 2
