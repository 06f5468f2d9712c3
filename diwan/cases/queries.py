"""Reads of cases: status, the applicant's page, the desk's page, queues. Each with a known number of statements."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.db.models import Count, Q, QuerySet

from diwan.cases import secrets, visibility
from diwan.cases.beside import Beside, beside
from diwan.cases.documents import against_entry
from diwan.cases.errors import CaseNotFound
from diwan.cases.facts import rule_facts
from diwan.cases.finding import find_cases
from diwan.cases.models import (
    Case,
    CheckResult,
    DoneTask,
    Draft,
    FieldRemark,
    History,
    NoteDraft,
    OpenTask,
)
from diwan.cases.reading import AboutCase
from diwan.cases.replaced import replaced_papers
from diwan.cases.routing import next_signer
from diwan.cases.services import service_of
from diwan.cases.standing import open_by_step, open_cases, open_drafts
from diwan.cases.tasks import item_of, last_role
from diwan.cases.undo import PERIOD as UNDO_PERIOD
from diwan.cases.undo import is_open as undo_is_open
from diwan.cases.visibility import newest, visible_to
from diwan.catalogue.compiled import CompiledService
from diwan.kit import clock, numbers
from diwan.people.actor import Actor
from diwan.people.models import Holding, Position
from diwan.people.queries import valid_on

OF_STAFF: Final = (OpenTask.Kind.TASK, OpenTask.Kind.VISIT, OpenTask.Kind.VOTE, OpenTask.Kind.CHAIN)
"""Kinds of tasks that wait for a post of ours."""
COUNT_LIMIT: Final = 1000

__all__ = [
    "UNDO_PERIOD",
    "Beside",
    "against_entry",
    "beside",
    "find_cases",
    "newest",
    "open_by_step",
    "open_cases",
    "open_drafts",
    "replaced_papers",
    "undo_is_open",
    "visible_to",
]


@dataclass(frozen=True, slots=True)
class CasePage:
    """All that a page about one case shows."""

    case: Case
    service: CompiledService
    tasks: Sequence[OpenTask]
    done: Sequence[DoneTask]
    history: Sequence[History]
    checks: Sequence[CheckResult]
    remarks: Sequence[FieldRemark]


def case_for(case_id: int, actor: Actor) -> Case:
    """The case, if the actor may see it. CaseNotFound otherwise: the same answer as for a number that never existed."""
    case = Case.objects.filter(pk=case_id).first()
    if case is None or not visibility.can_see(actor, case):
        raise CaseNotFound
    return case


def case_page(case_id: int, actor: Actor) -> CasePage:
    """Everything of one case for a page: three statements, a fourth for who sees it only by an earlier task."""
    case = (
        Case.objects.select_related("municipality", "district", "unit", "establishment")
        .filter(pk=case_id)
        .first()
    )
    if case is None:
        raise CaseNotFound
    tasks = list(
        OpenTask.objects.select_related("unit", "entity", "assignee").filter(case_id=case_id).order_by("id")
    )
    if not visibility.can_see(actor, case, tasks):
        raise CaseNotFound
    about = AboutCase(case_id)
    return CasePage(
        case=case,
        service=service_of(case.version_id),
        tasks=tasks,
        done=about.done,
        history=about.history,
        checks=about.checks,
        remarks=about.remarks,
    )


def tracked(case_id: int, secret: str) -> CasePage:
    """The public view of a case by number and secret, no account needed. CaseNotFound for a wrong pair of either."""
    case = Case.objects.select_related("municipality", "unit").filter(pk=case_id).first()
    generation = case.secret_generation if case is not None else 0
    if not secrets.matches(secret, case_id, generation) or case is None:
        raise CaseNotFound
    return CasePage(
        case=case,
        service=service_of(case.version_id),
        tasks=(),
        done=(),
        history=list(History.objects.filter(case_id=case_id, public=True).order_by("-id")),
        checks=(),
        remarks=(),
    )


@dataclass(frozen=True, slots=True)
class Queue:
    """A queue as asked for: whose, and narrowed by what. Empty means no narrowing."""

    mine: bool = False
    late: bool = False
    today: bool = False
    returned: bool = False
    unassigned: bool = False
    service: str = ""
    step: str = ""
    assignee_id: int | None = None


def queue_tasks(actor: Actor, queue: Queue = Queue()) -> QuerySet[OpenTask]:
    """Open tasks that the actor's post can do, by the queue; ordered by due moment, then number."""
    rows = OpenTask.objects.filter(kind__in=OF_STAFF)
    if actor.entity_id is not None:
        rows = OpenTask.objects.filter(entity_id=actor.entity_id)
    elif queue.mine:
        rows = rows.filter(assignee_id__in=actor.position_ids)
    elif actor.can("cases.assign"):
        rows = rows.filter(unit_id=actor.unit_id or 0)
    else:
        rows = rows.filter(unit_id=actor.unit_id or 0, role__in=actor.roles)
    return _narrowed(rows, queue).order_by("due_at", "id")


