"""The owner's page of a request, following without signing in, and whom a request is none of the business of."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from diwan.audit.models import AccessRow
from diwan.cases import secrets
from diwan.cases.models import Case
from diwan.documents.models import IssuedDocument
from diwan.files.actions import keep_content
from diwan.kit import clock, numbers
from diwan.payments.actions import record_notice
from diwan.payments.models import Bill
from diwan.people.actor import system
from diwan.people.models import Account, EstablishmentMember, RateWindow
from tests import cast
from tests.apply.browsing import anybody, client_of, statements, text_of
from tests.cases import walking
from tests.desk.signed_in import session_of
from tests.payments.test_notices import notice_for

pytestmark = pytest.mark.usefixtures("city", "registers")


def page_of(case: Case) -> str:
    return reverse("portal:case", args=[numbers.case_number(case.pk)])


def link_of(case: Case) -> str:
    link = secrets.link_of(case.pk, case.secret_generation)
    return reverse("portal:status", args=[numbers.case_number(case.pk), link])


def secret_of(case: Case) -> str:
    return secrets.digits_of(case.pk, case.secret_generation)


def test_who_has_it_now_and_what_happened() -> None:
    case = cast.run_machine(cast.submit(cast.owner("salem")))
    page = text_of(client_of("salem").get(page_of(case)))
    assert "عند من الآن" in page
    assert numbers.show_case_number(case.pk) in page
    assert "تقديم الطلب" in page
    english = text_of(client_of("salem", language="en").get(page_of(case)))
    assert "Who has it now" in english


def test_every_body_that_is_asked_is_named_to_the_owner_and_to_who_follows() -> None:
    case = cast.run_machine(cast.submit(cast.owner("salem")))
    for page in (text_of(client_of("salem").get(page_of(case))), text_of(anybody().get(link_of(case)))):
        assert "عند الدفاع المدني والهيئة العامة للغذاء والدواء" in page
        assert "لإبداء الرأي" in page
    case = cast.act(case, "civil_defence", "approve", by=cast.member_of("civil_defence"))
    page = text_of(client_of("salem").get(page_of(case)))
    assert "عند الهيئة العامة للغذاء والدواء" in page
    now = page.partition("ما الذي تم")[0]
    assert "الدفاع المدني" not in now


def test_the_bill_with_its_lines_and_no_second_payment() -> None:
    case = walking.billed(cast.owner("maryam"))
    client = client_of("maryam")
    page = text_of(client.get(page_of(case)))
    bill = Bill.objects.get(case_id=case.pk)
    assert f'data-copy="{bill.number}"' in page
    assert f'data-copy="{bill.biller}"' in page
    assert "لا تسددوا مرة أخرى" in page
    assert "hx-trigger" in page
    printed = client.get(reverse("portal:bill", args=[numbers.case_number(case.pk)]))
    assert printed.content.startswith(b"%PDF")


def test_while_finance_examines_a_payment_the_request_is_with_us() -> None:
    case = walking.billed(cast.owner("maryam"))
    bill = Bill.objects.get(case_id=case.pk)
    pages = ((client_of("maryam"), page_of(case)), (anybody(), link_of(case)))
    for client, page in pages:
        assert "عندكم للسداد" in text_of(client.get(page)).partition("ما الذي تم")[0]
    record_notice(notice=notice_for(bill, amount=bill.total - 100), by=system("payments"))
    for client, page in pages:
        now = text_of(client.get(page)).partition("ما الذي تم")[0]
        assert "عندكم للسداد" not in now and "عندنا" in now


def test_a_silent_gateway_keeps_the_number() -> None:
    case = walking.billed(cast.owner("maryam"))
    Bill.objects.filter(case_id=case.pk).update(tries=3, presented_at=None)
    page = text_of(client_of("maryam").get(page_of(case)))
    assert "نظام السداد لا يستجيب الآن" in page
    assert Bill.objects.get(case_id=case.pk).number in page


def sealed(case: Case) -> IssuedDocument:
    """The case's document with a file, as the signer leaves it."""
    document = IssuedDocument.objects.get(case_id=case.pk)
    with transaction.atomic():
        document.file = keep_content(content=b"%PDF-1.7 sealed", media_type="application/pdf")
    document.state, document.issued_at = IssuedDocument.State.ISSUED, clock.real_now()
    document.save(update_fields=["file", "state", "issued_at"])
    return document


