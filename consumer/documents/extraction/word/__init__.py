"""DOCX: the body and all that stands around it."""