def _narrowed(rows: QuerySet[OpenTask], queue: Queue) -> QuerySet[OpenTask]:
    now = clock.now()
    end_of_day = clock.start_of_day(clock.today() + timedelta(days=1))
    if queue.late:
        rows = rows.filter(due_at__lt=now)
    if queue.today:
        rows = rows.filter(due_at__gte=now, due_at__lt=end_of_day)
    if queue.returned:
        rows = rows.filter(returned=True)
    if queue.unassigned:
        rows = rows.filter(assignee__isnull=True)
    if queue.service:
        rows = rows.filter(service=queue.service)
    if queue.step:
        rows = rows.filter(step=queue.step)
    if queue.assignee_id is not None:
        rows = rows.filter(assignee_id=queue.assignee_id)
    return rows


def capped_count(rows: QuerySet[Any]) -> int:
    """Exact up to 1,000; 1,001 means more (domain decision 8)."""
    found: int = rows.order_by()[: COUNT_LIMIT + 1].values("pk").aggregate(found=Count("pk"))["found"]
    return found


@dataclass(frozen=True, slots=True)
class Counts:
    """Numbers above a queue; 1,001 reads "more than 1,000"."""

    all: int
    late: int
    today: int
    returned: int
    unassigned: int


def queue_counts(actor: Actor, queue: Queue = Queue()) -> Counts:
    """The counts of a queue in one statement over at most 1,001 of its rows each way.

    While the queue has at most 1,000 rows every number is exact; beyond, the numbers are those of its first 1,001.
    """
    now = clock.now()
    end_of_day = clock.start_of_day(clock.today() + timedelta(days=1))
    found = queue_tasks(actor, queue)[: COUNT_LIMIT + 1].values("pk", "due_at", "returned", "assignee_id")
    counted = found.aggregate(
        all=Count("pk"),
        late=Count("pk", filter=Q(due_at__lt=now)),
        today=Count("pk", filter=Q(due_at__gte=now, due_at__lt=end_of_day)),
        returned=Count("pk", filter=Q(returned=True)),
        unassigned=Count("pk", filter=Q(assignee__isnull=True)),
    )
    return Counts(**counted)


@dataclass(frozen=True, slots=True)
class QueueRow:
    """One line of a queue: the task with its case."""

    task: OpenTask
    case: Case

    @property
    def number(self) -> str:
        """The case number as shown, 3-4-4."""
        return numbers.show_case_number(self.case.pk)


def queue_page(
    actor: Actor, queue: Queue = Queue(), *, after: tuple[datetime | None, int] | None = None, limit: int = 50
) -> list[QueueRow]:
    """A page of a queue, by keyset on (due moment, id); two statements. Tasks without a deadline come last."""
    rows = queue_tasks(actor, queue).select_related("assignee")
    if after is not None:
        due, last = after
        if due is None:
            rows = rows.filter(due_at__isnull=True, id__gt=last)
        else:
            rows = rows.filter(Q(due_at__gt=due) | Q(due_at=due, id__gt=last) | Q(due_at__isnull=True))
    tasks = list(rows[:limit])
    cases = Case.objects.in_bulk([task.case_id for task in tasks])
    return [QueueRow(task, cases[task.case_id]) for task in tasks]


def note_draft(case_id: int, actor: Actor) -> NoteDraft | None:
    """What the employee was typing on the case, if anything."""
    return NoteDraft.objects.filter(case_id=case_id, account_id=actor.account_id or 0).first()


def drafts_of(actor: Actor) -> QuerySet[Draft]:
    """The actor's open drafts, newest first."""
    rows = Draft.objects.filter(case_id__isnull=True, expires_at__gt=clock.now()).order_by("-saved_at")
    if actor.is_staff:
        return rows.filter(clerk_id__in=actor.position_ids)
    if actor.establishment_id is not None:
        return rows.filter(establishment_id=actor.establishment_id)
    return rows.filter(account_id=actor.account_id or 0, clerk__isnull=True)


