"""Writes on places."""

from diwan.places.actions.import_shapes import Report, import_shapes

__all__ = ["Report", "import_shapes"]
