"""Many processes on one queue: none takes from a living one, and the dead lose all at once.

The large ones are run with `./run test -m many`; see docs/how-to/test-durability.md.
"""

from __future__ import annotations

import asyncio
import os
import random
import signal
import statistics
import time
from multiprocessing.process import BaseProcess

import pytest
from consuming import be_born_often, rescue_without_pause, work
from crowd import Crowd
from loading import Load, open_spool
from producing import produce
from remains import broken_promises, remains_of, unfinished
from telling import Story, story_of

from syntx.spool.counting import count


def fill(crowd: Crowd, jobs: int) -> None:
    """Let that many jobs wait, or some more."""
    crowd.start(produce, count=jobs).join()


def all_kept(crowd: Crowd) -> Story:
    """Check the queue, which must be empty, against all that was told."""
    story, found = story_of(crowd.load.log), remains_of(crowd.load.root)
    assert broken_promises(story, found) == []
    assert unfinished(found) == []
    return story


def seconds_until_gone(crowd: Crowd, victim: BaseProcess) -> float | None:
    """Kill a worker; return how long the dead one's folder stays, None if it had none yet."""
    born = crowd.told("born", by=victim)
    dead = crowd.kill(victim)
    if not born:
        return None
    hold = crowd.load.root / "processing" / born[-1]
    return crowd.wait_until(lambda: not hold.exists()) - dead


def crowded(crowd: Crowd, *, jobs: int, workers: int, kills: int, pause: float) -> list[float]:
    """Produce and work, killing a worker after each pause, at least so often; then drain."""
    chance, seconds = random.Random(crowd.load.seed), []
    producers = [crowd.start(produce, count=jobs // 2) for _ in range(2)]
    living = [crowd.start(work) for _ in range(workers)]
    crowd.wait_until(lambda: len(crowd.told("settled")) > jobs // 100)
    while kills > 0 or any(one.is_alive() for one in producers) or is_busy(crowd, jobs):
        gone = seconds_until_gone(crowd, living.pop(chance.randrange(workers)))
        seconds += [] if gone is None else [gone]
        living.append(crowd.start(work))
        kills -= 1
        time.sleep(pause * 2 * chance.random())
    crowd.finish(600)
    return seconds


def is_busy(crowd: Crowd, jobs: int) -> bool:
    """Whether more than a few jobs wait."""
    return count(crowd.load.root).waiting > jobs // 20


def test_killed_workers_cost_nobody_a_job(crowd: Crowd) -> None:
    """Four processes, 1,000 jobs, three or more kills: each is done once, held by one at a time."""
    crowded(crowd, jobs=1_000, workers=4, kills=3, pause=0.3)

    story = all_kept(crowd)

    assert len(story.submitted) + len(story.dropped) >= 1_000


@pytest.mark.many
@pytest.mark.timeout(3600)
def test_a_hundred_thousand_jobs_outlive_a_kill_each_second(crowd: Crowd) -> None:
    """Eight processes, 100,000 jobs, a random worker killed each second and started again."""
    started = time.monotonic()
    seconds = crowded(crowd, jobs=100_000, workers=8, kills=30, pause=1.0)
    took = time.monotonic() - started

    story = all_kept(crowd)

    print(f"{len(story.submitted)} submitted, {len(story.dropped)} dropped, {took:.0f} s")
    print(f"{story.words['killed']} kills; gone after {statistics.median(seconds):.2f} s in the")
    print(f"median, {max(seconds):.2f} s at most; {dict(story.words)}")
    assert statistics.median(seconds) < 1


def test_a_dead_workers_jobs_come_back_though_its_child_lives(crowd: Crowd) -> None:
    """What a worker started does not hold its lock on, even if it inherits all that it can."""
    fill(crowd, 8)
    victim = crowd.start(work, with_child=True, gate=crowd.load.root / "never")
    crowd.wait_until(lambda: len(crowd.told("child", by=victim)) == 4)
    held = crowd.told("held", by=victim)
    crowd.start(work)

    crowd.kill(victim)
    crowd.wait_until(lambda: set(held) <= set(crowd.told("settled")))

    for child in crowd.told("child"):
        os.kill(int(child), 0)
    crowd.finish()
    all_kept(crowd)


def test_a_stopped_worker_keeps_its_jobs(crowd: Crowd) -> None:
    """While it is stopped nobody takes them; it goes on with them afterwards."""
    fill(crowd, 40)
    gate = crowd.load.log.with_name("gate")
    stopped = crowd.start(work, gate=gate)
    crowd.wait_until(lambda: len(crowd.told("held", by=stopped)) == 4)
    os.kill(stopped.pid or 0, signal.SIGSTOP)
    gate.touch()
    crowd.start(work)
    mine = set(crowd.told("held", by=stopped))

    crowd.wait_until(lambda: count(crowd.load.root).waiting == 0)
    assert asyncio.run(rescue_often(crowd.load)) == 0
    (name,) = crowd.told("born", by=stopped)
    hold = crowd.load.root / "processing" / name
    assert {path.stem.partition(".t")[0] for path in hold.iterdir()} == mine

    os.kill(stopped.pid or 0, signal.SIGCONT)
    crowd.finish()
    all_kept(crowd)


async def rescue_often(load: Load) -> int:
    """Rescue many times; returns how many jobs were taken from anybody."""
    async with open_spool(load) as spool:
        return sum([await spool.rescue() for _ in range(50)])


def births(crowd: Crowd, *, parents: int, rescuers: int, times: int) -> None:
    """Open and close spools that hold jobs, while others rescue without a pause."""
    fill(crowd, 10)
    for _ in range(rescuers):
        crowd.start(rescue_without_pause)
    crowd.wait_until(lambda: len(crowd.told("looked")) > rescuers)
    bearing = [crowd.start(be_born_often, count=times) for _ in range(parents)]
    for one in bearing:
        one.join()
    crowd.finish()
    story = story_of(crowd.load.log)
    assert broken_promises(story, remains_of(crowd.load.root)) == []
    assert story.words["rescued"] == 0
    assert story.words["lived"] == parents * times


def test_a_birth_is_never_taken_for_a_death(crowd: Crowd) -> None:
    """Under permanent rescue no birth fails, and none is rescued."""
    births(crowd, parents=2, rescuers=1, times=40)


@pytest.mark.many
@pytest.mark.timeout(1800)
def test_thousands_of_births_are_never_taken_for_deaths(crowd: Crowd) -> None:
    """The same with four processes, three rescuers and 8,000 births."""
    births(crowd, parents=4, rescuers=3, times=2_000)
