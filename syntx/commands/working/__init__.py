"""Commands that let work be done: the whole loop, its services as children, submitting."""
