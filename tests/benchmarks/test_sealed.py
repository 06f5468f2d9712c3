"""The sealed licence that `./bench` has judged: it has to be whole on the day of any run, without word from outside."""

from __future__ import annotations

from datetime import UTC, datetime

from asn1crypto import crl, ocsp
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation.dss import DocumentSecurityStore

from benchmarks.verifying import ROOTS, SEALED
from diwan.documents import validation

UNTIL = datetime(2031, 1, 1, tzinfo=UTC)


def test_both_signatures_are_proven() -> None:
    found = validation.judge(SEALED.read_bytes(), roots=ROOTS.read_bytes())
    assert [one["state"] for one in found["signatures"]] == ["valid", "valid"], found


def test_what_it_carries_about_revocation_holds_for_years() -> None:
    """A list of one day or an answer of twelve hours would let the figure fail on the next day."""
    with SEALED.open("rb") as file:
        carried = DocumentSecurityStore.read_dss(PdfFileReader(file))
        lists = [crl.CertificateList.load(one.get_object().data) for one in carried.crls]
        answers = [ocsp.OCSPResponse.load(one.get_object().data) for one in carried.ocsps]
    ends = [one["tbs_cert_list"]["next_update"].native for one in lists]
    ends += [each["next_update"].native for one in answers for each in one.response_data["responses"]]
    assert len(ends) >= 4
    assert min(ends) > UNTIL
