"""What is printed: the contents a person approved, and what issuing adds to them (number, dates, approver, addresses).

`IssuedDocument.data` is the approved part, a mapping of plain text:
`title` {ar, en}; `sections` [{title, rows: [{label, value}]}] with a value as text, {ar, en} or {ltr}; `activities`
[{code, name, main}]; `conditions` and `why` [{ar, en}]; `card` {name, activity, place, note}; `term`: how long it is
valid, `{"years": 1, "calendar": "gregorian"}`, with `"until": "2027-11-20"` no longer than that day (and without
`years` exactly until then), `{"from": "2026-11-21", "to": "2027-11-20"}` or null (unlimited). The mandate holds the
digest of exactly this, so nothing of it can change between approval and seal.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any, cast

from django.conf import settings

from diwan.documents.models import IssuedDocument, SigningMandate, StandingAuthority
from diwan.documents.render import Rendered, Template, render
from diwan.kit import canonical, clock, dates, hijri, numbers
from diwan.people.models import Municipality

HEAD_OFFICE = "000"
SIGNATURE_NOTE = {
    "ar": "وثيقة موقعة إلكترونيا ومختومة بختم الأمانة، ولا تحتاج إلى توقيع أو ختم يدوي.",
    "en": "Electronically signed and sealed; no handwritten signature or stamp is needed.",
}
SEAL_NOTE = {
    "ar": "وثيقة مختومة إلكترونيا بختم الأمانة، ولا تحتاج إلى توقيع أو ختم يدوي.",
    "en": "Electronically sealed; no handwritten signature or stamp is needed.",
}
CARD_NOTE = {"ar": "النسخة المعتمدة هي الملف الإلكتروني الموقع.", "en": "The signed file is the original."}
DEMO_MARK = ["بيانات تجريبية", "DEMO DATA"]
SPECIMEN_MARK = ["نموذج للتجربة لا يعتد به", "SPECIMEN, NOT VALID"]
SPECIMEN_NUMBER = "0" * 12
_WORDINGS = {
    "holder": None,
    "acting": {"ar": "تكليفا", "en": "acting"},
    "powers": {"ar": "بالتفويض من {ar}", "en": "by delegation of {en}"},
    "absence": {"ar": "نيابة عن {ar}", "en": "on behalf of {en}"},
}


ANY_TERM: dict[str, str] = {}
"""Contents without a `term` leave the dates to whoever issues; the dates are then no part of the approval."""


def approved_digest(*, case_id: int, template: str, data: Mapping[str, Any]) -> str:
    """The digest by which a mandate binds these contents to this case."""
    return canonical.digest({"case": case_id, "template": template, "data": dict(data)})


def term_fits(*, term: Mapping[str, Any] | None, valid_from: dt.date, valid_to: dt.date | None) -> bool:
    """Whether dates of validity are the ones that the approved term allows."""
    if term is None:
        return valid_to is None
    if not term:
        return True
    if "to" in term:
        return (
            valid_from.isoformat() == term["from"]
            and valid_to is not None
            and valid_to.isoformat() == term["to"]
        )
    return valid_to == last_day(term, valid_from)


def last_day(term: Mapping[str, Any] | None, first: dt.date) -> dt.date | None:
    """The last day of a term that begins on `first`; None without end. A term whose end has passed lasts that one day:
    what is proven is then out of date on the next."""
    if term is None:
        return None
    ends: list[dt.date] = []
    if "years" in term:
        lunar = term.get("calendar") == "hijri"
        end = hijri.add_years(first, int(term["years"]), calendar="hijri" if lunar else "gregorian")
        ends.append(end - dt.timedelta(days=1))
    if "until" in term:
        ends.append(max(dt.date.fromisoformat(str(term["until"])), first))
    return min(ends)


def render_document(document: IssuedDocument) -> Rendered:
    """Render a numbered document from its row alone: the same bytes in the worker and in the signer."""
    return render(
        template=cast(Template, document.template), data=print_data(document), created=document.created_at
    )


def print_data(document: IssuedDocument) -> dict[str, Any]:
    """The whole input of the template. The document must have its number."""
    if document.number is None:
        raise ValueError("a document without a number cannot be printed")
    mandate = document.mandate
    head_office = Municipality.objects.get(code=HEAD_OFFICE)
    return {
        **document.data,
        "card": _card(document.data.get("card", {}), title=document.data["title"]),
        "organisation": {"ar": head_office.name_ar, "en": head_office.name_en},
        "municipality": {"ar": document.municipality.name_ar, "en": document.municipality.name_en},
        "number": document.number,
        "case_number": numbers.case_number(document.case_id),
        "issued": both_calendars(clock.local(document.created_at).date()),
        "valid_from": both_calendars(document.valid_from),
        "valid_to": both_calendars(document.valid_to) if document.valid_to else None,
        "approver": _approver(mandate),
        "authority": _statement(mandate),
        "signature_note": SIGNATURE_NOTE if mandate.position_code else SEAL_NOTE,
        "verify_url": verify_url(document),
        "verify_host": f"{settings.DIWAN.public_url.split('://', 1)[-1]}/v",
        "watermark": DEMO_MARK if settings.DIWAN.mark_demo_data else [],
    }


def specimen_data(contents: Mapping[str, Any], *, day: dt.date) -> dict[str, Any]:
    """The input of the template for contents that are tried and not issued: marked all over, with a number of zeros,
    nobody's approval, and a code that leads to the page of verification only."""
    head_office = Municipality.objects.get(code=HEAD_OFFICE)
    name = {"ar": head_office.name_ar, "en": head_office.name_en}
    term = contents["term"]
    first = dt.date.fromisoformat(term["from"]) if term and "from" in term else day
    last = dt.date.fromisoformat(term["to"]) if term and "to" in term else last_day(term, day)
    return {
        **contents,
        "card": _card(contents["card"], title=contents["title"]),
        "organisation": name,
        "municipality": name,
        "number": SPECIMEN_NUMBER,
        "case_number": "",
        "issued": both_calendars(day),
        "valid_from": both_calendars(first),
        "valid_to": both_calendars(last) if last else None,
        "approver": None,
        "authority": {"ar": SPECIMEN_MARK[0], "en": SPECIMEN_MARK[1]},
        "signature_note": {"ar": "", "en": ""},
        "verify_url": f"{settings.DIWAN.public_url}/v",
        "verify_host": f"{settings.DIWAN.public_url.split('://', 1)[-1]}/v",
        "watermark": SPECIMEN_MARK,
    }


