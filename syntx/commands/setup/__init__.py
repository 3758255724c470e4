"""Commands that set a home up: lay out, configure, install."""
