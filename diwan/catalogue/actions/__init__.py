"""Writes of the catalogue, one a file."""

from diwan.catalogue.actions.draft_version import draft_version
from diwan.catalogue.actions.export_package import export_package
from diwan.catalogue.actions.import_package import (
    Coming,
    Examined,
    SealNotValid,
    examine_package,
    import_package,
)
from diwan.catalogue.actions.load_packaged import Loaded, load_packaged
from diwan.catalogue.actions.patch_wording import NotOnlyWording, patch_wording
from diwan.catalogue.actions.publish_version import NotADraft, StartsInThePast, publish_version
from diwan.catalogue.actions.set_availability import end_availability, set_availability
from diwan.catalogue.actions.set_holiday import remove_holiday, set_holiday
from diwan.catalogue.actions.set_lookup_row import end_lookup_row, set_lookup_row
from diwan.catalogue.actions.write_search_texts import write_search_texts

__all__ = [
    "Coming",
    "Examined",
    "Loaded",
    "NotADraft",
    "NotOnlyWording",
    "SealNotValid",
    "StartsInThePast",
    "draft_version",
    "end_availability",
    "end_lookup_row",
    "examine_package",
    "export_package",
    "import_package",
    "load_packaged",
    "patch_wording",
    "publish_version",
    "remove_holiday",
    "set_availability",
    "set_holiday",
    "set_lookup_row",
    "write_search_texts",
]
