"""The demo authority over its protocols: what it issues, what it says of it, and where it refuses to run."""

from __future__ import annotations

import base64
import hashlib
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509 import ocsp
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from tests.documents.authority import KEY, ROOT, Authority, running, switch

HEADERS = {"X-Api-Key": KEY}


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Authority]:
    with running(tmp_path_factory.mktemp("authority")) as found:
        yield found


def request(
    *, name: str | None = "رئيس البلدية", key: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey | None = None
) -> str:
    """A certificate request as the signer makes it."""
    attributes = [
        x509.NameAttribute(NameOID.COUNTRY_NAME, "SA"),
        x509.NameAttribute(NameOID.ORGANIZATION_NAME, "أمانة الواحة"),
    ]
    if name:
        attributes.append(x509.NameAttribute(NameOID.COMMON_NAME, name))
    builder = x509.CertificateSigningRequestBuilder().subject_name(x509.Name(attributes))
    csr = builder.sign(key or ec.generate_private_key(ec.SECP256R1()), hashes.SHA256())
    return csr.public_bytes(serialization.Encoding.PEM).decode()


def enrol(authority: Authority, csr: str, profile: str = "position") -> httpx.Response:
    body = {"csr": csr, "profile": profile}
    return httpx.post(f"{authority.url}/enrol", json=body, headers=HEADERS, trust_env=False)


def enrolled(authority: Authority) -> tuple[x509.Certificate, x509.Certificate, x509.Certificate]:
    """A fresh certificate and the two above it."""
    answer = enrol(authority, request())
    assert answer.status_code == 201
    found = [answer.json()["certificate"], *answer.json()["chain"]]
    leaf, issuing, root = (x509.load_pem_x509_certificate(pem.encode()) for pem in found)
    return leaf, issuing, root


def status(authority: Authority, leaf: x509.Certificate, issuer: x509.Certificate) -> ocsp.OCSPResponse:
    question = ocsp.OCSPRequestBuilder().add_certificate(leaf, issuer, hashes.SHA1()).build()
    answer = httpx.post(
        f"{authority.url}/ocsp", content=question.public_bytes(serialization.Encoding.DER), trust_env=False
    )
    return ocsp.load_der_ocsp_response(answer.content)


def revocation_list(authority: Authority) -> x509.CertificateRevocationList:
    return x509.load_der_x509_crl(httpx.get(f"{authority.url}/issuing.crl", trust_env=False).content)


def test_a_certificate_leads_to_the_demo_root_and_signs_documents(authority: Authority) -> None:
    leaf, issuing, root = enrolled(authority)
    leaf.verify_directly_issued_by(issuing)
    issuing.verify_directly_issued_by(root)
    assert "Demo" in str(root.subject) and "not for real use" in str(issuing.subject)
    usage = leaf.extensions.get_extension_for_class(x509.KeyUsage).value
    assert usage.digital_signature and usage.content_commitment and not usage.key_cert_sign
    purposes = leaf.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    assert list(purposes) == [ExtendedKeyUsageOID.EMAIL_PROTECTION]


def test_a_revoked_certificate_is_named_by_ocsp_and_crl(authority: Authority) -> None:
    leaf, issuing, _ = enrolled(authority)
    assert status(authority, leaf, issuing).certificate_status == ocsp.OCSPCertStatus.GOOD
    assert revocation_list(authority).get_revoked_certificate_by_serial_number(leaf.serial_number) is None

    body = {"serial": str(leaf.serial_number), "reason": "key_compromise"}
    httpx.post(f"{authority.url}/revoke", json=body, headers=HEADERS, trust_env=False).raise_for_status()

    answer = status(authority, leaf, issuing)
    assert answer.certificate_status == ocsp.OCSPCertStatus.REVOKED
    assert answer.revocation_reason == x509.ReasonFlags.key_compromise
    assert revocation_list(authority).get_revoked_certificate_by_serial_number(leaf.serial_number) is not None


def test_an_unknown_certificate_is_unknown_and_one_of_another_issuer_not_answered(
    authority: Authority,
) -> None:
    leaf, issuing, root = enrolled(authority)
    name = hashlib.sha1(issuing.subject.public_bytes()).digest()
    key = x509.SubjectKeyIdentifier.from_public_key(issuing.public_key()).digest
    question = ocsp.OCSPRequestBuilder().add_certificate_by_hash(
        name, key, leaf.serial_number + 1, hashes.SHA1()
    )
    answer = httpx.post(
        f"{authority.url}/ocsp",
        content=question.build().public_bytes(serialization.Encoding.DER),
        trust_env=False,
    )
    assert ocsp.load_der_ocsp_response(answer.content).certificate_status == ocsp.OCSPCertStatus.UNKNOWN
    assert status(authority, issuing, root).response_status == ocsp.OCSPResponseStatus.UNAUTHORIZED


