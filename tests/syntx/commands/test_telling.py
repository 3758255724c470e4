from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from syntx.commands.telling import json_text, visible

ROOT = Path(__file__).resolve().parents[3]
HOSTILE = "a\x1b]0;boo\x07 \x9b31m \x7f \u202eexe.txt \u2066 \u200e \u2028 \ud800 \U000e0041 z"


@pytest.mark.parametrize("char", [char for char in HOSTILE if not (char.isascii() and char >= " ")])
def test_what_a_terminal_would_obey_is_escaped(char: str) -> None:
    """Controls, turns of direction and lone surrogates are shown by their number."""
    assert visible(f"[{char}]") in (f"[\\x{ord(char):02x}]", f"[\\u{ord(char):04x}]") or (
        ord(char) > 0xFFFF and visible(char) == f"\\U{ord(char):08x}"
    )
    assert char not in json_text({char: char})


@pytest.mark.parametrize(
    "text", ["äöü ß €", "zwei\nZeilen\tTab", "👩\u200d👧 نیم\u200cفاصله", "1\u00a0000"]
)
def test_honest_text_stays_as_it_is(text: str) -> None:
    """Umlauts, line ends, joined emoji and spaces that do not break are not touched."""
    assert visible(text) == text
    assert json.dumps(text, ensure_ascii=False) in json_text({"text": text})


@pytest.mark.parametrize("plain", [False, True])
def test_escaped_json_is_the_same_value(plain: bool) -> None:
    """What is escaped in JSON is read back as it was, also all in ASCII."""
    data = {HOSTILE: [HOSTILE, 1.5, None, {"ä": "ö"}]}
    assert json.loads(json_text(data, plain=plain)) == data
    assert json_text(data, plain=True).isascii()


def test_json_is_json_where_the_terminal_speaks_no_utf8() -> None:
    """On a Latin-1 terminal JSON stays valid, and text never ends with an encoding error."""
    script = (
        "from syntx.commands.telling import print_json; from syntx import cli; import click;"
        "cli.never_fail_to_print(); print_json({'ä': '→'}); click.echo('→')"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=ROOT,
        env={**os.environ, "PYTHONIOENCODING": "latin-1"},
        capture_output=True,
        encoding="latin-1",
        check=True,
    )
    *document, text = done.stdout.splitlines()
    assert json.loads("".join(document)) == {"ä": "→"}
    assert text == "\\u2192"
