"""Calls to models on behalf of a document job: options, budgets, journal, gate."""
