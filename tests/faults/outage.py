"""Cut the power of a loaded queue, again and again: `outage.py FOLDER KIND CUTS FLUSHES SEED`.

Prints what was promised and is not so, and ends with 1 then. It is to be run under
`unshare --mount`: its mounts are nobody else's then, and go with it however it ends.
"""

from __future__ import annotations

import asyncio
import random
import sys
import time
from dataclasses import replace
from pathlib import Path

from consuming import work
from crowd import Crowd
from loading import Load, open_spool
from power import Volume
from producing import produce
from remains import broken_promises, remains_of
from telling import CUT, CUTTING, Story, story_of

CUTS_PER_IMAGE = 10
ENOUGH = 5
"""So many promises are made before each cut at least."""
LONGEST = 1.0
"""Seconds under load at most before the cut, once these are made."""


class Outage:
    """One volume with a queue, under load until its power is cut."""

    def __init__(self, volume: Volume, log: Path, seed: int) -> None:
        self.volume = volume
        self.load = Load(volume.mount_point / "queue", log, seed=seed)
        self._random = random.Random(seed)

    @property
    def promised(self) -> int:
        """How many promises the log tells of."""
        story = self._story()
        return len(story.submitted) + len(story.dropped) + len(story.settled)

    def renew(self, number: int) -> None:
        """Begin with an empty file system and an empty log."""
        self.volume.make()
        self.load = replace(self.load, log=self.load.log.with_name(f"{number}.log"))

    def strike(self, flushes: str) -> None:
        """Cut the power under load, mount again, and let the next start rescue."""
        before = self.promised
        crowd = Crowd(replace(self.load, flushes=flushes, seed=self._random.randrange(1 << 30)))
        try:
            for role in (produce, work, work):
                crowd.start(role)
            crowd.wait_until(lambda: self.promised >= before + ENOUGH)
            time.sleep(self._random.random() * LONGEST)
            crowd.log.tell(CUTTING)
            self.volume.cut()
            crowd.end()
            crowd.log.tell(CUT)
        finally:
            crowd.close()
        self.volume.unmount()
        self.volume.mount()
        asyncio.run(_rescue(self.load))

    def broken(self) -> list[str]:
        """Say what was promised and is not so."""
        return broken_promises(self._story(), remains_of(self.load.root))

    def _story(self) -> Story:
        return story_of(self.load.log) if self.load.log.exists() else Story()


async def _rescue(load: Load) -> None:
    async with open_spool(load) as spool:
        # A holder's folder without its lock is adopted when it is seen a second time.
        for _ in range(3):
            await spool.rescue()


def strike_often(outage: Outage, cuts: int, flushes: str) -> int:
    """Cut until a promise is broken, or so often; returns the exit code."""
    promised = 0
    for cut in range(cuts):
        if cut % CUTS_PER_IMAGE == 0:
            outage.renew(cut)
        before = outage.promised
        outage.strike(flushes)
        promised += outage.promised - before
        broken = outage.broken()
        if broken:
            print(f"cut {cut + 1}, {promised} promises, {len(broken)} broken:", *broken, sep="\n")
            return 1
    print(f"{cuts} cuts, {promised} promises, none broken")
    return 0


def main(folder: str, kind: str, cuts: str, flushes: str, seed: str) -> int:
    """Make the volume, cut its power, and unmount it in any case; a bad one is kept."""
    volume = Volume(Path(folder), kind)
    try:
        code = strike_often(Outage(volume, Path(folder, "log"), int(seed)), int(cuts), flushes)
    finally:
        volume.unmount()
    if code == 0 or flushes != "all":
        volume.image.unlink()
    return code


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
