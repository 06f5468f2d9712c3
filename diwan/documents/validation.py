"""Judging the signatures of a PDF that somebody brought; called in a process confined for it (see `checker`).

Nothing is fetched from the network, neither Django nor the database is loaded. A signature counts only when its byte
range is the whole file up to its own end but for exactly its own value, when nothing follows the last one, and when
the changes after it are those that a further signature or time stamp of ours makes.
"""

from __future__ import annotations

import asyncio
import binascii
import io
import re
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from hashlib import sha256
from typing import Any, Final

from diwan.documents import following

_SIGNED = re.compile(rb"/ByteRange|/SubFilter\s*/(?:ETSI|adbe)\b|/Type\s*/(?:Sig|DocTimeStamp)\b")
"""A file that was signed and can no longer be read as a PDF was changed or damaged after the signature."""
_RANGE = re.compile(rb"/ByteRange\s*\[\s*\d")
_HEX = re.compile(rb"<([0-9A-Fa-f]*)>")
_READ: Final = 65536
"""Characters of a hexadecimal text that are looked at together; a signature has some ten thousand."""
_SHOWN: Final = 300
"""Characters of a name, and of the end of a reason, in which the number stands."""
_ARCHIVE: Final = b"PK\x03\x04"


def load() -> None:
    """Load what judging needs, before the process is confined or copied, and have two slow spots of it go faster:
    hexadecimal texts are read at once, and the same name is prepared for comparing once."""
    from asn1crypto import x509
    from pyhanko.pdf_utils import generic, reader
    from pyhanko.sign import diff_analysis
    from pyhanko.sign.validation import ades, policy_decl

    assert all((reader, diff_analysis, ades, policy_decl))
    vars(generic)["read_hex_string_from_stream"] = hex_reader(generic.read_hex_string_from_stream)
    compared = x509.NameTypeAndValue()
    prepared = lru_cache(maxsize=256)(compared._ldap_string_prep)
    x509.NameTypeAndValue._ldap_string_prep = lambda _, text: prepared(text)


