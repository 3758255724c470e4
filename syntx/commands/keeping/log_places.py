"""Where the logs of a home lie."""

from __future__ import annotations

from pathlib import Path

from syntx.home import Home
from syntx.journal.names import NAMES, Name
from syntx.observing.basics import read_basics


def log_paths(home: Home) -> dict[Name, Path]:
    """Return the file each log is written to; raises ConfigError when the settings are wrong."""
    basics = read_basics(home)
    paths = {name: Path(basics.logs) / f"{name}.jsonl" for name in NAMES}
    paths["evolution"] = Path(basics.evolution_log)
    return paths
