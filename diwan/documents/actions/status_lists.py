"""Fresh lists of revoked certificates beside the trusted roots, so that verification needs no network."""

from __future__ import annotations

import logging
from hashlib import sha256

import httpx
from cryptography import x509
from django.conf import settings

from diwan.documents.models import Certificate
from diwan.health.calls import note_call

log = logging.getLogger(__name__)
TIMEOUT = 10.0
LIMIT = 8 * 1024 * 1024


def refresh_status_lists() -> int:
    """Fetch the revocation lists that our own certificates and those above them name; returns how many are fresh.

    Addresses come from certificates that our signer obtained, never from a file that somebody brings. A list that does
    not answer keeps its last content.
    """
    config = settings.DIWAN
    folder = config.under_data(config.authority_roots).parent
    fresh = 0
    for url in sorted(_addresses()):
        try:
            answer = httpx.get(url, timeout=TIMEOUT, trust_env=False)
            answer.raise_for_status()
            if len(answer.content) > LIMIT:
                raise ValueError("too large")
            x509.load_der_x509_crl(answer.content)
        except (httpx.HTTPError, ValueError) as error:
            log.warning("revocation list %s: %s", url, error)
            note_call("authority", ok=False, error=type(error).__name__)
            continue
        note_call("authority", ok=True)
        target = folder / f"{sha256(url.encode()).hexdigest()[:16]}.crl"
        partial = target.with_suffix(".partial")
        partial.write_bytes(answer.content)
        partial.replace(target)
        fresh += 1
    return fresh


def _addresses() -> set[str]:
    found: set[str] = set()
    for pem in Certificate.objects.values_list("pem", flat=True):
        for certificate in x509.load_pem_x509_certificates(pem.encode()):
            found |= _points(certificate)
    return found


def _points(certificate: x509.Certificate) -> set[str]:
    try:
        points = certificate.extensions.get_extension_for_class(x509.CRLDistributionPoints).value
    except x509.ExtensionNotFound:
        return set()
    return {str(name.value) for point in points for name in point.full_name or ()}
