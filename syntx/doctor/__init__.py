"""What is wrong with a home and what surrounds it, each thing with the command that mends it."""
