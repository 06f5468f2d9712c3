"""File a report from any channel: the same checks, the same series of numbers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from diwan.cases.actions.open_cases import Opened
from diwan.cases.actions.submit_application import Application, submit_application
from diwan.catalogue.compiled import CompiledService
from diwan.catalogue.queries import compiled_service, lookup_row
from diwan.kit import clock
from diwan.modules.reports.actions.place_report import TYPES, reporter_key
from diwan.modules.reports.errors import NotAnonymous, ReportNotFound, TooManyOpen
from diwan.modules.reports.models import Report
from diwan.people.actor import Actor

SERVICE: Final = "report"
MOST_OPEN: Final = 5
"""Open reports of one number at a time from the public channels (domain 3.3, junk limit)."""
_UNLIMITED: Final = frozenset({"counter", "api", "phone"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Filing:
    """One report. `answers` by field of the service (`type`, `description`, `place`, `district`, `landmark`, `pole`),
    `documents` uploads by slot that were sent ahead to the owner `papers`. `reporter` is what is known of the person:
    `name_ar`, `name_en`, `mobile` (proved by the caller of this action), `email`, `national_id`; empty: anonymous.
    """

    answers: Mapping[str, Any]
    reporter: Mapping[str, str] = field(default_factory=dict)
    documents: Mapping[str, Sequence[str]] = field(default_factory=dict)
    papers: str = ""
    key: str
    scope: str
    channel: str = "portal"
    language: str = "ar"
    account_id: int | None = None


def file_report(*, filing: Filing, by: Actor) -> Opened:
    """Open the case of the report, or answer with the one that this key opened.

    Raises NotAnonymous, TooManyOpen, FieldErrors, KeyReused, OutsideTheCity, NotOfferedThere, UploadMissing.
    """
    _refuse_nameless(filing)
    if filing.channel not in _UNLIMITED:
        refuse_too_many(filing.reporter.get("mobile", ""))
    application = Application(
        service=report_service(), applicant=snapshot(filing.reporter), answers=filing.answers,
        documents=filing.documents, key=filing.key, scope=filing.scope, papers=filing.papers, channel=filing.channel,
        language=filing.language, account_id=filing.account_id,
        filed_by_id=by.position_id if by.is_staff else None,
    )  # fmt: skip
    return submit_application(application=application, by=by)


def report_service() -> CompiledService:
    """The service of reports as published today. Raises ReportNotFound where it is switched off."""
    found = compiled_service(SERVICE, clock.today())
    if found is None:
        raise ReportNotFound
    return found


def snapshot(reporter: Mapping[str, str]) -> dict[str, Any]:
    """The applicant's part of the case: nothing but what the reporter gave."""
    given = {name: value for name, value in reporter.items() if value}
    return {
        "kind": "individual", "capacity": "self", "name_ar": "", "name_en": given.get("name_ar", ""),
        "party_id": given.get("national_id", ""), "mobile": "", "email": "", **given,
        "citizen": given.get("national_id", "").startswith("1"),
    }  # fmt: skip


def _refuse_nameless(filing: Filing) -> None:
    if filing.reporter.get("mobile") or filing.reporter.get("email"):
        return
    row = lookup_row(TYPES, str(filing.answers.get("type", "")), clock.today())
    if row is not None and not row.data.get("anonymous") and filing.channel not in _UNLIMITED:
        raise NotAnonymous


def refuse_too_many(mobile: str) -> None:
    """Raises TooManyOpen when a number (E.164) has as many open reports as one may have."""
    if not mobile:
        return
    mine = Report.objects.filter(reporter_key=reporter_key(mobile), closed_at__isnull=True)
    if len(mine.order_by("-case").values_list("pk", flat=True)[:MOST_OPEN]) >= MOST_OPEN:
        raise TooManyOpen(most=MOST_OPEN)
