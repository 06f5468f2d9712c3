"""The Content-Security-Policy of every answer, put together once by django-csp from the settings."""

from collections.abc import Callable

from csp.constants import HEADER
from csp.utils import build_policy
from django.http import HttpRequest
from django.http.response import HttpResponseBase


class PolicyMiddleware:
    """Sets the header unless the answer brings a stricter one of its own (uploads).

    Nothing of ours needs a nonce or a directive for one page only, which is what django-csp's own middleware builds the
    policy anew for each time.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response
        self.policy = build_policy()

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer with the policy."""
        response = self.get_response(request)
        response.headers.setdefault(HEADER, self.policy)
        return response
