"""Open311 GeoReport v2: what cannot be taken is refused in words, in the form of the protocol, whatever is sent."""

from __future__ import annotations

from typing import Any
from xml.etree import ElementTree

import pytest
from django.test import Client

from diwan.api import allowances
from diwan.api.open311.rendering import rendered
from diwan.cases.models import Case
from diwan.kit.numbers import parse_case_number
from tests.api.program import BASE, Program, in_the_city, program, report
from tests.reports.reporting import worked

__all__ = ["in_the_city", "program"]


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"service_code": ""}, "service_code"),
        ({"lat": "1", "long": "1"}, "outside our municipalities"),
        ({"lat": "NaN"}, "lat"),
        ({"lat": "1e999"}, "lat"),
        ({"lat": "٢١"}, "lat"),
        ({"long": ""}, "lat and long together"),
        ({"lat": "", "long": "", "address_string": ""}, "Say where it is"),
        ({"lat": "", "long": "", "address_id": "no-such"}, "address_id"),
        ({"phone": "", "email": ""}, "mobile number"),
        ({"phone": "12"}, "mobile"),
        ({"email": "nobody"}, "email"),
        ({"description": "ح" * 1001}, "description"),
        ({"description": "x" * 5000}, "description is too long"),
        ({"attribute[pole]": "12"}, "pole"),
    ],
)  # fmt: skip
def test_a_report_that_cannot_be_taken_is_refused_in_words(program: Any, changed: Any, said: str) -> None:
    told = program().post("requests", "errors", expect=400, **report(**changed))
    assert told[0]["code"] == 400
    assert said in told[0]["description"]
    assert not Case.objects.filter(service="report", channel="api").exists()


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ({"start_date": "2026-01-01"}, 400),
        ({"start_date": "2026-01-01T00:00:00"}, 400),
        ({"start_date": "2026-13-01T00:00:00Z"}, 400),
        ({"start_date": "2026-01-01T00:00:00Z", "end_date": "2026-06-01T00:00:00Z"}, 400),
        ({"start_date": "2026-02-01T00:00:00Z", "end_date": "2026-01-01T00:00:00Z"}, 400),
        ({"end_date": "0001-01-02T00:00:00Z"}, 400),
        ({"status": "fixed"}, 400),
        ({"page": "2"}, 400),
        ({"page_size": "1001"}, 400),
        ({"service_code": ",".join(map(str, range(1001)))}, 400),
        ({"service_code": "\x00'; DROP TABLE"}, 200),
        ({"jurisdiction_id": "elsewhere.example"}, 404),
        ({"jurisdiction_id": ""}, 200),
        ({"api_key": "dw_00000000_aaaaaaaaaaaaaaaaaaaaaaaa"}, 403),
        ({"service_request_id": "x" * 300}, 200),
    ],
)  # fmt: skip
def test_a_list_that_cannot_be_meant_is_refused(query: dict[str, str], status: int) -> None:
    Program().get("requests", "errors" if status != 200 else "requests", expect=status, **query)


def test_keys_and_methods(program: Any) -> None:
    assert Program().post("requests", "errors", expect=403, **report())
    assert Program("dw_00000000_aaaaaaaaaaaaaaaaaaaaaaaa").post("requests", "errors", expect=403, **report())
    assert program(scopes=["reports:read"]).post("requests", "errors", expect=403, **report())
    assert program(services=[]).post("requests", "errors", expect=403, **report())
    assert program(scopes=["reports:write"]).get("requests", "errors", expect=403)
    wrong = Client().delete(f"{BASE}requests.json")
    assert (wrong.status_code, wrong["Allow"]) == (405, "GET, HEAD, POST")
    assert Client().head(f"{BASE}services.xml").status_code == 200
    header = {"Authorization": f"Bearer {program().key}"}
    assert Program().post("requests", "filed", **{**report(), "api_key": ""}, headers=header)
    for path in ("", "services", "services.yaml", "v1/services.json", "requests/1/2.xml"):
        nothing = Client().get(BASE + path)
        assert nothing.status_code == 404
        assert b"<errors><error><code>404</code>" in nothing.content or nothing.json()[0]["code"] == 404


BOMB = '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "x"><!ENTITY c "&b;&b;">]><request>&c;</request>'


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        (BOMB, "text/xml", 415),
        ("[" * 100_000, "application/json", 415),
        (b"\xff\xfe\x00", "text/plain", 415),
        (b"--x\r\nContent-Disposition: form-data", "multipart/form-data", 400),
        ("a=1&" * 3000, "application/x-www-form-urlencoded", 400),
        ("api_key=%ff%fe&service_code=%00", "application/x-www-form-urlencoded", 403),
        ("api_key=" + "x" * 3_000_000, "application/x-www-form-urlencoded", 413),
    ],
)
def test_hostile_bodies_are_refused_in_the_form_of_the_protocol(body: Any, kind: str, status: int) -> None:
    answer = Client(raise_request_exception=False).post(f"{BASE}requests.xml", body, content_type=kind)
    assert answer.status_code == status
    root = ElementTree.fromstring(answer.content)
    assert root[0].findtext("code") == str(status)
    assert root[0].findtext("description")


def test_words_of_others_stay_words_in_both_formats(program: Any) -> None:
    mine = program()
    hostile = '<script>alert(1)</script> ]]> & "x" \x0b\x1f\u202e نص'
    number = mine.post("requests", "filed", **report(description=hostile))[0]["service_request_id"]
    worked(Case.objects.get(pk=parse_case_number(number)))
    told = mine.get(f"requests/{number}", "requests")[0]["description"]
    assert told.startswith('<script>alert(1)</script> ]]> & "x"')
    assert not {"\x0b", "\x1f", "\u202e"} & set(told)
    text = rendered("errors", [{"code": 1, "description": "a\x00b\ufffe"}], "xml")
    assert text.endswith("<description>ab</description></error></errors>")


def test_a_fault_of_ours_is_told_in_the_form_of_the_protocol(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*args: Any, **kwargs: Any) -> None:
        raise RuntimeError

    monkeypatch.setattr("diwan.api.open311.services.known_type", broken)
    client = Client(raise_request_exception=False)
    answer = client.get(f"{BASE}services/RPT-0101.json", headers={"Accept-Language": "en"})
    assert (answer.status_code, answer.json()[0]["code"]) == (500, 500)
    assert b"<code>500</code>" in client.get(f"{BASE}services/RPT-0101.xml").content


def test_programs_have_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("diwan.api.open311.door.OF_ADDRESS", 20)
    allowances.forget()
    answers = [Client().get(f"{BASE}discovery.json", REMOTE_ADDR="203.0.113.77") for _ in range(21)]
    assert [answer.status_code for answer in answers] == [200] * 20 + [429]
    assert int(answers[-1]["Retry-After"]) > 0
    assert answers[-1].json()[0]["code"] == 429
