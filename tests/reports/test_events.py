"""What partners hear of a report: sent, closed, disputed, judged, confirmed; codes and nothing of a person."""

import json
from dataclasses import replace
from typing import Any

import pytest
from django.conf import settings

from diwan.cases import secrets
from diwan.cases.models import Case
from diwan.modules.reports.actions import answer_report
from diwan.outbox.models import Event
from diwan.people.actor import ANONYMOUS
from diwan.webhooks.queries import offered_events, outward_keys
from tests import cast
from tests.reports.reporting import filed, finished, worked

pytestmark = pytest.mark.usefixtures("city")
SAID = "ما زالت ممتلئة عند بيت منيرة"


def answered(case: Case, outcome: str, **more: Any) -> Case:
    """The reporter's word, and what the worker does then."""
    answer_report(case_id=case.pk, secret=secrets.link_of(case.pk), outcome=outcome, by=ANONYMOUS, **more)
    return worked(case)


def test_partners_hear_of_each_step_and_of_no_person(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "DIWAN", replace(settings.DIWAN, report_sample_percent=0))
    crew = cast.member_of("contractor_naqa")
    case = answered(finished(filed(), crew), "dispute", reasons=["RSN-71"], note=SAID)
    case = worked(cast.act(case, "recheck", "not_fixed", by=cast.actor("lama"), reasons=["RSN-75"]))
    case = worked(cast.act(finished(case, crew), "verify", "fixed", by=cast.actor("sami")))
    case = answered(case, "confirm")
    offered = {kind.name: kind for kind in offered_events()}
    rows = [
        row for row in Event.objects.filter(subject=f"case:{case.pk}").order_by("id") if row.name in offered
    ]
    told = [(row.name.rpartition(".")[2], row.data) for row in rows if row.name.startswith("reports.report.")]
    one, first, second = {"case": case.pk}, {"closing": 1}, {"closing": 2}
    proof = {"proof": "proven"}
    sent = ("routed", {**one, "to": "contractor", "code": "contractor_naqa"})
    assert told == [
        sent,
        ("closed", {**one, **first, **proof}),
        ("disputed", one),
        sent,
        ("judged", {**one, **first, "verdict": "false", "means": "dispute"}),
        ("closed", {**one, **second, **proof}),
        ("judged", {**one, **second, "verdict": "confirmed", "means": "sample"}),
        ("confirmed", one),
    ]
    assert {"cases.case.opened", "cases.case.moved", "cases.case.ended"} <= {row.name for row in rows}
    for row in rows:
        assert set(row.data) & set(outward_keys(offered[row.name])), row.name
        out = json.dumps(row.data, ensure_ascii=False)
        assert "منيرة" not in out and "+966" not in out and "سالم" not in out, row.name
