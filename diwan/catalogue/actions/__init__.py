"""Writes of the catalogue, one a file."""

from diwan.catalogue.actions.begin_draft import begin_draft
from diwan.catalogue.actions.change_hours import (
    AlwaysOpen,
    Hours,
    HoursInThePast,
    HoursUnreadable,
    change_hours,
)
from diwan.catalogue.actions.draft_version import draft_version
from diwan.catalogue.actions.export_package import export_package
from diwan.catalogue.actions.give_calendar import NoSuchPlace, give_calendar
from diwan.catalogue.actions.import_package import (
    AlreadyImported,
    Coming,
    Examined,
    examine_package,
    import_package,
)
from diwan.catalogue.actions.lay_aside import lay_aside
from diwan.catalogue.actions.load_packaged import Loaded, load_packaged
from diwan.catalogue.actions.make_calendar import CalendarCode, CalendarName, make_calendar
from diwan.catalogue.actions.patch_wording import NotOnlyWording, patch_wording
from diwan.catalogue.actions.publications import (
    NotWhole,
    PublicationOver,
    PublicationWaits,
    WordsMissing,
    approve_publication,
    ask_publication,
    refuse_publication,
    withdraw_publication,
)
from diwan.catalogue.actions.publish_version import NotADraft, StartsInThePast, publish_version
from diwan.catalogue.actions.receive_package import (
    ChangedAfterSealing,
    SealNotValid,
    SealUnreadable,
    receive_package,
)
from diwan.catalogue.actions.remove_package import PackageImported, remove_package
from diwan.catalogue.actions.set_availability import end_availability, set_availability
from diwan.catalogue.actions.set_holiday import remove_holiday, set_holiday
from diwan.catalogue.actions.set_lookup_row import end_lookup_row, set_lookup_row
from diwan.catalogue.actions.write_draft import TextTooLong, write_draft
from diwan.catalogue.actions.write_search_texts import write_search_texts
from diwan.catalogue.bundle import MOST_BYTES
from diwan.catalogue.needing import (
    COMES,
    DEPARTMENTS,
    HERE,
    KINDS,
    MESSAGES,
    MISSING,
    REGISTERS,
    ROLES,
    SERVICES,
    UNREADY,
    Need,
)

__all__ = [
    "COMES",
    "DEPARTMENTS",
    "HERE",
    "KINDS",
    "MESSAGES",
    "MISSING",
    "MOST_BYTES",
    "REGISTERS",
    "ROLES",
    "SERVICES",
    "UNREADY",
    "AlreadyImported",
    "AlwaysOpen",
    "CalendarCode",
    "CalendarName",
    "ChangedAfterSealing",
    "Coming",
    "Examined",
    "Hours",
    "HoursInThePast",
    "HoursUnreadable",
    "Loaded",
    "Need",
    "NoSuchPlace",
    "NotADraft",
    "NotOnlyWording",
    "NotWhole",
    "PackageImported",
    "PublicationOver",
    "PublicationWaits",
    "SealNotValid",
    "SealUnreadable",
    "StartsInThePast",
    "TextTooLong",
    "WordsMissing",
    "approve_publication",
    "ask_publication",
    "begin_draft",
    "change_hours",
    "draft_version",
    "end_availability",
    "end_lookup_row",
    "examine_package",
    "export_package",
    "give_calendar",
    "import_package",
    "lay_aside",
    "load_packaged",
    "make_calendar",
    "patch_wording",
    "publish_version",
    "receive_package",
    "refuse_publication",
    "remove_holiday",
    "remove_package",
    "set_availability",
    "set_holiday",
    "set_lookup_row",
    "withdraw_publication",
    "write_draft",
    "write_search_texts",
]
