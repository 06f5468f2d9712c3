"""Procedures of the list, filed and walked to their good end by the people of the city who hold their roles."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest

from diwan.cases.actions.cast_vote import cast_vote
from diwan.cases.actions.choose import choose
from diwan.cases.actions.conclude_vote import conclude_vote
from diwan.cases.actions.drafts import save_draft
from diwan.cases.actions.expire_task import act_on_lateness
from diwan.cases.actions.issue import complete_document, number_document
from diwan.cases.actions.submit_draft import submit_draft
from diwan.cases.actions.take_step import take_step
from diwan.cases.applicants import snapshot_of_draft
from diwan.cases.context import form_context
from diwan.cases.errors import SamePerson
from diwan.cases.models import Case, History, OpenTask
from diwan.cases.services import service_of
from diwan.catalogue.queries import staff_service
from diwan.documents.models import IssuedDocument
from diwan.forms.entry import clean, read_json
from diwan.kit import clock
from diwan.people.actor import Actor
from diwan.people.models import Holding, Position
from diwan.people.queries import actor_for, session_digest
from diwan.web.apply.starting import begin_own
from tests import cast

pytestmark = pytest.mark.usefixtures("city", "registers")

NEED = {
    "subject": "شاشات لصالة المراجعين", "quantity": "4", "specification": "شاشة 55 بوصة مع حامل جداري وضمان سنتين.",
    "purpose": "عرض أرقام الانتظار", "budget_line": "BUD-3103",
}  # fmt: skip
SUMS = {
    "contract_number": "1447/55", "contract_name": "سفلتة شوارع حي الميناء", "certificate_number": "4",
    "certificate_kind": "running", "gross_to_date": "5400000", "previous_gross": "4100000", "current": "1300000",
    "advance_recovery": "130000", "retention": "130000", "penalty": "100000", "other": "5000", "vat": "156000",
    "net": "1091000", "iban": "SA0380000000608010167519",
}  # fmt: skip
"""The worked example of procedure 3.6 (amounts in riyals): the net amount is above one million."""
LETTER = {
    "sender": "self", "topics": ["roads", "parks"], "subject": "رصيف مدرسة الحي", "mobile": "0500000001",
    "text": "نأمل إكمال الرصيف أمام المدرسة قبل بدء الدراسة.",
}  # fmt: skip
STATEMENT = {
    "about": "licence", "claim": "أن رخصة المكتبة سارية منذ عام 1445.", "purpose": "bank",
    "addressed_to": "مصرف المرسى", "standing": "self", "mobile": "0500000001",
}  # fmt: skip
BETTER = {
    "procedure": "تجديد رخصة محل", "present": "يقدم المستفيد الطلب ثم ينتظر موظفا يراجع السجل التجاري يدويا.",
    "proposed": "يسأل السجل آليا ولا يذهب إلى الموظف إلا ما اختلف.", "measure": "أيام العمل من التقديم إلى الإصدار",
    "before": "3", "aim": "0",
}  # fmt: skip


@dataclass(frozen=True)
class Walk:
    """What is filed by whom, the steps with what is chosen at each, and the end."""

    slug: str
    who: str
    answers: dict[str, Any]
    steps: str
    end: str


def walks() -> list[Walk]:
    ticket = {"about": "network", "impact": "unit", "description": "انقطعت الشبكة عن القسم منذ الصباح."}
    move = {
        "from_line": "BUD-2206",
        "to_line": "BUD-2205",
        "justification": "زادت تراخيص الأنظمة وبقي من القرطاسية.",
    }
    unsolved = "triage.assign work.resolved confirm.not_solved second_line.resolved confirm.confirmed"
    paid = "receipt.faulty supplier.again receipt.received matching.match payment_order.paid"
    bought = f"need.approve budget.bound quotations.collected committee.award award.approve order {paid}"
    tendered = (
        f"need.approve budget.bound tender.opened committee.award award.approve award.approve order {paid}"
    )
    signed = "audit.confirm signatures.approve signatures.approve signatures.approve entered.posted"
    alone = "audit.confirm signatures.approve entered.posted"
    built = "engineer.confirm audit.confirm control.confirm signatures.approve signatures.approve certificate"
    asked = "register.refer study.given study.not_ours draft.bounce register.refer_customer"
    answered = "draft.ask_legal legal_opinion.given draft.draft initials.initial signature.sign letter"
    stated = "search.found audit.back correction.not_found audit.approve signature.approve letter"
    changed = "owner.approve study.recommend committee.accept carry_out.applied measuring judge.reached"
    return [
        Walk("it-support", "fahad", ticket, unsolved, "solved"),
        Walk("budget-transfer", "fahad", {**move, "amount": "900000"}, alone, "posted"),
        Walk("budget-transfer", "fahad", {**move, "amount": "12000000"}, signed, "posted"),
        Walk("purchase-request", "fahad", {**NEED, "estimate": "60000"}, bought, "paid"),
        Walk("purchase-request", "fahad", {**NEED, "estimate": "1500000"}, tendered, "paid"),
        Walk("process-change", "fahad", BETTER, changed, "reached"),
        Walk("payment-certificate", "owner", SUMS, f"{built} payment_order.paid", "paid"),
        Walk("letter", "salem", LETTER, f"{asked} {answered}", "answered"),
        Walk("statement-request", "salem", STATEMENT, stated, "issued"),
    ]  # fmt: skip


def filed(walk: Walk) -> Case:
    """The application, as its pages would have sent it."""
    if walk.who == "owner":
        today = clock.today()
        days = {"period_from": (today - timedelta(days=40)).isoformat(), "period_to": today.isoformat()}
        return cast.submit(cast.owner(), walk.slug, **walk.answers, **days)
    if walk.who == "salem":
        return cast.submit(cast.actor("salem", kind="self"), walk.slug, **walk.answers)
    by = cast.actor(walk.who)
    service = staff_service(walk.slug, clock.today())
    assert service is not None
    draft = begin_own(service=service, by=by)
    context = form_context(service, applicant=snapshot_of_draft(draft))
    answers = {**walk.answers, "needed_by": (clock.today() + timedelta(days=60)).isoformat()}
    known = {field.key for field in service.form.fields()}
    read = read_json(service.form, {key: value for key, value in answers.items() if key in known}, context)
    assert not read.problems, read.problems
    save_draft(draft_id=draft.pk, values=clean(service.form, read.values, context), typed={}, page="", by=by)
    return Case.objects.get(pk=submit_draft(draft_id=draft.pk, by=by).case_id)


def at_post(post: Position) -> Actor:
    """Whoever sits at the post."""
    holding = Holding.objects.select_related("account").get(position=post, valid_to__isnull=True)
    return actor_for(holding.account, f"position:{post.pk}", session=session_digest("a session"))


def holders(task: OpenTask) -> list[Actor]:
    """The people for whom a task waits."""
    if task.assignee is not None:
        return [at_post(task.assignee)]
    posts = Position.objects.filter(unit_id=task.unit_id or 0, roles__code=task.role).order_by("level", "id")
    return [at_post(post) for post in posts]


def acted(case: Case, step: str, outcome: str) -> Case:
    """Somebody who may does it at the first task open there, with a note and a reason where one is asked for."""
    task = OpenTask.objects.filter(case=case, step=step).order_by("id")[0]
    service = service_of(case.version_id)
    exit_ = service.flow.steps[step].exits[outcome]
    reasons = sorted(service.reasons_for(exit_))[:1] if exit_.reason == "required" else []
    for who in holders(task):
        if exit_.step_up:
            cast.step_up(who)
        try:
            return take_step(
                case_id=case.pk, task_id=task.pk, revision=Case.objects.get(pk=case.pk).revision, outcome=outcome,
                by=who, note=f"{step}: تم.", reasons=reasons,
            )  # fmt: skip
        except SamePerson:
            continue
    raise AssertionError(f"nobody may act at {step}")


def voted(case: Case, step: str, choice: str) -> Case:
    """The whole committee votes for it and its chair closes the vote."""
    task = cast.waiting(case, step)
    chair, *members = holders(task)
    for member in (chair, *members):
        cast_vote(case_id=case.pk, task_id=task.pk, choice=choice, by=member)
    revision = Case.objects.values_list("revision", flat=True).get(pk=case.pk)
    return conclude_vote(
        case_id=case.pk,
        task_id=task.pk,
        revision=revision,
        by=chair,
        text="نظرت اللجنة في الملف وقررت بالإجماع.",
    )


def sealed(case: Case, step: str) -> Case:
    """The worker numbers the document and the signer seals it."""
    task = cast.waiting(case, step)
    document = number_document(case_id=case.pk, token=task.token)
    assert document is not None
    complete_document(case_id=case.pk, token=task.token, document_id=document)
    return Case.objects.get(pk=case.pk)


def carried(walk: Walk) -> Case:
    """The case, filed and walked through all the steps."""
    case = filed(walk)
    for each in walk.steps.split():
        case = cast.run_machine(case)
        step, _, outcome = each.partition(".")
        kind = service_of(case.version_id).flow.steps[step].kind
        if kind == "choice":
            choose(case_id=case.pk, outcome=outcome, by=cast.actor(walk.who))
        elif kind == "document":
            case = sealed(case, step)
        elif kind == "wait":
            task = cast.waiting(case, step)
            assert task.due_at is not None
            with clock.frozen(task.due_at + timedelta(seconds=1)):
                assert act_on_lateness(case_id=case.pk, task_id=task.pk)
        else:
            case = voted(case, step, outcome) if kind == "vote" else acted(case, step, outcome)
    return Case.objects.get(pk=case.pk)


@pytest.mark.parametrize("walk", walks(), ids=lambda walk: f"{walk.slug}-{walk.steps.count(' ')}")
def test_a_procedure_is_walked_to_its_end_by_people_who_may(walk: Walk) -> None:
    case = carried(walk)
    assert (case.stage, OpenTask.objects.filter(case=case).exists()) == (walk.end, False)
    rows = History.objects.filter(case=case).order_by("id")
    deciders = rows.filter(act__in=["acted", "signed", "ruled", "voted"], position_id__isnull=False)
    assert not deciders.filter(account_id=rows[0].account_id).exists()
    document = IssuedDocument.objects.filter(case_id=case.pk).first()
    printed = {} if document is None else {
        row["label"]["ar"]: str(row["value"]) for part in document.data["sections"] for row in part["rows"]
    }  # fmt: skip
    if walk.slug == "letter":
        assert "draft: تم." in printed["نص الرد"], "what was signed is what was drafted last"
    if walk.slug == "statement-request":
        assert STATEMENT["claim"] in printed["غير ثابت في السجل"] and "ثابت في السجل" not in printed
    if walk.slug == "payment-certificate":
        assert "1,091,000.00" in printed["الصافي"]


def test_sums_that_do_not_add_up_go_back_before_anybody_reads_them() -> None:
    for wrong in ({"net": "1091000.01"}, {"vat": "155999.99"}, {"current": "1300001"}):
        case = cast.run_machine(filed(Walk("payment-certificate", "owner", {**SUMS, **wrong}, "", "")))
        assert case.stage == "correction"
