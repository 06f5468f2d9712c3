"""Finding services in any spelling; lookups, prices, calendars and availability by date."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from django.db import DatabaseError, transaction

from diwan.catalogue import queries
from diwan.catalogue.actions import (
    end_availability,
    end_lookup_row,
    load_packaged,
    remove_holiday,
    set_availability,
    set_holiday,
    set_lookup_row,
)
from diwan.catalogue.errors import (
    DatesOverlap,
    DatesReversed,
    NoSuchCalendar,
    NoSuchRow,
    NoSuchService,
    NotAllowed,
    RowInThePast,
    RowInUse,
)
from diwan.catalogue.models import Holiday, LookupRow
from diwan.catalogue.packaged import Packaged
from diwan.catalogue.remembered import forget
from diwan.flow.table import Text
from diwan.kit import clock
from diwan.kit.calendars import STANDARD, add_working_days, is_working_day, spans_of
from diwan.kit.clock import RIYADH
from diwan.people.actor import system
from diwan.people.models import Municipality
from tests.catalogue.conftest import EDITOR, NOBODY, TODAY

OURS = system("tests")


@pytest.fixture
def municipality(loaded: Packaged) -> Municipality:
    """A municipality."""
    return Municipality.objects.create(
        code="102",
        name_ar="النخيل",
        name_en="An Nakheel",
        sort_key="نخيل",
        city_class=2,
        valid_from=date(2000, 1, 1),
    )


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("رخصه محل", "shop-licence-instant"),
        ("رُخصة مَحل", "shop-licence-instant"),
        ("ترخيص دكان", "shop-licence-instant"),
        ("تجديد رخصه", "shop-licence-renewal"),
        ("رخصة مطعم", "shop-licence-with-approvals"),
        ("CL-002", "shop-licence-with-approvals"),
        ("renew licence", "shop-licence-renewal"),
        ("دفن", "burial-guide"),
        ("إكرام الموتي", "burial-guide"),
        ("استعلام عن معامله", "track-request"),
    ],
)
def test_search_finds_in_any_spelling(typed: str, first: str, loaded: Packaged) -> None:
    assert queries.search_services(typed, on=TODAY)[0].slug == first


def test_search_for_nonsense_finds_nothing(loaded: Packaged) -> None:
    assert queries.search_services("قثسشظ", on=TODAY) == []


def test_filters(loaded: Packaged) -> None:
    def slugs(**filters: str) -> set[str]:
        return {card.slug for card in queries.search_services(on=TODAY, **filters)}  # type: ignore[arg-type]

    assert "shop-licence-instant" in slugs(service_class="integrative", audience="business")
    assert "investment-opportunities" in slugs(audience="investor")
    assert slugs(department="FUN") == {"burial-guide"}
    applied_for = {card.slug for card in queries.search_services(on=TODAY, applicable=True)}
    public = [found.definition for found in loaded.services if not found.definition.for_staff]
    assert applied_for == {one.slug for one in public if one.applicable}
    assert {one.slug for one in queries.staff_services(TODAY)} >= {"leave-request", "supplies-request"}
    assert {"shop-licence-instant", "object-to-decision"} <= applied_for and "city-map" not in applied_for


def test_counts_agree_with_the_lists(loaded: Packaged) -> None:
    counts = queries.class_counts(TODAY)
    public = [found.definition for found in loaded.services if not found.definition.for_staff]
    assert sum(counts.values()) == len([one for one in public if not one.internal])
    for name, count in counts.items():
        assert len(queries.search_services(on=TODAY, service_class=name)) == count


def test_internal_services_are_nobodys_to_find(loaded: Packaged) -> None:
    """Work that the product opens by itself is not listed, searched, counted, related or offered."""
    found = [one.definition for one in loaded.services if one.definition.internal]
    assert {"visit-after-licence", "low-rating"} <= {internal.slug for internal in found}
    for internal in found:
        assert internal.slug not in {card.slug for card in queries.search_services(on=TODAY)}
        assert internal.slug not in {
            card.slug for card in queries.search_services(internal.name.ar, on=TODAY)
        }
        assert queries.compiled_service(internal.slug, TODAY) is None
        opened = queries.internal_service(internal.slug, TODAY)
        assert opened is not None and not opened.applicable
    assert queries.internal_service("shop-licence-instant", TODAY) is None


def test_related_services(loaded: Packaged) -> None:
    service = queries.compiled_service("shop-licence-instant", TODAY)
    assert service is not None
    assert [card.slug for card in queries.related_services(service, TODAY)] == list(
        service.definition.related
    )


def test_a_service_without_rows_is_offered_everywhere(municipality: Municipality) -> None:
    assert queries.available_in("shop-licence-instant", municipality.pk, TODAY)


def test_staged_go_live(municipality: Municipality) -> None:
    set_availability(
        slug="shop-licence-instant", municipality_id=municipality.pk, valid_from=TODAY, by=EDITOR
    )
    assert queries.available_in("shop-licence-instant", municipality.pk, TODAY)
    assert not queries.available_in("shop-licence-instant", municipality.pk, TODAY - timedelta(days=1))
    assert not queries.available_in("shop-licence-instant", municipality.pk + 1, TODAY)
    end_availability(
        slug="shop-licence-instant", municipality_id=municipality.pk, on=TODAY + timedelta(days=5), by=EDITOR
    )
    assert not queries.available_in("shop-licence-instant", municipality.pk, TODAY + timedelta(days=5))


def test_availability_is_refused(municipality: Municipality) -> None:
    slug = "shop-licence-instant"
    set_availability(slug=slug, municipality_id=municipality.pk, valid_from=TODAY, by=EDITOR)
    with pytest.raises(DatesOverlap):
        set_availability(slug=slug, municipality_id=municipality.pk, valid_from=TODAY, by=EDITOR)
    with pytest.raises(DatesReversed):
        set_availability(
            slug=slug, municipality_id=municipality.pk, valid_from=TODAY, valid_to=TODAY, by=EDITOR
        )
    with pytest.raises(NoSuchService):
        set_availability(slug="nothing", municipality_id=municipality.pk, valid_from=TODAY, by=EDITOR)
    with pytest.raises(NotAllowed):
        set_availability(slug=slug, municipality_id=municipality.pk, valid_from=TODAY, by=NOBODY)
    with pytest.raises(NotAllowed):
        end_availability(slug=slug, municipality_id=municipality.pk, on=TODAY, by=NOBODY)
    with pytest.raises(NoSuchService):
        end_availability(slug=slug, municipality_id=municipality.pk, on=TODAY, by=EDITOR)


def test_lookups_stand_in_arabic_order(loaded: Packaged) -> None:
    names = [row.sort_key for row in queries.lookup("activities", TODAY)]
    assert names == sorted(names) and len(names) >= 60


def test_a_price_goes_by_its_day(loaded: Packaged) -> None:
    before = queries.lookup_row("fee_rates", "activity-A", date(2025, 12, 31))
    after = queries.lookup_row("fee_rates", "activity-A", date(2026, 1, 1))
    assert before is not None and after is not None
    assert (before.data["class_1"], after.data["class_1"]) == (600, 650)


def test_a_row_of_our_own_holds_from_its_day_and_survives_loading(loaded: Packaged) -> None:
    day = clock.today() + timedelta(days=10)
    set_lookup_row(
        lookup="fee_rates",
        code="activity-A",
        name=Text("رسم", "Fee"),
        data={"class_1": 700},
        valid_from=day,
        by=EDITOR,
    )
    old, new = (queries.lookup_row("fee_rates", "activity-A", on) for on in (day - timedelta(days=1), day))
    assert old is not None and new is not None and (old.data["class_1"], new.data["class_1"]) == (650, 700)
    # Between two days on which something begins or ends it is one shelf, read once.
    assert queries.shelf(day) is queries.shelf(day + timedelta(days=3)) is not queries.shelf(clock.today())
    load_packaged(packaged=loaded)
    kept = queries.lookup_row("fee_rates", "activity-A", day)
    assert kept is not None and kept.data["class_1"] == 700


def test_a_row_is_put_right_on_its_first_day(loaded: Packaged) -> None:
    name, day = Text("رسم", "Fee"), clock.today()
    for price in (700, 750):
        set_lookup_row(
            lookup="fee_rates",
            code="activity-A",
            name=name,
            data={"class_1": price},
            valid_from=day,
            by=EDITOR,
        )
        forget()
    kept = queries.lookup_row("fee_rates", "activity-A", day)
    assert kept is not None and kept.data["class_1"] == 750
    latest = queries.shelf(None).row("fee_rates", "activity-A")
    assert latest is not None and latest.data["class_1"] == 750


def test_rows_are_refused(loaded: Packaged) -> None:
    name, since = Text("رسم", "Fee"), date(2026, 1, 1)
    with pytest.raises(DatesOverlap):
        set_lookup_row(lookup="fee_rates", code="activity-A", name=name, data={}, valid_from=since, by=OURS)
    with pytest.raises(RowInThePast):
        set_lookup_row(lookup="fee_rates", code="activity-A", name=name, data={}, valid_from=since, by=EDITOR)
    with pytest.raises(RowInThePast):
        end_lookup_row(lookup="fee_rates", code="activity-A", on=since, by=EDITOR)
    with pytest.raises(RowInUse, match="shop-licence-instant"):
        end_lookup_row(lookup="fee_rates", code="activity-A", on=TODAY, by=OURS)
    with pytest.raises(NotAllowed):
        set_lookup_row(lookup="fee_rates", code="activity-A", name=name, data={}, valid_from=TODAY, by=NOBODY)
    with pytest.raises(NotAllowed):
        end_lookup_row(lookup="fee_rates", code="activity-A", on=TODAY, by=NOBODY)
    with pytest.raises(NoSuchRow):
        end_lookup_row(lookup="fee_rates", code="activity-Z", on=TODAY, by=OURS)
    row = LookupRow.objects.filter(lookup="fee_rates", code="cleaning").get()
    row.pk = None
    with pytest.raises(DatabaseError), transaction.atomic():
        row.save(force_insert=True)


def test_a_row_that_ended_is_not_offered(loaded: Packaged) -> None:
    end_lookup_row(lookup="activities", code="471101", on=TODAY, by=OURS)
    assert queries.lookup_row("activities", "471101", TODAY) is None
    assert queries.lookup_row("activities", "471101", TODAY - timedelta(days=1)) is not None


def test_municipalities_are_a_lookup(municipality: Municipality) -> None:
    forget()
    row = queries.lookup_row("municipalities", "102", TODAY)
    assert row is not None and row.data["city_class"] == 2


def test_the_calendar_knows_holidays_and_ramadan(municipality: Municipality) -> None:
    calendar = queries.calendar_for(municipality.pk)
    assert not is_working_day(date(2026, 9, 23), calendar)
    assert not is_working_day(date(2026, 11, 20), calendar)
    assert spans_of(date(2026, 2, 24), calendar) == ((600, 900),)
    before_eid = datetime(2026, 3, 12, 9, 0, tzinfo=RIYADH)
    assert add_working_days(before_eid, 1, calendar).astimezone(RIYADH).date() == date(2026, 3, 26)
    assert [day.name_en for day in queries.holidays(2026)] == [
        "Founding Day",
        "Eid al-Fitr",
        "Eid al-Adha",
        "National Day",
    ]


@pytest.mark.django_db
def test_without_any_calendar_the_usual_days_hold() -> None:
    forget()
    municipality = Municipality.objects.create(
        code="103", name_ar="الساحل", name_en="Coast", sort_key="ساحل", valid_from=date(2000, 1, 1)
    )
    assert queries.calendar_for(municipality.pk) == STANDARD


def test_an_announced_holiday_changes_the_calendar(municipality: Municipality) -> None:
    day = date(2026, 12, 1)
    assert is_working_day(day, queries.calendar_for(municipality.pk))
    row = set_holiday(calendar="office", name=Text("إجازة", "Leave"), first=day, last=day, by=EDITOR)
    assert not is_working_day(day, queries.calendar_for(municipality.pk))
    remove_holiday(holiday_id=row.pk, by=EDITOR)
    assert is_working_day(day, queries.calendar_for(municipality.pk))


def test_a_moved_eid_stays_moved_when_loaded_again(municipality: Municipality) -> None:
    name = Text("إجازة عيد الفطر", "Eid al-Fitr")
    set_holiday(calendar="office", name=name, first=date(2026, 3, 15), last=date(2026, 3, 26), by=EDITOR)
    load_packaged()
    rows = Holiday.objects.filter(calendar__code="office", name_en="Eid al-Fitr", date_from__year=2026)
    assert [row.date_from for row in rows] == [date(2026, 3, 15)]


def test_holidays_are_refused(loaded: Packaged) -> None:
    name, day = Text("إجازة", "Leave"), date(2026, 12, 1)
    with pytest.raises(NotAllowed):
        set_holiday(calendar="office", name=name, first=day, last=day, by=NOBODY)
    with pytest.raises(NoSuchCalendar):
        set_holiday(calendar="none", name=name, first=day, last=day, by=EDITOR)
    with pytest.raises(DatesReversed):
        set_holiday(calendar="office", name=name, first=day, last=day - timedelta(days=1), by=EDITOR)
    with pytest.raises(NotAllowed):
        remove_holiday(holiday_id=1, by=NOBODY)
    with pytest.raises(NoSuchCalendar):
        remove_holiday(holiday_id=0, by=EDITOR)
