"""Messages about the length of identifiers, each a whole sentence so that every language can say it well."""

from __future__ import annotations

from diwan.kit.digits import DigitWords
from diwan.kit.errors import N_, plural_message

NATIONAL_ID = DigitWords(
    "ids.national_id",
    N_("An id number is digits only."),
    plural_message(
        "The id number is one digit short. Enter the ten digits as on the card.",
        "The id number is {missing} digits short. Enter the ten digits as on the card.",
        count="missing",
    ),
    plural_message(
        "The id number has one digit too many. Enter the ten digits as on the card.",
        "The id number has {extra} digits too many. Enter the ten digits as on the card.",
        count="extra",
    ),
)

UNIFIED = DigitWords(
    "ids.unified",
    N_("A unified number is digits only."),
    plural_message(
        "The unified number is one digit short. It has ten digits.",
        "The unified number is {missing} digits short. It has ten digits.",
        count="missing",
    ),
    plural_message(
        "The unified number has one digit too many. It has ten digits.",
        "The unified number has {extra} digits too many. It has ten digits.",
        count="extra",
    ),
)

CR = DigitWords(
    "ids.cr",
    N_("A commercial register number is digits only."),
    plural_message(
        "The commercial register number is one digit short. It has ten digits.",
        "The commercial register number is {missing} digits short. It has ten digits.",
        count="missing",
    ),
    plural_message(
        "The commercial register number has one digit too many. It has ten digits.",
        "The commercial register number has {extra} digits too many. It has ten digits.",
        count="extra",
    ),
)

VAT = DigitWords(
    "ids.vat",
    N_("A VAT number is digits only."),
    plural_message(
        "The VAT number is one digit short. It has fifteen digits.",
        "The VAT number is {missing} digits short. It has fifteen digits.",
        count="missing",
    ),
    plural_message(
        "The VAT number has one digit too many. It has fifteen digits.",
        "The VAT number has {extra} digits too many. It has fifteen digits.",
        count="extra",
    ),
)

POSTAL_CODE = DigitWords(
    "ids.postal_code",
    N_("A postal code is digits only."),
    plural_message(
        "The postal code is one digit short. It has five digits.",
        "The postal code is {missing} digits short. It has five digits.",
        count="missing",
    ),
    plural_message(
        "The postal code has one digit too many. It has five digits.",
        "The postal code has {extra} digits too many. It has five digits.",
        count="extra",
    ),
)

EJAR = DigitWords(
    "ids.ejar",
    N_("A lease number is digits only."),
    plural_message(
        "The lease number is one digit short. It has eleven digits.",
        "The lease number is {missing} digits short. It has eleven digits.",
        count="missing",
    ),
    plural_message(
        "The lease number has one digit too many. It has eleven digits.",
        "The lease number has {extra} digits too many. It has eleven digits.",
        count="extra",
    ),
)
