"""Authorities of one's own: look-alikes and expired ones, and what is signed under them."""

from __future__ import annotations

import datetime as dt
import io
from dataclasses import dataclass
from typing import Any

from asn1crypto import keys as asn1_keys
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import fields
from pyhanko.sign.signers import PdfTimeStamper
from pyhanko.sign.timestamps import DummyTimeStamper

from diwan.documents.signer.keys import Identity

Key = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey
DAY = dt.timedelta(days=1)


@dataclass(frozen=True)
class Made:
    """A certificate with its key."""

    certificate: x509.Certificate
    key: Key

    @property
    def pem(self) -> bytes:
        """The certificate alone."""
        return self.certificate.public_bytes(serialization.Encoding.PEM)


def name(common: str) -> x509.Name:
    """A name of one part."""
    return x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, common)])


def made(
    subject: x509.Name,
    *,
    by: Made | None = None,
    begin: dt.datetime,
    end: dt.datetime,
    serial: int | None = None,
    stamps: bool = False,
) -> Made:
    """A root (without `by`), a signer, or a time-stamping authority."""
    key: Key = rsa.generate_private_key(65537, 2048) if stamps else ec.generate_private_key(ec.SECP256R1())
    usage = dict.fromkeys(
        ("key_encipherment", "data_encipherment", "key_agreement", "encipher_only", "decipher_only"), False
    )
    root = by is None
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(by.certificate.subject if by else subject)
        .public_key(key.public_key())
        .serial_number(serial or x509.random_serial_number())
        .not_valid_before(begin)
        .not_valid_after(end)
        .add_extension(x509.BasicConstraints(ca=root, path_length=None), critical=True)
        .add_extension(
            x509.KeyUsage(
                digital_signature=True,
                content_commitment=not root,
                key_cert_sign=root,
                crl_sign=root,
                **usage,
            ),
            critical=True,
        )
    )
    if stamps:
        purpose = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING])
        builder = builder.add_extension(purpose, critical=True)
    return Made(builder.sign(by.key if by else key, hashes.SHA256()), key)


def _asn1(certificate: x509.Certificate) -> asn1_x509.Certificate:
    return asn1_x509.Certificate.load(certificate.public_bytes(serialization.Encoding.DER))


def _key(key: Key) -> asn1_keys.PrivateKeyInfo:
    plain = serialization.NoEncryption()
    der = key.private_bytes(serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, plain)
    return asn1_keys.PrivateKeyInfo.load(der)


def identity(signer: Made, *above: Made) -> Identity:
    """As the signer process would hold it."""
    return Identity(
        code="",
        key=_key(signer.key),
        certificate=_asn1(signer.certificate),
        chain=tuple(_asn1(one.certificate) for one in above),
        authority_url="",
    )


def stamped(pdf: bytes, by: Made, *, box: tuple[int, int, int, int] | None = None) -> bytes:
    """With one more time stamp of the document, by an authority of one's own; in a box it shows on the page."""
    writer: Any = IncrementalPdfFileWriter(io.BytesIO(pdf))
    if box:
        fields.append_signature_field(writer, fields.SigFieldSpec("Later", box=box))
    stamper = DummyTimeStamper(tsa_cert=_asn1(by.certificate), tsa_key=_key(by.key))
    out: Any = PdfTimeStamper(stamper, field_name="Later").timestamp_pdf(writer, "sha256")
    return bytes(out.getvalue())
