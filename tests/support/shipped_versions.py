"""Three versions of what is shipped, and homes laid out from them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from click.testing import CliRunner, Result

from syntx.cli import cli
from syntx.shipped.manifest import NAME

Files = dict[str, str]
Ship = Callable[[Files], None]

ONE: Files = {
    "config/system.yaml": "system 1\n",
    "config/queue.yaml": "queue 1\n",
    "config/models/examples/old.yaml": "old 1\n",
    "wrappers/human.txt": "human 1\n",
    "wrappers/gone.txt": "gone 1\n",
    "wrappers/mine.txt": "mine 1\n",
}
TWO: Files = {
    "config/system.yaml": "system 2\n",
    "config/queue.yaml": "queue 2\n",
    "config/fresh.yaml": "fresh 2\n",
    "wrappers/human.txt": "human 1\n",
    "wrappers/gone.txt": "gone 2\n",
}
THREE: Files = {**TWO, "config/system.yaml": "system 3\n", "wrappers/human.txt": "human 3\n"}


def write(place: Path, files: Files) -> None:
    """Write files below a place."""
    for name, text in files.items():
        (place / name).parent.mkdir(parents=True, exist_ok=True)
        (place / name).write_text(text)


def init(root: Path, *options: str) -> Result:
    """Call `syntx init` for a home."""
    return CliRunner().invoke(cli, ["init", *options, str(root)])


def tree_of(root: Path) -> Files:
    """Return what lies in a home, but for the manifest."""
    return {
        str(path.relative_to(root)): path.read_text()
        for path in root.rglob("*")
        if path.is_file() and path.name != NAME
    }
