"""Commands of trouble: what is wrong, what failed for which cause, and another try."""
