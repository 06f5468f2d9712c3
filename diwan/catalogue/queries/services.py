"""Services as people look for them: current versions, search in any spelling, counts, availability."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from diwan.catalogue.alike import alike
from diwan.catalogue.compiled import CompiledService, load_definition
from diwan.catalogue.models import Availability, ServiceVersion
from diwan.catalogue.remembered import remembered
from diwan.catalogue.schema import CLASSES
from diwan.flow.table import Text
from diwan.kit.arabic import loose_key, normalise, sort_key


@dataclass(frozen=True, slots=True)
class Card:
    """A service as a list shows it."""

    slug: str
    code: str
    service_class: str
    audiences: tuple[str, ...]
    department: str
    name: Text
    summary: Text
    icon: str
    expected: Text
    fee: Text
    applicable: bool
    instant: bool
    synonyms: tuple[str, ...]
    search_text: str
    version_id: int


def current_version(slug: str, on: date) -> ServiceVersion | None:
    """The published version of a service that holds on a day, or None."""
    return _current(on).filter(service__slug=slug).select_related("service").first()


def compiled_service(slug: str, on: date) -> CompiledService | None:
    """The compiled service that is offered to the public on a day, or None; an internal one is never offered."""
    found = _compiled(slug, on)
    return None if found is None or found.internal or found.definition.for_staff else found


def staff_service(slug: str, on: date) -> CompiledService | None:
    """The service of a day that employees apply for at the desk, or None."""
    found = _compiled(slug, on)
    return found if found is not None and found.definition.for_staff else None


def staff_services(on: date) -> list[CompiledService]:
    """The services of a day that employees apply for, by name."""
    found = [staff_service(slug, on) for slug in sorted(staff_slugs())]
    return sorted((one for one in found if one is not None), key=lambda one: sort_key(one.definition.name.ar))


def staff_slugs() -> frozenset[str]:
    """Every service that is or was for employees alone: its cases are read by those concerned only."""

    def find() -> frozenset[str]:
        rows = ServiceVersion.objects.filter(definition__audiences=["employee"])
        return frozenset(rows.values_list("service__slug", flat=True))

    return remembered(("staff",), find)


def internal_service(slug: str, on: date) -> CompiledService | None:
    """The internal service of a day, which the product opens by itself, or None."""
    found = _compiled(slug, on)
    return found if found is not None and found.internal else None


def service_in_force(slug: str, on: date) -> CompiledService | None:
    """The version of a service that holds on a day, whoever it is for, or None."""
    return _compiled(slug, on)


def versions_of(slug: str) -> list[ServiceVersion]:
    """Every version of a service with its number, drafts too; the newest first."""
    rows = ServiceVersion.objects.filter(service__slug=slug).select_related("service")
    return list(rows.order_by("-number"))


def drafted_slugs() -> frozenset[str]:
    """Every service with a draft of a version that was never published."""
    rows = ServiceVersion.objects.filter(state=ServiceVersion.State.DRAFT)
    return frozenset(rows.values_list("service__slug", flat=True))


def objecting_service(on: date, what: str = "case") -> CompiledService | None:
    """The service of a day by which one objects to decisions that ended a `case`, or that concern an `entry`."""

    def find() -> CompiledService | None:
        found = map(
            load_definition, _current(on).filter(definition__has_key="contests").select_related("service")
        )
        return next((each for each in found if _contests(each) == what), None)

    return remembered(("objecting", on, what), find)


def _contests(service: CompiledService) -> str:
    return service.definition.contests.what if service.definition.contests is not None else ""


def _compiled(slug: str, on: date) -> CompiledService | None:
    """The version of a day, remembered like lookups: reading its definition costs five milliseconds."""

    def find() -> CompiledService | None:
        version = current_version(slug, on)
        return None if version is None else load_definition(version)

    return remembered(("service", slug, on), find)


def search_services(
    text: str = "",
    *,
    on: date,
    service_class: str = "",
    audience: str = "",
    department: str = "",
    applicable: bool | None = None,
) -> list[Card]:
    """The services of a day that match, best first.

    Every word, or one that means the same, must occur in name, synonyms or summary whatever the spelling of hamza and
    ta marbuta; names and whole synonyms rank before summaries, services that can be applied for before those to read.
    """
    found = [
        card
        for card in _cards(on)
        if (not service_class or card.service_class == service_class)
        and (not audience or audience in card.audiences)
        and (not department or card.department == department)
        and (applicable is None or card.applicable is applicable)
    ]
    words = normalise(text).split()
    if not words:
        return sorted(found, key=lambda card: (not card.applicable, sort_key(card.name.ar)))
    meant = {word: alike(word, on) for word in words}
    ranked = [(rank, card) for card in found if (rank := _rank(card, meant, normalise(text))) is not None]
    return [card for _rank_, card in sorted(ranked, key=lambda pair: (pair[0], sort_key(pair[1].name.ar)))]


def class_counts(on: date) -> Mapping[str, int]:
    """How many services of each class hold on a day; every class is named."""
    counts = dict.fromkeys(CLASSES, 0)
    for card in _cards(on):
        counts[card.service_class] += 1
    return counts


def related_services(service: CompiledService, on: date) -> list[Card]:
    """The services that a service names as related, in its order."""
    cards = {card.slug: card for card in _cards(on)}
    return [cards[slug] for slug in service.definition.related if slug in cards]


def services_about(kind: str, on: date) -> list[CompiledService]:
    """The services of a day that are about entries of this kind, by name."""

    def find() -> list[CompiledService]:
        found = [_compiled(card.slug, on) for card in _cards(on) if card.applicable]
        kept = [each for each in found if each is not None and each.about and kind in each.about.kinds]
        return sorted(kept, key=lambda each: sort_key(each.definition.name.ar))

    return remembered(("about", kind, on), find)


def service_making(kind: str, on: date) -> CompiledService | None:
    """A service of a day whose result enters the register as this kind, a new one before a renewal: its `entry` says
    how such entries expire. None when none does any more."""

    def find() -> CompiledService | None:
        found = [_compiled(card.slug, on) for card in _cards(on) if card.applicable]
        making = [each for each in found if each is not None and each.entry and each.entry.kind == kind]
        return min(making, key=lambda each: (each.renewal is not None, each.slug), default=None)

    return remembered(("making", kind, on), find)


def available_in(slug: str, municipality_id: int, on: date) -> bool:
    """Whether a service is offered at a municipality on a day. Without any row it is offered everywhere."""
    rows = remembered(("availability", slug), lambda: availability(slug))
    return not rows or any(
        row.municipality_id == municipality_id
        and row.valid_from <= on
        and (row.valid_to is None or on < row.valid_to)
        for row in rows
    )


def availability(slug: str) -> Sequence[Availability]:
    """Where and since when a service is offered; empty = everywhere."""
    rows = Availability.objects.filter(service__slug=slug).select_related("municipality")
    return list(rows.order_by("valid_from", "municipality__code"))


def _current(on: date) -> QuerySet[ServiceVersion]:
    return ServiceVersion.objects.filter(
        Q(valid_to__isnull=True) | Q(valid_to__gt=on),
        state=ServiceVersion.State.PUBLISHED,
        valid_from__lte=on,
    )


def _cards(on: date) -> Iterable[Card]:
    return remembered(("cards", on), lambda: _offered(on))


def _offered(on: date) -> list[Card]:
    """The cards of everything that is offered on a day."""
    versions = _current(on).select_related("service")
    found = [(version, load_definition(version)) for version in versions]
    return [_card(version) for version, one in found if not (one.internal or one.definition.for_staff)]


def _card(version: ServiceVersion) -> Card:
    definition = load_definition(version).definition
    return Card(
        slug=definition.slug,
        code=definition.code,
        service_class=definition.service_class,
        audiences=definition.audiences,
        department=definition.department,
        name=definition.name,
        summary=definition.summary,
        icon=definition.icon,
        expected=definition.expected.text,
        fee=definition.fee_text,
        applicable=definition.applicable,
        instant=definition.instant,
        synonyms=definition.synonyms,
        search_text=version.search_text,
        version_id=version.pk,
    )


def _rank(card: Card, words: Mapping[str, Sequence[str]], whole: str) -> tuple[int, int] | None:
    """(how well, how long it takes: at once, by request, to read); None when a word is missing."""
    text = card.search_text
    loose = loose_key(text)
    if not all(
        word in text or loose_key(word) in loose or any(stem in text for stem in stems)
        for word, stems in words.items()
    ):
        return None
    name = normalise(f"{card.name.ar} {card.name.en}")
    synonyms = [normalise(synonym) for synonym in card.synonyms]
    if whole in synonyms or whole == normalise(card.name.ar):
        level = 0
    elif all(word in name for word in words):
        level = 1
    elif any(whole in synonym for synonym in synonyms):
        level = 2
    else:
        level = 3
    return (level, 0 if card.instant else 1 if card.applicable else 2)
