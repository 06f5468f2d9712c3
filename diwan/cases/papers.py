"""Who may read, add and discard the papers of a draft and of a case."""

from diwan.cases import visibility
from diwan.cases.actions.drafts import DraftNotFound, own_draft
from diwan.cases.guards import may_do
from diwan.cases.models import Case, OpenTask
from diwan.files.registry import OwnerKind, register_owner
from diwan.people.actor import Actor


def _owns_draft(draft_id: str, actor: Actor) -> bool:
    try:
        return own_draft(draft_id, actor).case_id is None
    except DraftNotFound:
        return False


def _sees_case(case_id: str, actor: Actor) -> bool:
    case = Case.objects.filter(pk=int(case_id)).first() if case_id.isdigit() else None
    return case is not None and visibility.can_see(actor, case)


def _is_on_site(case_id: str, actor: Actor) -> bool:
    """Papers of a case are settled with its submission; whoever makes its visit adds photos of it."""
    if not case_id.isdigit():
        return False
    visits = OpenTask.objects.filter(case_id=int(case_id), kind=OpenTask.Kind.VISIT)
    return any(may_do(task, by=actor) for task in visits)


register_owner(OwnerKind(name="draft", may_read=_owns_draft, may_add=_owns_draft, may_discard=_owns_draft))
register_owner(OwnerKind(name="case", may_read=_sees_case, may_add=_is_on_site))
