"""The link works once and only for what is rated; a low score is looked into; results hide what is too few."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from diwan.audit.models import AuditRow
from diwan.cases import registry, secrets
from diwan.cases.actions.withdraw import withdraw
from diwan.cases.errors import SamePerson
from diwan.cases.models import Case, DoneTask, OpenTask
from diwan.catalogue.queries import current_version, shelf
from diwan.kit import clock
from diwan.kit.errors import FieldErrors
from diwan.kit.numbers import case_number
from diwan.modules.ratings.actions import invite, rate, tell_what_was_done
from diwan.modules.ratings.actions.rate import MOST_WORDS, Said
from diwan.modules.ratings.errors import AlreadyRated, LinkExpired, LinkUnknown, NotRated, NotYet
from diwan.modules.ratings.models import Invitation, Rating
from diwan.modules.ratings.queries import open_invitation, results
from diwan.notify.models import Message
from diwan.notify.registry import filled
from diwan.people.actor import ANONYMOUS, Actor
from diwan.people.models import Account
from diwan.people.queries import actor_for, holders
from tests import cast
from tests.cases import walking
from tests.ratings.conftest import secret

LOW = Said(score=1, reasons=("RTR-01", "RTR-11"), words="تأخر  كثيرا", wants_contact=True)


def low(case: Case, said: Said = LOW) -> Rating:
    return rate(case_id=case.pk, secret=secret(case), said=said, by=ANONYMOUS)


def follow_up(rating: Rating) -> Case:
    assert rating.follow_up is not None
    return Case.objects.get(pk=rating.follow_up)


def supervisor(case: Case) -> Actor:
    """Somebody at whose desk the follow-up waits."""
    task = cast.waiting(case, "look")
    held = holders(role=task.role, unit_id=task.unit_id)[0]
    return actor_for(Account.objects.get(pk=held.account_id), f"position:{held.position_id}", session="s")


def test_the_end_of_a_case_asks_its_applicant_once_with_a_hashed_secret(ended: Case) -> None:
    made = Invitation.objects.get(case=ended)
    assert secret(ended) not in str(made.__dict__) and len(made.digest) == 64
    assert made.expires_at - made.ended_at == timedelta(days=30)
    messages = Message.objects.filter(case_id=ended.pk, template="RATE")
    assert {message.channel for message in messages} >= {"sms"}
    assert all(message.language == ended.language and message.params == {} for message in messages)
    said = filled(case_id=ended.pk, language="ar", params={}, template="RATE")
    assert said["url"].endswith(f"/rate/{case_number(ended.pk)}/{secret(ended)}")
    assert invite(case_id=ended.pk) is None
    assert AuditRow.objects.filter(action="ratings.invitation.made", object_id=str(ended.pk)).count() == 1


def test_a_rating_is_kept_once_with_the_reasons_that_fit(ended: Case) -> None:
    rating = low(ended, Said(score=5, reasons=("RTR-11", "RTR-01", "nothing"), words=" سريع "))
    assert (rating.score, rating.reasons, rating.words, rating.follow_up) == (5, ["RTR-11"], "سريع", None)
    assert (rating.service, rating.municipality_id) == (ended.service, ended.municipality_id)
    with pytest.raises(AlreadyRated):
        low(ended)
    assert Rating.objects.count() == 1


def test_a_low_score_opens_a_case_with_a_deadline_for_somebody_who_did_not_decide(ended: Case) -> None:
    case = follow_up(low(ended))
    assert (case.service, case.facts["follows"]["case"], case.account_id) == ("low-rating", ended.pk, None)
    assert case.data == {"score": 1, "wants_contact": True, "reasons": ["RTR-01"], "words": "تأخر كثيرا"}
    assert case.applicant["mobile"] == ended.applicant["mobile"] and "national_id" not in case.applicant
    task = cast.waiting(case, "look")
    assert task.due_at is not None and task.role == "ROLE-CARE"
    assert Case.objects.get(pk=ended.pk).facts["follow_ups"][-1]["case"] == case.pk
    one = supervisor(case)
    DoneTask.objects.create(
        case=ended, token=99, step="review", kind=OpenTask.Kind.TASK, outcome="recommend",
        municipality_id=ended.municipality_id, account_id=one.account_id, entered_at=clock.now(), done_at=clock.now(),
    )  # fmt: skip
    with pytest.raises(SamePerson):
        cast.act(case, "look", "done", by=one, reasons=["RSN-55"])


def test_whoever_asked_is_told_what_was_done_and_reads_it_behind_the_link(ended: Case) -> None:
    case = follow_up(low(ended))
    assert not tell_what_was_done(case_id=case.pk)
    cast.act(case, "look", "done", by=supervisor(case), reasons=["RSN-55", "RSN-57"])
    assert tell_what_was_done(case_id=case.pk) and not tell_what_was_done(case_id=case.pk)
    message = Message.objects.filter(case_id=ended.pk, template="RATE_ANSWER").first()
    assert message is not None and message.address == ended.applicant["mobile"]
    said = filled(case_id=ended.pk, language="ar", params={}, template="RATE_ANSWER")
    assert "صححنا" in said["done"] and "، " in said["done"]
    page = Client().get(address(ended)).content.decode()
    assert "صححنا" in page and "تأخر كثيرا" not in page


def test_nobody_is_told_who_did_not_ask(ended: Case) -> None:
    case = follow_up(low(ended, Said(score=2)))
    assert case.applicant == {}
    cast.act(case, "look", "nothing", by=supervisor(case), reasons=["RSN-59"])
    assert not tell_what_was_done(case_id=case.pk)


def test_a_link_that_does_not_hold_is_refused(ended: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(LinkUnknown):
        open_invitation(ended.pk, "x" * 22)
    with pytest.raises(LinkUnknown):
        open_invitation(ended.pk + 1, secret(ended))
    with pytest.raises(FieldErrors):
        low(ended, Said(score=None))
    with pytest.raises(FieldErrors):
        low(ended, Said(score=4, words="x" * (MOST_WORDS + 1)))
    with clock.moved(clock.now() + timedelta(days=31)), pytest.raises(LinkExpired):
        low(ended)
    monkeypatch.setitem(registry._quiet, "test", lambda case: True)
    with pytest.raises(NotRated):
        low(ended)
    assert not Rating.objects.exists()


def test_what_runs_was_withdrawn_or_is_quiet_is_not_asked_about(
    city: str, registers: cast.Registers, monkeypatch: pytest.MonkeyPatch
) -> None:
    running = walking.billed(cast.owner())
    assert invite(case_id=running.pk) is None
    with pytest.raises(NotYet):
        open_invitation(running.pk, secrets.link_of(running.pk, running.secret_generation))
    withdraw(case_id=running.pk, by=cast.owner())
    assert invite(case_id=running.pk) is None
    with pytest.raises(NotRated):
        open_invitation(running.pk, secrets.link_of(running.pk, running.secret_generation))
    Case.objects.filter(pk=running.pk).update(state="closed", ended_at_step="closed")
    assert invite(case_id=running.pk) is None, "it lapsed"
    issued = walking.issued(walking.billed(cast.owner()))
    with clock.moved(clock.now() + timedelta(days=31)):
        assert invite(case_id=issued.pk) is None, "too long ago to ask"
    monkeypatch.setitem(registry._quiet, "test", lambda case: True)
    assert invite(case_id=issued.pk) is None


def test_a_report_is_quiet_by_its_type(city: str) -> None:
    types = {bool(row.data["quiet"]): row.code for row in shelf(clock.today()).rows("report_types")}
    version = current_version("report", clock.today())
    assert version is not None
    for quiet, code in types.items():
        report = Case(service="report", version_id=version.pk, data={"type": code})
        assert registry.is_quiet(report) is quiet


def address(case: Case, wrong: str = "") -> str:
    return f"/rate/{case_number(case.pk)}/{wrong or secret(case)}"


@pytest.mark.parametrize("lang", ["ar", "en"])
def test_the_page_asks_takes_and_thanks(ended: Case, settings: Any, lang: str) -> None:
    client = Client()
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = lang
    page = client.get(address(ended))
    assert (
        page.status_code == 200 and len(re.findall(r'type="radio" id="id_score', page.content.decode())) == 5
    )
    assert page["Referrer-Policy"] == "same-origin" and page["X-Robots-Tag"] == "noindex"
    again = client.post(address(ended), {"low": ["RTR-01"], "words": "كلمات"})
    assert again.status_code == 422 and "كلمات" in again.content.decode()
    sent = client.post(address(ended), {"score": "1", "low": ["RTR-01"], "high": ["RTR-11"], "contact": "on"})
    assert sent.status_code == 302
    assert Rating.objects.get().reasons == ["RTR-01"]
    for answer in (client.get(address(ended)), client.post(address(ended), {"score": "5"})):
        assert answer.status_code == 200 and "id_score" not in answer.content.decode()
    assert Rating.objects.get().score == 1


def test_a_forged_an_expired_and_an_early_link_are_told_in_words(ended: Case) -> None:
    assert Client().get(address(ended, "x" * 22)).status_code == 404
    assert Client().get("/rate/12/abc").status_code == 404
    with clock.moved(clock.now() + timedelta(days=31)):
        late = Client().get(address(ended))
    assert late.status_code == 410 and "انتهت مدة تقييم" in late.content.decode()
    Case.objects.filter(pk=ended.pk).update(closed_at=None)
    early = Client().get(address(ended))
    assert early.status_code == 409 and "لم ينته الطلب بعد" in early.content.decode()


def test_results_by_service_place_and_month_hide_what_is_too_few(ended: Case) -> None:
    low(ended, Said(score=5))
    since = clock.now() - timedelta(days=1)
    [few] = results(since=since)
    assert (few.count, few.mean, few.good) == (1, None, None)
    for score in (4, 4, 3, 1):
        case = cast.submit(cast.owner())
        Rating.objects.create(
            case=case, service=ended.service, municipality_id=ended.municipality_id, unit_id=ended.unit_id,
            score=score, language="ar", at=clock.now(),
        )  # fmt: skip
    [whole] = results(since=since)
    assert (whole.count, whole.mean, whole.good) == (5, 3.4, 60)
    by = {by: results(by=by, since=since)[0] for by in ("service", "municipality", "unit", "month")}
    assert by["service"].key == ended.service and by["municipality"].key == ended.municipality_id
    assert by["unit"].key == ended.unit_id and by["month"].key == clock.today().replace(day=1)
    assert all(found.mean == 3.4 for found in by.values())
