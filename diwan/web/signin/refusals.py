"""What was refused to somebody who is signed in goes into the audit log: who, in what capacity, on what, and why.

An object that may not be seen and one that never existed leave the same kind of row, as they get the same answer.
"""

from contextvars import ContextVar
from typing import Final

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from diwan.audit.actions import audit_row
from diwan.kit.errors import InvalidValue
from diwan.kit.numbers import parse_case_number
from diwan.people.actor import Actor
from diwan.people.doors import actor_of
from diwan.web.signin.session import signed_in

#: Parameters of addresses that name somebody's object, and what the log calls it.
_OBJECTS: Final = {
    "number": "case",
    "draft_id": "draft",
    "upload_id": "upload",
    "slip_id": "slip",
    "notice": "notice",
    "subscription": "subscription",
}
#: The request whose refusal a view has written down itself, with a reason that only the view knows.
_noted: ContextVar[str] = ContextVar("noted", default="")


def note_refused(actor: Actor, *, object_type: str, object_id: int | str, why: str) -> None:
    """Write one refusal down, with its code; the answer to this request is then not noted again."""
    _noted.set(actor.request_id)
    audit_row(
        by=actor,
        action="cases.case.refused" if object_type == "case" else "access.refused",
        object_type=object_type,
        object_id=str(object_id)[:80],
        municipality_id=None,
        values={"why": why},
    )


def note_answer(request: HttpRequest, response: HttpResponseBase) -> None:
    """Write down a 403, or the 404 of an address that names somebody's object, unless the view has done so."""
    match = request.resolver_match
    if match is None or response.status_code not in (403, 404) or not signed_in(request.session):
        return
    actor = actor_of(request)
    if _noted.get() == actor.request_id:
        return
    kind, value = next(
        ((kind, str(match.kwargs[name])) for name, kind in _OBJECTS.items() if name in match.kwargs), ("", "")
    )
    if response.status_code == 404 and not kind:
        return
    if kind == "case":
        kind, value = _case(value)
    why = f"{response.status_code} {request.method} {match.view_name}"
    note_refused(actor, object_type=kind or "page", object_id=value or request.path, why=why)


def _case(number: str) -> tuple[str, str]:
    """The key of a case number; other numbers (of a licence) stay as they were typed."""
    try:
        return "case", str(parse_case_number(number))
    except InvalidValue:
        return "number", number
