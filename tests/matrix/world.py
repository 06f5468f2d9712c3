"""One of each: people with open sessions, and cases, papers, drafts and documents for them to reach for.

Built once into a clone of the demo city; `World` holds only plain values, so that a browser's server finds the same.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore
from django.db import transaction
from django.http import HttpRequest
from django.utils import translation

from diwan.api.tokens import DEFAULT_SCOPES, client_of, make_token
from diwan.cases import secrets as case_secrets
from diwan.cases.actions.drafts import start_draft
from diwan.cases.actions.issue import complete_document, number_document
from diwan.cases.actions.open_cases import open_case
from diwan.cases.actions.receive_payment import receive_payment
from diwan.cases.models import Case, Draft, OpenTask
from diwan.cases.opening import Opening
from diwan.cases.remarks import Remark
from diwan.cases.services import service_of
from diwan.catalogue.queries import compiled_service, staff_service
from diwan.documents.models import IssuedDocument
from diwan.files.actions import keep_content
from diwan.files.models import StoredFile, Upload
from diwan.kit import clock, numbers
from diwan.modules.ratings import links
from diwan.modules.ratings.actions import invite, rate
from diwan.modules.ratings.actions.rate import Said
from diwan.notify.models import Message
from diwan.payments.actions import Notice, record_notice
from diwan.payments.models import Bill, PaymentNotice
from diwan.people.actions import Person, create_account
from diwan.people.actor import ANONYMOUS, Actor, system
from diwan.people.models import Account, Establishment
from diwan.people.queries import holders
from diwan.registers.actions import suspend_entry
from diwan.registers.models import RegisterEntry
from diwan.rest.declaring import REPORTS_READ, REPORTS_WRITE
from diwan.web.apply.starting import begin_own, begin_renewal
from diwan.web.counter.actions import begin_application, open_slip, record_consent
from diwan.web.counter.visitors import Person as Visitor
from diwan.web.signin import session as kept
from diwan.webhooks.actions import Coverage, make_subscription
from diwan.webhooks.models import Subscription
from tests import cast
from tests.matrix import reports as reports_worked_on
from tests.matrix.changed import changed_version
from tests.matrix.reports_made import add_reports
from tests.matrix.workshop import write_services
from tests.registers.making import GROUND, permit
from tests.reports.reporting import filed
from tests.staffing.test_leave import asked
from tests.stores.test_supplies import at_the_store

PDF = b"%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"

#: Name here -> (name in the demo's cast, kind of capacity). The order is that of the table's columns.
PEOPLE: dict[str, tuple[str, str]] = {
    "resident": ("", "self"),
    "owner": ("salem", "establishment"),
    "owner_self": ("salem", "self"),
    "manager": ("tarek", "establishment"),
    "other_owner": ("abeer", "establishment"),
    "officer": ("fahad", "position"),
    "foreign_officer": ("turki", "position"),
    "section_head": ("nora", "position"),
    "head": ("abdulaziz", "position"),
    "inspector": ("khalid", "position"),
    "clerk": ("huda", "position"),
    "body": ("cd.yousef", "entity"),
    "other_body": ("moh.layla", "entity"),
    "finance": ("reem", "position"),
    "auditor": ("ibrahim", "position"),
    "admin": ("it.sara", "position"),
}
NEWCOMER = "1055500001"
#: Under which the partner filed its report, of a type that is nobody else's business.
KEY_OF_REPORT = "a-report-of-the-partner"


@dataclass
class World:
    """Keys of everything that was made, by name."""

    sessions: dict[str, str] = field(default_factory=dict)
    cases: dict[str, int] = field(default_factory=dict)
    drafts: dict[str, str] = field(default_factory=dict)
    slips: dict[str, str] = field(default_factory=dict)
    papers: dict[str, str] = field(default_factory=dict)
    documents: dict[str, int] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)
    values: dict[str, Any] = field(default_factory=dict)


@contextmanager
def registers_in_order() -> Iterator[None]:
    """Every register knows everything and finds it in order; messages go to memory."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(settings, "REGISTER_CLIENT", "tests.cast.Registers")
        messenger = "tests.signin.transports.MemoryTransport"
        patch.setattr(settings, "MESSAGE_TRANSPORTS", {"sms": messenger, "email": messenger})
        yield


