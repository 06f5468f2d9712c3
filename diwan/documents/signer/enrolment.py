"""Certificates from the authority: asked for by the signer, since the key never leaves it."""

from __future__ import annotations

from typing import Any, NamedTuple

import httpx
from asn1crypto import pem as asn1_pem
from asn1crypto import x509 as asn1_x509
from django.conf import settings

from diwan.documents.contents import HEAD_OFFICE
from diwan.documents.models import Certificate
from diwan.documents.signer.checks import Refused
from diwan.documents.signer.keys import Identity, KeyStore, subject_name
from diwan.documents.signer.pades import Services
from diwan.kit import clock
from diwan.people.models import Municipality, Position

TIMEOUT = 15.0
SEAL_NAME = ("ختم {}", "Seal of {}")


class _Names(NamedTuple):
    """Organisation and common name of a certificate, each (Arabic, English)."""

    organisation: tuple[str, str]
    common: tuple[str, str]


class AuthorityUnavailable(Exception):
    """The authority does not answer or answers nonsense."""


def identity(store: KeyStore, code: str, *, renew: bool = False) -> Identity:
    """The usable identity of a post ("" = the seal), obtained from the authority when there is none.

    Raises Refused and AuthorityUnavailable.
    """
    known = store.identity(code)
    url = settings.DIWAN.authority_url
    names = _names(code)
    if known is None or renew or not known.usable(at=clock.real_now(), authority_url=url):
        known = _enrol(store, code, names)
    _record(known, names)
    return known


def _enrol(store: KeyStore, code: str, names: _Names) -> Identity:
    """A fresh key with a certificate for it."""
    subject = subject_name(common=names.common, organisation=names.organisation, code=code)
    key, request = store.request(code, subject=subject)
    answer = _post("/enrol", {"csr": request, "profile": "position" if code else "seal"})
    return store.keep(
        code,
        key=key,
        certificate=answer["certificate"],
        chain=answer["chain"],
        authority_url=settings.DIWAN.authority_url,
    )


def _record(made: Identity, names: _Names) -> None:
    """The certificate in the product's list, also after a database was restored."""
    Certificate.objects.get_or_create(
        serial=str(made.certificate.serial_number),
        defaults={
            "position_code": made.code,
            "subject_ar": names.common[0],
            "subject_en": names.common[1],
            "pem": "".join(
                asn1_pem.armor("CERTIFICATE", item.dump()).decode()
                for item in (made.certificate, *made.chain)
            ),
            "authority_url": made.authority_url,
            "issued_at": made.certificate.not_valid_before,
            "not_after": made.not_after,
        },
    )


def revoke(store: KeyStore, code: str, *, reason: str) -> None:
    """Have the certificate of a post revoked at the authority. Raises Refused and AuthorityUnavailable."""
    known = store.identity(code)
    if known is None:
        raise Refused("no_certificate")
    serial = str(known.certificate.serial_number)
    _post("/revoke", {"serial": serial, "reason": reason})
    Certificate.objects.filter(serial=serial, revoked_at__isnull=True).update(
        revoked_at=clock.real_now(), revoked_why=reason
    )


def services() -> Services:
    """Roots from the configured file and the time-stamping address. Raises AuthorityUnavailable without roots."""
    config = settings.DIWAN
    roots_file = config.under_data(config.authority_roots)
    if not roots_file.exists():
        raise AuthorityUnavailable("no file of root certificates")
    roots = tuple(
        asn1_x509.Certificate.load(der)
        for _, _, der in asn1_pem.unarmor(roots_file.read_bytes(), multiple=True)
    )
    return Services(
        roots=roots, timestamp_url=config.authority_timestamp_url or f"{config.authority_url}/tsa"
    )


def _names(code: str) -> _Names:
    head_office = Municipality.objects.get(code=HEAD_OFFICE)
    organisation = (head_office.name_ar, head_office.name_en)
    if not code:
        return _Names(
            organisation, (SEAL_NAME[0].format(organisation[0]), SEAL_NAME[1].format(organisation[1]))
        )
    position = Position.objects.filter(code=code).first()
    if position is None:
        raise Refused("position_unknown")
    return _Names(organisation, (position.title_ar, position.title_en))


def _post(path: str, body: dict[str, Any]) -> dict[str, Any]:
    config = settings.DIWAN
    try:
        answer = httpx.post(
            f"{config.authority_url}{path}",
            json=body,
            headers={"X-Api-Key": config.authority_key},
            timeout=TIMEOUT,
            trust_env=False,
        )
        answer.raise_for_status()
        found: dict[str, Any] = answer.json()
    except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
        raise AuthorityUnavailable(type(error).__name__) from error
    return found
