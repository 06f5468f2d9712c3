"""Service files are read strictly: every fault is named with file, line and the nearest known name."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from django.utils import translation

from diwan.catalogue.packaged import Packaged, read_packaged, read_service
from diwan.catalogue.source import ROOT, CatalogueError, read_yaml
from diwan.ui.saying import say

SERVICE = """\
slug: test-permit
code: CL-900
class: procedural
audiences: [individual]
department: LIC
name: {ar: تصريح, en: Permit}
summary: {ar: تصريح, en: Permit}
gets: [{ar: تصريح, en: A permit}]
who: [{ar: الجميع, en: Everybody}]
steps: [{ar: خطوة, en: A step}]
channels: [portal]
expected: {amount: 3, unit: working_days, text: {ar: ثلاثة أيام, en: Three days}}
fee: {ar: دون مقابل, en: Free}
facts:
  - {key: risk, kind: worst, of: activity, lookup: activities, column: risk, order: [low, medium, high]}
pages:
  - key: one
    title: {ar: صفحة, en: Page}
    documents: [photo]
    groups:
      - key: only
        fields:
          - {key: activity, kind: lookups, lookup: activities, label: {ar: نشاط, en: Activity}}
          - {key: years, kind: integer, least: 1, label: {ar: سنوات, en: Years}}
          - {key: area, kind: area, when: form.years > 1, label: {ar: مساحة, en: Area}}
documents:
  - {key: photo, label: {ar: صورة, en: Photo}, when: facts.risk == 'high'}
lamp:
  - {code: high, says: needs_approval, when: facts.risk == 'high', article: ART-08, text: {ar: خطر, en: Risk}}
checks:
  - code: cr
    kind: register
    register: commercial_register
    name: {ar: سجل, en: Register}
    asks: {number: applicant.cr_number}
    pass: answer.found && answer.status == 'active'
    on_fail: block
    reason: RSN-04
    fields: [activity]
    text: {ar: غير نشط, en: Not active}
    fix: {ar: نشطوه, en: Make it active}
fees:
  - {code: a, kind: rate, name: {ar: رسم, en: Fee}, rate: activity-A, quantity: [form.area],
     explain: {ar: "{quantity}", en: Fee}}
notices: {submitted: RECEIVED, issued: ISSUED}
reasons: {return: [RSN-01], reject: [RSN-03]}
result:
  kind: permit
  template: licence
  title: {ar: تصريح, en: Permit}
  term: {years: form.years}
  series: document
  sections:
    - title: {ar: بيان, en: Data}
      rows: [{label: {ar: مساحة, en: Area}, source: form.area, when: form.years > 1}]
  activities: activity
workflow:
  key: test
  start: work
  steps:
    work:
      kind: task
      role: ROLE-LICENSING-OFFICER
      public: {ar: عندنا, en: With us}
      actions:
        approve: {to: paper, effect: approve, step_up: true, label: {ar: موافقة, en: Approve}}
        reject: {to: rejected, effect: reject, reasons: RSN-REJECT, label: {ar: رفض, en: Reject}}
    paper: {kind: document, template: licence, authority: [approval:work], public: {ar: يصدر, en: Issuing}, to: done}
    done: {kind: end, state: issued, notices: [ISSUED], public: {ar: صدر, en: Issued}}
    rejected: {kind: end, state: rejected, public: {ar: رفض, en: Rejected}}
