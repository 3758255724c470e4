"""Commands that only look: how full, what ended how, and why."""
