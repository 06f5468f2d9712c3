"""Arabic text: one normal form for search, light stems, sort keys, plural forms, and marks that keep directions apart.

The same functions serve index and query; the text as typed is kept for display. Sorted columns store `sort_key`,
since the database's collation is by code point.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Literal

from diwan.kit.digits import to_ascii

#: Vowel signs, Quranic marks, tatweel, zero-width and bidi controls, byte order mark, soft hyphen.
_DROPPED = re.compile(
    "[\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed\u0640"
    "\u200b-\u200f\u202a-\u202e\u2066-\u2069\u061c\ufeff\u00ad]"
)
_PERSIAN = str.maketrans("کگیپچڤ", "ككيبجف")
_FOLDED = str.maketrans({**dict.fromkeys("أإآٱ", "ا"), "ى": "ي", "ة": "ه", "ؤ": "و", "ئ": "ي", "ء": None})
_LOOSE = str.maketrans(dict.fromkeys("ؤئء"))
_WORD = re.compile(r"[^\W_]+")
_COMPOUND = re.compile(r"(?<!\w)(عبد|ابو|أبو) +(?=\w)")
_PREFIXES = ("وبال", "وال", "بال", "كال", "فال", "ولل", "لل", "ال")
_SUFFIXES = ("يات", "تين", "تان", "ات", "ون", "ين", "ها", "يه", "ه")
_LATIN_ARTICLE = re.compile(r"(?<!\w)(?:al[- ]|(?:ash|adh|ath)[- ]|(?:as|at|an|ad|ar|az|el)-)(?=\w)")
_BIDI = re.compile("[\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069]")
_UNSAFE = re.compile("[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200b\u2028\u2029\ufeff\ufff9-\ufffb]")
_OPENERS = {"auto": "\u2068", "ltr": "\u2066", "rtl": "\u2067"}

Category = Literal["zero", "one", "two", "few", "many", "other"]


def normalise(text: str) -> str:
    """The search form: compatibility forms resolved; vowel signs, tatweel and controls dropped; hamza, ta marbuta,
    alef maksura and Persian letters folded; ASCII digits; lower Latin; single spaces."""
    return " ".join(_clean(text).translate(_FOLDED).split())


def loose_key(text: str) -> str:
    """A second, looser search form in which a hamza on any seat vanishes: مسئول and مسؤول both give مسول."""
    return normalise(_clean(text).translate(_LOOSE))


def tokens(text: str) -> list[str]:
    """The words of the search form; عبد and ابو are joined to what follows, ابن is بن."""
    joined = _COMPOUND.sub(r"\1", normalise(text))
    return ["بن" if word == "ابن" else word for word in _WORD.findall(joined)]


def light_stem(token: str) -> str:
    """A normalised word without article-bearing prefix and without common ending, for recall only.

    A waw or fa is taken off only before the article (وزارة، وكالة، فاتورة stay whole); three letters always remain. A
    broken plural of the table has the stem of its singular.
    """
    stem = _stripped(token)
    return _broken_plurals().get(stem, stem)


def _stripped(token: str) -> str:
    for prefix in _PREFIXES:
        if token.startswith(prefix) and len(token) - len(prefix) >= 3:
            token = token[len(prefix) :]
            break
    for suffix in _SUFFIXES:
        if token.endswith(suffix) and len(token) - len(suffix) >= 3:
            return token[: -len(suffix)]
    return token


@cache
def _broken_plurals() -> Mapping[str, str]:
    """Stem of a broken plural -> stem of its singular, from the table beside this package."""
    table = files("diwan.kit").joinpath("data", "broken_plurals.tsv").read_text(encoding="utf-8")
    rows = [line.split("\t") for line in table.splitlines() if line and not line.startswith("#")]
    return {_stripped(normalise(plural)): _stripped(normalise(single)) for plural, single in rows}


def stems(text: str) -> list[str]:
    """The light stems of a text's words, in order."""
    return [light_stem(token) for token in tokens(text)]


def sort_key(text: str) -> str:
    """A text whose order by code point is the order people expect, in Arabic and in English.

    Hamza folded, the article ignored on every word (not in إلهام: only a bare ال is an article), عبد and أبو joined,
    accents and case ignored, numbers by value.
    """
    words = _WORD.findall(_COMPOUND.sub(r"\1", _LATIN_ARTICLE.sub("", _clean(text))))
    folded = " ".join(_without_article(word).translate(_FOLDED) for word in words)
    plain = "".join(sign for sign in unicodedata.normalize("NFKD", folded) if not unicodedata.combining(sign))
    return re.sub(r"\d+", lambda run: run.group().lstrip("0").zfill(12), plain)


def plural_category(n: int) -> Category:
    """The CLDR plural category of a whole number in Arabic."""
    if n in (0, 1, 2):
        return ("zero", "one", "two")[n]
    rest = abs(n) % 100
    if 3 <= rest <= 10:
        return "few"
    return "many" if rest >= 11 else "other"


def plural(n: int, forms: Mapping[str, str], *, language: Literal["ar", "en"] = "ar") -> str:
    """The form for `n` with `{n}` filled in; a missing category falls back to "other"."""
    category = plural_category(n) if language == "ar" else ("one" if n == 1 else "other")
    return forms.get(category, forms["other"]).replace("{n}", str(n))


def isolate(text: str, direction: Literal["auto", "ltr", "rtl"] = "auto") -> str:
    """The text between isolating marks (FSI, LRI or RLI, then PDI) for plain text; marks inside are dropped."""
    return f"{_OPENERS[direction]}{strip_bidi(text)}\u2069"


def strip_bidi(text: str) -> str:
    """The text without direction marks, embeddings, overrides and isolates."""
    return _BIDI.sub("", text)


def clean_input(text: str) -> str:
    """Typed text made safe to keep and show: NFC, LF line ends, no direction controls that could disguise it, no
    control characters; joiners that shape letters stay."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n").replace("\u2029", "\n")
    return unicodedata.normalize("NFC", _UNSAFE.sub("", strip_bidi(lines)))


def has_arabic(text: str) -> bool:
    """Whether any letter of the Arabic script is in the text."""
    return re.search("[\u0620-\u064a\u066e-\u06d3\ufb50-\ufdff\ufe70-\ufefc]", text) is not None


def _clean(text: str) -> str:
    """All of `normalise` but the folding of letters."""
    for _ in range(2):  # what is dropped may have kept letters from composing
        text = _DROPPED.sub("", unicodedata.normalize("NFKC", text))
    return to_ascii(text.translate(_PERSIAN)).lower()


def _without_article(word: str) -> str:
    if word.startswith("ال") and len(word) >= 4 and word != "الله":
        return word[2:]
    return word
