"""Scoring an answer: one file per part, combined in `total`."""
