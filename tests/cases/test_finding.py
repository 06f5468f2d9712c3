"""One box for words: any spelling, digits of any script, both languages, the newest first, only what may be seen."""

import io

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from diwan.cases import words
from diwan.cases.actions.index_words import index_missing, index_words
from diwan.cases.events import MOVED, OPENED
from diwan.cases.models import Case, CaseWords
from diwan.cases.queries import find_cases
from diwan.catalogue.actions import set_lookup_row
from diwan.catalogue.models import ServiceVersion
from diwan.flow.table import Text
from diwan.jobs.handlers import on_case_written
from diwan.kit import clock
from diwan.kit.numbers import case_number
from diwan.outbox.models import Event
from diwan.outbox.registry import Delivered
from diwan.people.actor import system
from tests import cast

pytestmark = pytest.mark.usefixtures("city", "registers")


def found(text: str, who: str = "fahad") -> list[int]:
    """Ids of what somebody finds."""
    by = cast.owner(who) if who in cast.IDS else cast.actor(who)
    return [case.pk for case in find_cases(text, by)]


@pytest.fixture
def case() -> Case:
    """A restaurant's application that the worker has seen."""
    opened = cast.submit(
        cast.owner("salem"), trade_name_ar="مطعم بحر عبد الله", trade_name_en="Abdullah Sea Grill"
    )
    index_words(case_ids=[opened.pk])
    return opened


@pytest.mark.parametrize(
    "typed",
    [
        "مطعم بحر", "بحر عبدالله", "بحر عبد الله", "والبحر", "abdullah GRILL", "١٠٩٨٧٦٥٤٣٩",
        "1098765439", "رخصه محل", "الرخص", "المطاعم", '"بحر"', "«عبدالله»", "ترخيص دكان", "license بحر",
    ],
)  # fmt: skip
def test_any_spelling_finds_it(case: Case, typed: str) -> None:
    assert case.pk in found(typed), typed


def test_its_number_in_any_script_and_every_word_counts(case: Case) -> None:
    assert found(case_number(case.pk)) == [case.pk]
    assert found(case_number(case.pk).translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩"))) == [case.pk]
    assert case.pk not in found("مطعم بحر زحل")
    assert case.pk not in found('"بحار"')


def test_what_means_the_same_is_data_and_words_in_quotes_mean_themselves(case: Case) -> None:
    assert case.pk not in found('"دكان"')
    assert case.pk not in found("خيمة بحر")
    set_lookup_row(
        lookup="word_synonyms", code="WS-OURS", name=Text("مطعم", "restaurant"), synonyms=("خيمة",),
        data={"synonyms": ["خيمة"]}, valid_from=clock.today(), by=system("tests"),
    )  # fmt: skip
    assert case.pk in found("خيمة بحر")


def test_words_are_written_anew_after_the_stems_have_changed(case: Case) -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE case_words SET words = '' WHERE case_id = %s", [case.pk])
    ServiceVersion.objects.filter(pk=case.version_id).update(search_text="قديم")
    assert case.pk not in found("مطعم")
    call_command("search", "index", stdout=io.StringIO())
    assert case.pk in found("المطاعم")
    assert "مطعم" in ServiceVersion.objects.get(pk=case.version_id).search_text


@pytest.mark.parametrize(
    "typed", ["", "   ", "!", "' | 'a_1", "_", "a_1", "m_1", "& | !", "\\", "'", '"', "k_0:*"]
)
def test_signs_of_the_question_are_no_words(case: Case, typed: str) -> None:
    marks = words.question(typed)
    assert "'a_1'" not in marks and "'m_1'" not in marks and "'k_0'" not in marks
    find_cases(typed, cast.actor("fahad"))


def test_only_what_may_be_seen(case: Case) -> None:
    for who, sees in (
        ("fahad", True),
        ("salem", True),
        ("turki", False),
        ("abeer", False),
        ("maryam", False),
    ):
        if who == "maryam":
            assert find_cases("مطعم بحر", cast.actor("maryam")) == []
            continue
        assert (case.pk in found("مطعم بحر", who)) is sees, who
    assert find_cases("مطعم بحر", cast.ANONYMOUS_CLIENT) == []


def test_an_outside_body_finds_what_it_was_asked(case: Case) -> None:
    body = cast.member_of("civil_defence")
    assert find_cases("مطعم بحر", body) == []
    cast.run_machine(case)
    assert [one.pk for one in find_cases("مطعم بحر", body)] == [case.pk]
    newer = [cast.submit(cast.owner("salem"), trade_name_ar="مطعم بحر آخر").pk for _ in range(5)]
    index_words(case_ids=newer)
    assert [one.pk for one in find_cases("مطعم بحر", body, limit=1)] == [case.pk]


def test_the_newest_come_first_from_every_range() -> None:
    salem = cast.owner("salem")
    made = [cast.submit(salem, trade_name_ar=f"مقهى الميناء {n}").pk for n in range(4)]
    index_words(case_ids=made)
    assert found("ميناء") == sorted(made, reverse=True)
    assert [case.pk for case in find_cases("ميناء", salem, limit=2)] == sorted(made, reverse=True)[:2]


def test_a_frequent_word_is_answered_from_the_newest_range(case: Case) -> None:
    with CaptureQueriesContext(connection) as captured:
        assert find_cases("مطعم", cast.actor("fahad"), limit=1)
    asked = [query["sql"] for query in captured if "case_words" in query["sql"] and "@@" in query["sql"]]
    assert len(asked) == 1 and f"k_{case.pk >> words.FINE}" in asked[0]


def test_the_worker_writes_the_words_and_a_completed_answer_replaces_them() -> None:
    opened = cast.submit(cast.owner("salem"), trade_name_ar="مكتبة الفنار")
    assert not CaseWords.objects.filter(pk=opened.pk).exists()
    event = Event.objects.get(name=OPENED, subject=f"case:{opened.pk}")
    on_case_written(Delivered(event.pk, event.name, event.version, event.subject, event.data, event.at))
    assert opened.pk in found("فنار")
    Case.objects.filter(pk=opened.pk).update(data={**opened.data, "trade_name_ar": "مكتبة السارية"})
    moved = {"case": opened.pk, "service": opened.service, "state": "", "stage": "", "act": "resubmitted"}
    on_case_written(Delivered(2, MOVED, 1, f"case:{opened.pk}", {**moved, "act": "reviewed"}, event.at))
    assert opened.pk in found("فنار")
    on_case_written(Delivered(3, MOVED, 1, f"case:{opened.pk}", moved, event.at))
    assert opened.pk in found("ساريه") and opened.pk not in found("فنار")


def test_what_was_opened_before_is_caught_up_with() -> None:
    opened = cast.submit(cast.owner("salem"), trade_name_ar="مخبز الشراع")
    CaseWords.objects.all().delete()
    missing = Case.objects.count()
    assert index_missing() == missing
    assert index_missing() == 0
    assert opened.pk in found("شراع")


def test_numbers_of_years_ago_are_reached() -> None:
    old = cast.submit(cast.owner("salem"), trade_name_ar="متجر الدفة")
    assert find_cases("دفة", cast.actor("fahad")) == []
    index_words(case_ids=[old.pk])
    CaseWords.objects.create(case_id=old.pk + 10**8, words="'_' :1")
    assert found("دفة") == [old.pk]