def _card(card: Mapping[str, Any], *, title: Mapping[str, str]) -> dict[str, dict[str, str]]:
    """The card's texts in both languages: what was approved, the title where nothing was."""

    def both(value: Any) -> dict[str, str]:
        if isinstance(value, Mapping):
            text = str(value.get("ltr") or value.get("ar") or "")
            return {"ar": text, "en": str(value.get("en") or text)}
        return {"ar": str(value), "en": str(value)}

    return {
        "name": both(card.get("name") or title),
        "activity": both(card.get("activity") or ""),
        "place": both(card.get("place") or ""),
        "note": both(card.get("note") or CARD_NOTE),
    }


def verify_url(document: IssuedDocument) -> str:
    """The address in the QR: number and token, so that a guessed number shows nothing more than the public record."""
    return f"{settings.DIWAN.public_url}/v/{document.number}/{document.verify_token}"


def both_calendars(day: dt.date) -> dict[str, str]:
    """A date as templates take it: `{"g": "2026/11/21", "h": "1448/06/11"}`; `h` is empty outside the tables."""
    lunar = hijri.to_hijri(day)
    return {"g": dates.numeric(day), "h": str(lunar) if lunar else ""}


def _approver(mandate: SigningMandate) -> dict[str, Any] | None:
    if not mandate.position_code:
        return None
    wording = _WORDINGS[mandate.wording]
    behalf = {"ar": mandate.on_behalf_ar, "en": mandate.on_behalf_en}
    local = clock.local(mandate.approved_at)
    return {
        "name": {"ar": mandate.approver_ar, "en": mandate.approver_en},
        "title": {"ar": mandate.title_ar, "en": mandate.title_en},
        "capacity": {language: text.format(**behalf) for language, text in wording.items()}
        if wording
        else None,
        "at": both_calendars(local.date()) | {"time": f"{local:%H:%M}"},
    }


def _statement(mandate: SigningMandate) -> dict[str, str]:
    if not mandate.standing_authority:
        return {"ar": "", "en": ""}
    authority = StandingAuthority.objects.get(code=mandate.standing_authority)
    return {"ar": authority.statement_ar, "en": authority.statement_en}