def test_a_sealed_licence_is_downloaded_by_its_owner_and_noted() -> None:
    case = walking.issued(walking.billed(cast.owner("maryam")))
    number = numbers.case_number(case.pk)
    pending = IssuedDocument.objects.get(case_id=case.pk)
    url = reverse("portal:document", args=[number, pending.pk])
    client = client_of("maryam")
    assert client.get(url).status_code == 404
    document = sealed(case)
    assert client.get(url).content == b"%PDF-1.7 sealed"
    assert AccessRow.objects.filter(object_type="document", object_id=str(document.pk)).count() == 1
    assert url in text_of(client.get(page_of(case)))
    card = client.get(reverse("portal:card", args=[number, document.pk]))
    assert card.content.startswith(b"%PDF")
    assert client_of("salem").get(url).status_code == 404


@pytest.mark.parametrize("stage", ["submitted", "asked", "billed", "issued"])
def test_pages_take_few_statements(stage: str) -> None:
    owner = cast.owner("maryam")
    made = {
        "submitted": lambda: walking.instant(owner),
        "asked": lambda: cast.run_machine(cast.submit(owner)),
        "billed": lambda: walking.billed(owner),
        "issued": lambda: walking.issued(walking.billed(owner)),
    }
    case = Case.objects.get(pk=made[stage]().pk)
    client, visitor = client_of("maryam"), anybody()
    client.get(page_of(case))
    visitor.get(link_of(case))
    with statements(most=12):
        assert client.get(page_of(case)).status_code == 200
    with statements(most=6):
        assert visitor.get(link_of(case)).status_code == 200


def test_another_owner_reads_what_an_unknown_number_reads() -> None:
    case = cast.submit(cast.owner("salem"))
    other = client_of("abeer")
    unknown = reverse("portal:case", args=[numbers.case_number(case.pk + 7000)])
    refused, missing = other.get(page_of(case)), other.get(unknown)
    assert (refused.status_code, missing.status_code) == (404, 404)
    number = numbers.case_number(case.pk)
    for name in ("case_now", "bill"):
        assert other.get(reverse(f"portal:{name}", args=[number])).status_code == 404
    for name in ("complete", "withdraw"):
        assert other.post(reverse(f"portal:{name}", args=[number])).status_code == 404
    assert anybody().get(page_of(case)).status_code == 302


def test_another_capacity_of_the_same_person_is_offered() -> None:
    case = cast.submit(cast.owner("salem"))
    page = client_of("tarek", kind="self").get(page_of(case))
    assert page.status_code == 403
    assert f'value="establishment:{case.establishment_id}"' in text_of(page)


def test_a_request_is_withdrawn_by_its_owner() -> None:
    case = cast.run_machine(cast.submit(cast.owner("salem")))
    number = numbers.case_number(case.pk)
    client = client_of("salem")
    assert client.post(reverse("portal:withdraw", args=[number]), {"note": "تغير الموقع"}).status_code == 302
    case.refresh_from_db()
    assert case.state == "withdrawn"
    again = client.post(reverse("portal:withdraw", args=[number]), follow=True)
    assert again.status_code == 200


def test_number_and_secret_lead_to_the_link() -> None:
    case = cast.submit(cast.owner("salem"))
    typed = {"number": numbers.show_case_number(case.pk), "secret": numbers.show_secret_8(secret_of(case))}
    response = anybody().post(reverse("portal:track"), typed)
    assert response.url == link_of(case)
    page = anybody().get(response.url)
    assert page["Cache-Control"] == "no-store"
    assert "سالم" not in text_of(page)
    assert case.applicant["mobile"] not in text_of(page)


def test_a_wrong_pair_of_either_reads_the_same() -> None:
    case = cast.submit(cast.owner("salem"))
    url = reverse("portal:track")
    wrong = f"{(int(secret_of(case)) + 1) % 10**8:08d}"
    one = anybody().post(url, {"number": numbers.case_number(case.pk), "secret": wrong})
    other = anybody().post(url, {"number": numbers.case_number(case.pk + 9000), "secret": wrong})
    assert (one.status_code, other.status_code) == (404, 404)
    assert anybody().get(link_of(case)[:-4] + "AAAA").status_code == 404
    assert anybody().post(url, {"number": "12", "secret": "3"}).status_code == 422