def build() -> World:
    """Make the world in the database in use; everything is committed."""
    world = World()
    with registers_in_order(), translation.override("ar"):
        _newcomer()
        _cases(world)
        _drafts(world)
        _slips(world)
        _partner(world)
        add_reports(world)
        reports_worked_on.make(world)
        write_services(world.values)
        for name, (who, kind) in PEOPLE.items():
            world.sessions[name] = open_session(who or NEWCOMER, kind)
    return world


def open_session(username: str, kind: str = "", *, ahead: timedelta = timedelta(days=1)) -> str:
    """The key of a fresh session of the person, opened as signing in does, in the capacity of the kind.

    Its last activity lies `ahead` of now, so that it neither locks during a long run nor writes itself down again.
    """
    account = Account.objects.get(username=cast.IDS.get(username, username))
    request = HttpRequest()
    request.session = SessionStore()
    employee = account.kind != Account.Kind.RESIDENT
    kept.open_session(request, account, factor=kept.TOTP if employee else kept.CODE)
    found = next(
        held for held in kept.allowed(account, request.session["factor"]) if held.code.startswith(kind)
    )
    request.session["capacity"] = found.code
    request.session["seen"] = kept.now_seconds() + int(ahead.total_seconds())
    request.session.save()
    return str(request.session.session_key)


def _newcomer() -> None:
    """A resident who owns nothing and has asked for nothing."""
    person = Person(
        name_ar="ريان حمد الواصل", name_en="Rayan Hamad Alwasel", national_id=NEWCOMER, mobile="0500000004"
    )
    create_account(kind=Account.Kind.RESIDENT, username=NEWCOMER, person=person, by=system("test"))


def to_review(owner: Actor, **changed: Any) -> Case:
    """A restaurant at the licensing officer: both bodies have approved, the visit has passed."""
    case = _to_visit(owner, **changed)
    items = service_of(case.version_id).checklist("CHK-FOOD")
    inspector = _holder_of(case, "visit_food")
    return cast.act(case, "visit_food", "passed", by=inspector, answers={item.code: "met" for item in items})


def _to_visit(owner: Actor, **changed: Any) -> Case:
    """A restaurant that both bodies have approved, before the visit."""
    case = cast.run_machine(cast.submit(owner, **changed))
    case = cast.act(case, "civil_defence", "approve", by=cast.actor("cd.yousef"))
    return cast.act(case, "supervising_body", "approve", by=cast.member_of("food_drug"))


def _holder_of(case: Case, step: str) -> Actor:
    """Somebody who may take the step in its unit; the inspector of the cast where it is his."""
    task = cast.waiting(case, step)
    found = holders(role=task.role, unit_id=task.unit_id)
    usual = Account.objects.get(username="khalid").pk
    held = next((one for one in found if one.account_id == usual), found[0])
    username = Account.objects.values_list("username", flat=True).get(pk=held.account_id)
    return cast.actor(username, kind=f"position:{held.position_id}")


def a_reason(case: Case, step: str, outcome: str) -> str:
    """A reason that the way out allows."""
    service = service_of(case.version_id)
    return next(iter(service.reasons_for(service.flow.steps[step].exits[outcome])))


def _cases(world: World) -> None:
    salem, abeer = cast.owner("salem"), cast.owner("abeer")
    outside, visit = cast.run_machine(cast.submit(salem)), _to_visit(salem)
    review = to_review(salem)
    elsewhere = to_review(abeer, place=cast.place_in("102"))
    returned = cast.act(
        to_review(salem), "review", "return", by=cast.actor("fahad"),
        field_remarks=[Remark("unit_no", "RSN-02", "رقم المحل غير واضح"), Remark("facade", "RSN-02", "")],
    )  # fmt: skip
    rejected = cast.act(
        to_review(salem),
        "review",
        "reject",
        by=cast.actor("fahad"),
        reasons=[a_reason(review, "review", "reject")],
    )
    head = _to_head(salem)
    invoiced, issued = _approved(salem), _issued(world, salem)
    _resting(world, issued, invoiced)
    leave, supplies = cast.run_machine(asked()), at_the_store()
    made = {
        "outside": outside, "visit": visit, "review": review, "elsewhere": elsewhere, "returned": returned,
        "rejected": rejected, "head": head, "invoiced": invoiced, "issued": issued,
        "leave": leave, "supplies": supplies,
    }  # fmt: skip
    world.cases = {name: case.pk for name, case in made.items()}
    world.values["moving"] = changed_version(leave.pk)
    for name in ("review", "elsewhere"):
        world.papers[name] = Upload.objects.filter(owner=f"case:{made[name].pk}").earliest("created_at").pk
    world.values["bill"] = bill_of(invoiced).number
    world.values["notice"] = _wrong_payment(bill_of(issued)).pk
    world.values["ratings"] = _ratings(issued, rejected)
    world.values["subscription"] = _subscribed().pk
    world.values["message"] = Message.objects.filter(case_id=issued.pk).latest("id").pk


