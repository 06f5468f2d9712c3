"""What the authority does: issue by request, revoke, and answer about status and time. No HTTP here."""

import datetime as dt
from pathlib import Path

from asn1crypto import crl, keys, ocsp, tsp
from asn1crypto import x509 as asn1_x509
from certomancer.services import (
    CRLBuilder,
    RevocationInfoInterface,
    SimpleOCSPResponder,
    TimeStamper,
    choose_signed_digest,
)
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from peers.authority.hierarchy import (
    Hierarchy,
    Member,
    PublicKey,
    addresses,
    issue,
    key_usage,
    open_hierarchy,
)
from peers.authority.ledger import REASONS, Entry, Ledger

PROFILES = {"position": 2 * 365, "seal": 3 * 365}
MIN_CURVE_BITS, MIN_RSA_BITS = 256, 3072
CRL_HOURS = 24
OCSP_HOURS = 12


class Refusal(Exception):
    """The authority does not do this; the argument is a code for the caller."""


class _Status(RevocationInfoInterface):
    """The ledger as certomancer's responder asks for it."""

    def __init__(self, issuer: asn1_x509.Certificate, ledger: Ledger, own: frozenset[int]) -> None:
        self._issuer, self._ledger, self._own = issuer, ledger, own

    def get_issuer_cert(self) -> asn1_x509.Certificate:
        return self._issuer

    def check_revocation_status(
        self, cid: ocsp.CertId, at_time: dt.datetime
    ) -> tuple[ocsp.CertStatus, list[ocsp.SingleResponseExtension]]:
        serial = cid["serial_number"].native
        entry = self._ledger.find(serial)
        if entry is None and serial not in self._own:
            return ocsp.CertStatus("unknown"), []
        if entry is None or entry.revoked_at is None:
            return ocsp.CertStatus("good"), []
        value = {"revocation_time": entry.revoked_at, "revocation_reason": crl.CRLReason(entry.reason)}
        return ocsp.CertStatus(name="revoked", value=value), []


class Authority:
    """One authority in one data folder; `base` is the address written into the certificates it issues."""

    def __init__(self, folder: Path, *, base: str) -> None:
        self.base = base
        self.members: Hierarchy = open_hierarchy(folder, base=base)
        self.ledger = Ledger(folder / "ledger.sqlite3")

    def enrol(self, *, request_pem: bytes, profile: str) -> tuple[str, list[str]]:
        """Issue a certificate for a PKCS #10 request; returns its PEM and the chain above it, issuing authority first.

        Raises Refusal: unknown_profile, unreadable_request, wrong_signature, weak_key, incomplete_subject.
        """
        if profile not in PROFILES:
            raise Refusal("unknown_profile")
        subject, public_key = _checked_request(request_pem)
        certificate = issue(
            subject=subject,
            public_key=public_key,
            issuer=self.members.issuing,
            signing_key=self.members.issuing.key,
            days=PROFILES[profile],
            extensions=[
                (x509.BasicConstraints(ca=False, path_length=None), True),
                (key_usage(sign=True, commit=True), True),
                (x509.ExtendedKeyUsage([ExtendedKeyUsageOID.EMAIL_PROTECTION]), False),
                *addresses(self.base, "issuing"),
            ],
        )
        pem = _pem(certificate)
        self.ledger.add(
            serial=certificate.serial_number, subject=subject.rfc4514_string(), profile=profile, pem=pem
        )
        return pem, [_pem(self.members.issuing.certificate), _pem(self.members.root.certificate)]

    def revoke(self, *, serial: int, reason: str) -> Entry:
        """Revoke a certificate now. Raises Refusal: unknown_reason, unknown_serial."""
        if reason not in REASONS:
            raise Refusal("unknown_reason")
        entry = self.ledger.revoke(serial=serial, reason=reason)
        if entry is None:
            raise Refusal("unknown_serial")
        return entry

    def ocsp(self, request: bytes) -> bytes:
        """Answer an OCSP request (RFC 6960) about a certificate of the issuing authority."""
        responder = self.members.ocsp
        own = frozenset({self.members.tsa.certificate.serial_number, responder.certificate.serial_number})
        certificate, key = _asn1(responder)
        answer = SimpleOCSPResponder(
            responder_cert=certificate,
            responder_key=key,
            signature_algo=choose_signed_digest("sha256", certificate.public_key),
            at_time=_now(),
            revinfo_interface=_Status(_asn1(self.members.issuing)[0], self.ledger, own),
            validity=dt.timedelta(hours=OCSP_HOURS),
        ).build_ocsp_response(ocsp.OCSPRequest.load(request, strict=True))
        return bytes(answer.dump())

    def stamp(self, request: bytes) -> bytes:
        """Answer a time-stamp request (RFC 3161) with the machine's time."""
        certificate, key = _asn1(self.members.tsa)
        stamper = TimeStamper(
            tsa_cert=certificate,
            tsa_key=key,
            certs_to_embed=[_asn1(self.members.issuing)[0], _asn1(self.members.root)[0]],
            fixed_dt=_now(),
        )
        return bytes(stamper.request_tsa_response(tsp.TimeStampReq.load(request, strict=True)).dump())

    def crl(self, name: str) -> bytes:
        """The CRL of `root` (always empty) or `issuing`, made now."""
        member: Member = getattr(self.members, name)
        certificate, key = _asn1(member)
        builder = CRLBuilder(
            issuer_name=certificate.subject,
            issuer_key=key,
            signature_algo=choose_signed_digest("sha256", certificate.public_key),
            authority_key_identifier=certificate.key_identifier_value,
        )
        revoked = self.ledger.revoked() if name == "issuing" else []
        made = builder.build_crl(
            crl_number=self.ledger.next_crl_number(),
            this_update=_now(),
            next_update=_now() + dt.timedelta(hours=CRL_HOURS),
            revoked_certs=[
                CRLBuilder.format_revoked_cert(item.serial, crl.CRLReason(item.reason), item.revoked_at)
                for item in revoked
                if item.revoked_at is not None
            ],
        )
        return bytes(made.dump())


def _checked_request(request_pem: bytes) -> tuple[x509.Name, PublicKey]:
    try:
        request = x509.load_pem_x509_csr(request_pem)
        public_key, valid = request.public_key(), request.is_signature_valid
    except ValueError:
        raise Refusal("unreadable_request") from None
    if not valid:
        raise Refusal("wrong_signature")
    if not isinstance(public_key, (ec.EllipticCurvePublicKey, rsa.RSAPublicKey)):
        raise Refusal("weak_key")
    if public_key.key_size < (MIN_RSA_BITS if isinstance(public_key, rsa.RSAPublicKey) else MIN_CURVE_BITS):
        raise Refusal("weak_key")
    needed = (NameOID.COMMON_NAME, NameOID.ORGANIZATION_NAME, NameOID.COUNTRY_NAME)
    if any(not request.subject.get_attributes_for_oid(oid) for oid in needed):
        raise Refusal("incomplete_subject")
    return request.subject, public_key


def _asn1(member: Member) -> tuple[asn1_x509.Certificate, keys.PrivateKeyInfo]:
    """A member in the types of asn1crypto, which certomancer speaks."""
    der = member.key.private_bytes(
        serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    certificate = asn1_x509.Certificate.load(member.certificate.public_bytes(serialization.Encoding.DER))
    return certificate, keys.PrivateKeyInfo.load(der)


def _pem(certificate: x509.Certificate) -> str:
    return certificate.public_bytes(serialization.Encoding.PEM).decode()


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC).replace(microsecond=0)
