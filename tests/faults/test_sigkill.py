"""SIGKILL at random moments: every promise is kept by those who live on."""

from __future__ import annotations

import asyncio
import random

import pytest
from consuming import work
from crowd import Crowd
from loading import Load, open_spool
from producing import produce
from remains import broken_promises, remains_of, unfinished
from telling import Story, story_of

ROLES = (produce, work, work)


def kill_at_random(crowd: Crowd, kills: int) -> None:
    """Kill one after the other once each has done something, and start another in its place."""
    chance = random.Random(crowd.load.seed)
    living = [(role, crowd.start(role)) for role in ROLES]
    for _ in range(kills):
        role, victim = living.pop(chance.randrange(len(living)))
        enough = chance.randint(1, 20)
        crowd.wait_until(lambda v=victim, n=enough: crowd.spoken(v) >= n)
        crowd.kill(victim)
        living.append((role, crowd.start(role)))
    for role, process in living:
        if role is produce:
            crowd.kill(process)


def drained(crowd: Crowd) -> Story:
    """Let the workers empty the queue; everything must be as it was promised then."""
    crowd.start(work)
    crowd.finish()
    asyncio.run(_rescue(crowd.load))
    story, found = story_of(crowd.load.log), remains_of(crowd.load.root)
    assert broken_promises(story, found) == []
    assert unfinished(found) == []
    return story


async def _rescue(load: Load) -> None:
    async with open_spool(load) as spool:
        assert await spool.rescue() == 0
        assert await spool.claim() is None


def test_killed_producers_and_workers_keep_every_promise(crowd: Crowd) -> None:
    """After 15 kills each job has ended once, whole, and what was settled never ran again."""
    kill_at_random(crowd, kills=15)

    story = drained(crowd)

    assert story.words["killed"] >= 15
    assert story.submitted
    assert story.settled


@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_many_kills_keep_every_promise(crowd: Crowd) -> None:
    """The same after 300 kills."""
    kill_at_random(crowd, kills=300)

    story = drained(crowd)

    print(f"{story.words['killed']} kills, {len(story.submitted)} submitted, {story.words}")
