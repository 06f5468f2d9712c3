"""Tokens: made once and shown once, found by prefix, compared by keyed digest."""

import json
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from time import monotonic
from typing import Final

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest

from diwan.api.models import ApiToken
from diwan.api.problems import Refused
from diwan.audit.actions import audit_row
from diwan.files.registry import OwnerKind, register_owner
from diwan.kit import clock, tracing
from diwan.kit.keyed import keyed_digest, same_digest
from diwan.outbox.prepared import Prepared
from diwan.people.actor import Actor

_PURPOSE = "api token"
_BY_PREFIX: Final = Prepared(
    name="diwan_token",
    query="""
SELECT id::text, name, to_jsonb(services)::text, digest, expires_at::text FROM api_apitoken
WHERE prefix = %s::text AND revoked_at IS NULL
""",
)
_KEPT_SECONDS: Final = 1.0
"""A partner sends hundreds of requests a second: each process asks for a token once in that time, and refuses one that
was revoked no later than after it."""
_MOST_KEPT: Final = 500
_kept: dict[str, tuple[float, "Standing"]] = {}


@dataclass(frozen=True, slots=True)
class Client:
    """The partner whose token came with a request: `pk` of the token, slugs of the `services` that it covers."""

    pk: int
    name: str
    services: frozenset[str]


@dataclass(frozen=True, slots=True)
class Standing:
    """A token that was not revoked: its client, the keyed digest of its secret, and its end."""

    client: Client
    digest: str
    expires_at: datetime


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
    """End a token; False when none with this prefix holds. Every process refuses it within a second."""
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
    _kept.pop(prefix, None)
    return True


def _standing(prefix: str) -> Standing | None:
    """The token with this prefix, unless it was revoked; as of the last second."""
    until, kept = _kept.get(prefix, (0.0, None))
    if kept is not None and until > monotonic():
        return kept
    found = _BY_PREFIX.first(prefix)
    if found is None:
        _kept.pop(prefix, None)
        return None
    pk, name, services, digest, ends = map(str, found)
    client = Client(int(pk), name, frozenset(json.loads(services)))
    standing = Standing(client, digest, datetime.fromisoformat(ends))
    if len(_kept) >= _MOST_KEPT:
        _kept.clear()
    _kept[prefix] = (monotonic() + _KEPT_SECONDS, standing)
    return standing


def client_of(request: HttpRequest) -> tuple[Client, Actor]:
    """The client of the Authorization header and its actor. Raises Refused (401) for anything that does not hold."""
    header = request.headers.get("Authorization", "")
    kind, _, text = header.partition(" ")
    parts = text.strip().split("_", 2)
    if kind.lower() == "bearer" and len(parts) == 3 and parts[0] == "dw":
        found = _standing(parts[1])
        held = found is not None and found.expires_at > clock.now()
        if found is not None and held and same_digest(found.digest, _digest(parts[2])):
            return found.client, Actor(
                account_id=None,
                capacity=f"client:{found.client.pk}",
                name_ar=found.client.name,
                name_en=found.client.name,
                request_id=tracing.request_id(),
            )
    raise Refused(401, "unauthorised", "Give a valid token: Authorization: Bearer dw_...")


def _digest(secret: str) -> str:
    return keyed_digest(secret=settings.SECRET_KEY, purpose=_PURPOSE, value=secret)


def _is_client(identity: str, actor: Actor) -> bool:
    return actor.capacity == f"client:{identity.partition('/')[0]}"


register_owner(OwnerKind(name="client", may_read=_is_client, may_add=_is_client, may_discard=_is_client))
