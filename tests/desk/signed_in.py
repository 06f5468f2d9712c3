"""A session as signing in with password and authenticator leaves it."""

from typing import Any

from django.conf import settings
from django.test import Client

from diwan.people.models import Account
from diwan.people.queries import session_digest
from diwan.web.signin import session as kept


def session_of(client: Client, account: Account, *, kind: str = "") -> str:
    """Sign the person in without the pages of signing in; the digest that names the session elsewhere."""
    client.force_login(account, backend=kept.BACKEND)
    factor = kept.TOTP if account.kind != Account.Kind.RESIDENT else kept.CODE
    found = kept.allowed(account, factor)
    capacity = next((held.code for held in found if held.code.startswith(kind)), "")
    session: Any = client.session
    session.update(
        {
            "capacity": capacity,
            "factor": factor,
            "many": len(found) > 1,
            "staff": factor == kept.TOTP,
            "seen": kept.now_seconds(),
            "locked": False,
        }
    )
    session.save()
    client.cookies[settings.SESSION_COOKIE_NAME] = session.session_key
    return session_digest(session.session_key)
