"""The commands that stand on the ground alone."""
