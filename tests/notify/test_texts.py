"""Texts: complete, short enough, filled in without holes, and nothing secret in the log."""

import re

import pytest

from diwan.notify.segments import MOST_PARTS, parts_of
from diwan.notify.templates import (
    LANGUAGES,
    MASK,
    MissingValue,
    Template,
    TemplateError,
    fill_short,
    fill_text,
    read_template,
    templates,
)

#: Values as long as they usually get.
USUAL = {
    "number": "260-0000-0017", "secret": "12345678", "service": "رخصة نشاط تجاري", "stage": "المراجعة",
    "url": "https://diwan.example.sa/t/26000000017/Zm9vYmFyYmF6cXV4MTIzNA", "code": "123456", "amount": "1,250.00",
    "biller": "901", "bill": "2600000012345", "expires": "2026/12/05", "due": "2026/11/30", "percent": "75",
    "reason": "مستند ناقص", "article": "المادة 12", "document": "رخصة نشاط تجاري", "document_number": "1012-6000-0123",
    "receipt": "101260000123", "expected": "الأحد 2026/11/29", "visit_at": "الأحد 2026/11/29",
    "silence_rule": "الموافقة", "type": "نفق مغمور", "done": "أوضحنا القرار وأسبابه", "until": "2026/12/29",
    "party_url": "https://diwan.example.sa/party/26000000017", "username": "fahad.alharbi",
}  # fmt: skip
ALL = sorted(templates().items())
REQUIRED = {
    "RECEIVED", "RETURNED", "APPROVED", "INVOICE", "PAID", "ISSUED", "REJECTED", "WITHDRAWN", "CANCELLED",
    "LAPSED", "BLOCKED",
    "REOPENED", "OTP", "CONSENT_CODE", "LATE_STAFF", "EXPIRING", "RATE", "RATE_ANSWER", "REFERRAL",
}  # fmt: skip


def test_every_notice_of_the_walk_has_a_text() -> None:
    assert set(templates()) >= REQUIRED


@pytest.mark.parametrize(("code", "template"), ALL)
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_short_message_fits_two_parts_without_a_hole(code: str, template: Template, language: str) -> None:
    if ("sms", "body", language) not in template.texts:
        pytest.skip("no short message")
    shown = template.render(channel="sms", language=language, values=USUAL).body
    assert parts_of(shown) <= MOST_PARTS, shown
    assert not re.search(r"[{}\[\]]|\s\s", shown), shown


@pytest.mark.parametrize(("code", "template"), ALL)
@pytest.mark.parametrize("language", LANGUAGES)
def test_mail_says_something_with_everything_and_with_the_least(
    code: str, template: Template, language: str
) -> None:
    if ("email", "body", language) not in template.texts:
        pytest.skip("no mail")
    needed = set(
        re.findall(r"\{(\w+)\}", re.sub(r"\[\[.*?\]\]", "", template.texts["email", "body", language]))
    )
    needed |= set(re.findall(r"\{(\w+)\}", template.texts["email", "subject", language]))
    for values in (USUAL, {name: USUAL[name] for name in needed}):
        shown = template.render(channel="email", language=language, values=values)
        assert shown.subject
        assert not re.search(r"[{}\[\]\0]|\n\n|\(\)", shown.body), shown.body


@pytest.mark.parametrize(("code", "template"), ALL)
def test_words_are_neutral(code: str, template: Template) -> None:
    for (_, _, language), text in template.texts.items():
        assert "!" not in text
        if language == "ar":
            assert not re.search("يرجى|التكرم|عزيزي|تهانينا|مبروك", text), text


@pytest.mark.parametrize(("code", "template"), ALL)
def test_both_languages_speak_of_the_same_things(code: str, template: Template) -> None:
    for (channel, part, language), text in template.texts.items():
        if language == "ar" and part != "subject":
            other = template.texts[channel, part, "en"]
            assert set(re.findall(r"\{(\w+)\}", text)) == set(re.findall(r"\{(\w+)\}", other)), code


def test_a_missing_value_is_never_a_hole() -> None:
    with pytest.raises(MissingValue):
        templates()["RECEIVED"].render(channel="sms", language="ar", values={"number": "1"})


def test_optional_spans_go_when_unknown_and_give_way_last_first() -> None:
    assert fill_text("a[[ {x}]] b[[ {y}]]", {"x": "1"}, "en") == "a 1 b"
    assert fill_text("one\n[[{x}]]\ntwo", {}, "en") == "one\ntwo"
    long = {"x": "س" * 60, "y": "ص" * 60, "z": "ع" * 60}
    assert fill_short("أ[[ {x}]][[ {y}]][[ {z}]]", long, "ar") == f"أ {'س' * 60} {'ص' * 60}"


def test_numbers_keep_their_order_within_arabic() -> None:
    shown = templates()["RECEIVED"].render(channel="sms", language="ar", values=USUAL).body
    assert "\u2066260-0000-0017\u2069" in shown
    assert f" {USUAL['url']}" in shown


def test_what_a_person_typed_is_not_read_as_a_pattern() -> None:
    shown = templates()["RETURNED"].render(
        channel="email", language="ar", values={**USUAL, "reason": "انظر {secret} [[{code}]]"}
    )
    assert "{secret} [[{code}]]" in shown.body


def test_the_log_keeps_neither_codes_nor_secrets_nor_links() -> None:
    code = templates()["OTP"].render(channel="sms", language="ar", values=USUAL)
    assert "123456" in code.body
    assert "123456" not in code.kept_body
    received = templates()["RECEIVED"].render(channel="email", language="en", values=USUAL)
    assert "12345678" not in received.kept_body
    assert "https://" not in received.kept_body
    assert MASK in received.kept_body


@pytest.mark.parametrize(
    "raw",
    [
        {"title": {"ar": "أ", "en": "a"}, "smss": {}},
        {"title": {"ar": "أ", "en": "a"}, "sms": {"ar": "أ"}},
        {"title": {"ar": "أ"}, "sms": {"ar": "أ", "en": "a"}},
        {"title": {"ar": "أ", "en": "a"}},
    ],
)
def test_a_text_that_is_not_whole_is_refused(raw: dict[str, object]) -> None:
    with pytest.raises(TemplateError):
        read_template("X", raw, "x.yaml")


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("", 1),
        ("a" * 160, 1),
        ("a" * 161, 2),
        ("a" * 307, 3),
        ("€" * 80, 1),
        ("€" * 81, 2),
        ("ا" * 70, 1),
        ("ا" * 71, 2),
        ("ا" * 134, 2),
        ("ا" * 135, 3),
        ("😀" * 35, 1),
        ("😀" * 36, 2),
    ],
)
def test_parts(text: str, parts: int) -> None:
    assert parts_of(text) == parts
