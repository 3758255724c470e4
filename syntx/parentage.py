"""A child that should not outlive the process that started it."""

from __future__ import annotations

import os
import sys

PARENT = "SYNTX_PARENT"
"""The environment variable that names the parent's process ID."""

_PR_SET_PDEATHSIG = 1


def die_with_parent() -> None:
    """Ask the kernel for SIGTERM when our parent dies; end at once if it is dead already."""
    parent = os.environ.get(PARENT, "")
    if not parent.isdigit():
        return
    # Only children of ours pay for these.
    import ctypes
    import signal

    ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
    if os.getppid() != int(parent):
        sys.exit(143)
