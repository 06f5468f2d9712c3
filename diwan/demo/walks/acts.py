"""What the one in charge does with a task, by the script of the case."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from diwan.cases.actions.assign import AlreadyTaken, claim
from diwan.cases.actions.complete_act import complete_act
from diwan.cases.actions.expire_task import act_on_lateness
from diwan.cases.actions.issue import complete_document, number_document
from diwan.cases.actions.receive_payment import receive_expiry, receive_payment
from diwan.cases.actions.resubmit import resubmit
from diwan.cases.actions.take_step import take_step
from diwan.cases.actions.withdraw import withdraw
from diwan.cases.errors import NotAllowed
from diwan.cases.models import Case, FieldRemark, OpenTask
from diwan.cases.registry import act_of
from diwan.cases.remarks import Remark
from diwan.cases.services import service_of
from diwan.catalogue.compiled import ChecklistItem, CompiledService
from diwan.demo.walks.actors import Actors
from diwan.demo.walks.answers import MENDABLE, mended
from diwan.demo.walks.walk import Walk
from diwan.kit import clock
from diwan.payments.actions.record_notice import Notice, record_notice
from diwan.payments.models import Bill
from diwan.people.actor import system

Kind = OpenTask.Kind
#: Reasons with which officers return and reject, with their words.
_RETURNS = {
    "unit_no": ("RSN-21", "نأمل كتابة رقم الوحدة كما في عقد الإيجار."),
    "floor": ("RSN-21", "نأمل توضيح الدور."),
    "openings": ("RSN-16", "عدد الفتحات في الصورة يختلف عن المدخل."),
    "workers": ("RSN-21", "نأمل مراجعة عدد العاملين."),
    "trade_name_en": ("RSN-22", "الاسم بالإنجليزية لا يطابق السجل التجاري."),
}
_REJECTS = (
    ("RSN-06", "النشاط غير مسموح به في هذا الشارع بحسب مخطط استعمالات الأراضي."),
    ("RSN-11", "الموقع ضمن مسار مشروع توسعة الطريق."),
    ("RSN-07", "مساحة الموقع لا تستوفي حد النشاط بعد المعاينة."),
)
_DONE = ("RSN-55", "RSN-56", "RSN-57", "RSN-58")
_NOTES = ("المستندات مكتملة والموقع مطابق.", "لا ملاحظات.", "روجعت البيانات ومطابقة للسجلات.", "")


def do(walk: Walk, case: Case, task: OpenTask, *, actors: Actors, town: str) -> Case | None:
    """Act on a task at the clock's moment; the case as it stands then, or None where the act does not give it back."""
    if task.kind == Kind.AUTOMATIC:
        return complete_act(case_id=case.pk, token=task.token, result=act_of(task.data["act"])(case, task))
    if task.kind == Kind.DOCUMENT:
        document_id = number_document(case_id=case.pk, token=task.token)
        if document_id is not None:
            complete_document(case_id=case.pk, token=task.token, document_id=document_id)
        return None
    if task.kind == Kind.PAYMENT:
        return _pay_or_not(walk, case, task, actors)
    if task.kind == Kind.APPLICANT:
        return _complete(walk, case, task, actors)
    if task.kind == Kind.OUTSIDE:
        return _answer(walk, case, task, actors)
    return _work(walk, case, task, actors=actors, town=town)


def waits_for_the_end(walk: Walk, task: OpenTask) -> datetime | None:
    """The end of the task's period, when the script lets it pass; else None."""
    fate = walk.script.fate
    passes = (
        (fate == "unpaid" and task.kind == Kind.PAYMENT)
        or (fate == "lapsed" and task.kind == Kind.APPLICANT)
        or (fate == "silence" and task.step == "civil_defence")
    )
    if not passes or task.due_at is None:
        return None
    return task.due_at + timedelta(minutes=20)


def must_go_on(walk: Walk, task: OpenTask) -> bool:
    """Whether a case meant to stand still here has yet to be returned first."""
    return task.step == "review" and walk.script.fate == "returned" and walk.returned == 0


def claim_it(task: OpenTask, *, actors: Actors, town: str, walk: Walk) -> None:
    """An officer has taken the task over but not yet acted."""
    if task.kind not in (Kind.TASK, Kind.VISIT) or task.assignee_id is not None:
        return
    post = actors.for_role(town, task.role, walk.script.number)
    try:
        claim(case_id=task.case_id, task_id=task.pk, by=actors.post(post))
    except (AlreadyTaken, NotAllowed):
        return


def _pay_or_not(walk: Walk, case: Case, task: OpenTask, actors: Actors) -> Case:
    bill = Bill.objects.get(case_id=case.pk, task_token=task.token)
    if walk.script.fate == "withdrawn":
        return _give_up(walk, case, actors)
    if walk.script.fate == "unpaid":
        return receive_expiry(
            case_id=case.pk, token=task.token, bill_number=bill.number, by=system("bill expiry")
        )
    notice = Notice(
        notice_id=f"DEMO-N-{bill.number}", payment_id=f"DEMO-P-{bill.number}", biller=bill.biller,
        bill_number=bill.number, amount=bill.total, paid_at=clock.now(),
    )  # fmt: skip
    record_notice(notice=notice, by=system("payment notice"))
    return receive_payment(
        case_id=case.pk, token=task.token, bill_number=bill.number, by=system("payment notice")
    )


