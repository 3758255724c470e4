"""One empty spool of each kind, for what every spool keeps."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from syntx.spool.contract import Spool
from syntx.spool.files import FileSpool
from syntx.spool.memory import MemorySpool


@pytest.fixture(params=["memory", "files"])
async def spool(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Spool]:
    """An empty spool of each kind."""
    opened: Spool = MemorySpool() if request.param == "memory" else FileSpool.open(tmp_path / "q")
    yield opened
    await opened.close()
