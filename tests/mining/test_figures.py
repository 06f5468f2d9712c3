"""The figures of a log that is known to the hour, who may read them, the event log."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from lxml import etree

from diwan.audit.models import AuditRow
from diwan.bpmn.drawing import draw, node_of
from diwan.flow.definition import definition_of
from diwan.kit import clock, numbers
from diwan.mining.actions import export_log
from diwan.mining.arrows import counts_of
from diwan.mining.errors import PeriodWrong, UnknownProcess
from diwan.mining.queries import (
    Asked,
    Period,
    asking,
    figures,
    last_days,
    places_of,
    process_view,
    services_of,
)
from diwan.people.actor import Actor
from diwan.people.models import Municipality, Position
from tests import cast
from tests.mining.made import OFFICER, SECTION, Did, Made, write

pytestmark = pytest.mark.usefixtures("city")
SLUG = cast.WITH_APPROVALS
SUNDAY = datetime(2026, 9, 6, 5, tzinfo=UTC)  # eight o'clock in Riyadh
PERIOD = Period(date(2026, 9, 1), date(2026, 9, 30))


def post(role: str, municipality: int) -> Position:
    """The first post of a role there."""
    return Position.objects.filter(roles__code=role, unit__municipality_id=municipality).order_by("code")[0]


def straight(opened: datetime, place: int, *, back: bool = False, review: float = 2.0) -> Made:
    """Checks, a review (twice when it came back), a signature, payment, the licence; no office was asked."""
    officer, section = post(OFFICER, place), post(SECTION, place)
    tasks = [Did("checks", "clear", 0, 0)]
    at = 0.0
    if back:
        tasks += [
            Did("review", "return", 0, 1, "task", OFFICER, officer, due=14),
            Did("completion", "resubmitted", 1, 25, "applicant"),
        ]
        at = 25.0
    tasks += [
        Did("review", "recommend", at, at + review, "task", OFFICER, officer, due=at + 5, claimed=at + 1),
        Did("section_approval", "approve", at + review, at + review + 1, "task", SECTION, section, due=99),
        Did("payment", "paid", at + review + 1, at + review + 2, "payment"),
        Did("licence", "issued", at + review + 2, at + review + 2, "document"),
    ]
    decided = [("visit_needed", "review"), ("who_approves", "section_approval")]
    return Made(opened, place, tasks, "issued", at + review + 2, decided=decided)


@pytest.fixture
def place() -> int:
    """The municipality of the section head of the cast."""
    found = cast.actor("nora").municipality_ids
    assert found is not None
    return min(found)


@pytest.fixture
def elsewhere(place: int) -> int:
    """Another one."""
    return Municipality.objects.exclude(pk=place).exclude(code="000").order_by("code")[0].pk


def known(place: int) -> list[Made]:
    """Four cases: three straight on, one of them slow and late, one that came back."""
    day = timedelta(days=1)
    return [
        straight(SUNDAY, place), straight(SUNDAY + day, place), straight(SUNDAY + 2 * day, place, review=26),
        straight(SUNDAY + 7 * day, place, back=True),
    ]  # fmt: skip


def asked(by: Actor | None = None, municipality: str = "") -> Asked:
    return asking(SLUG, PERIOD, by=by or cast.actor("nora"), municipality=municipality)


def test_times_counts_paths_and_loops_of_a_known_log(place: int) -> None:
    write(SLUG, known(place))
    found = figures(asked())
    assert (found.opened, found.ended, found.versions) == (4, 4, 1)
    review = found.steps["review"]
    assert (review.done, review.cases, review.due, review.late) == (5, 4, 5, 1)
    assert review.elapsed == 2 * 3600 and review.elapsed_p90 == pytest.approx((2 + 0.6 * 24) * 3600)
    assert (
        review.working == 2 * 3600
    )  # eight to ten; the slow one had 6.5 hours of Tuesday and 2.5 of Wednesday
    assert review.working_p90 == pytest.approx((2 + 0.6 * (6.5 + 2.5 - 2)) * 3600)
    assert (review.touched, review.touch) == (4, 3600)
    assert found.outcomes["review"] == {"return": 1, "recommend": 4}
    assert found.lead == pytest.approx(16 * 3600) and found.ends == {"issued": 4}
    assert [(path.count, path.share) for path in found.paths] == [(3, 0.75), (1, 0.25)]
    assert found.paths[1].steps[1:4] == ("review", "completion", "review")
    assert [(loop.step, loop.cases, loop.again, loop.most) for loop in found.loops] == [("review", 1, 1, 2)]
    slowest = found.bottleneck
    assert slowest is not None and slowest.key == "review"
    assert slowest.share == pytest.approx(33 / (33 + 24 + 4 + 4))


def test_every_arrow_that_was_taken_has_its_number(place: int) -> None:
    write(SLUG, known(place))
    question = asked()
    table = question.service.flow
    picture = draw(definition_of(table), language="en", titles=str)
    counts = counts_of(picture, table, figures(question))

    def count(source: str, target: str) -> int | None:
        flows = [
            flow.id for flow in picture.flows if flow.source == source and flow.target == node_of(target)
        ]
        assert flows
        return sum(counts[id_] for id_ in flows) if set(flows) <= set(counts) else None

    assert count("StartEvent", "checks") == 4
    assert count("Outcomes_review", "who_approves") == 4 and count("Outcomes_review", "completion") == 1
    assert (
        count("Step_who_approves", "section_approval") == 4
        and count("Step_who_approves", "section_review") == 0
    )
    assert (
        count("Outcomes_payment", "licence") == 4
        if "Outcomes_payment" in {n.id for n in picture.nodes}
        else True
    )
    assert count("Origins_completion", "review") == 1
    assert count("Step_licence", "issued") == 4


def test_the_view_says_the_bottleneck_in_both_languages(place: int) -> None:
    write(SLUG, known(place))
    english = process_view(asked(cast.actor("nora").changed(language="en")))
    assert english.drawing.shapes and english.drawing.arrows and english.whole
    heats = {shape.title: shape.heat for shape in english.drawing.shapes}
    assert max(heats.values()) == 4
    assert "51%" in english.bottleneck or "51%" in process_view(asked()).bottleneck
    turned = process_view(asked()).drawing
    assert [shape.x for shape in turned.shapes][:2] == sorted((s.x for s in turned.shapes[:2]), reverse=True)
    assert [shape.x for shape in english.drawing.shapes][:2] == sorted(
        s.x for s in english.drawing.shapes[:2]
    )
    assert not {"Civil Defence", "Manual check"} & set(heats), "what no case came to is not drawn"
    assert {arrow.count for arrow in english.drawing.arrows} >= {1, 4}


def test_only_the_own_municipality_is_read(place: int, elsewhere: int) -> None:
    write(SLUG, [*known(place), straight(SUNDAY, elsewhere)])
    assert figures(asked()).opened == 4
    director, code = cast.actor("ibrahim"), Municipality.objects.get(pk=elsewhere).code
    assert figures(asked(director)).opened == 5
    assert figures(asked(director, code)).opened == 1
    assert (
        len(places_of(SLUG, PERIOD, director)) == 2 and len(places_of(SLUG, PERIOD, cast.actor("nora"))) == 1
    )
    assert [(one.slug, one.opened, one.ended) for one in services_of(PERIOD, cast.actor("nora"))] == [
        (SLUG, 4, 4)
    ]
    for by, municipality in ((cast.actor("nora"), code), (cast.actor("fahad"), ""), (cast.owner(), "")):
        with pytest.raises(UnknownProcess):
            asked(by, municipality)
    assert services_of(PERIOD, cast.actor("fahad")) == []


def test_what_employees_ask_for_is_read_by_an_auditor_alone(place: int) -> None:
    write("leave-request", [Made(SUNDAY, place, [Did("manager", "approve", 0, 1)], "approved", 1.0)])
    assert [one.slug for one in services_of(PERIOD, cast.actor("ibrahim"))] == ["leave-request"]
    assert services_of(PERIOD, cast.actor("nora")) == []
    with pytest.raises(UnknownProcess):
        asking("leave-request", PERIOD, by=cast.actor("nora"))


def test_a_period_that_cannot_be_meant_is_refused() -> None:
    today = clock.today()
    for first, last in (
        (today, today - timedelta(days=1)),
        (today - timedelta(days=800), today),
        (today, today + timedelta(days=1)),
    ):
        with pytest.raises(PeriodWrong):
            Period(first, last)
    assert last_days(7).weeks == 1


KINDS = {"string", "date", "int", "float", "boolean", "id", "list", "container"}
XES = "{http://www.xes-standard.org/}"
#: The order of what stands in a log (IEEE 1849-2016, clause 5): extensions, globals, classifiers, attributes, traces.
ORDER = ("extension", "global", "classifier", "attribute", "trace")


def _kind(element: Any) -> str:
    name = str(element.tag).removeprefix(XES)
    return "attribute" if name in KINDS else name


def _attributes(element: Any) -> dict[str, str]:
    return {str(each.get("key")): str(each.get("value")) for each in element if _kind(each) == "attribute"}


def test_the_event_log_is_xes_and_names_nobody(place: int) -> None:
    ids = write(SLUG, known(place))
    by = cast.actor("nora").changed(language="en")
    before = AuditRow.objects.filter(action="mining.log.exported").count()
    text = "".join(export_log(asked=asked(by), by=by))
    assert AuditRow.objects.filter(action="mining.log.exported").count() == before + 1
    root = etree.fromstring(text.encode())
    assert (
        root.tag == f"{XES}log"
        and root.get("xes.version") == "1849.2016"
        and root.get("xes.features") is not None
    )
    kinds = [ORDER.index(_kind(each)) for each in root]
    assert kinds == sorted(kinds)
    declared = {each.get("prefix") for each in root.findall(f"{XES}extension")}
    assert declared == {"concept", "time", "lifecycle", "org"}
    assert all(
        each.get("name") and str(each.get("uri")).endswith(".xesext")
        for each in root.findall(f"{XES}extension")
    )
    scopes = {each.get("scope"): _attributes(each) for each in root.findall(f"{XES}global")}
    assert set(scopes) == {"trace", "event"}
    for classifier in root.findall(f"{XES}classifier"):
        assert set(str(classifier.get("keys")).split()) <= set(scopes["event"])
    traces = root.findall(f"{XES}trace")
    assert len(traces) == 4 and len({_attributes(trace)["concept:name"] for trace in traces}) == 4
    for trace in traces:
        assert set(scopes["trace"]) <= set(_attributes(trace))
        events = trace.findall(f"{XES}event")
        moments = []
        for event in events:
            said = _attributes(event)
            assert set(scopes["event"]) <= set(said)
            assert all(":" not in key or key.split(":")[0] in declared for key in said)
            assert said["lifecycle:transition"] in ("schedule", "complete")
            moments.append(datetime.fromisoformat(said["time:timestamp"]))
        assert moments == sorted(moments)
        assert [_attributes(event)["lifecycle:transition"] for event in events].count("complete") * 2 == len(
            events
        )
    for case_id in ids:
        assert str(case_id) not in text and numbers.case_number(case_id) not in text
    assert "Licensing officer" in text and "Nora" not in text and "القحطاني" not in text
    assert "".join(export_log(asked=asked(by), by=by)) == text
    with pytest.raises(UnknownProcess):
        export_log(asked=asked(by), by=cast.actor("fahad"))
