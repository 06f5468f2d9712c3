"""Texts of refusals in the reader's language, and the small things that every view of this package needs."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext, ngettext

from diwan.kit.errors import DiwanError, Problem, text_of


def say(error: DiwanError | Problem) -> str:
    """The sentence for a person, in the active language."""
    problem = error.problem if isinstance(error, DiwanError) else error
    return text_of(problem, gettext=gettext, ngettext=ngettext)


def by_script(request: HttpRequest) -> bool:
    """Whether a script of ours asks and can read JSON."""
    return request.headers.get("X-Requested-With") == "fetch"


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


def problems(errors: Mapping[str, str]) -> dict[str, Any]:
    """Context of a form with errors by field name: `errors` for the fields, `summary` for the summary on top."""
    summary = [(f"id_{name}" if name else "", text) for name, text in errors.items()]
    return {"errors": dict(errors), "summary": summary}
