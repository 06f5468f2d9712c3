"""A service whose second version is in force: an open case was moved to it and taken back."""

from __future__ import annotations

import copy

from diwan.cases.actions.move_version import carry_out, move_version
from diwan.cases.actions.undo_move import take_back, undo_move
from diwan.cases.services import forget
from diwan.catalogue.actions import draft_version, publish_version
from diwan.catalogue.queries import current_version
from diwan.kit import clock
from tests import cast

SLUG = "leave-request"


def changed_version(case_id: int) -> int:
    """Publish the second version, move the case to it and back; id of the moving."""
    admin, before = cast.actor("it.sara"), current_version(SLUG, clock.today())
    assert before is not None
    definition = copy.deepcopy(before.definition)
    definition["workflow"]["steps"]["manager"]["deadline"]["amount"] = 2
    draft = draft_version(definition=definition, by=cast.actor("it.omar"))
    publish_version(version_id=draft.pk, valid_from=clock.today(), by=admin)
    forget()
    made = move_version(from_version_id=before.pk, to_version_id=draft.pk, case_ids=[case_id], by=admin)
    carry_out(move_id=made.pk)
    undo_move(move_id=made.pk, by=admin)
    take_back(move_id=made.pk)
    return int(made.pk)
