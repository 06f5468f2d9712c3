"""Executors of the kinds that the catalogue declares: automatic acts, what an issued document brings about, follow-ups.

A module registers its own at start; a kind that is not declared in `catalogue.registry` is refused.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from diwan.cases.models import Case, CheckResult, OpenTask
from diwan.cases.services import service_of
from diwan.catalogue.compiled import CompiledService
from diwan.catalogue.registry import executes
from diwan.catalogue.schema import Consequence, FollowUp
from diwan.people.actor import Actor


@dataclass(frozen=True, slots=True)
class ActResult:
    """What an automatic act found: the exit to take, facts to remember on the case, why, and rows to keep."""

    outcome: str
    facts: Mapping[str, Any]
    why: Mapping[str, Any]
    findings: tuple[CheckResult, ...] = ()


Act = Callable[[Case, OpenTask], ActResult]
Issued = Callable[[Case, "IssuedFacts"], None]


@dataclass(frozen=True, slots=True)
class IssuedFacts:
    """What is known once a document carries its number."""

    number: str
    document_id: int
    template: str
    municipality_id: int
    valid_from: date
    valid_to: date | None


Followed = Callable[[Case, IssuedFacts, FollowUp], int]
Guard = Callable[[Case, OpenTask, Actor], None]
Quiet = Callable[[Case], bool]
Asking = Callable[[Case], str]

Bringing = Callable[[Case, Consequence, Actor], None]
"""(case, what its service declares, who acted): brings it about in the transaction of the act."""

OpensChild = Callable[[Case, CompiledService, OpenTask], None]

DeskPart = Callable[[Case, Actor], Mapping[str, Any]]
"""(case, who reads) -> what the part's template shows under `part`; empty: nothing to show."""

_acts: dict[str, Act] = {}
_results: dict[str, Issued] = {}
_follow_ups: dict[str, Followed] = {}
_quiet: dict[str, Quiet] = {}
_consequences: dict[str, Bringing] = {}
_own_pages: dict[str, tuple[str, str]] = {}
_guards: dict[str, Guard] = {}
_desk_parts: dict[str, list[tuple[str, DeskPart]]] = {}
_paper_names: dict[str, str] = {}
_afterwards: dict[str, Asking] = {}
_opens_children: list[OpensChild] = []


def act(code: str) -> Callable[[Act], Act]:
    """Register the executor of an automatic act. It may take long and may do I/O: it runs outside any transaction."""

    def register(run: Act) -> Act:
        _once(_acts, code)
        _acts[code] = run
        return run

    return register


def on_issued(template: str) -> Callable[[Issued], Issued]:
    """Register what else comes about when a document is numbered (a register entry), in the same transaction."""

    def register(run: Issued) -> Issued:
        _once(_results, template)
        _results[template] = run
        return run

    return register


def own_pages(service: str, *, start: str, follow: str) -> None:
    """Register names of addresses that a service has in place of the usual ones: where it starts (no arguments), and
    where its cases are followed (number, secret)."""
    _own_pages[service] = (start, follow)


def page_of(service: str) -> str:
    """Name of the address (arguments: number, secret) where a case of the service is followed; empty: the usual one."""
    return _own_pages.get(service, ("", ""))[1]


def start_of(service: str) -> str:
    """Name of the address where an application for the service starts; empty: the usual one."""
    return _own_pages.get(service, ("", ""))[0]


def desk_part(service: str, *, template: str) -> Callable[[DeskPart], DeskPart]:
    """Register what the desk's page of a case of the service shows besides: its template, and what it reads."""

    def register(read: DeskPart) -> DeskPart:
        _desk_parts.setdefault(service, []).append((template, read))
        return read

    return register


def desk_parts(case: Case, actor: Actor) -> list[tuple[str, Mapping[str, Any]]]:
    """Template and contents of each part that a module adds to the desk's page of the case."""
    found = [(template, read(case, actor)) for template, read in _desk_parts.get(case.service, [])]
    return [(template, values) for template, values in found if values]


