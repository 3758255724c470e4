"""The ground every service stands on: jobs, the spool, models, settings, logs."""

__version__ = "0.1.0"
