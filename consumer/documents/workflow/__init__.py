"""Round, task, action: what is done for a document job, and its state on disk."""