@pytest.mark.parametrize(
    ("csr", "profile", "code"),
    [
        ("rubbish", "position", "unreadable_request"),
        (request(), "root", "unknown_profile"),
        (request(name=None), "position", "incomplete_subject"),
        (request(key=rsa.generate_private_key(65537, 2048)), "position", "weak_key"),
    ],
)
def test_a_request_is_refused(authority: Authority, csr: str, profile: str, code: str) -> None:
    answer = enrol(authority, csr, profile)
    assert answer.status_code == 400 and answer.json()["error"] == code


def test_a_request_with_a_wrong_signature_is_refused(authority: Authority) -> None:
    lines = request().splitlines()
    der = bytearray(base64.b64decode("".join(lines[1:-1])))
    der[-3] ^= 1
    body = base64.encodebytes(bytes(der)).decode()
    answer = enrol(authority, f"{lines[0]}\n{body}{lines[-1]}\n")
    assert answer.json()["error"] in ("wrong_signature", "unreadable_request")


@pytest.mark.parametrize("path", ["/enrol", "/revoke"])
def test_without_the_key_nothing_is_done(authority: Authority, path: str) -> None:
    answer = httpx.post(f"{authority.url}{path}", json={}, headers={"X-Api-Key": "wrong"}, trust_env=False)
    assert answer.status_code == 401
    assert httpx.get(f"{authority.url}/certificates", trust_env=False).status_code == 401


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"serial": "x", "reason": "superseded"}, "serial_is_not_a_number"),
        ({"serial": "12", "reason": "superseded"}, "unknown_serial"),
        ({"serial": "12", "reason": "boredom"}, "unknown_reason"),
    ],
)
def test_a_revocation_is_refused(authority: Authority, body: dict[str, str], code: str) -> None:
    answer = httpx.post(f"{authority.url}/revoke", json=body, headers=HEADERS, trust_env=False)
    assert answer.status_code == 400 and answer.json()["error"] == code


@pytest.mark.parametrize("path", ["/ocsp", "/tsa"])
def test_rubbish_is_answered_as_such(authority: Authority, path: str) -> None:
    answer = httpx.post(f"{authority.url}{path}", content=b"rubbish", trust_env=False)
    assert answer.status_code == 400


def test_a_part_that_is_down_does_not_answer(authority: Authority) -> None:
    with switch(authority, "crl", "down"), pytest.raises(httpx.HTTPError):
        revocation_list(authority)
    assert revocation_list(authority).is_signature_valid is not None


def test_keys_survive_a_restart_under_another_address(tmp_path: Path) -> None:
    with running(tmp_path) as first:
        leaf, issuing, root = enrolled(first)
    with running(tmp_path) as second:
        again, issuing_again, root_again = enrolled(second)
        assert root == root_again and issuing.public_key() == issuing_again.public_key()
        again.verify_directly_issued_by(issuing)
        assert status(second, leaf, issuing_again).certificate_status == ocsp.OCSPCertStatus.GOOD
        points = again.extensions.get_extension_for_class(x509.CRLDistributionPoints).value
        assert second.url in str(points[0].full_name)
    for file in tmp_path.glob("*.key"):
        assert file.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("profile", ["production", "", "prod"])
def test_it_runs_for_demo_and_test_only(tmp_path: Path, profile: str) -> None:
    done = _start(tmp_path, {"DIWAN_PROFILE": profile, "PEERS_AUTHORITY_KEY": KEY}, [])
    assert done.returncode != 0 and "refuses to start" in done.stderr


def test_it_listens_on_loopback_only(tmp_path: Path) -> None:
    done = _start(tmp_path, {"DIWAN_PROFILE": "demo", "PEERS_AUTHORITY_KEY": KEY}, ["--host", "0.0.0.0"])
    assert done.returncode != 0 and "refuses to listen" in done.stderr


def test_it_needs_a_key(tmp_path: Path) -> None:
    done = _start(tmp_path, {"DIWAN_PROFILE": "demo", "PEERS_AUTHORITY_KEY": "short"}, [])
    assert done.returncode != 0 and "PEERS_AUTHORITY_KEY" in done.stderr


def _start(folder: Path, environment: dict[str, str], options: list[str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "peers.authority", "--data", str(folder), *options],
        cwd=ROOT,
        env=os.environ | environment,
        capture_output=True,
        text=True,
        timeout=20,
        check=False,
    )
