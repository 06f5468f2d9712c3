"""A draft goes on with the version of its form that is in force now."""

from django.db import transaction

from diwan.audit.actions import audit_row
from diwan.cases.actions.drafts import own_draft
from diwan.cases.carried_drafts import resumed, version_to_follow
from diwan.cases.models import Draft
from diwan.cases.services import service_of
from diwan.kit import clock
from diwan.people.actor import Actor


@transaction.atomic
def carry_draft(*, draft_id: str, by: Actor) -> Draft:
    """Bring the draft to the version that it follows, with what was typed and a note of what changed; a draft that is
    on it already is given back as it is. Raises DraftNotFound."""
    draft = own_draft(draft_id, by)
    if version_to_follow(draft) == draft.version_id:
        return draft
    draft = own_draft(draft_id, by, lock=True)
    to = version_to_follow(draft)
    if to == draft.version_id:
        return draft
    old, new = service_of(draft.version_id), service_of(to)
    found = resumed(draft, old, new)
    draft.version_id = new.version_id
    draft.data, draft.typed, draft.answers = found.values, found.typed, {}
    draft.carried = found.told
    if found.says_something:
        draft.page = ""
    draft.revision += 1
    draft.saved_at = clock.now()
    draft.save()
    audit_row(
        by=by, action="cases.draft.carried", object_type="draft", object_id=draft.pk, municipality_id=None,
        fields=("version",), values={"from": old.number, "to": new.number},
    )  # fmt: skip
    return draft
