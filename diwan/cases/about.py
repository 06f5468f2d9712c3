"""The licence that an application by data is about: it has to be the applicant's, and to stand as the service needs."""

from collections.abc import Mapping
from typing import Any

from diwan.cases.context import entry_is_of
from diwan.catalogue.compiled import CompiledService
from diwan.catalogue.queries import service_making
from diwan.forms.context import FormContext
from diwan.kit import clock
from diwan.kit.errors import N_, DiwanError


class NotTheirLicence(DiwanError):
    """A service about a licence was sent without its number, for one of somebody else's, or as it does not stand."""

    code = "cases.not_their_licence"
    message = N_("No licence of this applicant has this number, or the service is not for it as it stands.")


def facts_about(
    service: CompiledService, number: str, applicant: Mapping[str, Any], context: FormContext
) -> dict[str, Any]:
    """What the case keeps of the licence that it renews or is about; nothing for a service that is about none.

    `context` is that of the form with this licence. Raises NotTheirLicence.
    """
    if service.about is None and service.renewal is None:
        if number:
            raise NotTheirLicence
        return {}
    entry = context.entry
    fits = entry and (_renews(service, entry) if service.about is None else _concerns(service, entry))
    if not fits or not entry_is_of(number, applicant):
        raise NotTheirLicence
    return {"renews" if service.about is None else "about": number, "entry": dict(entry)}


def _concerns(service: CompiledService, entry: Mapping[str, Any]) -> bool:
    about = service.about
    return about is not None and entry["kind"] in about.kinds and entry["status"] in about.standings


def _renews(service: CompiledService, entry: Mapping[str, Any]) -> bool:
    """Whether the service of today renews entries of this kind, and this one has no final status."""
    making = service_making(entry["kind"], clock.today())
    renewed_by = making.entry.renewal if making is not None and making.entry is not None else None
    return renewed_by == service.slug and entry["status"] in ("active", "expiring", "expired")
