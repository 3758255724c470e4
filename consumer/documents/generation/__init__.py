"""A document as JSON, from a model whose answers may be cut or broken."""
