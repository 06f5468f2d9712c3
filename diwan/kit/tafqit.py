"""Amounts in words (tafqit), as cheques, certificates and contracts need them, in Arabic and English.

Arabic follows the grammar of counted nouns: riyal and the scale words are masculine, halala is feminine; 3-10 take the
plural, 11-99 the accusative singular, round hundreds and scales the genitive singular; a dual in construct loses its
nun (ألفا ريال). After a hundred or a scale, one and two riyals stand as nouns of their own (مائة وريالان).
"""

from __future__ import annotations

from typing import Literal, NamedTuple

from diwan.kit.money import LIMIT, Halalas

Gender = Literal["m", "f"]

#: Units for a masculine and for a feminine counted noun (three to ten take the opposite gender).
_UNITS: dict[Gender, tuple[str, ...]] = {
    "m": ("", "واحد", "اثنان", "ثلاثة", "أربعة", "خمسة", "ستة", "سبعة", "ثمانية", "تسعة", "عشرة"),
    "f": ("", "إحدى", "اثنتان", "ثلاث", "أربع", "خمس", "ست", "سبع", "ثمان", "تسع", "عشر"),
}
_TENS = ("", "عشرة", "عشرون", "ثلاثون", "أربعون", "خمسون", "ستون", "سبعون", "ثمانون", "تسعون")
_HUNDREDS = (
    *("", "مائة", "مائتان", "ثلاثمائة", "أربعمائة"),
    *("خمسمائة", "ستمائة", "سبعمائة", "ثمانمائة", "تسعمائة"),
)


class _Noun(NamedTuple):
    """A counted noun: one, two, two in construct, plural (3-10), accusative (11-99), genitive (hundreds)."""

    one: str
    two: str
    two_of: str
    few: str
    many: str
    other: str


_SCALES = (
    (10**12, _Noun("تريليون", "تريليونان", "تريليونا", "تريليونات", "تريليونا", "تريليون")),
    (10**9, _Noun("مليار", "ملياران", "مليارا", "مليارات", "مليارا", "مليار")),
    (10**6, _Noun("مليون", "مليونان", "مليونا", "ملايين", "مليونا", "مليون")),
    (10**3, _Noun("ألف", "ألفان", "ألفا", "آلاف", "ألفا", "ألف")),
)
_RIYAL = _Noun("ريال سعودي واحد", "ريالان سعوديان", "ريالا", "ريالات سعودية", "ريالا سعوديا", "ريال سعودي")
_HALALA = _Noun("هللة واحدة", "هللتان", "هللتا", "هللات", "هللة", "هللة")


def tafqit(amount: Halalas) -> str:
    """An amount in Arabic words: `مليون وواحد وتسعون ألف ريال سعودي لا غير`."""
    riyals, halalas = _split(amount)
    parts = [_counted(riyals, _RIYAL, "m")] if riyals else []
    if halalas:
        parts.append(_counted(halalas, _HALALA, "f"))
    return (" و".join(parts) or "صفر ريال سعودي") + " لا غير"


def number_words(n: int, gender: Gender = "m") -> str:
    """A whole number from 0 in Arabic words, standing alone; `gender` is that of the thing counted."""
    if not 0 <= n < LIMIT // 100:
        raise ValueError(f"number out of range: {n}")
    if n == 0:
        return "صفر"
    if n == 1 and gender == "f":
        return "واحدة"
    return _words(n, gender, construct=False)


def amount_in_english(amount: Halalas) -> str:
    """An amount in English words: `One million ninety-one thousand Saudi riyals only`."""
    riyals, halalas = _split(amount)
    parts = []
    if riyals or not halalas:
        parts.append(f"{_english(riyals)} Saudi riyal{'' if riyals == 1 else 's'}")
    if halalas:
        parts.append(f"{_english(halalas)} halala{'' if halalas == 1 else 's'}")
    text = " and ".join(parts)
    return f"{text[0].upper()}{text[1:]} only"


