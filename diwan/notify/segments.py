"""How many parts a short message takes (3GPP TS 23.038): 160/153 characters in GSM 7-bit, 70/67 in UCS-2."""

from typing import Final

#: Messages are written to fit this many parts.
MOST_PARTS: Final = 2
_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑܧ¿"
    "abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENDED = frozenset("^{}\\[~]|€\f")


def parts_of(text: str) -> int:
    """Parts that the text needs; 1 for an empty text."""
    if all(sign in _BASIC or sign in _EXTENDED for sign in text):
        length = sum(2 if sign in _EXTENDED else 1 for sign in text)
        return 1 if length <= 160 else -(-length // 153)
    length = len(text.encode("utf-16-be")) // 2
    return 1 if length <= 70 else -(-length // 67)
