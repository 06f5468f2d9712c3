"""What a case is found by."""

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models


class CaseWords(models.Model):
    """The words of a case in their search form, written by the worker after the case; see `cases.words`.

    Beside words and stems the vector holds whose the case is and in which thousands its number lies, so that one index
    answers "of these, the newest".
    """

    case_id = models.BigIntegerField(primary_key=True)
    words = SearchVectorField()

    class Meta:
        db_table = "case_words"
        indexes = [GinIndex(fields=["words"], name="case_words_words", fastupdate=False)]
