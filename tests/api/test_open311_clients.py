"""Clients of other hands, as published, file and read reports over HTTP: civicbot by JSON, georeport by XML."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from civicbot import Endpoint, HttpError, HttpTransport, Open311Client
from civicbot.http import RateLimiter
from georeport import GeoReport

from diwan.api.tokens import make_token
from diwan.cases.models import Case
from diwan.kit.numbers import parse_case_number
from diwan.people.actor import system
from tests import cast
from tests.pages.conftest import _free_port, _serve, _wait_for
from tests.reports.reporting import worked


@pytest.fixture
def endpoint(committed_city: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[str, str]]:
    """The address of GeoReport v2 on a server with the city, and a key."""
    monkeypatch.setenv("NO_PROXY", "*")
    key = make_token(
        name="Civic app", services=["report"], scopes=["reports:read", "reports:write"], by=system("tests")
    )
    port = _free_port()
    base = f"http://127.0.0.1:{port}"
    running = _serve(port, base, committed_city)
    try:
        _wait_for(base, running)
        yield f"{base}/open311/v2", key
    finally:
        running.terminate()
        running.wait(15)


def test_clients_of_other_hands_list_file_and_read(endpoint: tuple[str, str]) -> None:
    url, key = endpoint
    place = cast.place_in("101")
    city = Endpoint(id="jeddah", name="Jeddah", base_url=url, write=True)
    app = Open311Client(city, HttpTransport(rate_limiter=RateLimiter(min_interval=0)))
    listed = app.list_services()
    assert len(listed) == 109
    # The client itself checks what it sends against the list and the definition that it reads from us.
    sent = app.create_request(
        "RPT-0401", lat=float(place["lat"]), lng=float(place["lng"]), description="عمود مطفأ أمام المدرسة",
        phone="0500000001", attributes={"pole": "P-77"}, api_key=key, dry_run=False, confirm="SEND",
        validate_remote=True,
    )  # fmt: skip
    number = sent.response[0]["service_request_id"]
    case = worked(Case.objects.get(pk=parse_case_number(number)))
    assert (case.data["pole"], case.data["description"]) == ("P-77", "عمود مطفأ أمام المدرسة")
    assert app.get_request(number)["status"] == "open"
    assert [one["service_request_id"] for one in app.list_requests(status="open")] == [number]
    with pytest.raises(HttpError) as refused:
        app.create_request(
            "RPT-0401", address_string="x", phone="1", api_key=key, dry_run=False, confirm="SEND"
        )
    assert refused.value.status == 400

    by_json, by_xml = GeoReport(url), GeoReport(url, output_format="xml")
    assert _codes(by_json.get_service_list()) == _codes(by_xml.get_service_list()) == _codes(listed)
    attributes = by_xml.get_service_definition("RPT-0401")["attributes"]["attribute"]
    assert [one["code"] for one in attributes][:2] == ["landmark", "pole"]
    one, other = by_json.get_service_request(number), by_xml.get_service_request(number)
    assert one["service_request_id"] == other["service_request_id"] == number
    assert one["requested_datetime"] == other["requested_datetime"]
    assert by_xml.get_service_requests(status="open")["service_code"] == "RPT-0401"


def _codes(listed: list[dict[str, Any]]) -> list[str]:
    return [one["service_code"] for one in listed]
