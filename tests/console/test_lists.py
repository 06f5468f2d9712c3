"""The room of prices and lists: a row from a day on, with what it reaches shown first; what is refused stays typed."""

from datetime import date, timedelta
from typing import Any

import pytest

from diwan.audit.models import AuditRow
from diwan.catalogue import queries, remembered
from diwan.catalogue.actions import begin_draft, write_draft
from diwan.catalogue.models import LookupRow
from diwan.kit import clock
from diwan.people.models import OutsideEntity
from tests import cast
from tests.console.test_people import signed_in

pytestmark = pytest.mark.usefixtures("city")
PRICES = "/console/lists/fee_rates"
CHANGE = f"{PRICES}/change"


@pytest.fixture(autouse=True)
def _fresh() -> None:
    remembered.forget()


def boxes(name: str, day: date) -> dict[str, str]:
    """The boxes of a date field."""
    parts = {"year": day.year, "month": day.month, "day": day.day, "calendar": "gregorian"}
    return {f"{name}-{part}": str(value) for part, value in parts.items()}


def price(**changed: Any) -> dict[str, Any]:
    """The form of a price that is the same in every city."""
    return {
        "do": "set", "new": "1", "code": "stall-day", "name_ar": "رسم البسطة لليوم", "name_en": "Stall a day",
        "c.amount": "١٢٫٥", "c.unit": "day", **boxes("since", clock.today()), **changed,
    }  # fmt: skip


def test_a_new_price_is_shown_with_its_drafts_then_holds_from_its_day() -> None:
    admin, english = signed_in("it.sara"), signed_in("it.sara", lang="en")
    assert "الأسعار والقوائم" in admin.get("/console/lists").content.decode()
    shelf = english.get("/console/lists?q=price").content.decode()
    assert "Prices of fees" in shelf and "Outside bodies" not in shelf and "districts" not in shelf
    listed = english.get(f"{PRICES}?q=activity").content.decode()
    assert "activity-A" in listed and "6.50" in listed and "road-occupation" not in listed
    earlier = {"q": "activity-A", **boxes("day", date(2025, 6, 1))}
    then = english.get(PRICES, earlier).content.decode()
    assert "6.00" in then and "6.50" in then and "Begins later" in then
    draft = begin_draft(version_id=None, by=cast.actor("it.sara"))
    text = "name: {ar: بسطة, en: Stalls}\nfees: [{code: day, rate: stall-day}]\n"
    write_draft(draft_id=draft.pk, text=text, revision=draft.revision, by=cast.actor("it.sara"))
    shown = english.post(CHANGE, price()).content.decode()
    assert f"/console/drafts/{draft.pk}" in shown and "12.50" in shown and 'name="sure"' in shown
    assert not LookupRow.objects.filter(code="stall-day").exists()
    assert "١٢٫٥" in english.post(CHANGE, price(sure="1", again="1")).content.decode()
    assert english.post(CHANGE, price(sure="1")).status_code == 302
    row = queries.lookup_row("fee_rates", "stall-day", clock.today())
    assert row is not None and row.data == {"amount": 1250, "unit": "day"}
    assert AuditRow.objects.filter(action="catalogue.lookup_row.set").exists()
    later = clock.today() + timedelta(days=20)
    dearer = price(new="", sure="1", **boxes("since", later), **{"c.amount": "15"})
    assert english.post(CHANGE, dearer).status_code == 302
    assert english.post(CHANGE, dearer | {"c.amount": "14"}).status_code == 302, "it has not begun yet"
    page = english.get(f"{PRICES}/row?code=stall-day").content.decode()
    assert "Begins later" in page and "14.00" in page and "12.50" in page and 'value="14"' in page


def test_what_is_typed_wrong_is_said_and_stays() -> None:
    english = signed_in("it.sara", lang="en")
    classes = {f"c.class_{number}": "5" for number in range(1, 5)}
    for wrong, said in (
        ({"code": "Stall day"}, "A code has Latin letters"),
        ({"code": "activity-A"}, "There is a row of this code already"),
        ({"name_en": ""}, "Enter a name."),
        ({"c.amount": "12.505"}, "at most two decimals"),
        ({"c.amount": ""}, "the amounts of all five classes"),
        ({"c.amount": "", **classes}, "Enter the amount of this class too"),
        (classes, "not both"),
        ({"c.unit": ""}, "Every row of this list has this"),
        (boxes("since", clock.today() - timedelta(days=1)), "never changed backwards"),
        ({"since-month": "13"}, "id_since"),
    ):
        answer = english.post(CHANGE, price(sure="1", name_ar="رسم فريد", **wrong))
        page = answer.content.decode()
        assert answer.status_code == 422 and said in page and "رسم فريد" in page, wrong
    dated = price(new="", code="activity-A", sure="1", **boxes("since", clock.today() + timedelta(days=5)))
    assert english.post(CHANGE, dated).status_code == 302
    answer = english.post(CHANGE, dated | boxes("since", clock.today()))
    assert answer.status_code == 422 and "Choose a later first day" in answer.content.decode()
    assert english.post(CHANGE, price(new="", code="none")).status_code == 404
    assert english.post(CHANGE, {"do": "none"}).status_code == 404
    assert english.get(PRICES, {"day-year": "2026"}).status_code == 422
    assert not LookupRow.objects.filter(code="stall-day").exists()


