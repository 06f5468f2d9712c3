"""Pages of lists by keyset: an opaque, signed cursor in the body and in the Link header; there are no offsets."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from django.core import signing
from pydantic import Field

from diwan.kit.errors import N_
from diwan.rest.calls import Call
from diwan.rest.refusals import Refused
from diwan.rest.shapes import Given

MOST = 100
_SIGNER = signing.Signer(salt="diwan.rest.cursor")
"""Without a time: the same page has the same cursor, and so the same ETag."""


class Paging(Given):
    """Query of a list. Lists with filters of their own add them."""

    limit: int = Field(default=25, ge=1, le=MOST, description="Rows of a page")
    cursor: str | None = Field(
        default=None,
        max_length=400,
        description="`next` of the page before; with the same filters",
        examples=[None],
    )


def place_after(call: Call) -> Any:
    """The key after which the page starts, as `following` was given it; None for the first page.

    A cursor belongs to the list, to its filters and to the client that it was given to. Raises Refused (400).
    """
    if call.query.cursor is None:
        return None
    try:
        held = _SIGNER.unsign_object(call.query.cursor)
    except (signing.BadSignature, ValueError) as error:
        raise _not_ours() from error
    if held.get("of") != _belongs(call):
        raise _not_ours()
    return held["after"]


def following(call: Call, found: Sequence[Any], last: Any) -> tuple[str | None, dict[str, str]]:
    """`next` and the Link header after a page of rows `found`, of which one more than `limit` was asked for.

    `last` is the key of the last row shown (JSON).
    """
    if len(found) <= call.query.limit:
        return None, {}
    cursor = _SIGNER.sign_object({"of": _belongs(call), "after": last}, compress=True)
    query = urlencode({**_filters(call), "limit": call.query.limit, "cursor": cursor})
    return cursor, {"Link": f'<{call.request.path}?{query}>; rel="next"'}


def _filters(call: Call) -> dict[str, Any]:
    given = call.query.model_dump(mode="json", exclude={"limit", "cursor"}, exclude_none=True)
    return dict(sorted(given.items()))


def _belongs(call: Call) -> str:
    client = "" if call.client is None else call.client.pk
    return f"{client} {call.request.path}?{urlencode(_filters(call))}"


def _not_ours() -> Refused:
    return Refused(400, "cursor", N_("This cursor does not belong to this list. Start with the first page."))