def completion_under_way(case_id: int, actor: Actor) -> Draft | None:
    """The unfinished draft in which the actor's side completes a returned case, if there is one."""
    rows = Draft.objects.filter(amends=case_id, part="", case_id__isnull=True, expires_at__gt=clock.now())
    whose = Q(clerk_id=actor.position_id) if actor.is_staff else Q(clerk__isnull=True)
    return rows.filter(whose, client_id=actor.client_id).order_by("-saved_at").first()


def drafts_of_client(
    actor: Actor, *, limit: int, after: tuple[datetime, str] | None = None, **wanted: str
) -> list[Draft]:
    """The newest unfinished drafts of a partner's system for the services of its token, by keyset on (began, id).

    `wanted` narrows by `service` (its short name) and `licence` (its number).
    """
    rows = Draft.objects.filter(
        client_id=actor.client_id or 0, case_id__isnull=True, expires_at__gt=clock.now(),
        version__service__slug__in=sorted(actor.services),
    )  # fmt: skip
    columns = {"service": "version__service__slug", "licence": "renews"}
    rows = rows.filter(**{columns[name]: value for name, value in wanted.items() if value})
    if after is not None:
        began, last = after
        rows = rows.filter(Q(created_at__lt=began) | Q(created_at=began, pk__lt=last))
    return list(rows.order_by("-created_at", "-pk")[:limit])


def opened_by_client(
    actor: Actor, *, limit: int, below: int | None = None, state: str = "", service: str = ""
) -> list[Case]:
    """The newest cases that a partner's system opened and its token reaches, by number descending; one index range."""
    rows = visibility.visible_to(actor) if actor.client_id is not None else Case.objects.none()
    wanted = {"pk__lt": below, "state": state or None, "service": service or None}
    rows = rows.filter(**{name: value for name, value in wanted.items() if value is not None})
    return list(rows.order_by("-pk")[:limit])


def public_history(case_id: int, *, limit: int, below: int | None = None) -> list[History]:
    """The newest acts of a case that its applicant is shown. The caller has asked whether the case may be seen."""
    rows = History.objects.filter(case_id=case_id, public=True)
    if below is not None:
        rows = rows.filter(pk__lt=below)
    return list(rows.order_by("-pk")[:limit])


def status_of(case: Case, service: CompiledService, language: str) -> Mapping[str, Any]:
    """What the public is told: number, state, words, who has it, when it is expected. No personal data."""
    return {
        "number": numbers.case_number(case.pk),
        "service": service.name(language),
        "state": case.state,
        "stage": service.public(case.stage, language),
        "holder": case.holder,
        "expected": case.due_at.isoformat() if case.due_at else None,
        "updated": (case.closed_at or case.opened_at).isoformat(),
    }


def tasks_of_person(account_id: int) -> QuerySet[OpenTask]:
    """Open tasks assigned to the posts that the person holds today: what somebody must take over before she goes."""
    held = valid_on(Holding.objects.filter(account_id=account_id), clock.today()).values("position_id")
    return OpenTask.objects.filter(assignee_id__in=held, kind__in=OF_STAFF)


def takers_of_person(account_id: int) -> list[Position]:
    """Posts that may take all of the person's tasks over: same unit, every role they need, held by somebody active."""
    wanted = set(tasks_of_person(account_id).values_list("unit_id", "role"))
    if len({unit for unit, _ in wanted}) != 1:
        return []
    held = valid_on(Holding.objects.filter(account__is_active=True), clock.today())
    rows = Position.objects.filter(
        unit_id=next(iter(wanted))[0], holdings__in=held.exclude(account_id=account_id)
    ).exclude(holdings__in=held.filter(account_id=account_id))
    for _, role in wanted:
        rows = rows.filter(roles__code=role)
    return list(rows.distinct().order_by("level", "code"))


def signs_next(page: CasePage, task: OpenTask, actor: Actor) -> Position | None:
    """The post that signs a chain after the actor's; None when the actor's signature ends it. Raises NobodyInCharge."""
    step = page.service.flow.steps[task.step]
    last = last_role(page.service, step, rule_facts(page.service, page.case, item=item_of(task.data)))
    if last in actor.roles or actor.position_id is None:
        return None
    return Position.objects.get(pk=next_signer(actor.position_id, up_to=last).position_id)