def test_a_row_that_a_service_uses_ends_only_when_somebody_is_sure() -> None:
    english = signed_in("it.sara", lang="en")
    page = english.get(f"{PRICES}/row?code=activity-A").content.decode()
    assert "services in force name it" in page
    assert 'name="sure"' in page and "then have no price" in page
    tomorrow = clock.today() + timedelta(days=1)
    sent = {"do": "end", "code": "activity-A", **boxes("end", tomorrow)}
    answer = english.post(CHANGE, sent)
    assert answer.status_code == 422 and "shop-licence-instant" in answer.content.decode()
    assert english.post(CHANGE, {**sent, "sure": "1"}).status_code == 302
    assert queries.lookup_row("fee_rates", "activity-A", tomorrow) is None
    assert queries.lookup_row("fee_rates", "activity-A", clock.today()) is not None
    assert english.post(CHANGE, {**sent, "sure": "1"}).status_code == 422, "it has its end"
    assert english.post(CHANGE, {**sent, "code": "none"}).status_code == 404
    assert english.post(CHANGE, {**sent, "code": "road-occupation", "sure": "1"}).status_code == 302
    version = queries.current_version("road-occupation", tomorrow)
    assert version is not None
    asked = {"rule": "fees", "try": "1", **boxes("day", tomorrow)}
    tried = english.get(f"/console/versions/{version.pk}/rules", asked).content.decode()
    assert f"{PRICES}/row?code=road-occupation" in tried and "Set this price" in tried
    form = english.get(f"{PRICES}/row?code=road-occupation").content.decode()
    assert f'name="since-day" value="{tomorrow.day}"' in form, "it goes on where the other ended"


def test_columns_of_other_lists_are_read_as_their_rows_hold_them() -> None:
    english = signed_in("it.sara", lang="en")

    def sent(slug: str, **fields: str) -> Any:
        names = {"do": "set", "name_ar": "اسم", "name_en": "Name", "sure": "1"}
        answer = english.post(
            f"/console/lists/{slug}/change", {**names, **boxes("since", clock.today()), **fields}
        )
        return answer.status_code if answer.status_code == 302 else answer.content.decode()

    reason = {"new": "1", "code": "RSN-950", "c.effect": "return", "c.snippet.ar": "نص"}
    assert "Write it in both languages." in sent("reasons", **reason)
    assert sent("reasons", **reason, **{"c.snippet.en": "Text"}) == 302
    data = LookupRow.objects.get(code="RSN-950").data
    assert data == {"effect": "return", "snippet": {"ar": "نص", "en": "Text"}}
    named = english.get("/console/lists/reasons/row?code=RSN-01").content.decode()
    assert "in force name it" in named and "name a row that is no more" in named
    visit = {"new": "1", "code": "CHK-STALL", "c.photos": "٢", "c.items": '[{"code": "a",]'}
    assert "Line 1, column" in sent("checklists", **visit)
    assert "can&#x27;t be kept" in sent("checklists", **visit | {"c.items": '["\\u0000"]'})
    assert sent("checklists", **visit | {"c.items": '[{"code": "a", "weight": 100}]'}) == 302
    assert LookupRow.objects.get(code="CHK-STALL").data == {
        "items": [{"code": "a", "weight": 100}],
        "photos": 2,
    }
    shop = LookupRow.objects.filter(lookup="activities", code="471101").get()
    fields = {
        f"c.{key}": str(value)
        for key, value in shop.data.items()
        if not isinstance(value, bool | list | dict)
    }
    flags = {"c.health_risk": "no", "c.permit": "yes", "c.uses": "residential\nmixed"}
    assert "Choose yes or no." in sent("activities", code="471101", **fields, **flags | {"c.permit": "maybe"})
    assert sent("activities", code="471101", **fields, **flags) == 302
    changed = LookupRow.objects.get(lookup="activities", code="471101", valid_from=clock.today())
    assert changed.data["permit"] is True and changed.data["uses"] == ["residential", "mixed"]
    assert changed.data["min_area"] == shop.data["min_area"] and "تموينات" in changed.search_key
    assert sent("word_synonyms", new="1", code="WS-STALL", **{"c.synonyms": "كشك\nkiosk"}) == 302
    assert "kiosk" in LookupRow.objects.get(code="WS-STALL").search_key
    assert sent("entities", new="1", code="heritage") == 302
    assert OutsideEntity.objects.filter(code="heritage").exists(), "it can be given tasks"
