"""The commands that tell what was learned."""
