"""Commands about the commands: completion, the manual, the schemas of what they print."""
