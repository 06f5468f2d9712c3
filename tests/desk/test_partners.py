"""The administrator's page of partners: subscribe, the secret once, pause, test, change, replay, end."""

import re

from django.test import Client
from django.urls import reverse

from diwan.kit import clock
from diwan.webhooks.models import Delivery, Subscription
from tests import cast
from tests.desk.conftest import Desk

FORM = {
    "name": "شريك", "url": "https://partner.example/in", "events": ["cases.case.opened", "payments.bill.paid"],
    "services": [cast.INSTANT], "municipalities": ["101"],
}  # fmt: skip


def subscribed(client: Client) -> Subscription:
    answer = client.post(reverse("desk:partner_new"), FORM)
    made = Subscription.objects.latest("id")
    assert answer["Location"] == reverse("desk:partner", args=[made.pk])
    return made


def do(client: Client, made: Subscription, what: str, **more: str) -> Client:
    answer = client.post(reverse("desk:partner_do", args=[made.pk]), {"do": what, **more})
    assert answer.status_code == 302, answer.content.decode()
    return client


def test_a_partner_is_subscribed_and_the_secret_is_shown_once(desk: Desk) -> None:
    client = desk("it.sara")
    assert "لا يوجد شريك مشترك" in client.get(reverse("desk:partners")).content.decode()
    made = subscribed(client)
    assert (made.events, made.services, made.all_services) == (FORM["events"], [cast.INSTANT], False)
    page = reverse("desk:partner", args=[made.pk])
    secrets = [re.findall(r"whsec_[A-Za-z0-9+/=]+", client.get(page).content.decode()) for _ in range(2)]
    assert secrets[0] and not secrets[1]
    do(client, made, "rotate")
    assert re.findall(r"whsec_[A-Za-z0-9+/=]+", client.get(page).content.decode()) != secrets[0]


def test_what_is_wrong_stands_at_its_field_and_what_was_typed_stays(desk: Desk) -> None:
    answer = desk("it.sara").post(
        reverse("desk:partner_new"), {**FORM, "url": "https://10.0.0.1/", "municipalities": []}
    )
    text = answer.content.decode()
    assert answer.status_code == 422 and 'value="https://10.0.0.1/"' in text
    assert "داخل شبكة داخلية" in text and "اختر البلديات" in text
    assert not Subscription.objects.exists()


def test_pause_test_replay_move_and_end(desk: Desk) -> None:
    client = desk("it.sara")
    made = subscribed(client)
    now = clock.real_now()
    row = Delivery.objects.create(
        subscription=made, event_id=7, name="cases.case.opened", version=1, subject="case:2600000012", at=now,
        next_at=now, made_at=now, state="dead", done_at=now, error="status", status=503, attempts=12,
    )  # fmt: skip
    page = client.get(f"{reverse('desk:partner', args=[made.pk])}?state=dead").content.decode()
    assert "أجاب المستقبِل بالرمز 503" in page and "ev-7" in page
    do(client, made, "test")
    do(client, made, "replay_one", delivery=str(row.pk))
    row.refresh_from_db()
    assert row.state == "waiting"
    Delivery.objects.update(state="dead")
    today = clock.local(now).date()
    day = {"since-year": str(today.year), "since-month": str(today.month), "since-day": str(today.day)}
    do(client, made, "replay", which="dead", **day, **{"since-calendar": "gregorian"})
    row.refresh_from_db()
    assert row.state == "waiting"
    do(client, made, "move", url="https://partner.example/other")
    do(client, made, "pause")
    refused = client.post(reverse("desk:partner_do", args=[made.pk]), {"do": "test"})
    assert refused.status_code == 422 and "الاشتراك موقوف" in refused.content.decode()
    do(client, made, "resume", missed="1")
    made.refresh_from_db()
    assert (made.paused_at, made.url) == (None, "https://partner.example/other")
    for form in (
        {"do": "replay_one", "delivery": "x"},
        {"do": "replay", "since-day": "40"},
        {"do": "move", "url": "http://x/"},
    ):
        assert client.post(reverse("desk:partner_do", args=[made.pk]), form).status_code == 422
    assert client.post(reverse("desk:partner_do", args=[made.pk]), {"do": "dance"}).status_code == 404
    do(client, made, "end")
    assert client.get(reverse("desk:partner", args=[made.pk])).status_code == 404


def test_nobody_else_finds_the_page(desk: Desk) -> None:
    for name in ("fahad", "ibrahim"):
        client = desk(name)
        for address in (
            reverse("desk:partners"),
            reverse("desk:partner_new"),
            reverse("desk:partner", args=[1]),
        ):
            assert client.get(address).status_code == 403
