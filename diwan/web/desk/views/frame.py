"""What every page of the desk needs: whom it is for, where else the reader can go, and refusals in words."""

from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest

from diwan.cases.errors import NotAllowed
from diwan.cases.queries import UNDO_PERIOD, undo_is_open
from diwan.cases.visibility import READ_ALL, READ_MUNICIPALITY
from diwan.kit import clock
from diwan.kit.errors import DiwanError, InvalidValue
from diwan.kit.numbers import case_number, parse_case_number, show_case_number
from diwan.modules.dossier.registry import MAY_MAKE
from diwan.people.actor import Actor
from diwan.people.doors import actor_of
from diwan.people.registry import (
    ACT,
    ASSIGN,
    FILE,
    READ_AUDIT,
    READ_NUMBERS,
    READ_PAYMENTS,
    SETTLE_PAYMENTS,
)
from diwan.web.desk.outages import outage_views
from diwan.web.signin.refusals import note_refused
from diwan.web.signin.words import say
from diwan.webhooks.registry import MANAGE as MANAGE_PARTNERS

_READING = (ACT, ASSIGN, FILE, READ_MUNICIPALITY, READ_ALL)


def frame(request: HttpRequest) -> dict[str, Any]:
    """What the desk's navigation asks of every page, and the last act while it can be taken back."""
    actor = actor_of(request)
    return {
        "last_act": _last_act(request),
        "outages": outage_views(actor.language),
        "has_queue": actor.can(ACT) or actor.entity_id is not None,
        "is_outside": actor.entity_id is not None,
        "is_head": actor.can(ASSIGN),
        "is_clerk": actor.can(FILE),
        "reads_numbers": actor.can(READ_NUMBERS),
        "reads_payments": actor.can(READ_PAYMENTS) or actor.can(SETTLE_PAYMENTS),
        "reads_audit": actor.can(READ_AUDIT),
        "makes_files": actor.can(MAY_MAKE),
        "manages_partners": actor.can(MANAGE_PARTNERS),
    }


def remember_act(request: HttpRequest, case_id: int) -> None:
    """Offer to take this act back on the pages that follow."""
    request.session["last_act"] = {"case": case_id, "until": (clock.now() + UNDO_PERIOD).isoformat()}


def forget_act(request: HttpRequest, case_id: int) -> None:
    """The act was taken back, or can't be any more."""
    if request.session.get("last_act", {}).get("case") == case_id:
        del request.session["last_act"]


def _last_act(request: HttpRequest) -> dict[str, Any] | None:
    """The act that this session can still take back: nobody has acted on the case since."""
    kept = request.session.get("last_act")
    if not kept or datetime.fromisoformat(kept["until"]) < clock.now():
        return None
    if not undo_is_open(kept["case"], actor_of(request).account_id):
        return None
    return {
        "case": kept["case"],
        "number": show_case_number(kept["case"]),
        "address": case_number(kept["case"]),
        "until": datetime.fromisoformat(kept["until"]),
    }


def case_id_of(number: str) -> int:
    """The case id of a number in an address; 404 for what is none."""
    try:
        return parse_case_number(number)
    except InvalidValue as error:
        raise Http404 from error


def refuse_other_capacities(actor: Actor, case_id: int) -> None:
    """A capacity without any business in cases is told so in words, whether or not the case exists."""
    if actor.entity_id is None and not any(actor.can(code) for code in _READING):
        note_refusal(actor, case_id, NotAllowed())
        raise PermissionDenied(say(NotAllowed()))


def note_refusal(actor: Actor, case_id: int, error: DiwanError) -> None:
    """An audit row about an act or a look that was refused; the refused transaction itself leaves no trace."""
    note_refused(actor, object_type="case", object_id=case_id, why=error.code)
