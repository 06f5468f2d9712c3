"""Subscribe a partner to events."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from django.conf import settings
from django.db import transaction

from diwan.audit.actions import audit_row
from diwan.kit import clock
from diwan.kit.errors import N_, FieldErrors, InvalidValue, Problem
from diwan.kit.keys import near_key
from diwan.kit.outward import read_target
from diwan.people.actor import Actor
from diwan.people.models import Municipality
from diwan.webhooks.envelope import offered
from diwan.webhooks.errors import NotAllowed
from diwan.webhooks.models import Subscription
from diwan.webhooks.registry import MANAGE

LONGEST_NAME: Final = 120
NO_NAME: Final = N_("Write the partner's name.")
NO_EVENTS: Final = N_("Choose at least one event.")
NO_SERVICES: Final = N_("Choose services, or all of them. What is not chosen is never sent.")
NO_MUNICIPALITIES: Final = N_("Choose municipalities, or all of them. What is not chosen is never sent.")
UNKNOWN: Final = N_("{value} is not known.")


@dataclass(frozen=True, slots=True)
class Coverage:
    """What a subscription covers: names of events, slugs of services, codes of municipalities; nothing by itself."""

    events: tuple[str, ...]
    services: tuple[str, ...] = ()
    municipalities: tuple[str, ...] = ()
    all_services: bool = False
    all_municipalities: bool = False


def make_subscription(
    *, name: str, url: str, coverage: Coverage, services: Iterable[str], by: Actor
) -> Subscription:
    """Make a subscription; from now on what it covers goes to `url`. `services` are the slugs that exist.

    Raises NotAllowed, and FieldErrors by `name`, `url`, `events`, `services`, `municipalities`.
    """
    if not (by.is_system or by.can(MANAGE)):
        raise NotAllowed
    errors = _errors(name, url, coverage, frozenset(services))
    if errors:
        raise FieldErrors({path: [problem] for path, problem in errors.items()})
    now = clock.real_now()
    with transaction.atomic():
        made = Subscription.objects.create(
            name=name.strip(), url=url, events=list(coverage.events),
            all_services=coverage.all_services, services=[] if coverage.all_services else list(coverage.services),
            all_municipalities=coverage.all_municipalities,
            municipalities=[] if coverage.all_municipalities else list(coverage.municipalities),
            key=near_key(now), created_at=now, created_by=by.label,
        )  # fmt: skip
        audit_row(
            by=by,
            action="webhooks.subscription.made",
            object_type="subscription",
            object_id=made.pk,
            municipality_id=None,
            fields=["events", "municipalities", "name", "services", "url"],
            values={
                "name": made.name, "url": url, "events": made.events, "services": made.services or "all",
                "municipalities": made.municipalities or "all",
            },
        )  # fmt: skip
    return made


def _errors(name: str, url: str, coverage: Coverage, services: frozenset[str]) -> dict[str, Problem]:
    """What is wrong, by field."""
    found: dict[str, Problem] = {}
    if not 0 < len(name.strip()) <= LONGEST_NAME:
        found["name"] = Problem("webhooks.no_name", NO_NAME)
    config = settings.DIWAN
    try:
        read_target(url, ports=config.webhooks_ports, loopback=config.webhooks_loopback)
    except InvalidValue as error:
        found["url"] = error.problem
    known = {kind.name for kind in offered()}
    codes = set(Municipality.objects.filter(code__in=coverage.municipalities).values_list("code", flat=True))
    for field, chosen, possible, whole, nothing in (
        ("events", coverage.events, known, False, NO_EVENTS),
        ("services", coverage.services, services, coverage.all_services, NO_SERVICES),
        ("municipalities", coverage.municipalities, codes, coverage.all_municipalities, NO_MUNICIPALITIES),
    ):
        strange = sorted(set(chosen) - set(possible))
        if not chosen and not whole:
            found[field] = Problem(f"webhooks.no_{field}", nothing)
        elif strange and not whole:
            found[field] = Problem("webhooks.unknown", UNKNOWN, {"value": strange[0]})
    return found
