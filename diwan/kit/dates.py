"""Dates and times in words, both calendars, both languages.

Results that mix digits and Arabic words come as parts, so that a template can isolate each number; `joined` makes
plain text of them (with isolating marks where plain text will be shown inside Arabic).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Literal, NamedTuple

from diwan.kit.arabic import isolate
from diwan.kit.clock import local
from diwan.kit.hijri import Calendar, to_hijri

Language = Literal["ar", "en"]

#: Own table: hijridate writes ربيع الثاني for the fourth month, official usage in the Kingdom is ربيع الآخر.
HIJRI_MONTHS: dict[Language, tuple[str, ...]] = {
    "ar": (
        "محرم",
        "صفر",
        "ربيع الأول",
        "ربيع الآخر",
        "جمادى الأولى",
        "جمادى الآخرة",
        "رجب",
        "شعبان",
        "رمضان",
        "شوال",
        "ذو القعدة",
        "ذو الحجة",
    ),
    "en": (
        "Muharram",
        "Safar",
        "Rabi al-Awwal",
        "Rabi al-Akhir",
        "Jumada al-Ula",
        "Jumada al-Akhirah",
        "Rajab",
        "Shaban",
        "Ramadan",
        "Shawwal",
        "Dhu al-Qadah",
        "Dhu al-Hijjah",
    ),
}
GREGORIAN_MONTHS: dict[Language, tuple[str, ...]] = {
    "ar": (
        "يناير",
        "فبراير",
        "مارس",
        "أبريل",
        "مايو",
        "يونيو",
        "يوليو",
        "أغسطس",
        "سبتمبر",
        "أكتوبر",
        "نوفمبر",
        "ديسمبر",
    ),
    "en": (
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ),
}
#: Monday first, as `date.weekday()` counts.
WEEKDAYS: dict[Language, tuple[str, ...]] = {
    "ar": ("الاثنين", "الثلاثاء", "الأربعاء", "الخميس", "الجمعة", "السبت", "الأحد"),
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
}
#: Order of weekday columns on calendars in the Kingdom: Sunday first.
WEEK_ORDER = (6, 0, 1, 2, 3, 4, 5)
_ERAS: dict[Language, tuple[str, str, str]] = {
    "ar": ("هـ", "الموافق", "م"),
    "en": (" AH", "corresponding to", " AD"),
}


class Part(NamedTuple):
    """A piece of a text: `ltr` pieces (digits with separators) must be isolated left to right."""

    text: str
    ltr: bool = False


def joined(parts: Iterable[Part], *, isolated: bool = False) -> str:
    """The parts as one text; `isolated` puts isolating marks round each left-to-right piece."""
    return "".join(isolate(part.text, "ltr") if isolated and part.ltr else part.text for part in parts)


def weekday_name(day: date, language: Language) -> str:
    """The name of the day's weekday."""
    return WEEKDAYS[language][day.weekday()]


def month_name(month: int, language: Language, calendar: Calendar = "gregorian") -> str:
    """The name of a month (1-12)."""
    return (HIJRI_MONTHS if calendar == "hijri" else GREGORIAN_MONTHS)[language][month - 1]


def numeric(day: date) -> str:
    """`2026/11/21`, the numeric form used on documents; to be isolated."""
    return f"{day.year:04d}/{day.month:02d}/{day.day:02d}"


def both_calendars(day: date, language: Language = "ar") -> tuple[Part, ...]:
    """Hijri and Gregorian as documents print them: `1448/06/11هـ الموافق 2026/11/21م`.

    Outside the Hijri tables only the Gregorian date.
    """
    hijri_era, link, era = _ERAS[language]
    gregorian = (Part(numeric(day), ltr=True), Part(era))
    hijri = to_hijri(day)
    if hijri is None:
        return gregorian
    return (Part(str(hijri), ltr=True), Part(f"{hijri_era} {link} "), *gregorian)


def in_words(
    day: date, language: Language = "ar", *, calendar: Calendar = "gregorian", weekday: bool = True
) -> tuple[Part, ...]:
    """A date in words: `السبت 21 نوفمبر 2026م`, `Saturday 11 Jumada al-Akhirah 1448 AH`."""
    head = (Part(weekday_name(day, language) + " "),) if weekday else ()
    hijri = to_hijri(day) if calendar == "hijri" else None
    if hijri is None:
        number, month, year = day.day, month_name(day.month, language), day.year
        era = "م" if language == "ar" else ""
    else:
        number, month, year = hijri.day, month_name(hijri.month, language, "hijri"), hijri.year
        era = _ERAS[language][0]
    tail = (Part(era),) if era else ()
    return (*head, Part(str(number), ltr=True), Part(f" {month} "), Part(str(year), ltr=True), *tail)


def time_in_words(moment: datetime, language: Language = "ar") -> tuple[Part, ...]:
    """The wall time in Riyadh with the part of the day: `7:30 صباحا`, `1:05 ظهرا`, `7:30 am`."""
    wall = local(moment)
    clock = Part(f"{(wall.hour - 1) % 12 + 1}:{wall.minute:02d}", ltr=True)
    if language == "en":
        return (clock, Part(" am" if wall.hour < 12 else " pm"))
    return (clock, Part(" " + _day_part(wall.hour)))


def moment_in_words(moment: datetime, language: Language = "ar") -> tuple[Part, ...]:
    """Date and time of a moment in Riyadh: `الأحد 22 نوفمبر 2026م، الساعة 1:05 ظهرا`."""
    link = "، الساعة " if language == "ar" else ", "
    return (*in_words(local(moment).date(), language), Part(link), *time_in_words(moment, language))


def _day_part(hour: int) -> str:
    if hour < 1:
        return "بعد منتصف الليل"
    if hour < 5:
        return "قبل الفجر"
    if hour < 12:
        return "صباحا"
    if hour < 15:
        return "ظهرا"
    if hour < 18:
        return "عصرا"
    return "مساء"