"""

FAULTS = [
    ("department: LIC", "departement: LIC", 5, "Unknown key departement. Do you mean department?"),
    ("class: procedural", "class: procedral", 3, "Unknown value procedral. Do you mean procedural?"),
    ("code: CL-900", "code: 900", 2, 'write it in quotes: "900"'),
    ("code: CL-900", "code: CL900", 2, "two capital letters"),
    ("name: {ar: تصريح, en: Permit}", "name: {ar: تصريح}", 6, "The text is missing in language en."),
    ("name: {ar: تصريح, en: Permit}", "name: Permit", 6, "A text in both languages is expected here"),
    ("slug: test-permit\n", "", 1, "The key slug is missing."),
    ("channels: [portal]", "channels: [portal, fax]", 11, "Unknown value fax."),
    ("kind: integer, least: 1", "kind: integr, least: 1", 24, "Do you mean integer?"),
    ("least: 1", "leest: 1", 24, "Unknown key leest. Do you mean least?"),
    ("least: 1", "least: one", 24, "a decimal number in quotes, is expected here"),
    ("lookup: activities, label", "lookup: actvities, label", 23, "There is no lookup actvities."),
    ("column: risk,", "column: rsk,", 15, "Lookup activities has no column rsk."),
    ("of: activity,", "of: activty,", 15, "There is no field activty."),
    ("when: form.years > 1, label", "when: form.yeers > 1, label", 25, "form.yeers"),
    ("when: form.years > 1, label", "when: form.years, label", 25, "The rule gives int; bool is expected."),
    ("documents: [photo]", "documents: [foto]", 19, "Do you mean photo?"),
    ("article: ART-08", "article: ART-99", 29, "There is no article ART-99."),
    ("register: commercial_register", "register: comercial", 33, "There is no register comercial."),
    ("asks: {number: applicant.cr_number}", "asks: {nmber: applicant.cr_number}", 35, "takes no nmber"),
    ("answer.status == 'active'", "answer.state == 'active'", 36, "answer.state"),
    ("on_fail: block", "on_fail: explode", 37, "Unknown value explode."),
    ("reason: RSN-04", "reason: RSN-99", 31, "There is no reason RSN-99."),
    ("fields: [activity]", "fields: [activitee]", 39, "Do you mean activity?"),
    ("rate: activity-A", "rate: activity-Z", 43, "No row of fee_rates fits activity-Z."),
    (
        "quantity: [form.area]",
        "quantity: [form.activity]",
        43,
        "form.activity is not a number of this service",
    ),
    ('ar: "{quantity}"', 'ar: "{price}"', 43, "not price"),
    ("term: {years: form.years}", "term: {years: form.area}", 51, "form.area is not a whole number"),
    ("source: form.area", "source: form.aria", 55, "There is nothing to print from form.aria."),
    ("reasons: {return: [RSN-01]", "reasons: {return: [RSN-1]", 46, "There is no reason RSN-1."),
    ("issued: ISSUED}", "issued: ISUED}", 45, "There is no message ISUED."),
    ("role: ROLE-LICENSING-OFFICER", "role: ROLE-LICENSING-OFICER", 63, "ROLE-LICENSING-OFFICER"),
    ("to: paper, effect", "to: papper, effect", 66, "papper"),
    (
        "role: ROLE-LICENSING-OFFICER\n",
        "role: ROLE-LICENSING-OFFICER\n      deadline: {amount: 4, unit: working_days}\n",
        64,
        "work may take longer (4) than the whole (3)",
    ),
    ("notices: [ISSUED]", "notices: [ISUED]", 69, "ISSUED"),
    ("key: years,", "key: activity,", 16, "activity is named twice."),
]


def write(tmp_path: Path, text: str) -> Path:
    """A service file of its own."""
    path = tmp_path / "service.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_service_in_order(tmp_path: Path, packaged: Packaged) -> None:
    found = read_service(write(tmp_path, SERVICE), packaged.shelf())
    assert found.definition.slug == "test-permit"
    assert found.compiled["variables"]["form.area"] == "double"
    assert found.compiled["public"]["work"] == {"ar": "عندنا", "en": "With us"}


@pytest.mark.parametrize(("before", "after", "line", "message"), FAULTS, ids=[fault[3] for fault in FAULTS])
def test_a_fault_is_named_with_its_line(
    before: str, after: str, line: int, message: str, tmp_path: Path, packaged: Packaged
) -> None:
    assert before in SERVICE
    with pytest.raises(CatalogueError) as caught:
        read_service(write(tmp_path, SERVICE.replace(before, after, 1)), packaged.shelf())
    found = {(fault.line, str(fault)) for fault in caught.value.faults}
    assert any(place == line and message in text for place, text in found), found
    with translation.override("ar"):
        assert all(re.search("[\u0621-\u064a]{3}", say(fault.problem)) for fault in caught.value.faults)


def test_every_fault_is_told_at_once(tmp_path: Path, packaged: Packaged) -> None:
    broken = SERVICE.replace("class: procedural", "class: x").replace("channels: [portal]", "channels: [fax]")
    with pytest.raises(CatalogueError) as caught:
        read_service(write(tmp_path, broken), packaged.shelf())
    assert len(caught.value.faults) == 2


INTERNAL = """\
slug: test-visit
code: FI-900
class: procedural
internal: true
department: INS
name: {ar: زيارة, en: Visit}
summary: {ar: زيارة, en: A visit}
expected: {amount: 24, unit: elapsed_hours, text: {ar: يوم, en: A day}}
reasons: {visit: [RSN-16]}
workflow:
  key: test
  start: visit
  steps:
    visit:
      kind: visit
      role: ROLE-INSPECTOR
      checklist: CHK-SHOP
      public: {ar: عندنا, en: With us}
      actions: {passed: {to: done, label: {ar: مطابق, en: Passed}}}
    done: {kind: end, state: closed, public: {ar: تم, en: Done}}
