"""PAdES signatures by pyHanko: position first, seal last; the last one is B-LTA (time stamps, OCSP and CRL inside)."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Sequence
from dataclasses import dataclass

import aiohttp
from asn1crypto import x509 as asn1_x509
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import fields
from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner, SimpleSigner
from pyhanko.sign.signers.pdf_cms import PdfCMSSignedAttributes
from pyhanko.sign.timestamps.aiohttp_client import HTTPTimeStamper
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.fetchers.aiohttp_fetchers import AIOHttpFetcherBackend
from pyhanko_certvalidator.registry import SimpleCertificateStore

from diwan.documents.signer.keys import Identity
from diwan.kit import clock

TOLERANCE = dt.timedelta(minutes=1)
"""An answer of the authority may be this much younger than the moment for which it is asked: a busy machine is slow."""
HTTP_TIMEOUT = aiohttp.ClientTimeout(total=15)


@dataclass(frozen=True)
class Services:
    """The authority's roots and its time-stamping address."""

    roots: tuple[asn1_x509.Certificate, ...]
    timestamp_url: str


async def sign_pdf(
    pdf: bytes, *, by: Sequence[Identity], services: Services, about: str, place: str
) -> bytes:
    """Sign as each identity in turn with real time; `about` names document and number inside every signature.

    The first signature certifies: afterwards only further signatures are allowed. Raises pyHanko's and network errors.
    """
    async with aiohttp.ClientSession(timeout=HTTP_TIMEOUT) as session:
        stamper = HTTPTimeStamper(services.timestamp_url, session=session)
        backend = AIOHttpFetcherBackend(session)
        for place_in_row, identity in enumerate(by):
            last = place_in_row == len(by) - 1
            metadata = PdfSignatureMetadata(
                field_name="Approval" if identity.code else "Seal",
                md_algorithm="sha256",
                subfilter=fields.SigSeedSubFilter.PADES,
                reason=about,
                location=place,
                embed_validation_info=True,
                use_pades_lta=last,
                certify=place_in_row == 0,
                docmdp_permissions=fields.MDPPerm.FILL_FORMS,
                validation_context=ValidationContext(
                    trust_roots=list(services.roots),
                    allow_fetching=True,
                    revocation_mode="require",
                    fetcher_backend=backend,
                    time_tolerance=TOLERANCE,
                ),
            )
            signer = _signer(identity)
            writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
            signed = await PdfSigner(metadata, signer, timestamper=stamper).async_sign_pdf(writer)
            pdf = signed.getvalue()
    return pdf


async def seal_bytes(content: bytes, *, by: Identity) -> bytes:
    """A detached CMS signature under these bytes, DER, with the chain inside. Raises pyHanko's errors."""
    made = await _signer(by).async_sign_general_data(
        content, "sha256", signed_attr_settings=PdfCMSSignedAttributes(signing_time=clock.real_now())
    )
    return bytes(made.dump())


def _signer(identity: Identity) -> SimpleSigner:
    return SimpleSigner(
        signing_cert=identity.certificate,
        signing_key=identity.key,
        cert_registry=SimpleCertificateStore.from_certs(identity.chain),  # type: ignore[no-untyped-call]
    )
