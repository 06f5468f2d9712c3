"""Services as texts: what a version reads like, what is wrong with a text, what can be written where."""

from diwan.catalogue.completion import completion
from diwan.catalogue.queries.judging import Judged, judge
from diwan.catalogue.source import MOST_CHARACTERS, Wrong
from diwan.catalogue.writing import as_yaml
from diwan.catalogue.written import text_of

__all__ = ["MOST_CHARACTERS", "Judged", "Wrong", "as_yaml", "completion", "judge", "text_of"]
