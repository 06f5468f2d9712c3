"""Values and controls as the templates write them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from types import SimpleNamespace
from typing import Any

import pytest
from django.template import Context, Template
from django.utils import translation

from diwan.ui.tags.lists import meant
from tests.architecture.tree import ROOT


@pytest.fixture(autouse=True)
def _arabic() -> Iterator[None]:
    with translation.override("ar"):
        yield


def drawn(source: str, **values: Any) -> str:
    """A piece of template, drawn."""
    return Template("{% load ui %}" + source).render(Context(values))


def words(html: str) -> str:
    """The text of a piece of HTML."""
    return re.sub(r"<[^>]+>", "", html).replace("&nbsp;", " ").strip()


DAY = date(2026, 11, 29)


def test_both_calendars_stand_in_the_order_of_the_language() -> None:
    html = drawn("{% both_dates day %}", day=DAY)
    assert words(html) == "الأحد 1448/06/19هـ (29 نوفمبر 2026م)"
    assert '<bdi dir="ltr">1448/06/19</bdi>' in html and 'datetime="2026-11-29"' in html
    with translation.override("en"):
        english = words(drawn("{% both_dates day %}", day=DAY))
    assert english.startswith("Sunday 29 November 2026 (19 ") and english.endswith(" 1448 AH)")


def test_a_day_outside_the_hijri_tables_is_gregorian_only() -> None:
    assert words(drawn("{% both_dates day %}", day=date(1900, 1, 1))) == "الاثنين 1 يناير 1900م"


def test_a_moment_is_told_in_riyadh_with_the_part_of_the_day() -> None:
    moment = datetime(2026, 11, 21, 4, 30, tzinfo=UTC)
    assert "7:30" in words(drawn("{% time_of_day moment %}", moment=moment))
    assert words(drawn("{% date_time moment %}", moment=moment)).startswith("السبت 21 نوفمبر 2026م")


def test_nothing_is_written_for_no_value() -> None:
    assert drawn("{% both_dates x %}{% money x %}{% num x %}{% date_time x %}", x=None) == ""


def test_numbers_and_money_are_isolated_left_to_right() -> None:
    assert drawn("{% num 1042 %}") == '<bdi dir="ltr" class="num">1,042</bdi>'
    html = drawn("{% money 109150 %}")
    assert words(html).startswith("1,091.50 ") and 'dir="ltr"' in html
    assert words(drawn('{% money 0 zero="بلا رسوم" %}')) == "بلا رسوم"


def test_a_case_number_is_read_digit_by_digit() -> None:
    html = drawn('{% spoken_number "260 0000 0015" %}')
    assert 'aria-hidden="true">260 0000 0015</bdi>' in html
    assert ">2 6 0 0 0 0 0 0 0 1 5</span>" in html


def test_groups_of_arabic_indic_digits_are_kept_in_their_order() -> None:
    """Around "-" and spaces they would change places, even from left to right."""
    page = SimpleNamespace(digits="arab")
    assert 'class="num num-forced" aria-hidden="true">٢٦٠-٠٠٠٠-٠٠١٥<' in drawn(
        '{% spoken_number "260-0000-0015" %}', ui=page
    )
    assert 'class="num num-forced">٢٦٠ ٠٠٠٠<' in drawn('{% num "260 0000" %}', ui=page)
    assert "num-forced" not in drawn('{% num "أ ب ج 123" %}{% num "A-12" %}', ui=page)
    assert "num-forced" not in drawn('{% spoken_number "260-0000-0015" %}')


def test_what_people_typed_is_escaped_everywhere() -> None:
    evil = "<script>alert(1)</script>"
    pieces = "".join(
        "{% " + piece + " %}"
        for piece in (
            "tag x",
            "num x",
            "spoken_number x",
            "alert x",
            "endalert",
            "input_field x x value=x help=x error=x",
            "textarea_field 'a' x value=x",
            "choice_field 'b' x options=pairs value=x",
            "select_field 'c' x options=pairs",
            "check_field 'd' x error=x",
            "file_slot 'e' x files=files help=x error=x",
            "copyable x x",
            "key_values pairs",
            "date_field 'f' x value=parts",
            "otp_field error=x",
            "pin_field 'g' x lat=x lon=x",
            "empty x",
            "endempty",
            "error_summary pairs",
            "stepper names 1",
            "timeline entries",
            "panel x",
            "endpanel",
            "lamp x x",
            "endlamp",
            "doc_viewer files",
        )
    )
    html = drawn(
        pieces,
        x=evil,
        pairs=[(evil, evil)],
        names=[evil],
        files=[{"name": evil}],
        parts={"day": evil, "month": evil},
        entries=[{"what": evil, "who": evil, "note": evil}],
    )
    assert "<script" not in html


def test_a_control_names_its_help_and_error() -> None:
    html = drawn('{% input_field "owner" "رقم" help="عشرة أرقام" error="ناقص" type="number" %}')
    assert 'aria-describedby="id_owner-help id_owner-error"' in html and 'aria-invalid="true"' in html
    assert '<label for="id_owner">' in html and 'inputmode="numeric"' in html
    assert html.index('id_owner-help"') < html.index("<input") < html.index('id="id_owner-error"')


def test_an_optional_field_says_so_in_words() -> None:
    with translation.override("en"):
        assert "(optional)" in drawn('{% input_field "x" "X" required=False %}')
        assert "optional" not in drawn('{% input_field "x" "X" %}')


def test_a_stored_date_is_shown_in_the_asked_calendar_and_a_typed_one_as_typed() -> None:
    hijri = drawn('{% date_field "d" "D" value=day %}', day=DAY)
    assert 'name="d-year" value="1448"' in hijri and 'value="hijri" data-part="calendar" checked' in hijri
    gregorian = drawn('{% date_field "d" "D" value=day calendar="gregorian" %}', day=DAY)
    assert 'name="d-year" value="2026"' in gregorian
    typed = {"day": "٣٠", "month": "6", "year": "1448", "calendar": "hijri"}
    assert 'name="d-day" value="٣٠"' in drawn('{% date_field "d" "D" value=typed %}', typed=typed)


def test_pointing_icons_turn_and_others_stay() -> None:
    assert "icon-points" in drawn('{% icon "chevron-right" %}')
    assert "icon-points" not in drawn('{% icon "clock" %}')
    assert 'aria-hidden="true"' in drawn('{% icon "clock" %}')
    assert 'role="img" aria-label="وقت"' in drawn('{% icon "clock" label="وقت" %}')


def test_an_empty_error_summary_and_pager_draw_nothing() -> None:
    assert drawn("{% error_summary errors %}{% pager %}", errors=[]).strip() == ""


def overwritten(text: str) -> list[str]:
    """Names of a template that are shown first and given to another text later: what follows reads wrongly."""
    faults = []
    for found in re.finditer(r"\{% (?:translate|blocktranslate)[^%]* as(?:var)? (\w+)", text):
        shown = re.search(rf"\{{\{{ {found[1]}\b", text)
        given = re.search(rf"\bas(?:var)? {found[1]}\b|\bfor {found[1]}\b", text)
        if shown is not None and given is not None and shown.start() < given.start():
            faults.append(found[1])
    return faults


def test_no_text_takes_the_name_of_what_the_page_was_given() -> None:
    faults = [
        f"{path.relative_to(ROOT)}: {name}"
        for path in (ROOT / "diwan").glob("**/templates/**/*.html")
        for name in overwritten(path.read_text(encoding="utf-8"))
    ]
    assert not faults, faults
    assert overwritten('{{ label }}{% translate "Code" as label %}{{ label }}') == ["label"]


def test_the_search_box_of_a_page_that_is_not_there_holds_what_was_meant() -> None:
    assert meant("/case/26999999990/") == "26999999990"
    assert meant("/desk/case/26999999990") == "26999999990"
    assert meant("/%D8%B1%D8%AE%D8%B5%D8%A9-%D9%85%D8%AD%D9%84.html") == "رخصة محل"
