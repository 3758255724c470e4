"""Watching a home: figures for Prometheus, and a word to whoever should know."""
