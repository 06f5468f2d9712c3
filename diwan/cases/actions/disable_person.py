"""Close a person's account; work that is assigned to the person's posts goes to a named post in the same act."""

from collections.abc import Iterable

from django.db import transaction

from diwan.cases.actions.assign import WrongPost
from diwan.cases.loading import lock_case
from diwan.cases.models import OpenTask
from diwan.cases.moving import Entry, save, write_act
from diwan.cases.queries import tasks_of_person
from diwan.kit import clock
from diwan.kit.errors import N_, DiwanError, plural_message
from diwan.people.actions import set_active
from diwan.people.actor import Actor
from diwan.people.errors import NotAllowed
from diwan.people.models import Account, Position
from diwan.people.registry import MANAGE_PEOPLE

SHORTEST_REASON = 5


class TasksOpen(DiwanError):
    """Somebody waits for this person."""

    code = "cases.tasks_open"
    message = plural_message(
        "One open task is assigned to this person. Choose the post that takes it over.",
        "{count} open tasks are assigned to this person. Choose the post that takes them over.",
        count="count",
    )


class DisablingReason(DiwanError):
    """The act needs a reason."""

    code = "cases.disabling_reason"
    message = N_("Write why this account is closed.")


@transaction.atomic
def disable_person(*, account: Account, reason: str, by: Actor, hand_over_to: int | None = None) -> int:
    """Close the account and hand its open tasks over to one post of the same unit and role; returns how many.

    Needs `people.manage`; nobody closes his own. Raises NotAllowed, DisablingReason, TasksOpen, WrongPost.
    """
    if not by.can(MANAGE_PEOPLE) or by.account_id == account.pk:
        raise NotAllowed
    if len(reason.strip()) < SHORTEST_REASON:
        raise DisablingReason
    Account.objects.select_for_update().get(pk=account.pk)
    tasks = list(tasks_of_person(account.pk).order_by("case_id", "id"))
    if tasks:
        if hand_over_to is None:
            raise TasksOpen(count=len(tasks))
        _hand_over(tasks, _post(hand_over_to, account), reason=reason.strip(), by=by)
    set_active(account=account, active=False, by=by, reason=reason.strip())
    return len(tasks)


def _post(position_id: int, account: Account) -> Position:
    post = Position.objects.filter(pk=position_id).prefetch_related("roles").first()
    if post is None or post.holdings.filter(account=account, valid_to__isnull=True).exists():
        raise WrongPost(post=post.title_ar if post else str(position_id))
    return post


def _hand_over(tasks: Iterable[OpenTask], post: Position, *, reason: str, by: Actor) -> None:
    roles = {role.code for role in post.roles.all()}
    for found in tasks:
        if post.unit_id != found.unit_id or found.role not in roles:
            raise WrongPost(post=post.title_en if by.language == "en" else post.title_ar)
        loaded = lock_case(found.case_id)
        task = loaded.task(found.pk)
        if (
            task is None or task.assignee_id != found.assignee_id
        ):  # done or moved while we waited for the lock
            continue
        task.assignee_id = post.pk
        task.save(update_fields=["assignee"])
        entry = Entry(act="assigned", step=task.step, outcome=post.code, note=reason, public=False)
        write_act(loaded, by=by, entry=entry, at=clock.now())
        save(loaded.case)
