from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from log_writers import BEGIN, LAST_DAY, Crowd, check

from syntx.journal.appending import Unreadable
from syntx.journal.files import Position, read_all, read_since
from syntx.journal.names import NAMES, Name
from syntx.journal.packing import pack


@dataclass
class Scale:
    """How much is written and broken."""

    logs: tuple[Name, ...]
    writers: int
    lines: int
    kill_every: int


SMALL = Scale(("evolution",), writers=3, lines=40, kill_every=30)
LARGE = Scale(NAMES, writers=8, lines=1_000, kill_every=3)


class Follower:
    """Reads on and on what is new in a log."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.position: Position | None = None
        self.ids: list[str] = []

    def look(self) -> None:
        """Read all that is new."""
        while True:
            records, position = read_since(self.path, self.position, most_bytes=1 << 20)
            self.ids += [record["id"] for record in records]
            if position == self.position:
                return
            self.position = position


@pytest.mark.parametrize("scale", [SMALL, pytest.param(LARGE, marks=pytest.mark.slow)])
@pytest.mark.timeout(1800)
def test_sixty_days_lose_nothing_and_double_nothing(tmp_path: Path, scale: Scale) -> None:
    """Rotated, packed and read while written at full speed and killed: each line once."""
    crowd = Crowd(tmp_path, scale.logs, most=100)
    followers = [Follower(tmp_path / f"{name}.jsonl") for name in scale.logs]
    crowd.begin(scale.writers)
    for number in range(1, LAST_DAY):
        crowd.next_day(scale.lines)
        if number % scale.kill_every == 10 % scale.kill_every:
            crowd.kill_one()
        if number % 4 == 0:
            today = f"{BEGIN + timedelta(days=number):%Y-%m-%d}"
            for follower in followers:
                follower.look()
                pack(follower.path, today=today)
    crowd.finish()

    for follower in followers:
        pack(follower.path, today="2026-11-02")
        follower.look()
        found = list(read_all(follower.path))
        ids = [one["id"] for one in found if not isinstance(one, Unreadable)]
        check(ids, crowd)
        assert sorted(follower.ids) == sorted(ids)
        assert len(found) - len(ids) <= len(crowd.killed)
        parts = sorted(one.name for one in tmp_path.glob(f"{follower.path.stem}*"))
        assert [name[-11:] for name in parts if name.endswith(".gz")] != []
        assert parts[0] == f"{follower.path.stem}-2026-09.jsonl.gz"
        assert f"{follower.path.stem}-2026-10.jsonl.gz" in parts
