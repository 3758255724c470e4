"""The spool's protocol keeps its promises in every order of steps, kills and power cuts.

`./run test tests/model -rP` prints how many states each scene has; with `-m slow`, of the
larger ones.
"""

from __future__ import annotations

from dataclasses import replace

import pytest
from model_search import Search
from spool_mutants import MUTANTS
from spool_scenes import LARGE_SCENES, SCENES

_UNREDUCED = ["two consumers, one job", "a dropped pair, two takers", "an operator's retry"]


@pytest.mark.parametrize("name", SCENES)
def test_every_promise_is_kept(name: str) -> None:
    """Whatever is killed, whenever, and whatever a power cut takes."""
    report = Search(SCENES[name]).run()

    print(f"{name}: {report}")
    assert report.broken is None, str(report)


@pytest.mark.slow
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("name", LARGE_SCENES)
def test_every_promise_is_kept_among_more(name: str) -> None:
    """As above, with more processes."""
    report = Search(LARGE_SCENES[name]).run()

    print(f"{name}: {report}")
    assert report.broken is None, str(report)


@pytest.mark.parametrize("name", MUTANTS)
def test_a_broken_protocol_is_found_out(name: str) -> None:
    """One step left out or swapped breaks a promise, and the search says which."""
    mutant = MUTANTS[name]

    report = Search({**SCENES, **LARGE_SCENES}[mutant.scene], mutant.programs).run()

    print(f"{name}: {report}")
    assert report.broken is not None
    assert mutant.broken in report.broken, str(report)


@pytest.mark.slow
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("name", _UNREDUCED)
def test_what_the_search_leaves_out_shows_nothing_new(name: str) -> None:
    """Trying every order even where nobody could notice ends in the same states."""
    reduced = Search(SCENES[name]).run()
    whole = Search(replace(SCENES[name], is_reduced=False)).run()

    assert whole.broken is None, str(whole)
    assert whole.states > reduced.states
    assert whole.ends == reduced.ends
