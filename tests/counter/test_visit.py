"""A visitor without an account: card, consent, renewal, a new request; several at once; two clerks at one counter."""

from datetime import timedelta

import pytest

from diwan.audit.models import AuditRow
from diwan.cases.models import Case, Draft, History
from diwan.files.models import Upload
from diwan.kit import clock
from diwan.kit.numbers import case_number
from diwan.kit.ports import Answer
from diwan.registers.models import RegisterEntry
from diwan.web.counter.models import Slip
from tests import cast
from tests.counter.conftest import CARD, HASSAN, Window, agreed, code_on_the_phone, identified
from tests.signin.transports import MemoryTransport

CONFIRM = {"do": "renew", "years": "1"}


def test_the_box_for_the_card_has_the_focus(window: Window) -> None:
    html = window("huda").get("/counter/").content.decode()
    box = html.split('id="id_national_id"')[1].split(">")[0]
    assert "autofocus" in box
    for key in ("F2", "F4", "F9"):
        assert f'data-key="{key}"' in html


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"national_id": "100000000"}, "ناقص خانة"),
        ({"national_id": "1000000009"}, "خانة"),
        ({"mobile": "050123"}, "الجوال"),
        ({"national_id": ""}, "الهوية"),
    ],
)
def test_what_is_mistyped_is_said_at_once_and_stays(
    window: Window, typed: dict[str, str], words: str
) -> None:
    response = window("huda").post("/counter/", {**CARD, **typed})
    assert response.status_code == 422
    html = response.content.decode()
    assert words in html
    assert 'aria-invalid="true"' in html
    assert CARD["mobile"] in html or "mobile" in typed
    assert not Slip.objects.exists()


def test_arabic_digits_are_read_and_the_name_comes_from_the_register(window: Window) -> None:
    digits = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")
    slip = identified(window("huda"), national_id=HASSAN.translate(digits), mobile="٠٥٠١٢٣٤٥٦٧")
    assert (slip.national_id, slip.mobile, slip.name_ar, slip.confirmed) == (
        HASSAN,
        "+966501234567",
        "حسن علي الحجار",
        True,
    )


def test_a_silent_register_asks_for_the_name_on_the_card(window: Window, registers: cast.Registers) -> None:
    registers.say("people", Answer(status="silent", data={}, asked_at=clock.now(), took_ms=3))
    client = window("huda")
    refused = client.post("/counter/", CARD)
    assert refused.status_code == 422
    assert 'name="name"' in refused.content.decode()
    slip = identified(client, name="حسن  الحجار")
    assert (slip.name_ar, slip.confirmed) == ("حسن الحجار", False)


def test_an_unknown_person_is_refused(window: Window, registers: cast.Registers) -> None:
    registers.say("people", Answer(status="not_found", data={}, asked_at=clock.now(), took_ms=3))
    assert "لا أحد في السجل" in window("huda").post("/counter/", CARD).content.decode()


def test_nothing_is_filed_without_consent(window: Window, licence: RegisterEntry) -> None:
    client = window("huda")
    slip = identified(client)
    response = client.post(f"/counter/{slip.pk}/renew", {"licence": licence.number})
    assert response.status_code == 422
    assert "موافقة المراجع أولا" in response.content.decode()
    assert not Draft.objects.filter(renews=licence.number).exists()


def test_a_wrong_code_is_no_consent(window: Window) -> None:
    client = window("huda")
    slip = identified(client)
    client.post(f"/counter/{slip.pk}/code")
    refused = client.post(f"/counter/{slip.pk}/consent", {"by": "code", "code": "000000"})
    assert refused.status_code == 422
    slip.refresh_from_db()
    assert slip.consent == ""


def test_the_message_says_what_the_code_agrees_to_and_whom_to_tell_it(window: Window) -> None:
    client = window("huda")
    slip = identified(client)
    page = client.get(f"/counter/{slip.pk}/").content.decode()
    assert "باسمك" in page
    assert 'name="code"' not in page
    client.post(f"/counter/{slip.pk}/code")
    said = MemoryTransport.sent[-1].body
    assert "موافقتك" in said
    assert "لا تشاركه" not in said


