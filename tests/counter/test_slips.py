"""What stays with the clerk and the slip: receipts, withdrawing, colleagues, bar code, the list to take home."""

from diwan.cases.models import Case
from diwan.cases.services import service_of
from diwan.cases.slips import receipt_data
from diwan.kit.numbers import case_number
from diwan.people.models import Municipality
from diwan.registers.models import RegisterEntry
from diwan.web.apply.sheets import open_sheet
from diwan.web.counter.views.papers import checklist
from tests import cast
from tests.counter.conftest import Window, agreed, identified

CONFIRM = {"do": "renew", "years": "1"}


def test_what_was_filed_for_another_municipality_stays_open_to_the_clerk(
    window: Window, licence: RegisterEntry
) -> None:
    client = window("huda")
    slip = agreed(client)
    begun = client.post(f"/counter/{slip.pk}/renew", {"licence": licence.number})
    client.post(begun.headers["Location"], CONFIRM)
    case = Case.objects.latest("id")
    other = Municipality.objects.exclude(pk=case.municipality_id).exclude(code="000").first()
    Case.objects.filter(pk=case.pk).update(municipality=other)
    number = case_number(case.pk)
    for paper in ("a4", "80mm"):
        assert client.get(f"/apply/slip/{number}/{paper}.pdf").status_code == 200
    page = client.get(f"/desk/case/{number}")
    assert page.status_code == 200
    assert f"/apply/slip/{number}/80mm.pdf" in page.content.decode()
    assert window("turki").get(f"/apply/slip/{number}/a4.pdf").status_code == 404


def test_the_clerk_withdraws_what_was_filed_at_the_window_and_a_colleague_does_not(
    window: Window, licence: RegisterEntry
) -> None:
    client = window("huda")
    slip = agreed(client)
    begun = client.post(f"/counter/{slip.pk}/renew", {"licence": licence.number})
    client.post(begun.headers["Location"], CONFIRM)
    case = Case.objects.latest("id")
    number = case_number(case.pk)
    assert f"/case/{number}/withdraw" in client.get(f"/desk/case/{number}").content.decode()
    assert window("nora").post(f"/case/{number}/withdraw").status_code == 403
    assert client.post(f"/case/{number}/withdraw", {"note": "طلبه المراجع"}).status_code == 302
    case.refresh_from_db()
    assert case.state == "withdrawn"


def test_a_colleague_may_not_act_on_a_slip_that_was_not_taken_over(
    window: Window, licence: RegisterEntry
) -> None:
    slip = agreed(window("huda"))
    majed = window("majed")
    refused = majed.post(f"/counter/{slip.pk}/renew", {"licence": licence.number})
    assert refused.status_code == 404
    assert majed.post(f"/counter/{slip.pk}/code").status_code == 404
    assert majed.post(f"/counter/{slip.pk}/close").status_code == 404
    slip.refresh_from_db()
    assert (slip.draft_id, slip.closed_at) == ("", None)


def test_the_change_of_user_is_on_every_page_of_a_request(window: Window, licence: RegisterEntry) -> None:
    client = window("huda")
    slip = agreed(client)
    begun = client.post(f"/counter/{slip.pk}/renew", {"licence": licence.number})
    for address in (begun.headers["Location"], "/counter/"):
        html = client.get(address).content.decode()
        assert 'data-key="F4"' in html
        assert "/sign-in/switch-user?next=/counter/" in html


def test_the_bar_code_of_the_slip_holds_digits_only(window: Window, licence: RegisterEntry) -> None:
    client = window("huda")
    slip = agreed(client)
    begun = client.post(f"/counter/{slip.pk}/renew", {"licence": licence.number})
    client.post(begun.headers["Location"], CONFIRM)
    case = Case.objects.latest("id")
    data = receipt_data(case, service_of(case.version_id), cast.actor("huda"))
    assert data["barcode"] == case_number(case.pk)
    assert data["barcode"].isascii()
    assert data["barcode"].isdecimal()
    assert "خدمة العملاء" in data["served_by"]
    assert data["stage"] == {
        lang: service_of(case.version_id).public(case.stage, lang) for lang in ("ar", "en")
    }


def test_the_list_of_what_is_missing_names_the_papers_and_leads_back(
    window: Window, licence: RegisterEntry
) -> None:
    client = window("huda")
    slip = agreed(client)
    shop = licence.establishment
    assert shop is not None
    client.post(f"/counter/{slip.pk}/apply", {"service": cast.WITH_APPROVALS, "cr_number": shop.cr_number})
    slip.refresh_from_db()
    data = checklist(open_sheet(slip.draft_id, cast.actor("huda")), cast.actor("huda"))
    missing = [row["ar"] for row in data["missing"]]
    assert "صورة الواجهة من الشارع" in missing
    assert all(row["note"] for row in data["missing"])
    assert data["verify_url"].endswith(cast.WITH_APPROVALS)
    assert data["telephone"] == "940"


def test_a_half_done_slip_is_returned_to_where_it_was_left(window: Window, licence: RegisterEntry) -> None:
    client = window("huda")
    slip = agreed(client)
    shop = licence.establishment
    assert shop is not None
    begun = client.post(
        f"/counter/{slip.pk}/apply", {"service": cast.WITH_APPROVALS, "cr_number": shop.cr_number}
    )
    left = client.get(begun.headers["Location"]).headers["Location"]
    identified(client, national_id="1099000000")
    back = client.get(f"/counter/{slip.pk}/", follow=True)
    assert back.redirect_chain[-1][0] == left
