"""Services as texts: what a version reads like, what is wrong with a text, what can be written where."""

from diwan.catalogue.completion import completion
from diwan.catalogue.drawn import take_diagram
from diwan.catalogue.queries.judging import Judged, judge
from diwan.catalogue.source import MOST_CHARACTERS, CatalogueError, Wrong
from diwan.catalogue.writing import as_yaml
from diwan.catalogue.written import text_of

__all__ = [
    "MOST_CHARACTERS", "CatalogueError", "Judged", "Wrong", "as_yaml", "completion", "judge", "take_diagram", "text_of",
]  # fmt: skip
