"""What stands in a document, taken out whole; no model is asked."""
