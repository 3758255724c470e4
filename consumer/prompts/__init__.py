"""Prompt jobs: wrap, ask, parse, score."""
