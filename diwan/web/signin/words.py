"""Texts of refusals in the reader's language, and the small things that every view of this package needs."""

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.http import url_has_allowed_host_and_scheme

from diwan.ui.saying import by_script, problems, say

__all__ = ["by_script", "first_address", "problems", "safe_next", "say"]


def safe_next(request: HttpRequest, fallback: str = "") -> str:
    """The address to go on to (`next` of form or query) if it is ours; else the fallback."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    if url_has_allowed_host_and_scheme(wanted, {request.get_host()}, request.is_secure()):
        return wanted
    return fallback


def first_address(*names: str) -> str:
    """The address of the first url name that exists, or the root."""
    for name in names:
        try:
            return reverse(name)
        except NoReverseMatch:
            continue
    return "/"
