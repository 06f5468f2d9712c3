"""Texts of refusals in the reader's language, and what every view needs to answer with them."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext, ngettext

from diwan.kit.errors import DiwanError, Problem, text_of
from diwan.ui.tags.controls import control_id


def say(error: DiwanError | Problem) -> str:
    """The sentence for a person, in the active language."""
    problem = error.problem if isinstance(error, DiwanError) else error
    return text_of(problem, gettext=gettext, ngettext=ngettext)


def by_script(request: HttpRequest) -> bool:
    """Whether a script of ours asks and can read JSON."""
    return request.headers.get("X-Requested-With") == "fetch"


def problems(errors: Mapping[str, str]) -> dict[str, Any]:
    """Context of a form with errors by field name: `errors` for the fields, `summary` for the summary on top."""
    summary = [(control_id(name) if name else "", text) for name, text in errors.items()]
    return {"errors": dict(errors), "summary": summary}
