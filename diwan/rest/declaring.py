"""Operations: declared once, from which follow the route, the checks at the door and the OpenAPI document.

A package that adds operations declares them in a module that it imports from `AppConfig.ready`, with
`@answers(Operation(...))` above the function that answers. Titles and descriptions are English message ids with their
Arabic in the locale: people read both in the document.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any, Final, TypeVar

from pydantic import BaseModel

from diwan.kit.errors import N_, DiwanError

JSON: Final = "application/json"
PDF: Final = "application/pdf"
FORM: Final = "multipart/form-data"
MERGE: Final = "application/merge-patch+json"
_PATH_NAME: Final = re.compile(r"{(\w+)}")
View = TypeVar("View", bound=Callable[..., Any])


class Access(StrEnum):
    """Who may call an operation."""

    OPEN = "open"
    """Everybody; a token that comes along must hold, and has limits of its own."""
    TOKEN = "token"  # noqa: S105  a kind of access
    """A token with the scope of the operation."""
    SECRET = "secret"  # noqa: S105  a kind of access
    """Whoever shows the secret of one case."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter of a path, or a header: name, what it is (English), JSON Schema, example."""

    name: str
    about: str
    schema: Mapping[str, Any]
    example: str
    required: bool = True


@dataclass(frozen=True, slots=True)
class Body:
    """What is sent: media types and the shape of JSON and forms (`files`: names of the parts that are files).

    Without a shape the body is the file itself. `needed` False: a request without a body means the shape's defaults.
    """

    shape: type[BaseModel] | None = None
    kinds: tuple[str, ...] = (JSON,)
    files: tuple[str, ...] = ()
    most: int = 256 * 1024


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer that is no refusal: its shape (None: nothing, or a file of `kind`) and what its headers say."""

    status: int
    about: str
    shape: type[BaseModel] | None = None
    kind: str = JSON
    headers: tuple[str, ...] = ()


def _nobody(*args: Any, **kwargs: Any) -> Any:
    raise TypeError("an operation that nobody answers")


@dataclass(frozen=True, kw_only=True)
class Operation:
    """One method of one path below `/api/v1/`. `view` answers a Call with a Reply (set by `answers`).

    `scope` is what a token needs; `query` the shape of the query; `writes` asks for an Idempotency-Key, whose answer is
    kept unless the action itself `repeats` harmlessly; `conditional` asks for If-Match. `errors` gives the product's
    own refusals their status, and `refuses` further statuses with what they mean (English). `own_door` is for the few
    paths that are measured: their view takes the Django request and does what the door does for all others.
    """

    method: str
    path: str
    key: str
    tag: str
    title: str
    about: str
    access: Access = Access.TOKEN
    scope: str = ""
    parameters: tuple[Parameter, ...] = ()
    headers: tuple[Parameter, ...] = ()
    query: type[BaseModel] | None = None
    body: Body | None = None
    answers: tuple[Answer, ...] = ()
    errors: Mapping[type[DiwanError], int] = field(default_factory=dict)
    refuses: Mapping[int, str] = field(default_factory=dict)
    writes: bool = False
    repeats: bool = False
    conditional: bool = False
    own_door: bool = False
    view: Callable[..., Any] = _nobody

    def __post_init__(self) -> None:
        """Refuse a declaration that does not fit together."""
        named = {parameter.name for parameter in self.parameters}
        if set(_PATH_NAME.findall(self.path)) != named:
            raise ValueError(f"{self.key}: the parameters of {self.path} are not those declared")
        if self.scope and self.scope not in SCOPES:
            raise ValueError(f"{self.key}: nobody declared the scope {self.scope}")
        if self.tag not in TAGS:
            raise ValueError(f"{self.key}: nobody declared the tag {self.tag}")
        if self.access is Access.TOKEN and not self.scope:
            raise ValueError(f"{self.key}: a token needs a scope here")


SCOPES: Final[dict[str, str]] = {}
"""Scope -> what it allows (message id)."""
TAGS: Final[dict[str, tuple[str, str]]] = {}
"""Tag -> name and description (message ids)."""
_operations: Final[dict[tuple[str, str], Operation]] = {}


def declare_scope(name: str, about: str) -> str:
    """Make a scope of tokens known, as `things:verb`."""
    SCOPES[name] = about
    return name


def declare_tag(name: str, title: str, about: str) -> str:
    """Make a group of operations known."""
    TAGS[name] = (title, about)
    return name


def answers(declared: Operation) -> Callable[[View], View]:
    """Decorator: the function answers this operation. A second one for the same method of a path is refused."""

    def registered(view: View) -> View:
        if (declared.path, declared.method) in _operations:
            raise ValueError(f"{declared.method} {declared.path} is declared twice")
        _operations[declared.path, declared.method] = replace(declared, view=view)
        return view

    return registered


def operations() -> Iterator[Operation]:
    """Every operation, in order of declaration."""
    return iter(_operations.values())


def by_path() -> dict[str, dict[str, Operation]]:
    """Path -> method -> operation."""
    found: dict[str, dict[str, Operation]] = {}
    for one in operations():
        found.setdefault(one.path, {})[one.method] = one
    return found


CASES_READ = declare_scope("cases:read", N_("Read the cases, drafts and documents that this client opened"))
CASES_WRITE = declare_scope("cases:write", N_("Fill in drafts, send applications and their papers"))
REPORTS_READ = declare_scope("reports:read", N_("Read the reports to 940 that this client filed"))
REPORTS_WRITE = declare_scope("reports:write", N_("File reports to 940 and answer for their reporters"))
VERIFY = declare_scope("verify", N_("Ask whether documents are real, within limits of its own"))
