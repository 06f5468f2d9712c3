"""The one family of errors that people may read.

An error carries a stable code, an English message id and named parameters. The text that a person sees is made at the
edge by gettext of the message id (Arabic from the locale), so nothing below the edge knows a language.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple

_PLURALS: dict[str, tuple[str, str]] = {}


def N_(msgid: str) -> str:  # noqa: N802 - the name that message extractors know
    """Mark a message id for extraction and return it unchanged."""
    return msgid


def plural_message(singular: str, plural: str, *, count: str) -> str:
    """Declare a message whose form depends on parameter `count`; return its singular message id."""
    _PLURALS[singular] = (plural, count)
    return singular


class Problem(NamedTuple):
    """One thing that is wrong: a stable code, the English message id, and its named parameters."""

    code: str
    message: str
    params: Mapping[str, Any] = {}


def text_of(
    problem: Problem,
    *,
    gettext: Callable[[str], str],
    ngettext: Callable[[str, str, int], str],
) -> str:
    """Return the sentence for a person, in the language of the given gettext functions. A parameter that is a problem
    itself, or a list of them, is told in the same language."""
    if problem.message in _PLURALS:
        plural, count = _PLURALS[problem.message]
        template = ngettext(problem.message, plural, int(problem.params[count]))
    else:
        template = gettext(problem.message)

    def told(value: Any) -> Any:
        if isinstance(value, Problem):
            return text_of(value, gettext=gettext, ngettext=ngettext)
        return "\n".join(map(str, map(told, value))) if isinstance(value, list) else value

    return template.format(**{name: told(value) for name, value in problem.params.items()})


def english(problem: Problem) -> str:
    """The sentence in English, for logs and the command line."""
    return text_of(problem, gettext=_same, ngettext=_english)


class DiwanError(Exception):
    """Base of every refusal. Subclasses set `code` ("area.reason") and `message` (English, `{named}` parameters)."""

    code: str = "diwan.error"
    message: str = N_("Something went wrong.")

    def __init__(self, **params: Any) -> None:
        super().__init__()
        self.params: dict[str, Any] = params

    @property
    def problem(self) -> Problem:
        """The error as one problem."""
        return Problem(self.code, self.message, self.params)

    def __str__(self) -> str:
        return f"{self.code}: {english(self.problem)}"


class InvalidValue(DiwanError):
    """A text that a person typed can't be read as the kind of value asked for; the problem says exactly why."""

    code = "kit.invalid_value"
    message = N_("This value can't be read.")

    def __init__(self, code: str, message: str, **params: Any) -> None:
        super().__init__(**params)
        self.code = code
        self.message = message


class FieldErrors(DiwanError):
    """Problems by field path ("applicant.mobile", "signs[0].width"; "" for the whole form), in order of the form."""

    code = "kit.fields"
    message = N_("Some answers need attention.")

    def __init__(self, errors: Mapping[str, Iterable[Problem | tuple[str, str, Mapping[str, Any]]]]) -> None:
        super().__init__()
        self.errors: dict[str, list[Problem]] = {
            path: [Problem(*found) for found in problems] for path, problems in errors.items()
        }

    def __str__(self) -> str:
        return f"{self.code}: " + ", ".join(
            f"{path or '(form)'} {found.code}" for path, problems in self.errors.items() for found in problems
        )


def _same(msgid: str) -> str:
    return msgid


def _english(singular: str, plural: str, count: int) -> str:
    return singular if count == 1 else plural
