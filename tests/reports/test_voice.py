"""A voice note is heard by whoever may read the papers of the report, and every hearing leaves a row."""

from dataclasses import replace

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from diwan.audit.models import AccessRow
from diwan.files.models import Upload
from diwan.kit import numbers
from tests import cast
from tests.desk.conftest import Desk
from tests.reports.reporting import browser, filed, finished, spoken

pytestmark = pytest.mark.usefixtures("city")


def test_the_room_hears_it_and_each_piece_that_is_asked_for_leaves_a_row(desk: Desk) -> None:
    case = filed()
    voice = Upload.objects.get(pk=spoken(case))
    agent, number = desk("rana"), numbers.case_number(case.pk)
    handled = agent.get(reverse("reports:handle", args=[number])).content.decode()
    where = reverse("reports:work_file", args=[number, voice.pk])
    assert f'src="{where}"' in handled
    assert handled.count("data-speed=") == 3
    whole = agent.get(where)
    assert (whole.status_code, whole["Content-Type"], whole["Accept-Ranges"]) == (200, "audio/webm", "bytes")
    piece = agent.get(where, headers={"Range": "bytes=100-199"})
    assert (piece.status_code, piece["Content-Range"]) == (206, f"bytes 100-199/{voice.size}")
    assert len(piece.getvalue()) == 100
    assert agent.get(where, headers={"Range": f"bytes={voice.size}-"}).status_code == 416
    rows = AccessRow.objects.filter(object_type="upload", object_id=voice.pk, purpose="files.serve")
    assert rows.count() == 3
    page = agent.get(reverse("desk:case", args=[number])).content.decode()
    heard = reverse("desk:paper", args=[voice.pk])
    assert f'src="{heard}"' in page
    assert "data-doc-link" not in page, "it is heard, not looked at"
    assert agent.get(heard).status_code == 200
    assert rows.count() == 4


def test_the_crew_and_the_judge_hear_it_and_nobody_else(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "DIWAN", replace(settings.DIWAN, report_sample_percent=100))
    case = filed(answers={"description": None})
    voice, number = spoken(case), numbers.case_number(case.pk)
    where, paper = reverse("reports:work_file", args=[number, voice]), reverse("desk:paper", args=[voice])
    crew = browser("naqa.hamad")
    page = crew.get(reverse("reports:work_page", args=[number])).content.decode()
    assert f'src="{where}"' in page and "دون وصف" not in page
    assert crew.get(where).status_code == 200
    for stranger in ("cd.yousef", "turki"):
        assert [browser(stranger).get(address).status_code for address in (where, paper)] == [404, 404]
    assert browser("abeer").get(where).status_code in (302, 403)
    assert Client().get(where).status_code == 302
    finished(case, cast.member_of("contractor_naqa"))
    judge = browser("sami")
    told = judge.get(reverse("reports:judge_page", args=[number])).content.decode()
    assert f'src="{where}"' in told
    assert judge.get(where).status_code == 200
