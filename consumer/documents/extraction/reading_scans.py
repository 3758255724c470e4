"""Text in pictures, read by tesseract where it is installed."""

from __future__ import annotations

import shutil
import subprocess
from functools import cache

_WANTED = ("deu", "eng")


@cache
def available() -> bool:
    """Whether tesseract is installed and has a language."""
    return shutil.which("tesseract") is not None and bool(languages())


def read(image: bytes) -> str:
    """Return the text in an image file; empty when tesseract cannot read it."""
    done = subprocess.run(
        ["tesseract", "stdin", "stdout", "-l", languages()],  # noqa: S607 - found along PATH
        input=image,
        capture_output=True,
        check=False,
    )
    return done.stdout.decode("utf-8", "replace").strip() if done.returncode == 0 else ""


@cache
def languages() -> str:
    """Return German and English where they are installed, else what is; empty for none."""
    told = subprocess.run(
        ["tesseract", "--list-langs"],  # noqa: S607 - found along PATH
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=False,
    )
    lines = told.stdout.decode("utf-8", "replace").splitlines()
    there = [line.strip() for line in lines if line.strip() and ":" not in line]
    return "+".join([one for one in _WANTED if one in there] or there[:1])
