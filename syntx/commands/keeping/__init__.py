"""Commands for the long run: logs, figures, and jobs to and from elsewhere."""