def test_a_slip_that_waits_for_its_code_still_asks_for_it_when_the_clerk_comes_back(window: Window) -> None:
    client = window("huda")
    slip = identified(client)
    client.post(f"/counter/{slip.pk}/code")
    identified(client, national_id="1099000000")
    assert 'name="code"' in client.get(f"/counter/{slip.pk}/").content.decode()
    too_soon = client.post(f"/counter/{slip.pk}/code")
    assert too_soon.status_code == 422
    assert 'name="code"' in too_soon.content.decode()
    given = client.post(f"/counter/{slip.pk}/consent", {"by": "code", "code": code_on_the_phone()})
    assert given.status_code == 302


def test_a_renewal_with_nothing_changed_and_the_clerk_named_in_the_history(
    window: Window, licence: RegisterEntry
) -> None:
    client = window("huda")
    slip = agreed(client)
    begun = client.post(f"/counter/{slip.pk}/renew", {"licence": licence.number})
    assert begun.headers["Location"].endswith("/confirm")
    page = client.get(begun.headers["Location"]).content.decode()
    assert 'data-key="F9"' in page
    assert "حسن علي الحجار" in page
    sent = client.post(begun.headers["Location"], CONFIRM)
    assert sent.status_code == 302, sent.content.decode()[-3000:]
    case = Case.objects.latest("id")
    assert (case.channel, case.applicant["national_id"]) == ("counter", HASSAN)
    opened = History.objects.get(case=case, act="opened")
    assert opened.actor_ar == "هدى سليمان أحمد العطار"
    assert "خدمة العملاء" in opened.title_ar
    receipt = client.get(sent.headers["Location"]).content.decode()
    for key in ("F7", "F8", "F9"):
        assert f'data-key="{key}"' in receipt
    for paper in ("a4", "80mm"):
        pdf = client.get(f"/apply/slip/{case_number(case.pk)}/{paper}.pdf")
        assert (pdf.status_code, pdf.content[:5]) == (200, b"%PDF-")


def test_a_scan_under_the_arabic_layout_finds_the_licence(window: Window, licence: RegisterEntry) -> None:
    client = window("huda")
    slip = agreed(client)
    scanned = f"اففح//خىث.ثءشةحمث/رثقهبغ/{licence.number}"
    begun = client.post(f"/counter/{slip.pk}/renew", {"licence": scanned})
    assert begun.status_code == 302


def test_a_licence_of_somebody_else_is_refused(
    window: Window, licence: RegisterEntry, registers: cast.Registers
) -> None:
    registers.say("commercial", {"owners": ["1098765439"]})
    client = window("huda")
    slip = agreed(client)
    html = client.post(f"/counter/{slip.pk}/renew", {"licence": licence.number}).content.decode()
    assert "ملاك ومديرين آخرين" in html
    assert (
        "لا رخصة لهذا المراجع" in client.post(f"/counter/{slip.pk}/renew", {"licence": "12"}).content.decode()
    )


def test_a_new_request_for_an_establishment_by_its_register_number(
    window: Window, licence: RegisterEntry
) -> None:
    client = window("huda")
    slip = agreed(client)
    shop = licence.establishment
    assert shop is not None
    begun = client.post(
        f"/counter/{slip.pk}/apply", {"service": cast.WITH_APPROVALS, "cr_number": shop.cr_number}
    )
    assert begun.status_code == 302
    draft = Draft.objects.get(pk=begun.headers["Location"].split("/")[2])
    assert (draft.establishment_id, draft.visitor["national_id"], draft.channel) == (
        shop.pk,
        HASSAN,
        "counter",
    )
    page = client.get(client.get(begun.headers["Location"]).headers["Location"]).content.decode()
    assert "room-counter" in page
    missing = client.get(f"/counter/{slip.pk}/missing.pdf")
    assert (missing.status_code, missing.content[:5]) == (200, b"%PDF-")


