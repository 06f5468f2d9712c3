"""One call of an operation, and what it is answered with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from pydantic import BaseModel

from diwan.kit.errors import N_
from diwan.people.actor import Actor
from diwan.rest.refusals import Refused

IF_MATCH_MISSING: Final = N_("Send If-Match with the ETag that you read.")


@dataclass(frozen=True, slots=True)
class Client:
    """The partner whose token came with a request.

    `pk` of the client, slugs of the `services` that the token covers, ids of its `municipalities` (None: every one),
    and its `scopes`.
    """

    pk: int
    name: str
    services: frozenset[str]
    municipalities: frozenset[int] | None = None
    scopes: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A request that passed the door: who calls, and what was sent, read into the declared shapes.

    `client` is None where no token was needed or given. `query` and `body` are of the declared shape, or None.
    """

    request: HttpRequest
    by: Actor
    client: Client | None = None
    query: Any = None
    body: Any = None

    @property
    def token(self) -> Client:
        """The client of an operation that asks for a token."""
        if self.client is None:
            raise TypeError("the operation is open: it has no client")
        return self.client

    @property
    def if_match(self) -> str:
        """The ETag that the change rests on."""
        return self.request.headers.get("If-Match", "").strip()

    def require_match(self, version: str) -> None:
        """Raise Refused (412, 428) unless the change rests on this version of what is changed; `*` rests on any.

        An ETag of something that can be changed is its version, a dot, and a digest of the whole answer.
        """
        if not self.if_match:
            raise Refused(428, "if_match", IF_MATCH_MISSING)
        given = {tag.strip().strip('"').partition(".")[0] for tag in self.if_match.split(",")}
        if "*" not in given and version not in given:
            raise Refused(412, "changed", N_("This was changed since you read it. Read it again."))


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """The answer of an operation: a shape of ours, or a ready response (a file). `etag` in its quotes."""

    body: BaseModel | HttpResponseBase | None = None
    status: int = 200
    etag: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
