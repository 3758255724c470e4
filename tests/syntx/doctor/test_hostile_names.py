from __future__ import annotations

import json
import shlex
from collections.abc import Callable

from click.testing import Result

from syntx.home import Home

NAME = "a b;touch x;$(touch x)`touch x`'\"&y"


def test_a_name_in_a_mending_line_is_one_word_for_a_shell(
    home: Home, call: Callable[..., Result]
) -> None:
    """Whoever pastes a line runs the command in it, and nothing that a file's name says."""
    (home.models / f"{NAME}.yaml").write_text("base_url: 7\n")
    (home.root / "wrappers" / f"{NAME}.txt").write_bytes(b"\xff\xfe\x00")
    checks = json.loads(call("doctor", "--json", "--offline").stdout)["checks"]

    lines = [check["fix"] for check in checks if "touch" in (check["fix"] or "")]
    words = {word for line in lines for word in shlex.split(line)}
    assert f"models/{NAME}.yaml" in words
    assert any(word.endswith(f"wrappers/{NAME}.txt") for word in words)
    assert all("touch" not in word for word in words if NAME not in word)
