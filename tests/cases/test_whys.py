"""Every automatic act stores rule, version, inputs and result, and says why in plain words of both languages."""

import re
from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

from diwan.cases import whys
from diwan.cases.explaining import check_explained, explained, with_routing
from diwan.cases.models import Case, CheckResult, History
from diwan.cases.services import service_of
from diwan.catalogue.compiled import CompiledService, load_definition
from diwan.catalogue.models import ServiceVersion
from diwan.flow.effects import Decided
from diwan.flow.table import Step
from diwan.kit import numbers
from diwan.people.actor import system
from diwan.people.models import Account
from tests import cast
from tests.cases import walking
from tests.cases.test_periods import completed, returned
from tests.cases.test_walk import to_head, to_review
from tests.desk.signed_in import session_of

pytestmark = pytest.mark.usefixtures("city", "registers")
STORED = {"rule", "version", "inputs", "result"}


def written(act: str, step: str, outcome: str, why: dict[str, object], service: CompiledService) -> History:
    """A row as `moving.write_act` would write it."""
    by = system("test")
    kept = whys.complete(why, by=by, version_id=service.version_id, result=outcome)
    return History(act=act, step=step, outcome=outcome, capacity=by.capacity, why=kept)


def decisions(step: Step, service: CompiledService) -> Iterator[History]:
    """A row for each branch of a decision or split."""
    ways = [(number, branch.to, branch.when, branch.why) for number, branch in enumerate(step.branches)]
    if step.otherwise is not None:
        ways.append((-1, step.otherwise, None, step.otherwise_why))
    for number, to, rule, why in ways:
        effect = Decided(step.key, to, number, rule or step.table, {}, why=why)
        kept = whys.of_decision(effect, version_id=service.version_id)
        yield History(act="decided", step=step.key, outcome=to, capacity="system:rule", why=kept)


def acts(step: Step, service: CompiledService) -> Iterator[History]:
    """A row for everything that the machine can do at a step."""
    yield from decisions(step, service)
    if step.kind == "automatic":
        for outcome in step.exits:
            yield written("checked", step.key, outcome, {"rule": step.act}, service)
    if step.on_expired is not None:
        text = {"ar": step.silence.text.ar, "en": step.silence.text.en} if step.silence else None
        act = "silence" if step.silence else "expired"
        yield written(act, step.key, step.on_expired, {"rule": "deadline", "text": text}, service)
    for late in step.deadline.late if step.deadline is not None else ():
        yield written("escalated", step.key, late.act, {"inputs": {"percent": late.at}}, service)
    if step.kind in ("payment", "document"):
        yield written("paid" if step.kind == "payment" else "issued", step.key, "1", {}, service)
    ways = {
        "department": step.department_from and service.department,
        "entity": step.entity_from and "civil_defence",
        "nearest": step.nearest and "post",
        "same_officer": step.same_officer and 7,
    }
    for to, result in ways.items():
        if result:
            routed = {
                "to": to,
                "step": step.key,
                "version": service.version_id,
                "inputs": {},
                "result": result,
            }
            yield History(act="acted", step=step.key, capacity="position:1", why={"routed": [routed]})


def test_every_automatic_act_of_the_packaged_services_says_why() -> None:
    seen: dict[str, int] = {}
    for version in ServiceVersion.objects.filter(state="published").select_related("service"):
        service = load_definition(version)
        if service.table is None:
            continue
        rows = [row for step in service.flow.steps.values() for row in acts(step, service)]
        if service.flow.returns is not None:
            limit = service.flow.returns
            effect = Decided("review", limit.to, 0, "returns", {"returns": limit.most}, why=limit.why)
            why = whys.of_decision(effect, version_id=service.version_id)
            rows.append(History(act="decided", step="", outcome=limit.to, capacity="system:rule", why=why))
        rows += [
            written("followed", "", "1", {"rule": f"follow_ups.{one.kind}"}, service)
            for one in service.follow_ups
        ]
        for row in rows:
            seen[row.act] = seen.get(row.act, 0) + 1
            for language, letters in (("ar", r"[\u0620-\u064a]"), ("en", "[A-Za-z]")):
                with override(language):
                    found = explained([row], service, language, plain=True)
                place = f"{service.slug}, {row.step}: {row.act} {row.outcome}, {language}"
                assert found is not None and found.sentences, place
                assert found.version == service.number, place
                for sentence in found.sentences:
                    assert re.search(letters, sentence) and "_" not in sentence, f"{place}: {sentence}"
                    assert language == "en" or not re.search("[a-z]{4}", sentence), f"{place}: {sentence}"
    assert set(seen) >= {
        "decided",
        "checked",
        "silence",
        "expired",
        "escalated",
        "paid",
        "issued",
        "followed",
        "acted",
    }


def test_what_is_stored_and_shown_on_the_pages_of_the_case() -> None:
    owner, officer = cast.owner(), cast.actor("fahad")
    case = completed(returned(to_review(owner), officer), owner, "21")
    for number in range(2):
        case = completed(returned(case, officer), owner, str(22 + number))
    assert returned(case, officer).state == "closed"
    licence = walking.issued(walking.billed(owner))
    signed = to_head(owner)
    rows = History.objects.filter(case__in=[case, licence, signed], capacity__startswith="system:")
    assert {"checked", "decided", "paid", "issued", "followed"} <= {row.act for row in rows}
    for row in rows:
        assert row.why is not None and set(row.why) >= STORED, (row.act, row.step, row.why)
    back = History.objects.filter(case=case, act="resubmitted").last()
    assert back is not None and back.why is not None
    [again] = [one for one in back.why["routed"] if one["to"] == "same_officer"]
    assert set(again) >= STORED and again["result"] == officer.position_id
    whole = with_routing(History.objects.filter(case=signed).order_by("-id"))
    assert all(group[0].act != "decided" for group in whole)
    assert any(len(group) > 1 and group[1].act == "decided" for group in whole)
    service = service_of(signed.version_id)
    for found in CheckResult.objects.filter(case_id=signed.pk):
        declared = service.check(found.code)
        assert declared is not None and set(found.why) >= STORED, found.code
        assert check_explained(found, declared, service, "en").rules
        plain = check_explained(found, declared, service, "en", plain=True)
        assert plain.sentences and not plain.inputs and not plain.rules, "an outside body reads of no person"
    _pages(signed, licence)


def _pages(signed: Case, licence: Case) -> None:
    resident, desk = Client(SERVER_NAME="testserver"), Client(SERVER_NAME="testserver")
    session_of(resident, Account.objects.get(username=cast.IDS["salem"]), kind="establishment")
    session_of(desk, Account.objects.get(username="fahad"))
    for language, word, registers in (("ar", "لماذا؟", "التحقق"), ("en", "Why?", "checked")):
        for client in (resident, desk):
            client.cookies["diwan_language"] = language
        mine = resident.get(reverse("portal:case", args=[numbers.case_number(licence.pk)])).content.decode()
        assert mine.count(word) >= 3 and registers in mine
        theirs = desk.get(reverse("desk:case", args=[numbers.case_number(signed.pk)])).content.decode()
        assert theirs.count(word) >= 5
