"""``syntx init DIR``: lay out a home."""

from __future__ import annotations

import shutil
from pathlib import Path

import click

FOLDERS = ("config/models", "wrappers", "queue/incoming", "logs")
SHIPPED = ("config", "wrappers")


def shipped() -> Path:
    """Return where the shipped config and wrappers lie: in the package, or in the checkout."""
    package = Path(__file__).resolve().parent.parent
    defaults = package / "defaults"
    return defaults if defaults.is_dir() else package.parent


def lay_out(root: Path) -> list[Path]:
    """Create a home and copy what is shipped; overwrites nothing, returns what is new."""
    new = []
    for folder in FOLDERS:
        (root / folder).mkdir(parents=True, exist_ok=True)
    for name in SHIPPED:
        source = shipped() / name
        for file in sorted(path for path in source.rglob("*") if path.is_file()):
            target = root / name / file.relative_to(source)
            if not target.exists():
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(file, target)
                new.append(target)
    return new


@click.command()
@click.argument("directory", type=click.Path(path_type=Path, file_okay=False))
def init(directory: Path) -> None:
    """Lay out a home in DIRECTORY; files that are there stay as they are.

    Example: syntx init /srv/syntx
    """
    root = directory.expanduser().absolute()
    new = lay_out(root)
    for path in new:
        click.echo(str(path.relative_to(root)))
    click.echo(f"{root}: {len(new)} files laid out.", err=True)
    click.echo(f"next: syntx --home {root} run --generations 3", err=True)
