"""What the console's rooms of services read: every service with its versions, drafts, and what waits for approval."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import F, Q, QuerySet

from diwan.catalogue.compiled import CompiledService, load_definition
from diwan.catalogue.models import DraftRevision, Publication, Service, ServiceVersion, WrittenDraft
from diwan.flow.table import Text
from diwan.kit.arabic import normalise, sort_key


@dataclass(frozen=True, slots=True)
class Shelved:
    """A service as the console lists it: the version in force on the day, or None; drafts; whether cases run on it."""

    service: Service
    version: ServiceVersion | None
    name: Text
    drafts: int
    internal: bool
    has_workflow: bool


def shelved_services(on: date, text: str = "") -> list[Shelved]:
    """Every service, internal ones and those without a version in force among them, by name."""
    in_force = _in_force(on)
    drafts: dict[int, int] = {}
    for service_id in _open().exclude(service=None).values_list("service", flat=True):
        drafts[service_id] = drafts.get(service_id, 0) + 1
    made = []
    for service in Service.objects.all():
        version = in_force.get(service.pk)
        loaded = load_definition(version) if version is not None else None
        made.append(_shelved(service, version, loaded, drafts.get(service.pk, 0)))
    words = normalise(text).split()
    found = [one for one in made if all(word in _searched(one) for word in words)]
    return sorted(found, key=lambda one: sort_key(one.name.ar))


def _in_force(on: date) -> dict[int, ServiceVersion]:
    rows = ServiceVersion.objects.select_related("service").filter(
        Q(valid_to__isnull=True) | Q(valid_to__gt=on),
        state=ServiceVersion.State.PUBLISHED,
        valid_from__lte=on,
    )
    return {row.service_id: row for row in rows}


def _shelved(
    service: Service, version: ServiceVersion | None, loaded: CompiledService | None, drafts: int
) -> Shelved:
    name = loaded.definition.name if loaded is not None else Text(service.slug, service.slug)
    return Shelved(
        service, version, name, drafts, internal=loaded is not None and loaded.internal,
        has_workflow=loaded is not None and loaded.table is not None,
    )  # fmt: skip


def _searched(one: Shelved) -> str:
    return f"{normalise(f'{one.name.ar} {one.name.en}')} {one.service.slug} {one.service.code.lower()}"


def service_by_slug(slug: str) -> Service | None:
    """A service, or None."""
    return Service.objects.filter(slug=slug).first()


def versions_of(service: Service) -> Sequence[ServiceVersion]:
    """All its versions, the newest first; not those whose draft was laid aside."""
    aside = Q(state=ServiceVersion.State.DRAFT, written__ended_at__isnull=False)
    return list(service.versions.exclude(aside).order_by("-number"))


def version_of(version_id: int) -> ServiceVersion | None:
    """A version with its service, or None."""
    return ServiceVersion.objects.select_related("service").filter(pk=version_id).first()


def open_drafts(service: Service | None = None) -> Sequence[WrittenDraft]:
    """Drafts that are being written, the last changed first; of one service, or all."""
    found = _open().select_related("service", "version", "base", "changed_by").defer("text")
    return list((found if service is None else found.filter(service=service)).order_by("-changed_at")[:200])


def draft_of(draft_id: int) -> WrittenDraft | None:
    """A draft with its version and service, or None."""
    return (
        WrittenDraft.objects.select_related("service", "version", "base", "begun_by", "changed_by")
        .filter(pk=draft_id)
        .first()
    )


def revisions_of(draft_id: int) -> Sequence[DraftRevision]:
    """What a draft said at each saving, without the texts, the latest first."""
    found = DraftRevision.objects.filter(draft=draft_id).select_related("by").defer("text")
    return list(found.order_by("-number")[:50])


def revision_text(draft_id: int, number: int) -> str | None:
    """What a draft said as of a revision, or None."""
    found = DraftRevision.objects.filter(draft=draft_id, number=number)
    return found.values_list("text", flat=True).first()


def publications_waiting() -> Sequence[Publication]:
    """What waits for the second person, the oldest first."""
    found = Publication.objects.filter(state=Publication.State.WAITING)
    return list(found.select_related("version__service", "asked_by").order_by("asked_at")[:200])


def publications_for(account_id: int) -> int:
    """How many wait for this person, who neither asked for them nor wrote in them."""
    found = Publication.objects.filter(state=Publication.State.WAITING).exclude(asked_by=account_id)
    return found.exclude(version__authors__contains=[account_id]).count()


def publications_of(version_id: int) -> Sequence[Publication]:
    """Every time publication of a version was asked for, the latest first."""
    found = Publication.objects.filter(version=version_id).select_related("asked_by", "decided_by")
    return list(found.order_by("-asked_at")[:50])


def publication_of(publication_id: int) -> Publication | None:
    """One request with its version, or None."""
    return (
        Publication.objects.select_related("version__service", "asked_by", "decided_by")
        .filter(pk=publication_id)
        .first()
    )


def before_of(version: ServiceVersion, on: date) -> ServiceVersion | None:
    """The version that this one would follow on a day: the published one that holds then."""
    found = ServiceVersion.objects.filter(
        Q(valid_to__isnull=True) | Q(valid_to__gt=on), service=version.service_id, valid_from__lte=on,
        state=ServiceVersion.State.PUBLISHED,
    )  # fmt: skip
    return found.exclude(pk=version.pk).order_by(F("valid_from").desc()).first()


def _open() -> QuerySet[WrittenDraft]:
    """Drafts that were neither published nor laid aside."""
    published = Q(version__state=ServiceVersion.State.PUBLISHED)
    return WrittenDraft.objects.filter(ended_at__isnull=True).exclude(published)