def _subscribed() -> Subscription:
    """A partner that hears of paid bills."""
    coverage = Coverage(events=("payments.bill.paid",), all_services=True, all_municipalities=True)
    return make_subscription(
        name="شريك", url="https://partner.example/", coverage=coverage, services=(), by=system("matrix")
    )


def _ratings(asked: Case, rated: Case) -> dict[str, str]:
    """Links to rate: one that can be used, and one that was, with a low score."""
    for case in (asked, rated):
        invite(case_id=case.pk)
    secret = {case.pk: links.secret_of(case.pk, 1) for case in (asked, rated)}
    said = Said(score=1, reasons=["RTR-01"], words="تأخر كثيرا", wants_contact=True)
    rate(case_id=rated.pk, secret=secret[rated.pk], said=said, by=ANONYMOUS)
    return {"issued": secret[asked.pk], "rejected": secret[rated.pk]}


def bill_of(case: Case) -> Bill:
    """The one bill of the case."""
    return Bill.objects.get(case_id=case.pk)


def _wrong_payment(bill: Bill) -> PaymentNotice:
    """A payment for the bill that finance has to decide about: another amount than the billed one."""
    told = Notice(
        notice_id="notice-of-the-matrix", payment_id="payment-of-the-matrix", biller=bill.biller,
        bill_number=bill.number, amount=bill.total + 100, paid_at=clock.now(),
    )  # fmt: skip
    return record_notice(notice=told, by=system("notice"))


def _to_head(owner: Actor) -> Case:
    case = cast.act(to_review(owner), "review", "recommend", by=cast.actor("fahad"))
    return cast.act(case, "section_review", "recommend", by=cast.actor("nora"))


def _approved(owner: Actor) -> Case:
    head = cast.actor("abdulaziz")
    cast.step_up(head)
    return cast.act(_to_head(owner), "head_approval", "approve", by=head)


def _issued(world: World, owner: Actor) -> Case:
    """An issued licence about to expire; its sealed file is a stand-in, since no signer runs here."""
    case = _approved(owner)
    bill = bill_of(case)
    receive_payment(case_id=case.pk, token=bill.task_token, bill_number=bill.number, by=system("notice"))
    task = OpenTask.objects.get(case=case)
    document = number_document(case_id=case.pk, token=task.token)
    assert document is not None
    stored: StoredFile = keep_content(content=PDF, media_type="application/pdf")
    IssuedDocument.objects.filter(pk=document).update(
        state=IssuedDocument.State.ISSUED, file=stored, issued_at=clock.real_now()
    )
    complete_document(case_id=case.pk, token=task.token, document_id=document)
    entry = RegisterEntry.objects.get(case=case)
    RegisterEntry.objects.filter(pk=entry.pk).update(valid_to=clock.today() + timedelta(days=20))
    world.documents["issued"] = document
    found = IssuedDocument.objects.get(pk=document)
    world.values |= {"licence": found.number, "verify_token": found.verify_token}
    return Case.objects.get(pk=case.pk)


def _resting(world: World, licensed: Case, case: Case) -> None:
    """A permit of another case that hangs on the licence and is suspended by a decision of its own."""
    with transaction.atomic():
        made = permit(RegisterEntry.objects.get(case=licensed), case=case)
    suspend_entry(entry_id=made.pk, ground=GROUND, by=cast.actor("abdulaziz"))
    world.values["suspended"] = made.number