"""


def test_an_internal_service_has_no_card_and_nothing_to_apply_with(
    tmp_path: Path, packaged: Packaged
) -> None:
    found = read_service(write(tmp_path, INTERNAL), packaged.shelf())
    assert found.definition.internal
    assert not found.definition.applicable
    for line, message in (
        ("channels: [portal]", "Unknown key channels"),
        ("documents: []", "Unknown key documents"),
        ("fees: []", "Unknown key fees"),
    ):
        with pytest.raises(CatalogueError, match=message):
            read_service(write(tmp_path, INTERNAL + line + "\n"), packaged.shelf())
    with pytest.raises(CatalogueError, match="The key workflow is missing"):
        read_service(write(tmp_path, INTERNAL.partition("workflow:")[0]), packaged.shelf())


def test_what_follows_is_an_internal_service(tmp_path: Path) -> None:
    for folder in ("lookups", "parts", "workflows", "services", "calendars"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    shutil.rmtree(tmp_path / "services" / "internal")
    with pytest.raises(CatalogueError, match="leads to visit-after-licence, which is no internal service"):
        read_packaged(tmp_path)


def test_yaml_1_2_and_no_floats(tmp_path: Path) -> None:
    path = write(tmp_path, "a: 10:30\nb: no\nc: 1.50\nd: 2026-01-31\ne: 010\nf: 'x'\n")
    assert read_yaml(path).data == {
        "a": "10:30",
        "b": "no",
        "c": "1.50",
        "d": "2026-01-31",
        "e": 10,
        "f": "x",
    }


def test_a_key_written_twice_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CatalogueError, match="The key a is written twice; it stands on line 1 already"):
        read_yaml(write(tmp_path, "a: 1\na: 2\n"))


def test_a_list_takes_parts_in_place(tmp_path: Path) -> None:
    (tmp_path / "two.yaml").write_text("- {key: b}\n- {key: c}\n", encoding="utf-8")
    source = read_yaml(
        write(tmp_path, "items:\n  - {key: a}\n  - include: two\n  - {key: d}\n"), parts=tmp_path
    )
    assert [item["key"] for item in source.data["items"]] == ["a", "b", "c", "d"]
    assert source.where(("items", 2)) == (str(tmp_path / "two.yaml"), 2)
    assert source.where(("items", 3))[1] == 4


def test_an_unknown_part_is_named(tmp_path: Path) -> None:
    with pytest.raises(CatalogueError, match="There is no part tow"):
        read_yaml(write(tmp_path, "items:\n  - include: tow\n"), parts=tmp_path)
