"""Errors carry code, message id and parameters; words are made at the edge."""

from diwan.kit.errors import DiwanError, FieldErrors, InvalidValue, Problem, plural_message, text_of


class LostRace(DiwanError):
    code = "cases.lost_race"
    message = "{name} was first."


def test_an_error_carries_code_and_params() -> None:
    error = LostRace(name="Huda")
    assert (error.code, error.params) == ("cases.lost_race", {"name": "Huda"})
    assert error.problem == ("cases.lost_race", "{name} was first.", {"name": "Huda"})
    assert str(error) == "cases.lost_race: Huda was first."


def test_words_come_from_the_given_language() -> None:
    arabic = {"{name} was first.": "سبقك {name}."}
    text = text_of(LostRace(name="هدى").problem, gettext=arabic.__getitem__, ngettext=lambda s, p, n: s)
    assert text == "سبقك هدى."


def test_plural_messages_choose_by_their_count() -> None:
    one = plural_message("{n} digit missing.", "{n} digits missing.", count="n")
    assert str(InvalidValue("x.short", one, n=1)) == "x.short: 1 digit missing."
    assert str(InvalidValue("x.short", one, n=3)) == "x.short: 3 digits missing."


def test_field_errors_keep_order_and_accept_plain_triples() -> None:
    error = FieldErrors({"a.b": [("x.required", "Required.", {})], "": [Problem("x.y", "Whole form.")]})
    assert list(error.errors) == ["a.b", ""]
    assert error.errors["a.b"][0].code == "x.required"
    assert str(error) == "kit.fields: a.b x.required, (form) x.y"