def test_an_establishment_that_is_new_to_us_is_entered(window: Window, registers: cast.Registers) -> None:
    registers.say("commercial", {"owners": [HASSAN], "name": {"ar": "بقالة حسن", "en": "Hassan Grocery"}})
    client = window("huda")
    slip = agreed(client)
    form = {"service": cast.WITH_APPROVALS, "cr_number": "4030999999"}
    asked = client.post(f"/counter/{slip.pk}/apply", form)
    assert asked.status_code == 422
    assert 'name="unified"' in asked.content.decode()
    assert client.post(f"/counter/{slip.pk}/apply", form | {"unified": "7009999999"}).status_code == 302


def test_a_signed_paper_is_consent_and_goes_with_the_case(window: Window, licence: RegisterEntry) -> None:
    client = window("huda")
    slip = identified(client)
    refused = client.post(f"/counter/{slip.pk}/consent", {"by": "paper"})
    assert refused.status_code == 422
    scan = cast.picture()
    scan.name = "consent.jpg"
    assert client.post(f"/counter/{slip.pk}/consent", {"by": "paper", "paper": scan}).status_code == 302
    begun = client.post(f"/counter/{slip.pk}/renew", {"licence": licence.number})
    client.get(begun.headers["Location"])
    sent = client.post(begun.headers["Location"], CONFIRM)
    assert sent.status_code == 302, sent.content.decode().split("<main")[1][:3000]
    case = Case.objects.latest("id")
    assert Upload.objects.filter(owner=f"case:{case.pk}", slot="_consent").exists()


def test_five_slips_are_open_at_most_and_each_is_a_tab(window: Window) -> None:
    client = window("huda")
    ids = ["1000000008", "1099000000", "1098765439", "1012345672", "1100000015"]
    slips = [identified(client, national_id=one) for one in ids]
    html = client.get(f"/counter/{slips[0].pk}/").content.decode()
    for slip in slips:
        assert f"/counter/{slip.pk}/" in html
    assert 'data-key="F2"' not in html
    refused = client.post("/counter/", {**CARD, "national_id": "2123456788"})
    assert refused.status_code == 422
    assert "خمس قسائم" in refused.content.decode()
    client.post(f"/counter/{slips[0].pk}/close")
    assert identified(client, national_id="2123456788").closed_at is None


def test_a_colleague_at_the_same_counter_takes_over_and_the_log_says_so(
    window: Window, licence: RegisterEntry
) -> None:
    slip = agreed(window("huda"))
    begun = window("huda").post(f"/counter/{slip.pk}/renew", {"licence": licence.number})
    majed = window("majed")
    assert "بدأها زميل" in majed.get(f"/counter/{slip.pk}/").content.decode()
    assert majed.get(begun.headers["Location"]).status_code == 404
    assert majed.post(f"/counter/{slip.pk}/take").status_code == 302
    assert majed.get(begun.headers["Location"]).status_code == 200
    assert AuditRow.objects.filter(action="counter.slip.taken_over", object_id=slip.pk).exists()


@pytest.mark.parametrize("username", ["fahad", "nora", "it.sara", "cd.yousef", "salem"])
def test_others_have_no_counter(window: Window, username: str) -> None:
    assert window(cast.IDS.get(username, username)).get("/counter/").status_code == 403


def test_a_slip_that_is_not_there_is_not_found(window: Window) -> None:
    client = window("huda")
    slip = identified(client)
    client.post(f"/counter/{slip.pk}/close")
    for path in (f"/counter/{slip.pk}/", "/counter/nothing/", f"/counter/{slip.pk}/missing.pdf"):
        assert client.get(path).status_code == 404


def test_what_was_taken_down_goes_a_day_after_the_visit(window: Window) -> None:
    client = window("huda")
    slip = identified(client)
    client.post(f"/counter/{slip.pk}/close")
    Slip.objects.filter(pk=slip.pk).update(closed_at=clock.now() - timedelta(hours=25))
    identified(client, national_id="1099000000")
    assert not Slip.objects.filter(pk=slip.pk).exists()
