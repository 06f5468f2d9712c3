"""A report is filed by a program, with photos that it sends along or an address from which they are fetched."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final
from uuid import uuid4

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext

from diwan.api.open311 import photos
from diwan.api.open311.asked import Asked
from diwan.api.open311.door import Answer
from diwan.api.open311.reading import ROOT
from diwan.api.open311.services import LANDMARK, POLE, known_type, taken_attributes
from diwan.api.open311.telling import notice
from diwan.api.reading import idempotency_key
from diwan.api.tokens import owner_of, require_scope
from diwan.cases.models import Case, IdempotencyKey
from diwan.files.queries import uploads_of
from diwan.forms.lookups import Row
from diwan.kit import ids, numbers
from diwan.kit.errors import N_, FieldErrors
from diwan.modules.reports.actions import Filing, file_report
from diwan.modules.reports.actions.file_report import SERVICE
from diwan.modules.reports.errors import NOTHING_SAID, NOWHERE, NotAnonymous
from diwan.rest.calls import Client
from diwan.rest.declaring import REPORTS_READ, REPORTS_WRITE
from diwan.rest.refusals import Refused

_UNSEEN: Final = N_("The picture at media_url could not be taken: send it as the part `media`.")
_SAID: Final[Mapping[str, str]] = {
    "place": "lat, long", "district": "address_id", "landmark": "address_string", "pole": "attribute[pole]",
    "type": "service_code",
}  # fmt: skip
"""Question of our form -> the argument of the protocol that answers it."""


def file(asked: Asked) -> Answer:
    """File a report -> its number. Under the same Idempotency-Key it is filed once.

    Raises Refused (400, 403, 404), NotAnonymous, FieldErrors, OutsideTheCity, NotOfferedThere, NotCovered, KeyReused,
    UploadRefused, CheckUnavailable.
    """
    client = filing_client(asked)
    row = known_type(asked.needed("service_code"))
    answers = _answers(asked, row)
    reporter = _reporter(asked, row)
    key = idempotency_key(asked.request) if asked.request.headers.get("Idempotency-Key") else uuid4().hex
    scope = scope_of(client)
    # A photo that comes again is another upload: what was filed with it is known by the key alone.
    known = _known(scope, key) if photos.brings_photos(asked) else None
    owner = owner_of(client.pk, key)
    held = photos.received(asked, client, owner) if known is None else []
    if known is None:
        filing = Filing(
            answers=answers, reporter=reporter, documents={photos.SLOT: held} if held else {}, papers=owner, key=key,
            scope=scope, channel="api", language=asked.language,
        )  # fmt: skip
        known = _filed(filing, asked)
    due = Case.objects.values_list("due_at", flat=True).get(pk=known)
    unseen = asked.one(photos.ADDRESS) and not _has_photo(known)
    told = {
        "service_request_id": numbers.case_number(known),
        "service_notice": " ".join([notice(due), *([gettext(_UNSEEN)] if unseen else [])]),
        "account_id": asked.one("account_id") or None,
    }
    return Answer.of(ROOT, [told])


def _filed(filing: Filing, asked: Asked) -> int:
    """The case of the report. What is wrong with it stands at the names of the protocol."""
    try:
        return file_report(filing=filing, by=asked.by).case_id
    except FieldErrors as error:
        raise FieldErrors({_SAID.get(name, name): found for name, found in error.errors.items()}) from error


def _has_photo(case_id: int) -> bool:
    return any(upload.slot == photos.SLOT for upload in uploads_of(f"case:{case_id}"))


def token(asked: Asked, token: str) -> Answer:
    """The number of what this client filed under an Idempotency-Key: for one that lost the answer.

    Numbers are given at once, so nothing else here is a token. Raises Refused (403, 404).
    """
    if asked.client is None:
        raise Refused(403, "api_key", N_("The api_key is missing or does not hold."))
    require_scope(asked.client, REPORTS_READ)
    case_id = _known(scope_of(asked.client), token)
    if case_id is None:
        raise Refused(404, "token", N_("token was not found: {token}"), token=token[:80])
    return Answer.of(ROOT, [{"service_request_id": numbers.case_number(case_id), "token": token}])


def filing_client(asked: Asked) -> Client:
    """The client, if its key may file reports and answer for reporters. Raises Refused (403)."""
    client = asked.client
    if client is None:
        raise Refused(403, "api_key", N_("The api_key is missing or does not hold."))
    require_scope(client, REPORTS_WRITE)
    if SERVICE not in client.services:
        raise Refused(
            403, "service", N_("The token does not cover this service, or it is not offered today.")
        )
    return client


def scope_of(client: Client) -> str:
    """The scope of the keys under which the client files."""
    return f"open311:{client.pk}"


def _known(scope: str, key: str) -> int | None:
    """The case that was opened under the key."""
    return IdempotencyKey.objects.filter(scope=scope, key=key).values_list("case_id", flat=True).first()


def _answers(asked: Asked, row: Row) -> dict[str, Any]:
    """The answers to our form: what happened, and where."""
    given = dict(asked.attributes())
    unknown = sorted(set(given) - taken_attributes(row))
    if unknown:
        raise Refused(
            400, "attribute", N_("This type has no attribute {name}: read its definition."), name=unknown[0]
        )
    lat, lng = asked.degrees("lat", 90), asked.degrees("long", 180)
    if (lat is None) != (lng is None):
        raise Refused(400, "lat", N_("Send lat and long together."))
    address, district = asked.one("address_string", most=400), asked.one("address_id", most=24)
    near = [part for part in (address, given.get(LANDMARK, "")) if part]
    found: dict[str, Any] = {
        "type": row.code,
        "description": asked.one("description", most=4000),
        "place": {"lat": f"{lat:.6f}", "lng": f"{lng:.6f}", "how": "map"} if lat is not None else None,
        "district": district if lat is None else "",
        "landmark": " · ".join(dict.fromkeys(near)),
        "pole": given.get(POLE, ""),
    }
    answers = {name: value for name, value in found.items() if value}
    if not row.data.get("place", True):
        if "description" not in answers:
            raise Refused(400, "description", NOTHING_SAID)
    elif not {"place", "district", "landmark", "pole"} & set(answers):
        raise Refused(400, "lat", NOWHERE)
    return answers


def _reporter(asked: Asked, row: Row) -> dict[str, str]:
    """Who reports, as the client vouches for it. Raises NotAnonymous, InvalidValue, Refused (400)."""
    phone, email = asked.one("phone", most=40), asked.one("email", most=254)
    if not phone and not email and not row.data.get("anonymous"):
        raise NotAnonymous
    if email:
        try:
            validate_email(email)
        except ValidationError as error:
            raise Refused(400, "email", N_("email is not an e-mail address.")) from error
    name = " ".join(filter(None, (asked.one("first_name", most=80), asked.one("last_name", most=80))))
    return {"name_ar": name, "mobile": ids.mobile(phone) if phone else "", "email": email}
