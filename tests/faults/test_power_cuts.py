"""Power cuts at random moments: what was promised is there after the journal is replayed.

`./run test -m power` runs them; see docs/how-to/test-durability.md.
"""

from __future__ import annotations

import os
import random
import subprocess
import sys
from pathlib import Path

import pytest
from power import what_is_missing

import syntx

pytestmark = [pytest.mark.power, pytest.mark.timeout(7200)]

KINDS = ("ext4", "xfs")
CUTS = int(os.environ.get("SYNTX_POWER_CUTS", "100"))
FEW = 40
"""Within so many cuts a missing flush must have shown."""


def run(script: str, folder: Path, kind: str, *words: str) -> tuple[int, str]:
    """Run a script with mounts of its own; returns how it ended, and what it said."""
    missing = what_is_missing(kind)
    if missing is not None:
        pytest.skip(missing)
    path = str(Path(__file__).with_name(script))
    done = subprocess.run(
        ["unshare", "--mount", sys.executable, path, str(folder), kind, *words],
        env=os.environ | {"PYTHONPATH": str(Path(syntx.__file__).parents[1])},
        capture_output=True,
        text=True,
        check=False,
    )
    said = f"{kind} {' '.join(words)}: {done.stdout[:2000]}"
    print(said)
    assert not done.stderr, done.stderr
    return done.returncode, said


def cut_power(folder: Path, kind: str, cuts: int, flushes: str) -> tuple[int, str]:
    """Let a queue under load go through power cuts."""
    return run("outage.py", folder, kind, str(cuts), flushes, str(random.randrange(1 << 30)))


@pytest.mark.parametrize("kind", KINDS)
def test_a_power_cut_breaks_no_promise(tmp_path: Path, kind: str) -> None:
    """Nothing submitted is lost, torn or doubled, and nothing settled can be claimed again."""
    code, said = cut_power(tmp_path, kind, CUTS, "all")

    assert code == 0, said


@pytest.mark.parametrize("flushes", ["none", "without files", "without folders"])
@pytest.mark.parametrize("kind", KINDS)
def test_a_missing_flush_is_found_out(tmp_path: Path, kind: str, flushes: str) -> None:
    """With a flush left out promises are broken: each of them is needed, and the cuts are real."""
    code, said = cut_power(tmp_path, kind, FEW, flushes)

    assert code == 1, said
    assert "broken:" in said


@pytest.mark.parametrize("kind", KINDS)
def test_a_file_system_that_goes_down_is_not_taken_for_sound(tmp_path: Path, kind: str) -> None:
    """A submit whose folder cannot be flushed any more says so, whatever the kernel says."""
    code, said = run("shutting.py", tmp_path, kind)

    assert code == 0, said
