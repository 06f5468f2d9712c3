"""Writes on places."""

from diwan.places.actions.import_land_use import ZoneReport, import_land_use
from diwan.places.actions.import_shapes import Report, import_shapes

__all__ = ["Report", "ZoneReport", "import_land_use", "import_shapes"]
