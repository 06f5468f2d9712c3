"""Remarks of a return: on which field, for which reason; all at once, and on a second return only on what changed."""

from collections.abc import Sequence
from dataclasses import dataclass

from diwan.cases.loading import Loaded
from diwan.cases.models import FieldRemark
from diwan.kit import clock
from diwan.kit.errors import N_, DiwanError, FieldErrors, Problem
from diwan.people.actor import Actor


class NoRemarks(DiwanError):
    """A return has to say what is to be mended."""

    code = "cases.no_remarks"
    message = N_("Mark at least one answer or document and say what is to be mended.")


@dataclass(frozen=True, slots=True)
class Remark:
    """One remark: field or slot key, reason code of the return list, words, and why it comes late if it does."""

    field: str
    reason: str
    note: str = ""
    late_why: str = ""


def write(loaded: Loaded, given: Sequence[Remark], *, by: Actor) -> None:
    """Store the remarks of this round.

    From the second round on, a remark on an answer that did not change since needs a reason of its own, which the
    section head sees. Raises NoRemarks, FieldErrors.
    """
    if not given:
        raise NoRemarks
    case, service = loaded.case, loaded.service
    allowed = service.reason_codes("return")
    problems: dict[str, list[Problem]] = {}
    for remark in given:
        if not service.has_field(remark.field):
            problems[remark.field] = [
                Problem("cases.unknown_field", N_("This answer is not part of the application."))
            ]
        elif remark.reason not in allowed:
            problems[remark.field] = [
                Problem("cases.unknown_reason_here", N_("Choose a reason from the list."))
            ]
        elif case.round > 1 and remark.field not in case.highlights and not remark.late_why.strip():
            problems[remark.field] = [
                Problem(
                    "cases.late_remark",
                    N_(
                        "This answer has not changed since the last return. Say why it is remarked on only now."
                    ),
                )
            ]
    if problems:
        raise FieldErrors(problems)
    now = clock.now()
    FieldRemark.objects.bulk_create(
        FieldRemark(
            case_id=case.pk,
            round=case.round,
            field=remark.field,
            reason=remark.reason,
            note=remark.note,
            at=now,
            position_id=by.position_id,
            late_why=remark.late_why,
        )
        for remark in given
    )
