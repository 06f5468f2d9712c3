"""Cases by words, the newest first, among those that somebody may see.

A frequent word has its thirty newest cases among the last numbers, a rare one few in all. So the newest range of
numbers is asked first, then the one before it, then a wider one, and only then everything: the index meets the words
with the range before any row is read.
"""

from collections.abc import Iterator
from typing import Final

from django.db import connection
from django.db.models import Max

from diwan.cases import visibility, words
from diwan.cases.models import Case, CaseWords
from diwan.people.actor import Actor

_MORE: Final = 4
"""How many times as many are taken as are wanted, since not all of them may be seen."""
_FIND: Final = """
SELECT case_id FROM case_words WHERE words @@ %s::tsquery ORDER BY case_id DESC LIMIT %s
"""
# Over everything the words are few, or the ranges would have had enough of them. The planner cannot know: for a word
# that is in none it expects one case in two hundred, and walks through all by their numbers. The sum prevents that.
_FIND_ANYWHERE: Final = """
SELECT case_id FROM case_words WHERE words @@ %s::tsquery ORDER BY case_id + 0 DESC LIMIT %s
"""
# What an outside body was asked about is a list of its own, and no mark in the words.
_FIND_ASKED: Final = """
SELECT case_id FROM case_words WHERE words @@ %s::tsquery AND case_id IN (
    SELECT case_id FROM open_task WHERE entity_id = %s UNION SELECT case_id FROM done_task WHERE entity_id = %s)
ORDER BY case_id DESC LIMIT %s
"""


def find_cases(text: str, actor: Actor, *, limit: int = 30) -> list[Case]:
    """The newest visible cases that hold every word of `text` (its stem, or as spelled when in quotes)."""
    asked = words.question(text)
    marks = _marks(actor)
    if not asked or marks is None:
        return []
    asked = f"({asked})" + (f" & ({marks})" if marks else "")
    found: set[int] = set()
    for part in _ranges():
        find = _FIND if part else _FIND_ANYWHERE
        found |= _visible(_ids(f"{asked}{part}", limit * _MORE, actor, find), actor)
        if len(found) >= limit:
            break
    newest = sorted(found, reverse=True)[:limit]
    return list(Case.objects.filter(pk__in=newest).order_by("-pk"))


def _ranges() -> Iterator[str]:
    top = CaseWords.objects.aggregate(top=Max("case_id"))["top"]
    if top is None:
        return
    yield f" & {words.near(top)}"
    yield f" & {words.near(max(0, top - (1 << words.FINE)))}"
    yield f" & {words.wide(top)}"
    yield ""


def _ids(asked: str, most: int, actor: Actor, find: str) -> list[int]:
    with connection.cursor() as cursor:
        if actor.entity_id is None:
            cursor.execute(find, [asked, most])
        else:
            cursor.execute(_FIND_ASKED, [asked, actor.entity_id, actor.entity_id, most])
        return [case_id for (case_id,) in cursor.fetchall()]


def _visible(ids: list[int], actor: Actor) -> set[int]:
    """The rule of who may see what, asked again of what was found: the marks only narrow."""
    return set(visibility.visible_to(actor).filter(pk__in=ids).values_list("pk", flat=True)) if ids else set()


def _marks(actor: Actor) -> str | None:
    """Marks of whose cases the actor can see at all; "" for those of everybody, None for nobody's."""
    if actor.is_system or actor.can(visibility.READ_ALL):
        return ""
    if actor.is_staff:
        return _marks_of_staff(actor)
    if actor.entity_id is not None:
        return ""
    if actor.account_id is None:
        return None
    if actor.establishment_id is not None:
        return words.belonging({"e": [actor.establishment_id]})
    return words.belonging({"a": [actor.account_id]})


def _marks_of_staff(actor: Actor) -> str | None:
    if actor.can(visibility.READ_MUNICIPALITY) and actor.municipality_ids is None:
        return ""
    owners = {"p": sorted(actor.position_ids)}
    if actor.can(visibility.READ_MUNICIPALITY):
        owners["m"] = sorted(actor.municipality_ids or ())
    elif actor.unit_id is not None:
        owners["u"] = [actor.unit_id]
    return words.belonging(owners) or None
