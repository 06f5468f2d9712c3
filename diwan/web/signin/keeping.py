"""How every request finds its session and its account: by one prepared statement each.

Named by `SESSION_ENGINE` and `AUTHENTICATION_BACKENDS`; otherwise as Django's own.
"""

from typing import Any, Final

from django.contrib.auth.backends import ModelBackend
from django.contrib.sessions.backends import db
from django.utils import timezone

from diwan.outbox.prepared import Prepared, record
from diwan.people.models import Account

_SESSION: Final = Prepared(
    name="diwan_session",
    query="""
SELECT to_jsonb(s)::text FROM django_session s WHERE s.session_key = %s::text AND s.expire_date > %s::timestamptz
""",
)
_ACCOUNT: Final = Prepared(
    name="diwan_account",
    query="SELECT to_jsonb(a)::text FROM people_account a WHERE a.id = %s::bigint AND a.is_active",
)


class SessionStore(db.SessionStore):
    """Sessions in the database."""

    def _get_session_from_db(self) -> Any:
        found = (
            _SESSION.first(str(self.session_key), timezone.now().isoformat()) if self.session_key else None
        )
        if found is None:
            self._session_key = None
            return None
        return record(self.model, str(found[0]))


class AccountBackend(ModelBackend):
    """People of the city and its staff; permissions are those of their posts (people.actor), not Django's."""

    def get_user(self, user_id: int) -> Account | None:
        """The account, unless it was closed."""
        found = _ACCOUNT.first(str(user_id))
        return None if found is None else record(Account, str(found[0]))
