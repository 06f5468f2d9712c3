"""The page of a licence for its holder and at the desk, the link of a message, the number box, the other doors."""

from typing import Any

import pytest
from django.test import Client

from diwan.audit.models import AccessRow, AuditRow
from diwan.cases.about import NotTheirLicence
from diwan.cases.actions.submit_application import Application, submit_application
from diwan.cases.models import Case, Draft
from diwan.catalogue.queries import compiled_service
from diwan.kit import clock
from diwan.kit.numbers import show_document_number
from diwan.people.actor import system
from diwan.registers.actions import close_entry
from diwan.registers.links import secret_of
from diwan.registers.models import RegisterEntry
from tests.counter.conftest import Window, agreed
from tests.desk.conftest import Desk
from tests.registers.making import CLOSING, GROUND, licence, night_permit, status

CANCEL = "shop-licence-cancellation"


def body(response: Any) -> str:
    return str(response.content.decode())


def test_the_holder_finds_all_of_a_licence_and_begins_its_cancellation(desk: Desk) -> None:
    shop = licence()
    permit = night_permit(shop)
    owner = desk("salem", kind="establishment")
    page = body(owner.get(f"/my/licences/{shop.number}"))
    for expected in ("سارية", "تصاريح مرتبطة بها", "تصريح العمل 24 ساعة", "إلغاء رخصة نشاط تجاري", "صدرت"):
        assert expected in page
    assert "تصريح العمل 24 ساعة" in body(owner.get(f"/my/licences/{permit.number}"))
    begun = owner.post(f"/apply/about/{shop.number}/{CANCEL}")
    draft = Draft.objects.get(renews=shop.number, case_id__isnull=True)
    assert begun.headers["Location"] == f"/apply/{draft.pk}/"
    form = body(owner.get(f"/apply/{draft.pk}/p/shop"))
    assert "بقالة الاختبار" in form
    again = owner.post(f"/apply/about/{shop.number}/{CANCEL}")
    assert again.headers["Location"] == f"/apply/{draft.pk}/", "the draft under way, not a second one"
    assert owner.get("/search", {"q": shop.number}).headers["Location"] == f"/my/licences/{shop.number}"
    assert desk("abeer", kind="establishment").get(f"/my/licences/{shop.number}").status_code == 404


def test_the_link_of_a_message_asks_to_sign_in_and_shows_nothing_personal(desk: Desk) -> None:
    shop = licence()
    link = f"/l/{shop.number}/{secret_of(shop.number)}"
    page = body(Client().get(link))
    assert "تسجيل الدخول" in page
    assert "بقالة الاختبار" not in page
    assert Client().get(f"/l/{shop.number}/{'A' * 22}").status_code == 404
    led = desk("salem", kind="establishment").get(link)
    assert led.headers["Location"] == f"/my/licences/{shop.number}"
    signed_out = Client().get(f"/my/licences/{shop.number}")
    assert signed_out.status_code == 302
    assert f"next=%2Fmy%2Flicences%2F{shop.number}" in signed_out.headers["Location"]


def test_the_desk_suspends_with_reason_and_article_and_the_holder_reads_both(desk: Desk) -> None:
    shop = licence()
    head = desk("abdulaziz")
    assert head.get("/desk/search", {"q": shop.number}).headers["Location"] == f"/desk/licence/{shop.number}"
    page = body(head.get(f"/desk/licence/{shop.number}"))
    assert show_document_number(shop.number) in page
    assert AccessRow.objects.filter(object_type="entry", object_id=str(shop.pk)).exists()
    refused = head.post(f"/desk/licence/{shop.number}/suspend", {"reasons": "RSN-92", "note": "بعد زيارتين"})
    assert refused.status_code == 422
    assert "اختر السبب والمادة" in body(refused)
    assert "بعد زيارتين" in body(refused), "nothing typed is lost"
    done = head.post(
        f"/desk/licence/{shop.number}/suspend",
        {"reasons": "RSN-92", "article": "ART-05", "note": "بعد زيارتين"},
    )
    assert (done.status_code, status(shop)) == (302, "suspended")
    held = body(desk("salem", kind="establishment").get(f"/my/licences/{shop.number}"))
    for expected in ("موقوفة", "ملاحظات لم تصحح في المهلة", "آخر يوم للاعتراض"):
        assert expected in held
    assert head.post(f"/desk/licence/{shop.number}/lift").status_code == 302
    assert status(shop) == "active"


def test_who_may_not_decide_is_refused_and_it_is_written_down(desk: Desk) -> None:
    shop = licence()
    officer = desk("fahad")
    assert "إيقاف الرخصة" not in body(officer.get(f"/desk/licence/{shop.number}"))
    refused = officer.post(f"/desk/licence/{shop.number}/revoke", {"reasons": "RSN-94", "article": "ART-19"})
    assert (refused.status_code, status(shop)) == (403, "active")
    assert AuditRow.objects.filter(action="access.refused", object_id=str(shop.pk)).exists()
    assert desk("turki").get(f"/desk/licence/{shop.number}").status_code == 404, "of another municipality"


def test_the_counter_begins_a_service_about_the_visitors_licence(window: Window) -> None:
    shop = licence()
    client = window("huda")
    slip = agreed(client)
    refused = client.post(f"/counter/{slip.pk}/apply", {"service": CANCEL, "about": "101269999994"})
    assert refused.status_code == 422
    begun = client.post(f"/counter/{slip.pk}/apply", {"service": CANCEL, "about": shop.number})
    draft = Draft.objects.get(renews=shop.number)
    assert (begun.status_code, draft.channel) == (302, "counter")


@pytest.mark.usefixtures("city", "registers")
def test_a_partner_sends_the_cancellation_of_a_clients_licence_and_of_nobody_elses() -> None:
    shop = licence()
    service = compiled_service(CANCEL, clock.today())
    assert service is not None
    applicant = {**shop.data["applicant"], "capacity": "authorised"}

    def sent(entry: str, key: str, **who: Any) -> Case:
        application = Application(
            service=service, applicant={**applicant, **who}, answers={**CLOSING, "declares_end": True}, key=key,
            scope="client:1", entry=entry,
        )  # fmt: skip
        return Case.objects.get(pk=submit_application(application=application, by=system("api")).case_id)

    case = sent(shop.number, "k" * 12)
    assert (case.facts["about"], case.data["area_m2"]) == (shop.number, "40")
    for entry, who in (("", {}), ("101269999994", {}), (shop.number, {"unified_number": "7009999999"})):
        with pytest.raises(NotTheirLicence):
            sent(entry, "other key", **who)
    close_entry(
        entry_id=RegisterEntry.objects.get(pk=shop.pk).pk, to="revoked", ground=GROUND, by=system("test")
    )
    with pytest.raises(NotTheirLicence):
        sent(shop.number, "third key")
