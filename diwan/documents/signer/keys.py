"""Private keys and their certificates, in a folder that only the signer's user can read.

A key is a PKCS #8 file encrypted with the passphrase of the installation; beside it lies a JSON file with certificate,
chain and the authority it came from. Everything is written complete or not at all.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import secrets
import stat
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from asn1crypto import keys as asn1_keys
from asn1crypto import pem as asn1_pem
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

RENEW_BEFORE = dt.timedelta(days=30)
NAME_LIMIT = 64
"""Upper bound of a common name and an organisation name in a certificate (X.520, ub-common-name)."""


class UnsafeFolder(Exception):
    """The key folder or the passphrase can be read by others; the signer does not start."""


@dataclass(frozen=True)
class Identity:
    """A post or the seal ("" as code) with its key, certificate and chain, in the types of asn1crypto."""

    code: str
    key: asn1_keys.PrivateKeyInfo
    certificate: asn1_x509.Certificate
    chain: tuple[asn1_x509.Certificate, ...]
    authority_url: str

    @property
    def not_after(self) -> dt.datetime:
        """End of the certificate's validity."""
        end: dt.datetime = self.certificate.not_valid_after
        return end

    def usable(self, *, at: dt.datetime, authority_url: str) -> bool:
        """Whether it is from today's authority and not about to end."""
        return self.authority_url == authority_url and at < self.not_after - RENEW_BEFORE


class KeyStore:
    """The folder of keys."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        _refuse_if_open(folder)
        self._folder = folder
        self._passphrase = _passphrase(folder / "passphrase")
        self._cache: dict[str, Identity] = {}

    def identity(self, code: str) -> Identity | None:
        """The current key and certificate of a post, or None."""
        if code not in self._cache:
            key_file, facts_file = self._files(code)
            if not (key_file.exists() and facts_file.exists()):
                return None
            key = serialization.load_pem_private_key(key_file.read_bytes(), password=self._passphrase)
            self._cache[code] = _identity(code, key, json.loads(facts_file.read_text()))
        return self._cache[code]

    def codes(self) -> list[str]:
        """Every post that has a certificate."""
        return sorted(json.loads(file.read_text())["code"] for file in self._folder.glob("*.json"))

    def request(self, code: str, *, subject: x509.Name) -> tuple[ec.EllipticCurvePrivateKey, str]:
        """A fresh key and a PKCS #10 request for it (PEM). Nothing is kept before `keep`."""
        key = ec.generate_private_key(ec.SECP256R1())
        csr = x509.CertificateSigningRequestBuilder().subject_name(subject).sign(key, hashes.SHA256())
        return key, csr.public_bytes(serialization.Encoding.PEM).decode()

    def keep(
        self,
        code: str,
        *,
        key: ec.EllipticCurvePrivateKey,
        certificate: str,
        chain: list[str],
        authority_url: str,
    ) -> Identity:
        """Store a key with the certificate that was issued for it."""
        key_file, facts_file = self._files(code)
        facts = {"code": code, "certificate": certificate, "chain": chain, "authority_url": authority_url}
        facts_file.unlink(missing_ok=True)
        write_private(
            key_file,
            key.private_bytes(
                serialization.Encoding.PEM,
                serialization.PrivateFormat.PKCS8,
                serialization.BestAvailableEncryption(self._passphrase),
            ),
        )
        write_private(facts_file, json.dumps(facts, ensure_ascii=False).encode())
        self._cache[code] = _identity(code, key, facts)
        return self._cache[code]

    def _files(self, code: str) -> tuple[Path, Path]:
        name = sha256(code.encode()).hexdigest()[:24] if code else "seal"
        return self._folder / f"{name}.key", self._folder / f"{name}.json"


def subject_name(*, common: tuple[str, str], organisation: tuple[str, str], code: str) -> x509.Name:
    """Subject of a certificate: title and organisation as (Arabic, English); English where X.520 bars the Arabic."""
    attributes = [
        x509.NameAttribute(NameOID.COUNTRY_NAME, "SA"),
        x509.NameAttribute(NameOID.ORGANIZATION_NAME, _name_text(organisation)),
        x509.NameAttribute(NameOID.COMMON_NAME, _name_text(common)),
    ]
    if code:
        attributes.append(x509.NameAttribute(NameOID.SERIAL_NUMBER, code[:NAME_LIMIT]))
    return x509.Name(attributes)


def _name_text(texts: tuple[str, str]) -> str:
    """The Arabic text unless it breaks the bidirectional rule of name comparison (RFC 4518), then the English."""
    arabic, english = (text[:NAME_LIMIT].strip() for text in texts)
    try:
        asn1_x509.Name.build({"common_name": arabic}).hashable  # noqa: B018  (the property raises)
    except ValueError:
        return english
    return arabic


def write_private(path: Path, content: bytes) -> None:
    """Write a file of mode 0600, durable and complete or not at all."""
    partial = path.with_name(f"{path.name}.{os.getpid()}.partial")
    partial.unlink(missing_ok=True)
    with os.fdopen(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
        out.write(content)
        out.flush()
        os.fsync(out.fileno())
    partial.replace(path)


def load_certificate(pem: str) -> asn1_x509.Certificate:
    """A certificate from PEM."""
    return asn1_x509.Certificate.load(asn1_pem.unarmor(pem.encode())[2])


def _identity(code: str, key: Any, facts: dict[str, Any]) -> Identity:
    der = key.private_bytes(
        serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return Identity(
        code=code,
        key=asn1_keys.PrivateKeyInfo.load(der),
        certificate=load_certificate(facts["certificate"]),
        chain=tuple(load_certificate(pem) for pem in facts["chain"]),
        authority_url=facts["authority_url"],
    )


def _passphrase(path: Path) -> bytes:
    """The passphrase of the installation, made at the first start."""
    if not path.exists():
        write_private(path, secrets.token_urlsafe(48).encode())
    _refuse_if_open(path)
    return path.read_bytes().strip()


def _refuse_if_open(path: Path) -> None:
    facts = path.stat()
    if facts.st_uid != os.geteuid() or stat.S_IMODE(facts.st_mode) & 0o077:
        raise UnsafeFolder(f"{path} must belong to the signer's user and be closed to everybody else")
