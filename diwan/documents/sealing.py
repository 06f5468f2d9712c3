"""The seal under files that are no documents of a case: an upper package says what they are, the signer makes them.

Whoever asks names a kind and a key, never bytes: the signer reads what it seals from the database, as with documents.
The seal is a detached CMS signature (RFC 5652) by the organisation's seal.
"""

from __future__ import annotations

import asyncio
import base64
import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final

from asn1crypto import cms as asn1_cms
from asn1crypto import crl as asn1_crl
from asn1crypto import pem as asn1_pem
from asn1crypto import x509 as asn1_x509
from django.conf import settings
from pyhanko.sign.general import SigningError
from pyhanko.sign.validation import async_validate_detached_cms
from pyhanko.sign.validation.errors import SignatureValidationError
from pyhanko_certvalidator import ValidationContext

from diwan.documents import signing

VALID, CHANGED, UNTRUSTED, UNREADABLE = "valid", "changed", "untrusted", "unreadable"
MOST_BYTES: Final = 64 * 1024
"""Of a seal; one with its chain has some four thousand."""

Contents = Callable[[int], bytes]
_kinds: dict[str, Contents] = {}


@dataclass(frozen=True, slots=True)
class Sealed:
    """What was sealed, and the seal (DER)."""

    content: bytes
    seal: bytes


@dataclass(frozen=True, slots=True)
class SealFound:
    """What a seal is worth: its state, whose it is (organisation, in the languages of the certificate), and since when.

    `valid`: of these very bytes, by a seal that leads to a trusted root and is not revoked as far as the lists at hand
    tell; `changed`: of other bytes; `untrusted`: nobody vouches for it; `unreadable`: it is no seal.
    """

    state: str
    organisation: str = ""
    serial: str = ""
    at: dt.datetime | None = None


def sealed_kind(kind: str) -> Callable[[Contents], Contents]:
    """Register how the bytes of a kind are made from its key. They raise LookupError for what is not to be sealed."""

    def register(make: Contents) -> Contents:
        if kind in _kinds:
            raise ValueError(f"{kind} is registered twice")
        _kinds[kind] = make
        return make

    return register


def contents_of(kind: str, key: int) -> bytes:
    """What is to be sealed. LookupError for an unknown kind or key."""
    if kind not in _kinds:
        raise LookupError(kind)
    return _kinds[kind](key)


def seal(kind: str, key: int) -> Sealed:
    """Have it sealed. Raises SignerUnavailable, SigningRefused."""
    answer = signing.ask({"op": "seal", "kind": kind, "key": key})
    return Sealed(base64.b64decode(answer["content"]), base64.b64decode(answer["seal"]))


def judge_seal(content: bytes, signature: bytes) -> SealFound:
    """What a seal says of the bytes, by the roots and lists of revoked certificates at hand; nothing is fetched."""
    roots = settings.DIWAN.under_data(settings.DIWAN.authority_roots)
    known = roots.read_bytes() if roots.exists() else b""
    lists = [path.read_bytes() for path in sorted(roots.parent.glob("*.crl"))]
    return _judged(content, signature, roots=known, status_lists=lists)


def _judged(content: bytes, signature: bytes, *, roots: bytes, status_lists: Iterable[bytes]) -> SealFound:
    try:
        if len(signature) > MOST_BYTES:
            return SealFound(UNREADABLE)
        signed = asn1_cms.ContentInfo.load(signature, strict=True)["content"]
        pems = asn1_pem.unarmor(roots, multiple=True) if roots.strip() else ()
        trusted = [asn1_x509.Certificate.load(der) for _type, _headers, der in pems]
        context = ValidationContext(
            trust_roots=trusted,
            crls=[asn1_crl.CertificateList.load(der) for der in status_lists],
            allow_fetching=False,
            revocation_mode="soft-fail",
        )
        status = asyncio.run(async_validate_detached_cms(content, signed, signer_validation_context=context))
    except (ValueError, TypeError, SignatureValidationError, SigningError):
        return SealFound(UNREADABLE)
    certificate = status.signing_cert
    names = certificate.subject.native
    organisation = names.get("organization_name", names.get("common_name", ""))
    if not status.intact or not status.valid:
        state = CHANGED
    elif not trusted or not status.trusted or status.revoked:
        state = UNTRUSTED
    else:
        state = VALID
    return SealFound(
        state,
        " / ".join(organisation) if isinstance(organisation, list) else str(organisation),
        str(certificate.serial_number),
        status.signer_reported_dt,
    )
