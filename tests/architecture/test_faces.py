"""A package is used through its public face; the rest of it is private."""

import ast
from collections.abc import Iterator

from tests.architecture.tree import parsed, show

FACE = frozenset({"actions", "queries", "registry", "events", "models", "errors"})
# Libraries: all of each is meant to be used from above.
OPEN = frozenset({"kit", "flow", "rules", "bpmn", "ui", "forms", "rest"})
# What else belongs to a face, and why. A new entry is a decision, made here.
MORE = {
    "people": {"actor", "doors"},  # who acts: every action takes one; who may open a view
    # a published service as plain data, and on which answers its price depends
    "catalogue": {
        "compiled",  # a published service as plain data,
        "schema",  # and as it was defined
        "difference",  # what one version has that another has not
        "registers",
        "pricing",  # the fee of an application that is not sent yet
        "remembered",  # what a process keeps until the catalogue changes
        "printing",  # what the document of a service prints
        "surroundings",  # the map and lists of today in which a form is read
        "deadlines",  # how long a deadline of a step is
    },
    "cases": {
        "parties",  # who else stands in a case, e.g. the buyer of a licence
        "checks",  # the Protocol that asks a register
        "context",  # the facts that rules and templates read
        "services",  # the published services as the engine keeps them
        "secrets",  # the comparison of a case's public secret
        "applicants",  # who applies, as the case remembers it: the same snapshot for a draft and for its page
        "guards",  # whether an act may happen: screens ask before they offer it
        "completing",  # what a returned case waits for, and what may change
        "about",  # the licence that an application renews or is about, and why it cannot
        "contests",  # which decisions can be objected to: screens ask before they offer it
        "committee",  # where a vote stands, as its members read it
        "remarks",  # the remarks of a return as a page sends them
        "visibility",  # the one rule of who may see which case
        "wording",  # what acts are called
        "following",  # a case for whoever holds its secret
        "slips",  # the receipt that a reporter or applicant keeps
        "opening",  # an application as `open_cases` takes it
        "places",  # why an application belongs nowhere: the refusals have a status of their own
        "accounting",  # whose days a case has used
        "day_words",  # and that in a sentence
        "explaining",  # why an automatic act came out so, in words
        "calendar_preview",  # what a change of a calendar would move
        "routing",  # which unit gets a task; forgotten when units change
        "version_queries",  # what is open on which version of a service, and what moving it would bring
        "carried_drafts",  # with which version of its form a draft goes on
    },
    "sandbox": {
        "known",  # what the rules of a run read: screens ask which checks apply
        "moves",  # what was done, as a page sends it
        "people",  # the test people to choose from
        "playing",  # where a run stands
        "printed",  # and the document as it would be printed there
        "samples",  # answers in place of typing them
        "setting",  # in which its form is read and shown
    },
    "documents": {
        "contents",  # what is printed, also for receipts and slips that are not issued documents
        "render",  # the printing itself, pure
        "sealing",  # the seal under files that upper packages make
        "verify",  # whether a PDF is ours
        "words",  # what people read about a document
    },
    "outbox": {
        "columns",  # the transaction-id column that readers advance by
        "prepared",  # a statement of a hot path on a connection of the pool
    },
    "health": {
        "calls",  # what an adapter notes of a call to the outside
        "wording",  # the report in words, for the page
    },
    "audit": {"verify"},  # whether the chain holds, for a drill
    "files": {"rules", "serving"},  # what a file may be, and how it goes out
    "registers": {
        "links",  # the secret of a link in a message about an entry
        "story",  # what happened to an entry, in words
        "telling",  # what the document of an entry is called
    },
    "mining": {
        "whatif",  # both sides of a change, simulated
        "words",  # figures in words
        "naming",  # what roles and lanes are called
    },
    "modules.reports": {
        "published",  # what everybody may read of reports
        "types",  # what a type is called
        "words",  # how a report is told, and the place as it is told in public
    },
    "notify": {"transports"},  # the Protocol that integrations fill
    "payments": {"ports"},  # the Protocol that integrations fill
    "webhooks": {"ports"},  # the Protocol that integrations fill
}


def _uses(tree: ast.Module) -> Iterator[tuple[int, str, str]]:
    """(line, package, module below it) of each import of our own."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.ImportFrom | ast.Import):
            continue
        names = []
        if isinstance(node, ast.ImportFrom) and node.module:
            names = (
                [node.module]
                if node.module.count(".") > 1
                else [f"{node.module}.{each.name}" for each in node.names]
            )
        elif isinstance(node, ast.Import):
            names = [each.name for each in node.names]
        for name in names:
            parts = name.split(".")
            if parts[:2] == ["diwan", "modules"]:
                if len(parts) > 3:
                    yield node.lineno, f"modules.{parts[2]}", parts[3]
            elif parts[0] == "diwan" and len(parts) > 2:
                yield node.lineno, parts[1], parts[2]


def _faults(name: str, tree: ast.Module) -> list[str]:
    where = name.split("/")
    own = f"modules.{where[2]}" if where[1] == "modules" and len(where) > 3 else where[1]
    return [
        f"{name}:{line}: {package}.{module} is private to {package}"
        for line, package, module in _uses(tree)
        if package not in OPEN | {own} and module not in FACE | MORE.get(package, set())
    ]


def test_packages_are_used_through_their_faces() -> None:
    faults = [
        fault
        for name, _, tree in parsed("diwan")
        if not name.startswith("diwan/project/")
        for fault in _faults(name, tree)
    ]
    assert not faults, show(faults)


def test_a_planted_intrusion_is_found() -> None:
    for text in (
        "from diwan.people.secrets import digest",
        "import diwan.people.secrets",
        "from diwan.people import secrets",
    ):
        assert _faults("diwan/cases/planted.py", ast.parse(text)), text
        assert not _faults("diwan/people/fine.py", ast.parse(text)), text
    assert not _faults("diwan/cases/fine.py", ast.parse("from diwan.people.actor import Actor"))
    intrusion = ast.parse("from diwan.modules.ratings.links import digest_of")
    assert _faults("diwan/web/planted.py", intrusion)
    assert not _faults("diwan/modules/ratings/fine.py", intrusion)


def test_the_list_of_faces_is_not_longer_than_needed() -> None:
    used = {(package, module) for _, _, tree in parsed("diwan") for _, package, module in _uses(tree)}
    idle = [
        f"{package}.{module}"
        for package, modules in MORE.items()
        for module in modules
        if (package, module) not in used
    ]
    assert not idle
