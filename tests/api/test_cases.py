"""A client sees what it opened, and nothing else: lists, one case, history, documents; all by keyset and noted."""

from __future__ import annotations

import pytest

from diwan.audit.models import AccessRow
from diwan.cases.models import Case
from diwan.documents.models import IssuedDocument
from diwan.files.actions import keep_content
from diwan.kit import clock, numbers
from tests import cast
from tests.api.conftest import APPLICANT, Make, Partner, photo, shop
from tests.cases import walking
from tests.cases.conftest import registers
from tests.matrix.world import PDF

__all__ = ["registers"]


def pages(office: Partner, path: str) -> list[list[str]]:
    """The numbers of every page of a list, followed by its Link header."""
    found = []
    where: str | None = path
    while where:
        answer = office.ask("GET", where)
        assert answer.status_code == 200, answer.content.decode()
        found.append([row.get("number") or row.get("code") or row["act"] for row in answer.json()["items"]])
        link = answer.headers.get("Link", "")
        assert bool(link) == bool(answer.json()["next"])
        where = link.partition(">")[0].removeprefix("<") or None
    return found


def test_the_cases_of_a_client_newest_first_by_cursor(partner: Make) -> None:
    office, other = partner(), partner("another")
    mine = [office.sent() for _ in range(3)]
    other.sent()
    assert pages(office, "cases?limit=2") == [mine[:0:-1], mine[:1]]
    assert pages(office, f"cases?service={cast.WITH_APPROVALS}") == [[]]
    cursor = office.ask("GET", "cases?limit=1").json()["next"]
    for elsewhere in (
        f"cases?limit=1&state=returned&cursor={cursor}",
        "cases?cursor=AAAA",
        f"services?cursor={cursor}",
    ):
        assert office.ask("GET", elsewhere).json()["code"] == "cursor"
    assert other.ask("GET", f"cases?cursor={cursor}").json()["code"] == "cursor"


def test_one_case_with_its_history_in_words(partner: Make) -> None:
    office = partner()
    number = office.sent()
    case = Case.objects.get(pk=numbers.parse_case_number(number))
    told = office.ask("GET", f"cases/{number}").json()
    assert (told["number"], told["state"], told["municipality"]) == (number, case.state, "101")
    assert told["answers"]["area_m2"] == "40"
    acts = office.ask("GET", f"cases/{number}/history").json()["items"]
    assert acts[-1]["act"] == "opened"
    assert acts[-1]["says"] == {"ar": "تقديم الطلب", "en": "Application submitted"}
    assert [row.purpose for row in AccessRow.objects.filter(object_type="case", object_id=str(case.pk))] == [
        "api.case",
        "api.history",
    ]


@pytest.mark.parametrize("path", ["", "/history", "/documents"])
def test_what_others_opened_is_not_there(partner: Make, path: str) -> None:
    number = partner("another").sent()
    mine = partner().ask("GET", f"cases/{number}{path}")
    never = partner().ask("GET", f"cases/{numbers.case_number(2699999999)}{path}")
    assert (mine.status_code, mine.json()) == (404, never.json())
    resident = numbers.case_number(cast.submit(cast.owner()).pk)
    assert partner().ask("GET", f"cases/{resident}{path}").json() == never.json()


def test_a_token_of_one_municipality_or_service_reaches_no_further(partner: Make) -> None:
    number = partner().sent()
    assert partner(municipalities=["101"]).ask("GET", f"cases/{number}").status_code == 200
    assert pages(partner(municipalities=["102"]), "cases") == [[]]
    assert partner(municipalities=["102"]).ask("GET", f"cases/{number}").status_code == 404
    assert partner(services=[cast.WITH_APPROVALS]).ask("GET", f"cases/{number}").status_code == 404
    elsewhere = partner(municipalities=["102"])
    draft = elsewhere.draft(**shop())
    refused = elsewhere.ask("POST", f"drafts/{draft.json()['id']}/send")
    assert refused.status_code == 422
    body = {"service": cast.INSTANT, "applicant": dict(APPLICANT), "answers": shop()}
    straight = elsewhere.ask("POST", "cases", body)
    assert straight.status_code == 422
    for paper in draft.json()["problems"]:
        elsewhere.ask("POST", f"{draft['Location']}/documents", {"slot": paper, "file": photo()})
    refused = elsewhere.ask("POST", f"{draft['Location']}/send")
    assert (refused.status_code, refused.json()["code"]) == (403, "cases.not_covered")
    uncovered = partner(services=[]).ask("POST", "drafts", body)
    assert (uncovered.status_code, uncovered.json()["code"]) == (403, "service")


@pytest.mark.usefixtures("registers")
def test_a_document_is_downloaded_by_its_owner_alone(partner: Make) -> None:
    office = partner()
    issued = IssuedDocument.objects.get(case_id=walking.issued(walking.billed(cast.owner("maryam"))).pk)
    number = numbers.case_number(issued.case_id)
    assert office.ask("GET", f"documents/{issued.number}/file").status_code == 404
    client = Case.objects.get(pk=numbers.parse_case_number(office.sent())).client_id
    Case.objects.filter(pk=issued.case_id).update(client_id=client)
    IssuedDocument.objects.filter(pk=issued.pk).update(
        state=IssuedDocument.State.ISSUED, file=keep_content(content=PDF, media_type="application/pdf"),
        issued_at=clock.real_now(),
    )  # fmt: skip
    found = office.ask("GET", f"cases/{number}/documents").json()["items"]
    assert [one["number"] for one in found] == [issued.number]
    file = office.ask("GET", found[0]["file"], Accept="application/pdf")
    assert (file.status_code, file.content, file["Content-Type"]) == (200, PDF, "application/pdf")
    assert office.ask("GET", found[0]["file"], If_None_Match=file["ETag"]).status_code == 304
    assert partner("another").ask("GET", found[0]["file"]).status_code == 404
    assert AccessRow.objects.filter(object_type="document", purpose="api.download").count() == 2
