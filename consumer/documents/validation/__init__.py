"""Whether a document is what was asked for."""