def hex_reader(slow: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """The library's reading of `<48656C6C6F>`, which takes one character after another (a fifth of judging a sealed
    file), for a text of digits alone in one go; every other text, and a broken one, is left to the library."""
    from pyhanko.pdf_utils.generic import pdf_string

    def read(stream: Any) -> Any:
        begin = stream.tell()
        found = _HEX.match(stream.read(_READ))
        if found is None:
            stream.seek(begin)
            return slow(stream)
        stream.seek(begin + found.end())
        digits = found[1]
        return pdf_string(binascii.unhexlify(digits + b"0" * (len(digits) % 2)))

    return read


def judge(pdf: bytes, *, roots: bytes, status_lists: Iterable[bytes] = ()) -> dict[str, Any]:
    """`{"state", "signatures"}`; states are `readable` (with signatures), `changed`, `not_signed`, `unreadable`,
    `uncheckable` (it takes more memory than there is).

    A signature is `{"state", "name", "serial", "certificate", "about", "at", "proven_until", "level"}`: its own state
    (see `_state`), the signer's name, serial and digest of the certificate, the reason text, times in ISO, and the
    modification level found after it.
    """
    from pyhanko.pdf_utils.reader import PdfFileReader

    try:
        reader = PdfFileReader(io.BytesIO(pdf))
        if reader.encrypted:
            return _without("unreadable")
        signatures = list(reader.embedded_regular_signatures)
        if not signatures:
            return _without("changed" if _RANGE.search(pdf) else "not_signed")
        whole = _whole(reader, pdf)
        specification = _specification(roots, status_lists)
        judged = [
            asyncio.run(_one(signature, specification, last=signature is signatures[-1], whole=whole))
            for signature in signatures
        ]
        for signature, found in zip(signatures, judged, strict=True):
            if found["state"] == "unknown_authority":
                found["state"] = asyncio.run(_without_revocation(signature, roots))
    except MemoryError:
        return _without("uncheckable")
    except Exception as error:  # noqa: BLE001  (a hostile file may raise anything; nothing follows but the answer)
        signed = _SIGNED.search(pdf) and not pdf.startswith(_ARCHIVE)
        return _without("changed" if signed else "unreadable") | {"detail": type(error).__name__}
    return {"state": "readable", "signatures": judged}


def _without(state: str) -> dict[str, Any]:
    return {"state": state, "signatures": []}


def _whole(reader: Any, pdf: bytes) -> bool:
    """Whether each signature and time stamp covers the file from its first byte to an end of its own, but for the value
    that stands exactly there, no two are the same, and only time stamps follow the last signature.

    The library compares lengths only where a signature claims the whole file: a value that is stretched elsewhere in
    the file would make up for bytes that nobody signed.
    """
    signatures = reader.embedded_signatures
    ends = set()
    for one in signatures:
        spans = [int(number) for number in one.byte_range]
        if len(spans) != 4:
            return False
        begin, before, after, rest = spans
        value = pdf[before:after] if 0 < before < after else b""
        if begin != 0 or rest <= 0 or value[:1] != b"<" or value[-1:] != b">":
            return False
        if value[1:-1].lower() != one.pkcs7_content.hex().encode() or after + rest > len(pdf):
            return False
        ends.add(after + rest)
    last = max(reader.embedded_regular_signatures, key=lambda one: int(one.byte_range[2]))
    return len(ends) == len(signatures) and following.only_stamps(reader, pdf, last)


def _specification(roots: bytes, status_lists: Iterable[bytes], *, revocation: str = "require") -> Any:
    """Trust in the roots only (without any, in nobody), revocation required from what the file or the status lists
    hold, no network."""
    from asn1crypto import crl, pem, x509
    from pyhanko.sign.validation import policy_decl
    from pyhanko_certvalidator.context import CertValidationPolicySpec
    from pyhanko_certvalidator.policy_decl import CertRevTrustPolicy, RevocationCheckingPolicy
    from pyhanko_certvalidator.registry import SimpleTrustManager
    from pyhanko_certvalidator.revinfo.archival import CRLContainer

    found = pem.unarmor(roots, multiple=True) if roots.strip() else ()
    trusted = [x509.Certificate.load(der) for _, _, der in found]
    return policy_decl.PdfSignatureValidationSpec(
        diff_policy=_reviewing_once(),
        signature_validation_spec=policy_decl.SignatureValidationSpec(
            cert_validation_policy=CertValidationPolicySpec(
                trust_manager=SimpleTrustManager.build(trusted),
                revinfo_policy=CertRevTrustPolicy(RevocationCheckingPolicy.from_legacy(revocation)),
            ),
            revinfo_gathering_policy=policy_decl.RevocationInfoGatheringSpec(
                online_fetching_rule=policy_decl.RevinfoOnlineFetchingRule.LOCAL_ONLY
            ),
            local_knowledge=policy_decl.LocalKnowledge(
                known_crls=[CRLContainer(crl.CertificateList.load(der)) for der in status_lists]
            ),
        ),
    )


def _reviewing_once() -> Any:
    """The library's judgement of later changes, made once for each signature: it asks again for every other one. What
    nothing leads to is a change too: a program that repairs a file might show it."""
    from pyhanko.sign.diff_analysis import DEFAULT_DIFF_POLICY, DiffPolicy, StandardDiffPolicy

    assert isinstance(DEFAULT_DIFF_POLICY, StandardDiffPolicy)
    strict = StandardDiffPolicy(
        DEFAULT_DIFF_POLICY.global_rules, DEFAULT_DIFF_POLICY.form_rule, ignore_orphaned_objects=False
    )
    known: dict[Any, Any] = {}

    class Once(DiffPolicy):
        def review_file(
            self, reader: Any, base_revision: Any, field_mdp_spec: Any = None, doc_mdp: Any = None
        ) -> Any:
            key = base_revision if isinstance(base_revision, int) else base_revision.revision
            if (key, doc_mdp) not in known:
                known[key, doc_mdp] = strict.review_file(
                    reader, base_revision, field_mdp_spec=field_mdp_spec, doc_mdp=doc_mdp
                )
            return known[key, doc_mdp]

        def apply(self, old: Any, new: Any, field_mdp_spec: Any = None, doc_mdp: Any = None) -> Any:
            return strict.apply(old, new, field_mdp_spec=field_mdp_spec, doc_mdp=doc_mdp)

    return Once()


async def _one(signature: Any, specification: Any, *, last: bool, whole: bool) -> dict[str, Any]:
    from pyhanko.sign.ades.report import AdESIndeterminate
    from pyhanko.sign.validation.ades import ades_basic_validation, ades_lta_validation

    result = await ades_lta_validation(signature, specification)
    indication = result.ades_subindic
    if (
        indication is AdESIndeterminate.SIG_CONSTRAINTS_FAILURE
    ):  # no time stamp: judge by today's lists, never "valid"
        basic = await ades_basic_validation(
            signature.signed_data,
            specification.signature_validation_spec,
            raw_digest=signature.compute_digest(),
        )
        indication = basic.ades_subindic if basic.ades_subindic.status.name != "PASSED" else indication
    status = result.api_status
    certificate = signature.signer_cert
    level = getattr(status, "modification_level", None)
    return {
        "state": _state(status, indication, last=last) if whole else "changed",
        "name": _printable(certificate.subject.native.get("common_name", "")),
        "serial": str(certificate.serial_number),
        "certificate": sha256(certificate.dump()).hexdigest(),
        "about": str(signature.sig_object.get("/Reason", ""))[-_SHOWN:],
        "at": result.best_signature_time.isoformat(),
        "proven_until": _iso(result.oldest_evidence_record_timestamp),
        "level": level.name.lower() if level is not None else "other",
    }


def _printable(name: str | list[str]) -> str:
    """The name in a certificate, which may give several, as one short text without signs that turn or hide others."""
    parts = name if isinstance(name, list) else [name]
    return "".join(sign for sign in " / ".join(parts) if sign.isprintable())[:_SHOWN]


async def _without_revocation(signature: Any, roots: bytes) -> str:
    """Why nobody vouches for a certificate: it leads to a trusted authority and only word of revocation is missing
    (`unproven`), it led there on the day it was given (`expired`), or never (`unknown_authority`)."""
    from pyhanko.sign.validation.ades import ades_basic_validation
    from pyhanko_certvalidator.ltv.types import ValidationTimingInfo

    given = signature.signer_cert.not_valid_before + timedelta(minutes=1)
    found = await ades_basic_validation(
        signature.signed_data,
        _specification(roots, (), revocation="soft-fail").signature_validation_spec,
        timing_info=ValidationTimingInfo(
            validation_time=given, best_signature_time=given, point_in_time_validation=True
        ),
        raw_digest=signature.compute_digest(),
    )
    path = getattr(found.api_status, "validation_path", None)
    if found.ades_subindic in _unknown() or path is None:
        return "unknown_authority"
    now = datetime.now(UTC)
    ended = any(one.not_valid_after < now for one in path.iter_certs(include_root=True))
    return "expired" if ended else "unproven"


def _unknown() -> tuple[Any, ...]:
    from pyhanko.sign.ades.report import AdESIndeterminate

    return (
        AdESIndeterminate.NO_CERTIFICATE_CHAIN_FOUND,
        AdESIndeterminate.CERTIFICATE_CHAIN_GENERAL_FAILURE,
        AdESIndeterminate.NO_SIGNING_CERTIFICATE_FOUND,
    )


def _state(status: Any, found: Any, *, last: bool) -> str:
    """`valid`, `changed`, `revoked_signer`, `expired`, `unknown_authority` or `unproven`.

    After the last signature only time stamps and validation data may follow; after an earlier one, further signatures.
    A page added later leaves the cryptography whole: the level of modification tells.
    """
    from pyhanko.sign.ades.report import AdESFailure, AdESIndeterminate
    from pyhanko.sign.diff_analysis import ModificationLevel

    allowed = ModificationLevel.LTA_UPDATES if last else ModificationLevel.FORM_FILLING
    if status is None or not status.intact or not status.valid or not status.docmdp_ok:
        return "changed"
    if status.modification_level is None or status.modification_level > allowed:
        return "changed"
    if found.status.name == "PASSED":
        return "valid"
    revoked = (AdESFailure.REVOKED, AdESIndeterminate.REVOKED_NO_POE, AdESIndeterminate.REVOKED_CA_NO_POE)
    expired = (
        AdESIndeterminate.EXPIRED,
        AdESIndeterminate.OUT_OF_BOUNDS_NO_POE,
        AdESIndeterminate.OUT_OF_BOUNDS_NOT_REVOKED,
    )
    if found in revoked:
        return "revoked_signer"
    if found in expired:
        return "expired"
    return "unknown_authority" if found in _unknown() else "unproven"


def _iso(moment: Any) -> str | None:
    return moment.isoformat() if moment is not None else None
