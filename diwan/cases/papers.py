"""Who may read, add and discard the papers of a draft and of a case."""

from diwan.cases import visibility
from diwan.cases.actions.drafts import DraftNotFound, own_draft
from diwan.cases.models import Case
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


def _never(_identity: str, _actor: Actor) -> bool:
    return False


register_owner(OwnerKind(name="draft", may_read=_owns_draft, may_add=_owns_draft, may_discard=_owns_draft))
register_owner(OwnerKind(name="case", may_read=_sees_case, may_add=_never))
