"""The file of placeholders: private, whole, on the disk first."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from consumer.documents.neutralization import mapping as mapping_module
from consumer.documents.neutralization.mapping import MappingDamaged, MappingUnwritten
from consumer.documents.neutralization.neutralizer import Neutralizer


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Give the place of a mapping."""
    return tmp_path / "workflow" / "mapping.json"


def test_the_file_is_its_owners_alone(file: Path) -> None:
    """Nobody else can read who is behind a placeholder."""
    Neutralizer.open(file).clean("Herr Kowalski")

    assert file.stat().st_mode & 0o777 == 0o600
    assert file.parent.stat().st_mode & 0o777 == 0o700
    assert os.listdir(file.parent) == ["mapping.json"]


def test_every_placeholder_is_on_the_disk_before_it_is_returned(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The file and its folder are flushed; where that fails, no text comes back."""
    neutralizer = Neutralizer.open(file)
    flushed: list[int] = []
    monkeypatch.setattr(mapping_module.os, "fsync", flushed.append)
    neutralizer.clean("Herr Kowalski")
    assert len(flushed) == 2
    assert "Kowalski" in file.read_text()

    def broken(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(mapping_module.os, "fsync", broken)
    with pytest.raises(MappingUnwritten):
        neutralizer.clean("Herr Nowak")
    with pytest.raises(MappingUnwritten):
        neutralizer.clean("Herr Nowak")


def test_a_crash_while_writing_leaves_the_mapping_before_it(file: Path) -> None:
    """Half a file beside the mapping does no harm."""
    Neutralizer.open(file).clean("Herr Kowalski")
    file.with_name(".mapping.json.tmp").write_text('{"version": 1, "entr')

    neutralizer = Neutralizer.open(file)

    assert neutralizer.restore("[[PERSON_1]]") == "Kowalski"
    assert neutralizer.clean("Herr Nowak") == "Herr [[PERSON_2]]"


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"[]",
        b'{"version": 2}',
        b'{"version": 1, "entries": {"PERSON_1": "Kowalski"}, "foreign": [], "known": []}',
        b'{"version": 1, "entries": {"NOBODY_1": {"original": "x", "spread": true}}}',
        b"\xff\xfe",
    ],
)
def test_a_damaged_mapping_stops_the_job_and_tells_no_secret(file: Path, content: bytes) -> None:
    """Nothing goes on with half the placeholders."""
    file.parent.mkdir()
    file.write_bytes(content)

    with pytest.raises(MappingDamaged) as raised:
        Neutralizer.open(file)
    assert "Kowalski" not in raised.value.message
    assert raised.value.fix


def test_a_link_in_place_of_the_mapping_is_not_followed(file: Path, tmp_path: Path) -> None:
    """A folder made by hand cannot lead out of itself."""
    other = tmp_path / "other.json"
    other.write_text("{}")
    file.parent.mkdir()
    file.symlink_to(other)

    with pytest.raises(MappingDamaged):
        Neutralizer.open(file)


def test_the_mapping_is_json_that_a_person_can_read(file: Path) -> None:
    """Who has to look up a placeholder finds it."""
    Neutralizer.open(file).clean("Herr Köhler")

    assert json.loads(file.read_text())["entries"]["PERSON_1"]["original"] == "Köhler"


def test_a_folder_that_went_away_is_not_made_anew(tmp_path: Path) -> None:
    """A thread may outlive its run; names must not stay where the job no longer lies."""
    file = tmp_path / "job" / "workflow" / "mapping.json"
    file.parent.mkdir(parents=True)
    neutralizer = Neutralizer.open(file)
    (tmp_path / "job").rename(tmp_path / "settled")

    with pytest.raises(MappingUnwritten):
        neutralizer.clean("Herr Kowalski")

    assert not (tmp_path / "job").exists()
