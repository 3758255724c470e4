from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest
from observing import CHECKOUT, environment

from syntx.cli import COMMANDS
from syntx.shipped.laying_out import lay_out

PAGES = [CHECKOUT / "README.md", CHECKOUT / "CONTRIBUTING.md", *(CHECKOUT / "docs").rglob("*.md")]
_BLOCK = re.compile(r"```sh\n(.*?)```", re.DOTALL)
_LINK = re.compile(r"\]\((?!https?:)([^)#]+)\)")
_MEANT = ("JOB-ID", "FOLDER")
"""What stands in a command for something of the reader's own."""
_ENDLESS = ("./run run  ", "./run run\n", "tail -F", "./run test", "./run bench")


def _blocks(page: Path) -> list[str]:
    found = []
    for match in _BLOCK.finditer(page.read_text()):
        indent = min(len(x) - len(x.lstrip()) for x in match[1].splitlines() if x.strip())
        found.append("\n".join(line[indent:] for line in match[1].splitlines()))
    return found


def _runnable(block: str) -> str:
    """Return a block's commands without those that never end or would run these tests again."""
    lines = [
        line
        for line in block.splitlines()
        if not f"{line}\n".startswith(_ENDLESS) and not any(name in line for name in _MEANT)
    ]
    return "\n".join(lines)


def _make_small(config: Path) -> None:
    """Let generations have five prompts, which say as much about a command as twenty."""
    for name, old, new in (
        (
            "queue.yaml",
            "thresholds:\n",
            "production: {starving: 5, low: 5, balanced: 5}\n\nthresholds:\n",
        ),
        ("evolution.yaml", "batch_size: 20", "batch_size: 5"),
    ):
        text = (config / name).read_text()
        assert old in text
        (config / name).write_text(text.replace(old, new))


@pytest.mark.parametrize("page", PAGES, ids=lambda p: str(p.relative_to(CHECKOUT)))
def test_links_lead_somewhere(page: Path) -> None:
    """Every relative link of the documentation is a file."""
    for target in _LINK.findall(page.read_text()):
        assert (page.parent / target).exists(), target


@pytest.mark.parametrize("page", PAGES, ids=lambda p: str(p.relative_to(CHECKOUT)))
def test_the_commands_named_exist(page: Path) -> None:
    """Every `./run X` and `syntx X` of the documentation is a command."""
    habits = {"demo", "test", "lint", "types", "check", "bench", "COMMAND"}
    for block in _blocks(page):
        for name in re.findall(r"(?:^|[ /])(?:run|syntx) ([a-z]+)", block):
            assert name in COMMANDS or name in habits, name


@pytest.mark.parametrize(
    "page",
    [page for page in PAGES if _blocks(page)],
    ids=lambda p: str(p.relative_to(CHECKOUT)),
)
def test_the_commands_of_a_page_work(page: Path, tmp_path: Path) -> None:
    """All blocks of a page, run one after the other in a checkout of their own, succeed."""
    place = tmp_path / "checkout"
    place.mkdir()
    for package in ("syntx", "producer", "consumer", "evolution"):
        shutil.copytree(CHECKOUT / package, place / package)
    for name in ("run", "pyproject.toml", "requirements.lock", "requirements-dev.lock"):
        shutil.copy(CHECKOUT / name, place)
    (place / ".venv").symlink_to(CHECKOUT / ".venv")
    lay_out(place)
    _make_small(place / "config")
    (place / "question.txt").write_text("Warum ist der Himmel blau?")
    (place / "FOLDER").mkdir()
    (place / "FOLDER" / "request.md").write_text("Was ist ein Haushalt?")
    script = "\n".join(_runnable(block) for block in _blocks(page))
    script = script.replace("/srv/syntx", str(tmp_path / "srv"))
    done = subprocess.run(
        ["sh", "-eu", "-c", f'syntx() {{ ./run "$@"; }}\n{script}'],
        cwd=place,
        env=environment(HOME=str(tmp_path), KEY="k", PATH="/usr/local/bin:/usr/bin:/bin"),
        capture_output=True,
        text=True,
        timeout=110,
        check=False,
    )
    assert done.returncode == 0, f"{script}\n{done.stdout}\n{done.stderr}"
