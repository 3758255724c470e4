from __future__ import annotations

import os
from pathlib import Path

import pytest

from consumer.documents.failing import NotPlain
from consumer.documents.workflow.folder import JobFolder


def test_what_is_written_is_read_back_and_replaced_whole(tmp_path: Path) -> None:
    """No scratch file stays; only the owner may read."""
    folder = JobFolder(tmp_path)
    folder.make("workflow")
    folder.write("workflow/state.json", b"one")
    folder.write("workflow/state.json", b"two")

    assert folder.read("workflow/state.json") == b"two"
    assert os.listdir(tmp_path / "workflow") == ["state.json"]
    assert (tmp_path / "workflow").stat().st_mode & 0o777 == 0o700
    assert (tmp_path / "workflow/state.json").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("kind", ["link", "fifo", "folder"])
def test_what_is_no_plain_file_is_not_read(tmp_path: Path, kind: str) -> None:
    """Neither links nor what would block are opened for reading."""
    (tmp_path / "secret").write_text("secret")
    target = tmp_path / "state.json"
    match kind:
        case "link":
            target.symlink_to(tmp_path / "secret")
        case "fifo":
            os.mkfifo(target)
        case _:
            target.mkdir()

    with pytest.raises(NotPlain):
        JobFolder(tmp_path).read("state.json")


def test_a_folder_that_is_a_link_is_neither_read_nor_written(tmp_path: Path) -> None:
    """On no step of the way."""
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "a").write_text("secret")
    (tmp_path / "workflow").symlink_to(tmp_path / "elsewhere")
    folder = JobFolder(tmp_path)

    for attempt in (
        lambda: folder.make("workflow"),
        lambda: folder.read("workflow/a"),
        lambda: folder.write("workflow/b", b""),
    ):
        with pytest.raises(NotPlain):
            attempt()

    assert os.listdir(tmp_path / "elsewhere") == ["a"]


def test_files_are_listed_in_the_order_of_their_paths_without_links(tmp_path: Path) -> None:
    """Folders inside are gone through; a missing one holds nothing."""
    (tmp_path / "attachments" / "b").mkdir(parents=True)
    for name in ("c.txt", "a.txt", "b/d.txt"):
        (tmp_path / "attachments" / name).write_text("xx")
    (tmp_path / "attachments" / "link").symlink_to(tmp_path)
    folder = JobFolder(tmp_path)

    assert [(one.file, one.size) for one in folder.files("attachments")] == [
        ("attachments/a.txt", 2),
        ("attachments/b/d.txt", 2),
        ("attachments/c.txt", 2),
    ]
    assert folder.files("nothing") == ()


@pytest.mark.parametrize("file", ["../secret", "workflow/../../secret"])
def test_no_path_leads_out_of_the_folder(tmp_path: Path, file: str) -> None:
    """A state that somebody planted may name any."""
    (tmp_path / "secret").write_text("of another job")
    folder = JobFolder(tmp_path / "job")
    folder.root.mkdir()
    folder.make("workflow")

    for attempt in (folder.read, folder.path, lambda path: folder.write(path, b"")):
        with pytest.raises(NotPlain):
            attempt(file)

    assert folder.path("/etc/passwd").is_relative_to(folder.root)
    assert (tmp_path / "secret").read_text() == "of another job"


def test_a_folder_in_the_way_of_a_file_ends_the_job_and_not_the_service(tmp_path: Path) -> None:
    """A disk in trouble would pause all work; this is one job's own."""
    folder = JobFolder(tmp_path)
    (tmp_path / "state.json").mkdir()
    (tmp_path / ".record.json.tmp").mkdir()

    for name in ("state.json", "record.json"):
        with pytest.raises(NotPlain):
            folder.write(name, b"{}")
