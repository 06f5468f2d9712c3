"""Packages of services that other amanat sent: all of them, one, and what became of each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from django.db.models import QuerySet

from diwan.catalogue.models import Publication, ReceivedPackage, ServiceVersion
from diwan.kit import clock

MOST: Final = 200
DRAFT, ASKED, ASIDE, ANNOUNCED, IN_FORCE, OVER = "draft", "asked", "aside", "announced", "in_force", "over"


@dataclass(frozen=True, slots=True)
class Became:
    """A version that a package became, and how it stands today."""

    version: ServiceVersion
    state: str


def packages() -> Sequence[ReceivedPackage]:
    """Those that were received, without the files, the latest first."""
    return list(_with_people().defer("data").order_by("-received_at", "-pk")[:MOST])


def package_of(package_id: int) -> ReceivedPackage | None:
    """One package, or None."""
    return _with_people().filter(pk=package_id).first()


def became(rows: Iterable[ReceivedPackage]) -> Mapping[int, Sequence[Became]]:
    """Package -> what it became, in the order of making."""
    named = {version for row in rows for version in row.versions}
    found = ServiceVersion.objects.select_related("service", "written").filter(pk__in=named)
    asked = set(
        Publication.objects.filter(version__in=named, state=Publication.State.WAITING).values_list(
            "version", flat=True
        )
    )
    known = {version.pk: Became(version, _state(version, asked)) for version in found}
    return {row.pk: [known[version] for version in row.versions if version in known] for row in rows}


def _with_people() -> QuerySet[ReceivedPackage]:
    return ReceivedPackage.objects.select_related("received_by", "imported_by")


def _state(version: ServiceVersion, asked: set[int]) -> str:
    today, written = clock.today(), getattr(version, "written", None)
    if version.state == ServiceVersion.State.DRAFT:
        aside = written is not None and written.ended_at is not None
        return ASIDE if aside else ASKED if version.pk in asked else DRAFT
    if version.valid_from is not None and version.valid_from > today:
        return ANNOUNCED
    return IN_FORCE if version.valid_to is None or today < version.valid_to else OVER
