"""Workflows as the console draws them: names of lanes, how many cases stand where."""

from collections.abc import Mapping
from typing import Any

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from diwan.bpmn import to_bpmn
from diwan.bpmn.svg import to_svg
from diwan.catalogue.queries import lookup
from diwan.flow import Table
from diwan.kit import clock


def lane_names(language: str) -> dict[str, str]:
    """Role code -> its name, and the lanes that are no role."""
    roles = {
        row.code: row.name.en if language == "en" else row.name.ar for row in lookup("roles", clock.today())
    }
    return {
        **roles, "applicant": _("Applicant"), "party": _("Another party"), "outside": _("Outside body"),
        "system": _("System"),
    }  # fmt: skip


def picture(
    table: Table | None, language: str, counts: Mapping[str, int] | None = None
) -> dict[str, Any] | None:
    """What the template of a diagram needs, None without a workflow."""
    if table is None:
        return None
    names = {key: _title(table, key, language) for key in (counts or {})}
    drawn = to_svg(
        table, label=_("Workflow as a diagram"), language=language, titles=lane_names(language), counts=counts
    )
    return {
        "svg": SafeString(drawn),  # every text in it was escaped
        "counts": {f"Step_{step}": count for step, count in (counts or {}).items()},
        "standing": sorted(
            ((names[step], count) for step, count in (counts or {}).items()), key=lambda row: -row[1]
        ),
    }


def bpmn(table: Table, language: str) -> bytes:
    """The BPMN file of a workflow in the reader's language."""
    return to_bpmn(table, language=language, titles=lane_names(language))


def _title(table: Table, key: str, language: str) -> str:
    step = table.steps.get(key)
    text = (step.title or step.public) if step is not None else None
    return key if text is None else (text.en if language == "en" else text.ar)
