"""Judging the signatures of a PDF that somebody brought: run as `python -m diwan.documents.validation ROOTS [CRLS]`.

A process of its own, since the file is not to be trusted: memory, time and output are bounded, nothing is fetched from
the network, neither Django nor the database is loaded. The PDF comes on standard input, one JSON object goes out.
"""

from __future__ import annotations

import asyncio
import io
import json
import logging
import re
import resource
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

MEMORY = 1024 * 1024 * 1024
CPU_SECONDS = 20
_SIGNED = re.compile(rb"/ByteRange\s*\[\s*\d")
"""A file that was signed and can no longer be read as a PDF was changed or damaged after the signature."""


def main() -> None:
    """Bound the process, read, judge, write."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    logging.disable(logging.CRITICAL)
    roots = Path(sys.argv[1]).read_bytes()
    status_lists = (
        [path.read_bytes() for path in sorted(Path(sys.argv[2]).glob("*.crl"))] if sys.argv[2:] else []
    )
    json.dump(judge(sys.stdin.buffer.read(), roots=roots, status_lists=status_lists), sys.stdout)


def judge(pdf: bytes, *, roots: bytes, status_lists: Iterable[bytes] = ()) -> dict[str, Any]:
    """`{"state", "signatures"}`; states are `readable` (with signatures), `changed`, `not_signed`, `unreadable`.

    A signature is `{"state", "name", "serial", "about", "at", "proven_until", "level"}`: its own state (see `_state`),
    the signer's name and decimal serial, the reason text, times in ISO, and the modification level found after it.
    """
    from pyhanko.pdf_utils.reader import PdfFileReader  # loaded under the limits of this process

    try:
        reader = PdfFileReader(io.BytesIO(pdf))
        if reader.encrypted:
            return {"state": "unreadable", "signatures": []}
        signatures = list(reader.embedded_regular_signatures)
        if not signatures:
            return {"state": "not_signed", "signatures": []}
        specification = _specification(roots, status_lists)
        judged = [
            asyncio.run(_one(signature, specification, last=signature is signatures[-1]))
            for signature in signatures
        ]
    except Exception as error:  # noqa: BLE001  (a hostile file may raise anything; nothing follows but the answer)
        state = "changed" if _SIGNED.search(pdf) else "unreadable"
        return {"state": state, "signatures": [], "detail": type(error).__name__}
    return {"state": "readable", "signatures": judged}


def _specification(roots: bytes, status_lists: Iterable[bytes]) -> Any:
    """Trust in the roots only, revocation required from what the file or the status lists hold, no network."""
    from asn1crypto import crl, pem, x509
    from pyhanko.sign.validation import policy_decl
    from pyhanko_certvalidator.context import CertValidationPolicySpec
    from pyhanko_certvalidator.policy_decl import CertRevTrustPolicy, RevocationCheckingPolicy
    from pyhanko_certvalidator.registry import SimpleTrustManager
    from pyhanko_certvalidator.revinfo.archival import CRLContainer

    trusted = [x509.Certificate.load(der) for _, _, der in pem.unarmor(roots, multiple=True)]
    return policy_decl.PdfSignatureValidationSpec(
        policy_decl.SignatureValidationSpec(
            cert_validation_policy=CertValidationPolicySpec(
                trust_manager=SimpleTrustManager.build(trusted),
                revinfo_policy=CertRevTrustPolicy(RevocationCheckingPolicy.from_legacy("require")),
            ),
            revinfo_gathering_policy=policy_decl.RevocationInfoGatheringSpec(
                online_fetching_rule=policy_decl.RevinfoOnlineFetchingRule.LOCAL_ONLY
            ),
            local_knowledge=policy_decl.LocalKnowledge(
                known_crls=[CRLContainer(crl.CertificateList.load(der)) for der in status_lists]
            ),
        )
    )


async def _one(signature: Any, specification: Any, *, last: bool) -> dict[str, Any]:
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
        "state": _state(result.api_status, indication, last=last),
        "name": certificate.subject.native.get("common_name", ""),
        "serial": str(certificate.serial_number),
        "about": str(signature.sig_object.get("/Reason", "")),
        "at": result.best_signature_time.isoformat(),
        "proven_until": _iso(result.oldest_evidence_record_timestamp),
        "level": level.name.lower() if level is not None else "other",
    }


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
    unknown = (
        AdESIndeterminate.NO_CERTIFICATE_CHAIN_FOUND,
        AdESIndeterminate.CERTIFICATE_CHAIN_GENERAL_FAILURE,
        AdESIndeterminate.NO_SIGNING_CERTIFICATE_FOUND,
    )
    if found in revoked:
        return "revoked_signer"
    if found in expired:
        return "expired"
    return "unknown_authority" if found in unknown else "unproven"


def _iso(moment: Any) -> str | None:
    return moment.isoformat() if moment is not None else None


if __name__ == "__main__":
    main()
