"""The slip that an applicant keeps: number, secret, where it stood when it was printed, expected date, QR and Code 128;
works without a phone."""

from __future__ import annotations

from typing import Any, Final

from django.conf import settings

from diwan.cases import secrets
from diwan.cases.models import Case
from diwan.catalogue.compiled import CompiledService
from diwan.documents.contents import DEMO_MARK, HEAD_OFFICE, both_calendars
from diwan.documents.render import render
from diwan.files.queries import uploads_of
from diwan.files.rules import stands_in_the_form
from diwan.kit import clock, numbers
from diwan.kit.dates import joined, moment_in_words
from diwan.people.actor import Actor
from diwan.people.models import Municipality

A4: Final = "a4"
ROLL: Final = "80mm"
PAPERS: Final = (A4, ROLL)
TELEPHONE: Final = "940"
TITLE: Final = {"ar": "إيصال استلام طلب", "en": "Receipt of a request"}


def receipt_pdf(*, case: Case, service: CompiledService, by: Actor, paper: str) -> bytes:
    """The slip of a case. `paper` is `a4` or `80mm`. The caller has asked whether the actor may see the case."""
    template: Any = "receipt" if paper == A4 else "receipt-80mm"
    return render(template=template, data=receipt_data(case, service, by), created=case.opened_at).pdf


def receipt_data(case: Case, service: CompiledService, by: Actor) -> dict[str, Any]:
    """What the slip prints; see the heads of the templates."""
    number = numbers.case_number(case.pk)
    link = secrets.link_of(case.pk, case.secret_generation)
    opened = clock.local(case.opened_at)
    head_office = Municipality.objects.get(code=HEAD_OFFICE)
    municipality = case.municipality
    return {
        "title": TITLE,
        "organisation": {"ar": head_office.name_ar, "en": head_office.name_en},
        "municipality": {"ar": municipality.name_ar, "en": municipality.name_en},
        "service": {"ar": service.name("ar"), "en": service.name("en")},
        "applicant": _applicant(case),
        "case_number": number,
        "barcode": number,
        "secret": secrets.digits_of(case.pk, case.secret_generation),
        "received": both_calendars(opened.date()) | {"time": f"{opened:%H:%M}"},
        "expected": expected_words(case, service),
        "stage": {language: service.public(case.stage, language) for language in ("ar", "en")},
        "documents": _papers(case, service),
        "telephone": TELEPHONE,
        "track_host": f"{settings.DIWAN.public_url.split('://', 1)[-1]}/track",
        "verify_url": f"{settings.DIWAN.public_url}/t/{number}/{link}",
        "served_by": (by.title_ar or by.name_ar) if by.is_staff else "",
        "watermark": DEMO_MARK if settings.DIWAN.mark_demo_data else [],
    }


def expected_words(case: Case, service: CompiledService) -> dict[str, str]:
    """When the case is expected to be done, in words of both languages."""
    if case.due_at is None:
        text = service.definition.expected.text
        return {"ar": text.ar, "en": text.en}
    return {
        "ar": joined(moment_in_words(case.due_at, "ar")),
        "en": joined(moment_in_words(case.due_at, "en")),
    }


def _applicant(case: Case) -> dict[str, str]:
    held = case.applicant
    name = "establishment" if held.get("kind") == "establishment" else "name"
    arabic = str(held.get(f"{name}_ar", ""))
    return {"ar": arabic, "en": str(held.get(f"{name}_en") or arabic)}


def _papers(case: Case, service: CompiledService) -> list[dict[str, str]]:
    slots = (upload.slot for upload in uploads_of(f"case:{case.pk}"))
    keys = dict.fromkeys(slot for slot in slots if stands_in_the_form(slot))
    return [{"ar": service.label(key, "ar"), "en": service.label(key, "en")} for key in keys]
