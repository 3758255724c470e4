"""What can be seen of a home from outside, quickly and without changing anything."""
