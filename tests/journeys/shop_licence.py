"""The shop licence: instant, with approvals, and renewed; and what must not be possible meanwhile."""

from tests.journeys import instant, outsiders, papers, renewal, restaurant
from tests.journeys.city import Cast, City
from tests.journeys.steps import Steps

PARTS = {"instant": instant.walk, "restaurant": restaurant.walk, "renewal": renewal.walk}


def walk(city: City, steps: Steps, *, only: frozenset[str] = frozenset()) -> None:
    """All parts, or only the named ones. Raises Broken."""
    papers.pdf_tools()
    cast = Cast(city)
    for name, part in PARTS.items():
        if not only or name in only:
            part(cast, steps)
    with steps.step("operator", "./run diwan audit verify finds the log sound"):
        words = outsiders.audit_holds(city)
    steps.note(words)
