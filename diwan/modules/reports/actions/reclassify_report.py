"""A report of the wrong type or place is mended while it runs: the history keeps what it was, and it is sent anew."""

from collections.abc import Mapping
from typing import Any

from diwan.cases.actions.intervene import intervene
from diwan.cases.models import Case
from diwan.people.actor import Actor


def reclassify_report(
    *, case_id: int, revision: int, changes: Mapping[str, Any], by: Actor, note: str = ""
) -> Case:
    """Mend `type`, `place`, `district`, `landmark`, `pole` or `description`; deadline and team follow.

    Raises CaseNotFound, NotAllowed, Outrun, WrongMoment, FieldErrors, OutsideTheCity.
    """
    return intervene(case_id=case_id, name="reclassify", revision=revision, changes=changes, note=note, by=by)
