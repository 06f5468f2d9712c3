"""The room of calendars: a change is shown before it is made, in both languages; what is refused says so."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.urls import reverse

from diwan.cases.actions.follow_calendar import follow_calendars
from diwan.cases.models import Case
from diwan.catalogue import remembered
from diwan.catalogue.models import CalendarChange, Holiday, WorkingCalendar
from diwan.kit import clock
from diwan.kit.clock import RIYADH
from tests import cast
from tests.cases.conftest import registers
from tests.cases.test_walk import to_review
from tests.console.test_people import signed_in

__all__ = ["registers"]
pytestmark = pytest.mark.usefixtures("city", "registers")
CHANGE = "/console/calendars/office/change"


def day(name: str, year: int, month: int, day: int, calendar: str = "gregorian") -> dict[str, str]:
    """The boxes of a date field."""
    parts = {"year": year, "month": month, "day": day, "calendar": calendar}
    return {f"{name}-{part}": str(value) for part, value in parts.items()}


def test_a_holiday_is_shown_then_saved_then_withdrawn() -> None:
    remembered.forget()
    CalendarChange.objects.update(counted_at=clock.now())
    with clock.moved(datetime(2027, 1, 3, 9, tzinfo=RIYADH)):
        case = to_review(cast.owner())
        admin, english = signed_in("it.sara"), signed_in("it.sara", lang="en")
        # 28 Rajab 1448 is 6 January 2027.
        sent: dict[str, Any] = {
            "do": "holiday", "name_ar": "إجازة مطر", "name_en": "Rain", "source": "12/448",
            **day("first", 1448, 7, 28, "hijri"), **day("last", 2027, 1, 7),
        }  # fmt: skip
        shown = english.post(CHANGE, sent).content.decode()
        assert "1 open deadline moves." in shown and 'name="sure"' in shown and "12/448" in shown
        assert "أثر التغيير" in admin.post(CHANGE, sent).content.decode()
        assert not Holiday.objects.filter(name_en="Rain").exists()
        assert admin.post(CHANGE, {**sent, "sure": "1"}).status_code == 302
        rain = Holiday.objects.get(name_en="Rain")
        assert (rain.date_from.isoformat(), rain.date_to.isoformat()) == ("2027-01-06", "2027-01-07")
        while follow_calendars(settled=timedelta()):
            pass
        promised = Case.objects.get(pk=case.pk).due_at
        assert promised is not None and clock.local(promised).day == 12
        page = english.get(reverse("console:calendar", args=["office"]) + "?year=2027").content.decode()
        assert "Rain" in page and "1 deadline moved" in page
        withdraw = {"do": "withdraw", "holiday": str(rain.pk), "sure": "1"}
        assert admin.post(CHANGE, withdraw).status_code == 302
        assert admin.post(CHANGE, withdraw).status_code == 404


def test_hours_places_and_a_new_calendar_and_what_is_refused() -> None:
    remembered.forget()
    admin = signed_in("it.sara", lang="en")
    made = {"code": "crews", "name_ar": "الفرق", "name_en": "Crews", "like": "office"}
    assert admin.post("/console/calendars/new", made).status_code == 302
    assert admin.post("/console/calendars/new", made).status_code == 422
    crews = "/console/calendars/crews/change"
    since = clock.today() + timedelta(days=3)
    shifts = {f"hours_{code}": "06:00-14:00, 22:00-06:00" for code in ("sun", "mon", "tue", "wed", "thu")}
    hours = {"do": "hours", "sure": "1", **shifts, **day("since", since.year, since.month, since.day)}
    assert admin.post(crews, hours).status_code == 302
    assert WorkingCalendar.objects.get(code="crews").rules["changes"][0]["since"] == since.isoformat()
    assert admin.post(crews, {"do": "places", "sure": "1", "units": "000-OPS"}).status_code == 302
    assert WorkingCalendar.objects.get(code="crews").units == ["000-OPS"]
    assert "000-OPS" not in WorkingCalendar.objects.get(code="operations").units
    shelf = admin.get("/console/calendars").content.decode()
    assert "Crews" in shelf and "Day and night" in shelf
    before = CalendarChange.objects.count()
    for wrong in (
        {"do": "places", "units": "NONE"},
        {"do": "hours", "hours_sun": "8-16", **day("since", since.year, since.month, since.day)},
        {"do": "hours", **shifts, **day("since", 2020, 1, 1)},
        {"do": "holiday", "name_ar": "يوم", **day("first", 2027, 1, 6), **day("last", 2027, 1, 7)},
        {
            "do": "holiday",
            "name_ar": "يوم",
            "name_en": "Day",
            **day("first", 2027, 1, 6),
            **day("last", 2027, 1, 5),
        },
        {
            "do": "holiday",
            "name_ar": "يوم",
            "name_en": "Day",
            **day("first", 2027, 13, 6),
            **day("last", 2027, 1, 7),
        },
    ):
        answer = admin.post(crews, wrong)
        assert answer.status_code == 422 and "error" in answer.content.decode(), wrong
    assert admin.post(crews, {"do": "none"}).status_code == 404
    assert CalendarChange.objects.count() == before
