"""The authority's own keys and certificates: root, issuing authority, time stamper, OCSP responder.

Everything carries "demo" in its name. Keys lie as PKCS #8 files of mode 0600 in the data folder; the root signs the
issuing authority and its own CRL, nothing else.
"""

import datetime as dt
import os
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import AuthorityInformationAccessOID, ExtendedKeyUsageOID, NameOID

PublicKey = ec.EllipticCurvePublicKey | rsa.RSAPublicKey
COUNTRY = "SA"
ORGANISATION = "Diwan Demo Trust Services"
YEARS = {"root": 20, "issuing": 10, "tsa": 10, "ocsp": 5}
NAMES = {
    "root": "Diwan Demo Root (not for real use)",
    "issuing": "Diwan Demo Issuing Authority (not for real use)",
    "tsa": "Diwan Demo Time Stamping (not for real use)",
    "ocsp": "Diwan Demo OCSP Responder (not for real use)",
}


@dataclass(frozen=True)
class Member:
    """A key of the authority and its certificate."""

    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey


@dataclass(frozen=True)
class Hierarchy:
    """The four members of the authority."""

    root: Member
    issuing: Member
    tsa: Member
    ocsp: Member


def addresses(base: str, issuer: str) -> list[tuple[x509.ExtensionType, bool]]:
    """Where the status of a certificate signed by `issuer` is told: CRL, OCSP (issuing only), issuer certificate."""
    access = [
        x509.AccessDescription(
            AuthorityInformationAccessOID.CA_ISSUERS, x509.UniformResourceIdentifier(f"{base}/{issuer}.crt")
        )
    ]
    if issuer == "issuing":
        access.insert(
            0,
            x509.AccessDescription(
                AuthorityInformationAccessOID.OCSP, x509.UniformResourceIdentifier(f"{base}/ocsp")
            ),
        )
    point = x509.DistributionPoint([x509.UniformResourceIdentifier(f"{base}/{issuer}.crl")], None, None, None)
    return [(x509.AuthorityInformationAccess(access), False), (x509.CRLDistributionPoints([point]), False)]


def key_usage(*, sign: bool = False, commit: bool = False, authority: bool = False) -> x509.KeyUsage:
    """Key usage with only the named bits: digital signature, non-repudiation, certificates and CRLs."""
    return x509.KeyUsage(
        digital_signature=sign,
        content_commitment=commit,
        key_cert_sign=authority,
        crl_sign=authority,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )


def issue(
    *,
    subject: x509.Name,
    public_key: PublicKey,
    issuer: Member | None,
    signing_key: ec.EllipticCurvePrivateKey,
    days: int,
    extensions: list[tuple[x509.ExtensionType, bool]],
) -> x509.Certificate:
    """Sign one certificate from now on for `days`; `issuer` None signs itself."""
    now = dt.datetime.now(dt.UTC).replace(microsecond=0)
    issuer_key = issuer.certificate.public_key() if issuer else public_key
    assert isinstance(issuer_key, ec.EllipticCurvePublicKey)
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer.certificate.subject if issuer else subject)
        .public_key(public_key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(minutes=5))
        .not_valid_after(now + dt.timedelta(days=days))
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public_key), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key), critical=False)
    )
    for extension, critical in extensions:
        builder = builder.add_extension(extension, critical=critical)
    return builder.sign(signing_key, hashes.SHA256())


def open_hierarchy(folder: Path, *, base: str) -> Hierarchy:
    """The members kept in `folder`, made there at the first start; `base` is the address written into certificates.

    Under another address than last time the same keys get new certificates, since the old ones point nowhere.
    """
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    address = folder / "address"
    if not address.exists() or address.read_text() != base:
        for name in ("issuing", "tsa", "ocsp"):
            (folder / f"{name}.pem").unlink(missing_ok=True)
        write_private(address, base.encode())
    root = _member(
        folder, "root", None, [(x509.BasicConstraints(ca=True, path_length=1), True), _authority_usage()]
    )
    above = addresses(base, "root")
    issuing = _member(
        folder,
        "issuing",
        root,
        [(x509.BasicConstraints(ca=True, path_length=0), True), _authority_usage(), *above],
    )
    leaf: list[tuple[x509.ExtensionType, bool]] = [
        (x509.BasicConstraints(ca=False, path_length=None), True),
        (key_usage(sign=True), True),
    ]
    stamping = (x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), True)
    answering = (x509.ExtendedKeyUsage([ExtendedKeyUsageOID.OCSP_SIGNING]), False)
    tsa = _member(folder, "tsa", issuing, [*leaf, stamping, *addresses(base, "issuing")])
    ocsp = _member(folder, "ocsp", issuing, [*leaf, answering, (x509.OCSPNoCheck(), False)])
    return Hierarchy(root=root, issuing=issuing, tsa=tsa, ocsp=ocsp)


def _authority_usage() -> tuple[x509.ExtensionType, bool]:
    return key_usage(authority=True), True


def _member(
    folder: Path, name: str, issuer: Member | None, extensions: list[tuple[x509.ExtensionType, bool]]
) -> Member:
    """Read a member from its two files; what is missing is made and written."""
    key_file, certificate_file = folder / f"{name}.key", folder / f"{name}.pem"
    key = _key(key_file)
    if certificate_file.exists():
        return Member(x509.load_pem_x509_certificate(certificate_file.read_bytes()), key)
    subject = x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, COUNTRY),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, ORGANISATION),
            x509.NameAttribute(NameOID.COMMON_NAME, NAMES[name]),
        ]
    )
    certificate = issue(
        subject=subject,
        public_key=key.public_key(),
        issuer=issuer,
        signing_key=issuer.key if issuer else key,
        days=YEARS[name] * 365,
        extensions=extensions,
    )
    write_private(certificate_file, certificate.public_bytes(serialization.Encoding.PEM))
    return Member(certificate, key)


def _key(path: Path) -> ec.EllipticCurvePrivateKey:
    if path.exists():
        key = serialization.load_pem_private_key(path.read_bytes(), password=None)
        assert isinstance(key, ec.EllipticCurvePrivateKey)
        return key
    made = ec.generate_private_key(ec.SECP256R1())
    encoding, form = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8
    write_private(path, made.private_bytes(encoding, form, serialization.NoEncryption()))
    return made


def write_private(path: Path, content: bytes) -> None:
    """Write a file of mode 0600, complete or not at all."""
    partial = path.with_name(path.name + ".partial")
    partial.unlink(missing_ok=True)
    with os.fdopen(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
        out.write(content)
    partial.replace(path)
