"""Tokens: made once and shown once, found by prefix, compared by keyed digest."""

import json
import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from hashlib import sha256
from time import monotonic
from typing import Final

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest

from diwan.api.models import ApiClient, ApiToken
from diwan.audit.actions import audit_row
from diwan.files.registry import OwnerKind, register_owner
from diwan.kit import clock, tracing
from diwan.kit.errors import N_
from diwan.kit.keyed import keyed_digest, same_digest
from diwan.outbox.prepared import Prepared
from diwan.people.actor import Actor
from diwan.rest.calls import Client
from diwan.rest.declaring import CASES_READ, CASES_WRITE, VERIFY
from diwan.rest.refusals import Refused

_PURPOSE = "api token"
_WRITTEN: Final = re.compile(r"dw_([0-9a-f]{8})_([A-Za-z0-9_-]{16,64})", re.ASCII)
_BY_PREFIX: Final = Prepared(
    name="diwan_token",
    query="""
SELECT t.id::text, t.client_id::text, c.name, to_jsonb(t.services)::text, to_jsonb(t.scopes)::text, t.digest,
    t.expires_at::text, (coalesce(t.last_used_at, '-infinity') < now() - interval '10 minutes')::text,
    CASE WHEN t.municipalities <> '{}'
         THEN to_jsonb(ARRAY(SELECT m.id FROM people_municipality m WHERE m.code = ANY(t.municipalities))) END::text
FROM api_apitoken t JOIN api_apiclient c ON c.id = t.client_id
WHERE t.prefix = %s::text AND t.revoked_at IS NULL
""",
)
DEFAULT_SCOPES: Final = (CASES_READ, CASES_WRITE, VERIFY)
"""What a new token may do unless it is said otherwise."""
_KEPT_SECONDS: Final = 1.0
"""A partner sends hundreds of requests a second: each process asks for a token once in that time, and refuses one that
was revoked no later than after it."""
_MOST_KEPT: Final = 500
_kept: dict[str, tuple[float, "Standing"]] = {}


@dataclass(frozen=True, slots=True)
class Standing:
    """A token that was not revoked: its number and client, the keyed digest of its secret, and its end."""

    token: int
    client: Client
    digest: str
    expires_at: datetime
    unused: bool


def make_token(
    *,
    name: str,
    services: Sequence[str],
    municipalities: Sequence[str] = (),
    scopes: Sequence[str] = DEFAULT_SCOPES,
    days: int = 365,
    by: Actor,
) -> str:
    """Make a token and return its text, `dw_<prefix>_<secret>`: shown this once, kept as a digest.

    A partner of this name that had a token before goes on with what it opened.
    """
    prefix, secret = secrets.token_hex(4), secrets.token_urlsafe(24)
    now = clock.now()
    with transaction.atomic():
        client = ApiClient.objects.filter(name=name).order_by("id").last()
        if client is None:
            client = ApiClient.objects.create(name=name, created_at=now)
        token = ApiToken.objects.create(
            client=client,
            name=name,
            prefix=prefix,
            digest=_digest(secret),
            services=list(services),
            municipalities=list(municipalities),
            scopes=list(scopes),
            created_at=now,
            expires_at=now + timedelta(days=days),
        )
        audit_row(
            by=by,
            action="api.token.made",
            object_type="token",
            object_id=token.pk,
            municipality_id=None,
            values={
                "name": name,
                "services": list(services),
                "municipalities": list(municipalities),
                "scopes": list(scopes),
            },
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
    token, pk, name, services, scopes, digest, ends, unused, municipalities = found
    client = Client(
        pk=int(str(pk)),
        name=str(name),
        services=frozenset(json.loads(str(services))),
        municipalities=None if municipalities is None else frozenset(json.loads(str(municipalities))),
        scopes=frozenset(json.loads(str(scopes))),
    )
    standing = Standing(
        int(str(token)), client, str(digest), datetime.fromisoformat(str(ends)), unused == "true"
    )
    if len(_kept) >= _MOST_KEPT:
        _kept.clear()
    _kept[prefix] = (monotonic() + _KEPT_SECONDS, standing)
    return standing


def client_of(request: HttpRequest) -> tuple[Client, Actor]:
    """The client of the Authorization header and its actor. Raises Refused (401) for anything that does not hold."""
    kind, _, text = request.headers.get("Authorization", "").partition(" ")
    found = client_by(text.strip()) if kind.lower() == "bearer" else None
    if found is None:
        raise Refused(
            401,
            "unauthorised",
            N_("Give a valid token: Authorization: Bearer dw_..."),
            {"WWW-Authenticate": "Bearer"},
        )
    return found


def client_by(text: str) -> tuple[Client, Actor] | None:
    """The client of a token and its actor; None for a text that is no token, or one that does not hold."""
    written = _WRITTEN.fullmatch(text)
    if written is None:
        return None
    found = _standing(written[1])
    held = found is not None and found.expires_at > clock.now()
    if found is None or not held or not same_digest(found.digest, _digest(written[2])):
        return None
    if found.unused:
        _note_use(found, written[1])
    return found.client, _actor(found.client)


def require_scope(client: Client, scope: str) -> None:
    """Raise Refused (403) unless the token may do this."""
    if scope not in client.scopes:
        raise Refused(403, "scope", N_("The token does not have the scope {scope}."), scope=scope)


def _actor(client: Client) -> Actor:
    return Actor(
        account_id=None,
        capacity=f"client:{client.pk}",
        name_ar=client.name,
        name_en=client.name,
        client_id=client.pk,
        services=client.services,
        municipality_ids=client.municipalities,
        request_id=tracing.request_id(),
    )


def _note_use(found: Standing, prefix: str) -> None:
    """Write down that the token is in use: once in ten minutes, not at every request."""
    ApiToken.objects.filter(pk=found.token).update(last_used_at=clock.real_now())
    until, _same = _kept.get(prefix, (0.0, None))
    _kept[prefix] = (until, replace(found, unused=False))


def _digest(secret: str) -> str:
    return keyed_digest(secret=settings.SECRET_KEY, purpose=_PURPOSE, value=secret)


def owner_of(client_pk: int, key: str) -> str:
    """The owner of papers sent ahead of the application with this key."""
    return f"client:{client_pk}/{sha256(key.encode()).hexdigest()[:24]}"


def _is_client(identity: str, actor: Actor) -> bool:
    return actor.client_id is not None and identity.partition("/")[0] == str(actor.client_id)


register_owner(OwnerKind(name="client", may_read=_is_client, may_add=_is_client, may_discard=_is_client))