def test_after_five_wrong_secrets_it_says_when_to_try_again() -> None:
    case = cast.submit(cast.owner("salem"))
    url, number = reverse("portal:track"), numbers.case_number(case.pk)
    wrong = f"{(int(secret_of(case)) + 1) % 10**8:08d}"
    answers = [anybody().post(url, {"number": number, "secret": wrong}).status_code for _ in range(6)]
    assert answers == [404] * 5 + [429]
    slowed = anybody().post(url, {"number": number, "secret": secret_of(case)})
    assert (slowed.status_code, slowed["Retry-After"]) == (429, "900")


def test_the_bill_is_told_without_signing_in() -> None:
    case = walking.billed(cast.owner("maryam"))
    page = text_of(anybody().get(link_of(case)))
    assert Bill.objects.get(case_id=case.pk).number in page


def test_my_page_lists_what_waits_and_what_is_under_way() -> None:
    case = walking.billed(cast.owner("maryam"))
    cast.fill_draft(cast.owner("maryam"), cast.INSTANT, papers=False, activities=["471101"], area_m2="40")
    page = text_of(client_of("maryam").get(reverse("portal:my_cases")))
    assert page_of(case) in page
    assert "todo-now" in page
    assert "/apply/" in page
    listed = client_of("maryam").get(reverse("portal:requests"), {"below": str(case.pk)})
    assert page_of(case) not in text_of(listed)


def test_guesses_at_once_are_counted_before_they_are_compared(monkeypatch: pytest.MonkeyPatch) -> None:
    case = cast.submit(cast.owner("salem"))
    key = f"case secret:{case.pk}"
    seen: list[int] = []
    real = secrets.matches

    def compared(typed: str, case_id: int, generation: int) -> bool:
        seen.append(RateWindow.objects.get(key=key).count)
        return real(typed, case_id, generation)

    monkeypatch.setattr(secrets, "matches", compared)
    url, number = reverse("portal:track"), numbers.case_number(case.pk)
    wrong = f"{(int(secret_of(case)) + 1) % 10**8:08d}"
    for _ in range(2):
        anybody().post(url, {"number": number, "secret": wrong})
    assert anybody().post(url, {"number": number, "secret": secret_of(case)}).status_code == 302
    assert seen == [1, 2, 3]
    assert RateWindow.objects.get(key=key).count == 2


def test_a_right_secret_leaves_no_count() -> None:
    case = cast.submit(cast.owner("salem"))
    for _ in range(7):
        typed = {"number": numbers.case_number(case.pk), "secret": secret_of(case)}
        assert anybody().post(reverse("portal:track"), typed).status_code == 302
    assert not RateWindow.objects.filter(key=f"case secret:{case.pk}").exists()


def test_whoever_left_the_establishment_no_longer_has_its_requests() -> None:
    case = cast.submit(cast.owner("salem"))
    number = numbers.case_number(case.pk)
    alone = client_of("salem", kind="self")
    assert alone.get(page_of(case)).status_code == 200
    yesterday = clock.today() - timedelta(days=1)
    members = EstablishmentMember.objects.filter(establishment=case.establishment_id)
    members.filter(account__username=cast.IDS["salem"]).update(valid_to=yesterday)
    assert alone.get(page_of(case)).status_code == 404
    assert alone.post(reverse("portal:withdraw", args=[number])).status_code == 404
    assert page_of(case) not in text_of(alone.get(reverse("portal:requests")))
    case.refresh_from_db()
    assert case.state != "withdrawn"


def test_an_employee_who_reads_the_case_withdraws_nothing() -> None:
    case = cast.run_machine(cast.submit(cast.owner("salem")))
    client = Client(SERVER_NAME="testserver")
    session_of(client, Account.objects.get(username="nora"))
    refused = client.post(reverse("portal:withdraw", args=[numbers.case_number(case.pk)]))
    assert refused.status_code == 403
    case.refresh_from_db()
    assert case.state != "withdrawn"
