"""What the room of packages shows: those that came, and one with its seal, its needs and what it would change."""

import json
from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Any, Final

from django.urls import reverse
from django.utils.http import urlencode

from diwan.catalogue.actions import (
    DEPARTMENTS,
    HERE,
    KINDS,
    MESSAGES,
    MISSING,
    SERVICES,
    Coming,
    Examined,
    Need,
    examine_package,
)
from diwan.catalogue.models import ReceivedPackage, ServiceVersion
from diwan.catalogue.queries.lists import list_columns
from diwan.catalogue.queries.packages import (
    Became,
    became,
    packages,
)
from diwan.catalogue.queries.workshop import version_of
from diwan.documents.sealing import VALID
from diwan.flow.table import Text
from diwan.forms.lookups import Row
from diwan.kit.canonical import canonical_json
from diwan.people.actor import Actor
from diwan.web.console.difference import difference
from diwan.web.console.faults import fault_lines
from diwan.web.console.list_words import list_name
from diwan.web.console.names import person_name
from diwan.web.console.package_words import (
    advice,
    became_word,
    coming_word,
    group_word,
    seal_word,
    state_word,
)

_MOST_NAMED: Final = 60
_NO_LISTS: Final = frozenset({SERVICES, DEPARTMENTS, MESSAGES, KINDS})


def packages_context(actor: Actor) -> dict[str, Any]:
    """Every package that came, with what became of it."""
    rows = packages()
    found = became(rows)
    return {"rows": [_listed(row, found[row.pk], actor.language) for row in rows]}


def package_context(row: ReceivedPackage, actor: Actor) -> dict[str, Any]:
    """One package: whose it is, what it would bring, what it needs and what of that is not here."""
    language, found = actor.language, examine_package(bytes(row.data))
    trusted = found.seal.state == VALID
    stands = became([row])[row.pk]
    changes = any(one.state != "same" for one in found.services)
    still_open = any(
        one.version.state == ServiceVersion.State.DRAFT and one.state != "aside" for one in stands
    )
    return {
        **_listed(row, stands, language), "seal": found.seal, "trusted": trusted,
        "seal_word": seal_word(found.seal.state), "services": [_coming(one, language) for one in found.services],
        "needs": _groups(found.needs, language), "unmet": sum(need.state == MISSING for need in found.needs),
        "kept_rows": [_row(name, one, language) for name, one in found.kept], "faults": fault_lines(found.faults, ""),
        "differences": _differences(found, language), "nothing_new": trusted and not changes,
        "may_import": trusted and changes and not found.faults and not still_open, "still_open": still_open,
    }  # fmt: skip


def _listed(row: ReceivedPackage, stands: Sequence[Became], language: str) -> dict[str, Any]:
    english = language == "en"
    return {
        "row": row, "name": (row.name_en if english else row.name_ar) or row.slug,
        "made_by": row.made_by_en if english else row.made_by_ar,
        "received_by": person_name(row.received_by, language), "imported_by": person_name(row.imported_by, language),
        "became": [{"version": one.version, "tag": became_word(one.state)} for one in stands],
    }  # fmt: skip


def _coming(one: Coming, language: str) -> dict[str, Any]:
    return {"one": one, "name": _both(one.name, language) or one.slug, "tag": coming_word(one)}


def _groups(needs: Sequence[Need], language: str) -> list[dict[str, Any]]:
    """Needs by group: those not simply here each with its state, the others named in a line."""
    made = []
    for group, listed in groupby(needs, key=lambda need: need.group):
        found = list(listed)
        here = [_name(need, language) for need in found if need.state == HERE and need.code]
        made.append(
            {
                "title": group_word(group), "here": here[:_MOST_NAMED], "cut": max(0, len(here) - _MOST_NAMED),
                "whole": any(not need.code and need.state == HERE for need in found),
                "open": [_need(need, language) for need in found if need.state != HERE],
            }
        )  # fmt: skip
    return sorted(made, key=lambda one: not one["open"])


def _need(need: Need, language: str) -> dict[str, Any]:
    listed = need.state == MISSING and need.group not in _NO_LISTS
    return {
        "need": need, "name": _text(need.name, language), "tag": state_word(need.state), "advice": advice(need),
        "address": _list_address(need) if listed else "",
    }  # fmt: skip


def _list_address(need: Need) -> str:
    """Where the row is added: its list, or all lists when there is none of that name yet."""
    if list_columns(need.group) is None:
        return reverse("console:lists")
    return reverse("console:list", args=[need.group])


def _name(need: Need, language: str) -> str:
    return _text(need.name, language) or need.code


def _row(lookup: str, row: Row, language: str) -> dict[str, Any]:
    address = reverse("console:list_row", args=[lookup])
    return {
        "list": list_name(lookup), "code": row.code, "name": _text(row.name, language),
        "address": f"{address}?{urlencode({'code': row.code})}",
    }  # fmt: skip


def _differences(found: Examined, language: str) -> list[dict[str, Any]]:
    """Each service that differs from ours, beside our version."""
    definitions = {str(each.get("slug")): each for each in (*found.package.inner, found.package.service)}
    made = []
    for one in found.services:
        ours = version_of(one.ours_id) if one.state == "changed" else None
        if ours is not None:
            lines = difference(_in_order(ours.definition), _in_order(definitions[one.slug]))
            made.append(
                {
                    "name": _both(one.name, language) or one.slug,
                    "slug": one.slug,
                    "ours": ours,
                    "lines": lines,
                }
            )
    return made


def _in_order(definition: Mapping[str, Any]) -> Mapping[str, Any]:
    """The same with its keys in one order: what is stored and what came in a file differ by that alone otherwise."""
    found: Mapping[str, Any] = json.loads(canonical_json(definition))
    return found


def _text(text: Text | None, language: str) -> str:
    return "" if text is None else text.en if language == "en" else text.ar


def _both(name: Mapping[str, Any], language: str) -> str:
    return str(name.get(language) or name.get("ar") or "")
