"""PDF: text, tables, forms, comments, links, attachments; scans where tesseract is installed."""
