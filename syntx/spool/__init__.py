"""The queue: jobs as directory entries, moved by one rename at a time."""
