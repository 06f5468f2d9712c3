"""Undo the Arabic keyboard layout: a scan gun types keys, and under the Arabic layout Latin text comes out Arabic."""

from __future__ import annotations

import re

from diwan.kit.digits import to_ascii

#: Arabic (101) layout, unshifted then shifted: what comes out -> the US key that was pressed.
_UNSHIFTED = dict(zip("ضصثقفغعهخحجدشسيبلاتنمكطئءؤرىةوزظذ", "qwertyuiop[]asdfghjkl;'zxcvnm,./`", strict=True))
_SHIFTED = dict(
    zip(
        "\u064e\u064b\u064f\u064cإ‘÷×؛<>\u0650\u064d][أ\u0640،/~\u0652}{آ’,.؟\u0651)(",
        "QWERYUIOP{}ASDFHJKLZXCVNM<>?~()",
        strict=True,
    )
)
#: Keys that give two letters (b and the shifted g, t, b), also as the one-sign ligatures that some drivers send.
_PAIRS = {"لا": "b", "لأ": "G", "لإ": "T", "لآ": "B", "ﻻ": "b", "ﻷ": "G", "ﻹ": "T", "ﻵ": "B"}
_KEYS = {**_UNSHIFTED, **_SHIFTED, **_PAIRS}
_SIGNS = re.compile("|".join(re.escape(sign) for sign in sorted(_KEYS, key=len, reverse=True)))
_ARABIC = re.compile("[\u060c\u061b\u061f\u0621-\u0652\ufef5-\ufefc]")


def keyboard_unmangle(text: str) -> str:
    """The Latin text whose keys were pressed under the Arabic layout; digits become ASCII.

    A text without Arabic signs comes back unchanged (digits apart). The key b and the keys g, h in a row give the same
    letters لا; b is taken, so numbers and links meant for scan guns should avoid "gh".
    """
    if not _ARABIC.search(text):
        return to_ascii(text)
    return to_ascii(_SIGNS.sub(lambda found: _KEYS[found.group()], text))
