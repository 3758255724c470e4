"""A document from JSON to the bytes of a file format."""

from consumer.documents.rendering.models import Rendered
from consumer.documents.rendering.registry import formats, register, render

__all__ = ["Rendered", "formats", "register", "render"]