def _split(amount: Halalas) -> tuple[int, int]:
    if not 0 <= amount < LIMIT:
        raise ValueError(f"amount out of range: {amount}")
    return divmod(amount, 100)


def _counted(n: int, noun: _Noun, gender: Gender) -> str:
    """A number from 1 with its noun in the form that the number asks for."""
    rest = n % 100
    if rest in (1, 2):
        own = noun.one if rest == 1 else noun.two
        return own if n == rest else f"{_words(n - rest, gender, construct=False)} و{own}"
    if 3 <= rest <= 10:
        return f"{_eight_in_construct(_words(n, gender, construct=False))} {noun.few}"
    if rest >= 11:
        return f"{_words(n, gender, construct=False)} {noun.many}"
    return f"{_words(n, gender, construct=True)} {noun.other}"


def _words(n: int, gender: Gender, *, construct: bool) -> str:
    """A number in words; in construct the last word is bound to the noun that follows."""
    groups, rest = _scale_groups(n, followed=not construct)
    return " و".join([*groups, *_below_thousand(rest, gender, construct=construct)])


def _scale_groups(n: int, *, followed: bool) -> tuple[list[str], int]:
    """The words for thousands and above, and what is left below a thousand.

    The last group in construct (nothing follows but the noun) loses nun and tanween: ألفا ريال، أحد عشر ألف ريال.
    """
    groups: list[str] = []
    for value, noun in _SCALES:
        count, n = divmod(n, value)
        if count:
            groups.append(_scaled(count, noun, bound=n == 0 and not followed))
    return groups, n


def _scaled(count: int, noun: _Noun, *, bound: bool) -> str:
    rest = count % 100
    if count == 1:
        return noun.one
    if count == 2:
        return noun.two_of if bound else noun.two
    words = " و".join(_below_thousand(count, "m", construct=rest == 0))
    if 3 <= rest <= 10:
        return f"{words} {noun.few}"
    if rest >= 11 and not bound:
        return f"{words} {noun.many}"
    return f"{words} {noun.other}"


def _below_thousand(n: int, gender: Gender, *, construct: bool) -> list[str]:
    hundreds, rest = divmod(n, 100)
    parts: list[str] = []
    if hundreds:
        bound = construct and rest == 0 and hundreds == 2
        parts.append("مائتا" if bound else _HUNDREDS[hundreds])
    if rest:
        parts.append(_below_hundred(rest, gender))
    return parts


def _below_hundred(n: int, gender: Gender) -> str:
    units = _UNITS[gender]
    if n <= 10:
        return units[n]
    if n == 11:
        return "أحد عشر" if gender == "m" else "إحدى عشرة"
    if n == 12:
        return "اثنا عشر" if gender == "m" else "اثنتا عشرة"
    if n < 20:
        unit = "ثماني" if (n, gender) == (18, "f") else units[n - 10]
        return f"{unit} {'عشر' if gender == 'm' else 'عشرة'}"
    tens, unit_value = divmod(n, 10)
    return f"{units[unit_value]} و{_TENS[tens]}" if unit_value else _TENS[tens]


def _eight_in_construct(words: str) -> str:
    """Feminine eight bound to its noun keeps its ya: ثماني هللات."""
    return words + "ي" if words.endswith("ثمان") else words


_ENGLISH_UNITS = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
]
_ENGLISH_TENS = ["", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
_ENGLISH_SCALES = (
    (10**12, "trillion"),
    (10**9, "billion"),
    (10**6, "million"),
    (10**3, "thousand"),
    (100, "hundred"),
)


def _english(n: int) -> str:
    if n < 20:
        return _ENGLISH_UNITS[n]
    if n < 100:
        tens, unit = divmod(n, 10)
        return _ENGLISH_TENS[tens] + (f"-{_ENGLISH_UNITS[unit]}" if unit else "")
    value, name = next(scale for scale in _ENGLISH_SCALES if n >= scale[0])
    count, rest = divmod(n, value)
    return f"{_english(count)} {name}" + (f" {_english(rest)}" if rest else "")
