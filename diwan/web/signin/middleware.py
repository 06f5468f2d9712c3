"""Who acts, for every request; the idle lock; and nothing of a signed-in page kept by the browser."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.functional import SimpleLazyObject

from diwan.kit import tracing
from diwan.web.signin import session as kept
from diwan.web.signin.acting import frame_of, load_actor
from diwan.web.signin.refusals import note_answer
from diwan.web.signin.views.locking import refuse_locked

BACKGROUND = "X-Diwan-Background"


class ActorMiddleware:
    """Sets `request.actor` (lazily: an anonymous one asks the database nothing), `request.request_id` and the frame.

    A locked or idle session of an employee reaches only views marked `open_when_locked`. A request with the header
    `X-Diwan-Background: 1` (polling) does not count as activity.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Put the actor on the request and the headers on the response."""
        here: Any = request
        here.request_id = tracing.request_id() or tracing.fresh_id()
        here.actor = SimpleLazyObject(partial(load_actor, request))
        here.ui_frame = partial(frame_of, request)
        response = self.get_response(request)
        if settings.SESSION_COOKIE_NAME in request.COOKIES:
            note_answer(request, response)
        response["X-Request-Id"] = here.request_id
        if "Cache-Control" not in response and _personal(request):
            response["Cache-Control"] = "no-store"
        return response

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any
    ) -> HttpResponse | None:
        """Stand before the view of a locked session (after the check of the csrf token)."""
        if settings.SESSION_COOKIE_NAME not in request.COOKIES or getattr(view, "open_when_locked", False):
            return None
        if kept.is_locked(request.session):
            return refuse_locked(request)
        if request.headers.get(BACKGROUND) != "1":
            kept.seen(request.session)
        return None


def _personal(request: HttpRequest) -> bool:
    """Whether the response may show something of a person: a session came, or began."""
    return settings.SESSION_COOKIE_NAME in request.COOKIES or bool(request.session.modified)
