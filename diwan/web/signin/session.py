"""What the session knows: who, by what proof, in what capacity, since when idle, and whether it is locked.

Keys: `capacity` (code), `factor` (`code` or `totp`), `many` (several capacities), `staff` (idle lock applies), `seen`
(real seconds of the last act), `locked`, `nonce` (binds one-time codes), and the half-done steps `pending` and `code`.
"""

import secrets
from datetime import timedelta
from typing import Any, Final

from django.contrib.auth import SESSION_KEY, login
from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest

from diwan.audit.actions import audit_row
from diwan.kit import clock
from diwan.people.actions import note_sign_in, note_sign_out
from diwan.people.actor import ANONYMOUS, Actor
from diwan.people.models import Account
from diwan.people.queries import Capacity, capacities, session_digest

IDLE: Final = timedelta(minutes=15)
#: Activity is written at most this often, so the server locks that much later than the page.
GRAIN: Final = timedelta(minutes=1)
BACKEND: Final = "diwan.web.signin.keeping.AccountBackend"
CODE, TOTP = "code", "totp"


def nonce(session: SessionBase) -> str:
    """A random value of this session, to which one-time codes are bound."""
    if "nonce" not in session:
        session["nonce"] = secrets.token_urlsafe(16)
    return str(session["nonce"])


def allowed(account: Account, factor: str) -> list[Capacity]:
    """The capacities open to a session with this proof: posts and outside bodies need the authenticator."""
    return [held for held in capacities(account) if factor == TOTP or held.kind in ("self", "establishment")]


def open_session(request: HttpRequest, account: Account, *, factor: str) -> str:
    """Sign the person in under a new session key, in the usual capacity; returns the capacity's code or ""."""
    found = allowed(account, factor)
    capacity = found[0].code if found else ""
    for name in ("pending", "code", "registration"):
        request.session.pop(name, None)
    login(request, account, backend=BACKEND)
    request.session.update(
        {
            "capacity": capacity,
            "factor": factor,
            "many": len(found) > 1,
            "staff": factor == TOTP,
            "seen": now_seconds(),
            "locked": False,
        }
    )
    note(request, account, "people.session.opened", capacity=capacity)
    if factor == TOTP:
        note_sign_in(account=account, session=session_digest(request.session.session_key or ""))
    return capacity


def choose(request: HttpRequest, account: Account, code: str) -> bool:
    """Act in another capacity of the person from now on; False when it is not among those allowed."""
    found = allowed(account, str(request.session.get("factor", CODE)))
    if code not in {held.code for held in found}:
        return False
    request.session.update({"capacity": code, "many": len(found) > 1})
    note(request, account, "people.capacity.chosen", capacity=code)
    return True


def note(request: HttpRequest, account: Account | None, action: str, *, capacity: str = "") -> None:
    """An audit row about the session."""
    key = request.session.session_key or ""
    by: Actor = ANONYMOUS
    if account is not None:
        by = Actor(
            account_id=account.pk, capacity=capacity or "self", request_id=getattr(request, "request_id", "")
        )
    audit_row(
        by=by,
        action=action,
        object_type="account",
        object_id=account.pk if account is not None else "",
        municipality_id=None,
        values={"session": session_digest(key)} if key else None,
    )
    if action == "people.session.closed" and key and request.session.get("staff"):
        note_sign_out(session=session_digest(key))


def now_seconds() -> int:
    """Real time in whole seconds."""
    return int(clock.real_now().timestamp())


def signed_in(session: SessionBase) -> bool:
    """Whether somebody is signed in; reads the session's row only when the browser sent its key."""
    return SESSION_KEY in session


def is_locked(session: SessionBase) -> bool:
    """Whether the session waits for its person: locked by the page, or idle for too long."""
    if not session.get("staff"):
        return False
    if session.get("locked"):
        return True
    return now_seconds() - int(session.get("seen", 0)) > (IDLE + GRAIN).total_seconds()


def seen(session: SessionBase) -> None:
    """Note activity, at most once a minute."""
    if session.get("staff") and now_seconds() - int(session.get("seen", 0)) >= GRAIN.total_seconds():
        session["seen"] = now_seconds()


def set_locked(session: SessionBase, locked: bool) -> None:
    """Lock or unlock."""
    session.update({"locked": locked, "seen": now_seconds()})


def half_done(session: SessionBase, name: str, *, minutes: int = 10) -> dict[str, Any] | None:
    """A half-done step kept under `name`, unless it is too old."""
    kept = session.get(name)
    if not isinstance(kept, dict) or now_seconds() - int(kept.get("at", 0)) > minutes * 60:
        return None
    return kept