def paper_name(slot: str, message: str) -> None:
    """Register what papers of a slot that stands in no form are called: a message id."""
    _paper_names[slot] = message


def paper_name_of(slot: str) -> str:
    """The message id of such papers; empty for the slots of forms."""
    return _paper_names.get(slot, "")


def follow_up(kind: str) -> Callable[[Followed], Followed]:
    """Register who opens a duty of this kind with the result, in the same transaction; it gives the case's id."""

    def register(run: Followed) -> Followed:
        _once(_follow_ups, kind)
        _follow_ups[kind] = run
        return run

    return register


def consequence(kind: str) -> Callable[[Bringing], Bringing]:
    """Register who brings a consequence of this kind about, in the transaction in which the case gets there."""

    def register(run: Bringing) -> Bringing:
        _once(_consequences, kind)
        _consequences[kind] = run
        return run

    return register


def opens_children(opens: OpensChild) -> OpensChild:
    """Register who opens the case that a task of kind `child` stands for (opening stands above moving)."""
    _opens_children[:] = [opens]
    return opens


def open_child(case: Case, service: CompiledService, task: OpenTask) -> None:
    """Open the case that the unsaved task stands for, in the transaction of the move."""
    _opens_children[0](case, service, task)


def guard(code: str) -> Callable[[Guard], Guard]:
    """Register the condition that an exit names: it raises a DiwanError when the act may not be taken yet."""

    def register(run: Guard) -> Guard:
        _once(_guards, code)
        _guards[code] = run
        return run

    return register


def guard_of(code: str) -> Guard:
    """The condition of an exit; KeyError for an unknown one (refused at publish)."""
    return _guards[code]


def quiet_case(name: str) -> Callable[[Quiet], Quiet]:
    """Register when a case is quiet though its service is not (a report about a burial): never rated or celebrated."""

    def register(asks: Quiet) -> Quiet:
        _once(_quiet, name)
        _quiet[name] = asks
        return asks

    return register


def is_quiet(case: Case) -> bool:
    """Whether the service of the case is quiet, or the case is by one of the registered rules."""
    return service_of(case.version_id).quiet or any(asks(case) for asks in _quiet.values())


def asks_afterwards(name: str) -> Callable[[Asking], Asking]:
    """Register where the applicant of an ended case is asked about it: the path, empty when there is nothing to ask."""

    def register(path_of: Asking) -> Asking:
        _once(_afterwards, name)
        _afterwards[name] = path_of
        return path_of

    return register


def asked_at(case: Case) -> str:
    """The path at which the applicant is asked how it was, for the page on which the case is followed; or empty."""
    return next((path for path_of in _afterwards.values() if (path := path_of(case))), "")


def act_of(code: str) -> Act:
    """The executor of an automatic act; KeyError for an unknown code (refused at publish)."""
    return _acts[code]


def result_of(template: str) -> Issued | None:
    """What comes about with a document of this template, if anything."""
    return _results.get(template)


def follow_up_of(kind: str) -> Followed:
    """The executor of a kind of follow-up; KeyError for an unknown one (refused at publish)."""
    return _follow_ups[kind]


def consequence_of(kind: str) -> Bringing:
    """The executor of a kind of consequence; KeyError for an unknown one (refused at publish)."""
    return _consequences[kind]


@executes
def registered() -> Mapping[str, frozenset[str]]:
    """Names by group of kinds, for `diwan catalogue check`."""
    return {
        "act": frozenset(_acts),
        "guard": frozenset(_guards),
        "template": frozenset(_results),
        "follow_up": frozenset(_follow_ups),
        "consequence": frozenset(_consequences),
    }


def _once(table: Mapping[str, object], code: str) -> None:
    if code in table:
        raise ValueError(f"{code} is registered twice")
