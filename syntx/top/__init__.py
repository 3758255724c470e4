"""The live view of a home in a terminal."""