def _give_up(walk: Walk, case: Case, actors: Actors) -> Case:
    return withdraw(case_id=case.pk, by=actors.applicant(walk.script), note="لم أعد بحاجة إلى الرخصة.")


def _complete(walk: Walk, case: Case, task: OpenTask, actors: Actors) -> Case | None:
    """The applicant completes what was asked, gives up, or lets the period pass."""
    if walk.script.fate == "lapsed":
        _climb(task)
        return None
    field = _remarked(case)
    if field is None:
        return _give_up(walk, case, actors)
    resubmit(
        case_id=case.pk,
        values=mended(case.data, field),
        facts={},
        draft_id="-",
        by=actors.applicant(walk.script),
    )
    return None


def _remarked(case: Case) -> str | None:
    """The field that the last return remarked on; None where a register stands in the way instead."""
    fields = FieldRemark.objects.filter(case_id=case.pk, round=case.round).values_list("field", flat=True)
    return next((name for name in fields if name in MENDABLE), None)


def _answer(walk: Walk, case: Case, task: OpenTask, actors: Actors) -> Case | None:
    """The outside body approves, refuses, or stays silent until its period has passed."""
    if walk.script.fate == "silence" and task.step == "civil_defence":
        _climb(task)
        return None
    refuses = walk.script.fate == "refused"
    return take_step(
        case_id=case.pk, task_id=task.pk, revision=case.revision, outcome="refuse" if refuses else "approve",
        by=actors.entity(int(task.entity_id or 0)), reasons=["RSN-51"] if refuses else [],
        note="لم تستوف اشتراطات السلامة." if refuses else "",
    )  # fmt: skip


def _climb(task: OpenTask) -> None:
    """The period has passed: reminders, then what the workflow says of silence or expiry."""
    while OpenTask.objects.filter(pk=task.pk).exists():
        if not act_on_lateness(case_id=task.case_id, task_id=task.pk):
            return


def _work(walk: Walk, case: Case, task: OpenTask, *, actors: Actors, town: str) -> Case:
    """An employee takes the task over and decides."""
    if walk.script.fate == "withdrawn" and task.step == "review":
        return _give_up(walk, case, actors)
    if task.assignee_id is not None:
        by = actors.post(actors.posts_by_id[task.assignee_id])
    else:
        by = actors.post(
            actors.for_role(town, task.role, walk.script.number, not_account=case.filed_by_account)
        )
    decided = _decided(walk, case, task, service_of(case.version_id))
    return take_step(case_id=case.pk, task_id=task.pk, revision=case.revision, by=by, **decided)


def _decided(walk: Walk, case: Case, task: OpenTask, service: CompiledService) -> dict[str, Any]:
    """Outcome, note, reasons, remarks and checklist answers of an employee's act."""
    step, fate = task.step, walk.script.fate
    checklist = service.flow.steps[step].checklist
    if checklist is not None:
        return _visited(walk, step, service.checklist(checklist))
    returns = {"returned": 1, "twice": 2, "lapsed": 1}.get(fate, 0)
    if step == "review" and walk.returned < returns:
        walk.returned += 1
        field = walk.rng.choice(MENDABLE)
        reason, words = _RETURNS[field]
        late = "" if case.round == 1 or field in case.highlights else "ظهرت الملاحظة بعد الاستكمال الأول."
        return {
            "outcome": "return",
            "reasons": [reason],
            "field_remarks": [Remark(field, reason, words, late)],
        }
    if step == "review" and fate == "rejected":
        reason, words = walk.rng.choice(_REJECTS)
        return {"outcome": "reject", "reasons": [reason], "note": words}
    if step == "look":
        done = walk.rng.random() < 0.8
        reasons = [walk.rng.choice(_DONE)] if done else ["RSN-59"]
        return {"outcome": "done" if done else "nothing", "reasons": reasons}
    if step == "manual_check":
        return {
            "outcome": "confirm",
            "reasons": ["RSN-31"],
            "note": "اطلعنا على العقد في موقع إيجار وهو ساري.",
        }
    outcome = {"review": "recommend", "section_review": "recommend"}.get(step, "approve")
    return {"outcome": outcome, "note": walk.rng.choice(_NOTES)}


def _visited(walk: Walk, step: str, items: Sequence[ChecklistItem]) -> dict[str, Any]:
    """What the inspector found: mostly that all is well; after an instant licence at times findings, or a shut door."""
    chance = walk.rng.random() if step in ("visit", "second_visit") else 1.0
    if chance < 0.05:
        return {"outcome": "no_entry", "note": "المحل مغلق وقت الزيارة."}
    met = {item.code: "met" for item in items}
    if chance < 0.14:
        failed = walk.rng.choice([item.code for item in items if item.critical])
        words = "تحرر محضر بالملاحظات وأبلغ المسؤول في المحل."
        return {
            "outcome": "findings",
            "answers": {**met, failed: "not_met"},
            "reasons": ["RSN-16"],
            "note": words,
        }
    if walk.rng.random() < 0.3:
        met[walk.rng.choice([item.code for item in items if not item.critical and item.weight <= 10])] = (
            "not_met"
        )
    return {"outcome": "passed", "answers": met, "note": "زيارة مكتملة."}