def _drafts(world: World) -> None:
    salem, abeer, huda = cast.owner("salem"), cast.owner("abeer"), cast.actor("huda")
    mine = cast.fill_draft(salem)
    world.drafts["mine"] = mine.pk
    world.papers["draft"] = Upload.objects.filter(owner=f"draft:{mine.pk}").earliest("created_at").pk
    world.drafts["others"] = cast.fill_draft(abeer, place=cast.place_in("102")).pk
    world.drafts["sent"] = str(Draft.objects.get(case_id=world.cases["review"]).pk)
    entry = RegisterEntry.objects.get(case_id=world.cases["issued"])
    world.drafts["renewal"] = begin_renewal(entry=entry, by=salem).pk
    world.drafts["counter"] = _visitor_draft(huda).pk
    own = staff_service("supplies-request", clock.today())
    assert own is not None
    world.drafts["own"] = begin_own(service=own, by=cast.actor("fahad")).pk
    world.drafts["empty"] = start_draft(
        version_id=mine.version_id, days=30, by=salem, values={"trade_name_ar": "مسودة"}
    ).pk


def _visitor_draft(clerk: Actor) -> Draft:
    """What a clerk has begun for a visitor without an account."""
    visitor = {"national_id": "1000000008", "name_ar": "حسن علي صالح الحجار", "mobile": "+966500000008"}
    version = Draft.objects.order_by("created_at").values_list("version_id", flat=True)[0]
    return start_draft(version_id=version, days=30, by=clerk, channel="counter", visitor=visitor)


def _slips(world: World) -> None:
    """Visitors at the clerk's window: one who has not agreed yet, one who has, one whose form is being filled in."""
    huda = cast.actor("huda")
    service = compiled_service(cast.INSTANT, clock.today())
    shop = cast.owner().establishment_id
    for name, national_id in (
        ("unsigned", "1099000000"),
        ("slip", "1000000008"),
        ("slip_draft", "1100000015"),
    ):
        visitor = Visitor(
            national_id, None, "+966500000008", "حسن علي صالح الحجار", "Hassan Alhajjar", confirmed=True
        )
        slip = open_slip(person=visitor, by=huda)
        world.slips[name] = slip.pk
        if name != "unsigned":
            record_consent(slip_id=slip.pk, kind="code", by=huda)
        if name == "slip_draft":
            draft = begin_application(
                slip_id=slip.pk,
                service=service,
                establishment=Establishment.objects.get(pk=shop or 0),
                by=huda,
            )
            world.drafts[name] = draft.pk


def _partner(world: World) -> None:
    """An office with a token, a draft that lacks answers, and a case that it opened."""
    token = world.tokens["partner"] = make_token(
        name="شريك", services=[cast.WITH_APPROVALS, cast.INSTANT, "report"],
        scopes=[*DEFAULT_SCOPES, REPORTS_READ, REPORTS_WRITE], by=system("test"),
    )  # fmt: skip
    request = HttpRequest()
    request.META["HTTP_AUTHORIZATION"] = f"Bearer {token}"
    office = client_of(request)[1]
    service = compiled_service(cast.INSTANT, clock.today())
    assert service is not None
    applicant = {
        "national_id": "2123456788", "name_ar": "مريم حسن عثمان بخيت", "name_en": "Maryam", "mobile": "+966500000001",
        "kind": "individual", "capacity": "owner", "party_id": "2123456788", "citizen": False,
    }  # fmt: skip
    draft = start_draft(version_id=service.version_id, days=30, by=office, channel="api", visitor=applicant)
    world.drafts["partner"] = draft.pk
    mine = Opening(
        service=service, municipality_id=Case.objects.get(pk=world.cases["issued"]).municipality_id, district_id=None,
        applicant=applicant, data={"area_m2": "40"}, facts={}, by=office, channel="api",
    )  # fmt: skip
    world.cases["partner"] = open_case(mine).case_id
    world.cases["sent_report"] = filed(
        "RPT-0601", by=office, key=KEY_OF_REPORT, scope=f"open311:{office.client_id}", channel="api"
    ).pk


def secret_of(case_id: int) -> str:
    """The eight digits on the receipt of the case."""
    return case_secrets.digits_of(case_id)


def link_of(case_id: int) -> str:
    """The secret in the links of the case."""
    return case_secrets.link_of(case_id)


def number_of(case_id: int) -> str:
    """The number of the case as addresses hold it."""
    return numbers.case_number(case_id)


def unused_case() -> int:
    """A well-formed case number that never existed."""
    newest: int = Case.objects.latest("pk").pk
    return newest + 500_000


def unused_key() -> str:
    """An identifier of drafts and papers that never existed."""
    return secrets.token_urlsafe(16)
