"""The reference pages of docs/, written from what the code declares: `python -m tools.reference`.

docs/settings.md, docs/permissions.md, docs/events.md and docs/kinds.md, and the Hijri years that the browser counts by.
A test compares them, so that nothing is declared without its documentation.
"""

import os
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final

import django

from diwan.kit import hijri
from diwan.project.config import documented

ROOT: Final = Path(__file__).resolve().parents[1]
DOCS: Final = ROOT / "docs"
HIJRI_YEARS: Final = ROOT / "diwan" / "ui" / "frontend" / "js" / "hijri_years.js"
HIJRI_HEAD: Final = """\
// Written by `python -m tools.reference` from the calendar of the server (diwan/kit/hijri.py); a test compares them.
// A digit a month from Muharram of the first year on: the days that the month has beyond 28.
"""
SETTINGS_HEAD: Final = """# Settings

Diwan reads its settings once, at start, from environment variables. A name that begins with `DIWAN_` and is not listed
here is refused together with the nearest known name. `./run` makes every value that the demo needs; an outside
PostgreSQL, mail server, gateway or authority is chosen by setting its variables.
"""
PERMISSIONS_HEAD: Final = """# Permissions

A role holds permissions; a person acts with those of the capacity chosen. A reserved permission never passes to a
delegate.
"""
EVENTS_HEAD: Final = """# Events

Written in the transaction of the change, delivered at least once. The data holds ids and codes only. Partners may
subscribe to the events that name what goes out; how they get them is told in [webhooks](webhooks.md). There a case is
its public number, with the slug of its service and the code of its municipality.
"""
KINDS_HEAD: Final = """# Kinds

What a service definition may name. Everything else in a service is data; a new kind is the only thing that needs code.
"""
MADE: Final = (
    "\nWritten by `python -m tools.reference` from the declarations in the code; a test compares them.\n"
)


def _cell(text: object) -> str:
    return str(text).replace("|", "\\|").replace("\n", " ")


def _table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    lines += ["| " + " | ".join(_cell(cell) for cell in row) + " |" for row in rows]
    return "\n" + "\n".join(lines) + "\n"


def settings_page() -> str:
    """Every variable with its default and meaning."""
    rows = [(f"`{name}`", f"`{default}`" if default else "", text) for name, default, text in documented()]
    return SETTINGS_HEAD + MADE + _table(("variable", "default", "meaning"), rows)


def permissions_page() -> str:
    """Every permission with its meaning in both languages."""
    # Imported here since declarations are complete only when the applications are loaded.
    from diwan.people.registry import permissions

    rows = [
        (f"`{each.code}`", each.ar, each.en, "yes" if each.reserved else "")
        for each in permissions().values()
    ]
    return PERMISSIONS_HEAD + MADE + _table(("code", "العربية", "English", "reserved"), rows)


def events_page() -> str:
    """Every event with its version, the keys of its data, those that go to partners, and its meaning."""
    # Imported here since declarations are complete only when the applications are loaded.
    from diwan.outbox.events import declared
    from diwan.webhooks.queries import outward_keys

    rows = [
        (
            f"`{each.name}`",
            each.version,
            ", ".join(f"`{key}`" for key in each.keys),
            ", ".join(f"`{key}`" for key in outward_keys(each)),
            each.about,
        )
        for each in declared().values()
    ]
    return EVENTS_HEAD + MADE + _table(("event", "version", "data", "goes out", "meaning"), rows)


def kinds_page() -> str:
    """Every kind by group, with its options."""
    # Imported here since declarations are complete only when the applications are loaded.
    from diwan.catalogue.registry import GROUPS, kinds

    parts = [KINDS_HEAD, MADE]
    for group in GROUPS:
        parts.append(f"\n## {group.replace('_', ' ').capitalize()}\n")
        if group == "step":
            parts.append(_language())
        for each in kinds(group):
            parts.append(f"\n### `{each.name}` {each.title.ar} · {each.title.en}\n\n{each.about}\n")
            if each.outcomes:
                parts.append("\nAnswers: " + ", ".join(f"`{name}`" for name in sorted(each.outcomes)) + "\n")
            if each.options:
                rows = [
                    (
                        f"`{option.name}`",
                        option.type,
                        "yes" if option.required else "",
                        _meaning(option.about, option.among),
                    )
                    for option in each.options
                ]
                parts.append(_table(("option", "type", "required", "meaning"), rows))
    return "".join(parts)


def _language() -> str:
    """How a workflow and each kind of its steps are written, as the language itself says."""
    from diwan import flow  # with the other declarations

    text = (flow.__doc__ or "").partition("A definition ")[2]
    head, _, rest = text.partition("::\n")
    lines = rest.strip("\n").splitlines()
    end = next(at for at, line in enumerate(lines) if line and not line.startswith("    "))
    block = "\n".join(line[4:] for line in lines[:end]).rstrip()
    after = "\n".join(lines[end:]).replace("``", "`").strip()
    head = " ".join(head.replace("``", "`").split())
    return f"\nA workflow {head}:\n\n```\n{block}\n```\n\n{after}\n"


def _meaning(about: str, among: Sequence[str]) -> str:
    return f"{about} One of: {', '.join(f'`{name}`' for name in among)}." if among else about


def hijri_years() -> str:
    """The lengths of the months of all Hijri years that the server knows, as a module of the front end.

    The calendars of browsers differ from the official tables by a day in some months to come.
    """
    lines = []
    for first in range(hijri.FIRST_YEAR, hijri.LAST_YEAR + 1, 8):
        years = range(first, min(first + 8, hijri.LAST_YEAR + 1))
        lines.append('  "' + "".join(_months_of(year) for year in years) + '"')
    day = hijri.FIRST_DAY
    return (
        f"{HIJRI_HEAD}export const FIRST_YEAR = {hijri.FIRST_YEAR};\n"
        f"export const FIRST_DAY = Date.UTC({day.year}, {day.month - 1}, {day.day});\n"
        "export const YEARS =\n" + " +\n".join(lines) + ";\n"
    )


def _months_of(year: int) -> str:
    return "".join(str(hijri.month_length(year, month) - 28) for month in range(1, 13))


def pages() -> dict[Path, str]:
    """File to content. Django is set up by the caller."""
    return {
        DOCS / "settings.md": settings_page(),
        DOCS / "permissions.md": permissions_page(),
        DOCS / "events.md": events_page(),
        DOCS / "kinds.md": kinds_page(),
        HIJRI_YEARS: hijri_years(),
    }


def main() -> None:
    """Write the pages."""
    os.environ.setdefault("DIWAN_PROFILE", "test")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "diwan.project.settings")
    django.setup()
    DOCS.mkdir(exist_ok=True)
    for path, text in pages().items():
        path.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
