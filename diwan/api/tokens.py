"""Tokens: made once and shown once, found by prefix, compared by keyed digest."""

import secrets
from collections.abc import Sequence
from datetime import timedelta

from django.conf import settings
from django.db import connection, transaction
from django.http import HttpRequest

from diwan.api.models import ApiToken
from diwan.api.problems import Refused
from diwan.audit.actions import audit_row
from diwan.files.registry import OwnerKind, register_owner
from diwan.kit import clock
from diwan.kit.keyed import keyed_digest, same_digest
from diwan.people.actor import Actor

_PURPOSE = "api token"
_BY_PREFIX = """
SELECT id, name, prefix, digest, services, municipalities, created_at, expires_at, revoked_at
FROM api_apitoken WHERE prefix = %s
"""


def make_token(
    *, name: str, services: Sequence[str], municipalities: Sequence[str] = (), days: int = 365, by: Actor
) -> str:
    """Make a token and return its text, `dw_<prefix>_<secret>`: shown this once, kept as a digest."""
    prefix, secret = secrets.token_hex(4), secrets.token_urlsafe(24)
    now = clock.now()
    with transaction.atomic():
        token = ApiToken.objects.create(
            name=name,
            prefix=prefix,
            digest=_digest(secret),
            services=list(services),
            municipalities=list(municipalities),
            created_at=now,
            expires_at=now + timedelta(days=days),
        )
        audit_row(
            by=by,
            action="api.token.made",
            object_type="token",
            object_id=token.pk,
            municipality_id=None,
            values={"name": name, "services": list(services)},
        )
    return f"dw_{prefix}_{secret}"


def revoke_token(*, prefix: str, by: Actor) -> bool:
    """End a token at once; False when none with this prefix holds."""
    with transaction.atomic():
        token = ApiToken.objects.select_for_update().filter(prefix=prefix, revoked_at__isnull=True).first()
        if token is None:
            return False
        token.revoked_at = clock.now()
        token.save(update_fields=["revoked_at"])
        audit_row(
            by=by,
            action="api.token.revoked",
            object_type="token",
            object_id=token.pk,
            municipality_id=None,
            values={"name": token.name},
        )
    return True


def _by_prefix(prefix: str) -> ApiToken | None:
    """By one prepared statement, its columns in the order of the model's fields: asked for every request."""
    with connection.cursor() as cursor:
        cursor.execute(_BY_PREFIX, [prefix])
        row = cursor.fetchone()
    return None if row is None else ApiToken(*row)


def client_of(request: HttpRequest) -> tuple[ApiToken, Actor]:
    """The token of the Authorization header and its actor. Raises Refused (401) for anything that does not hold."""
    header = request.headers.get("Authorization", "")
    kind, _, text = header.partition(" ")
    parts = text.strip().split("_", 2)
    if kind.lower() == "bearer" and len(parts) == 3 and parts[0] == "dw":
        token = _by_prefix(parts[1])
        held = token is not None and token.revoked_at is None and token.expires_at > clock.now()
        if token is not None and held and same_digest(token.digest, _digest(parts[2])):
            return token, Actor(
                account_id=None,
                capacity=f"client:{token.pk}",
                name_ar=token.name,
                name_en=token.name,
                request_id=request.headers.get("X-Request-ID", "")[:64],
            )
    raise Refused(401, "unauthorised", "Give a valid token: Authorization: Bearer dw_...")


def _digest(secret: str) -> str:
    return keyed_digest(secret=settings.SECRET_KEY, purpose=_PURPOSE, value=secret)


def _is_client(identity: str, actor: Actor) -> bool:
    return actor.capacity == f"client:{identity.partition('/')[0]}"


register_owner(OwnerKind(name="client", may_read=_is_client, may_add=_is_client, may_discard=_is_client))
