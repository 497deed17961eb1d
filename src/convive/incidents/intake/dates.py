"""Dates and times in every shape that offices use."""

from __future__ import annotations

import re
from datetime import date, timedelta

from convive.core.text import fold

MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "enero ene january jan", "febrero feb february", "marzo mar march",
            "abril abr april apr", "mayo may", "junio jun june", "julio jul july",
            "agosto ago august aug", "septiembre setiembre sep sept set september",
            "octubre oct october", "noviembre nov november",
            "diciembre dic december dec",
        ),
        start=1,
    )
    for name in names.split()
}  # fmt: skip
_ISO = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[ T]+(.*))?$")
_NUMERIC = re.compile(r"(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4}|\d{2})(?:[ ,T]+(.*))?$")
_NAMED = re.compile(
    r"(?:[a-z]+ )?(\d{1,2})(?: de)?[ ]?([a-z]{3,})(?: del?)?[ ]?(\d{4}|\d{2})\b(.*)$"
)
_MONTH_FIRST = re.compile(r"([a-z]{3,}) (\d{1,2}) (\d{4})\b(.*)$")
_SERIAL = re.compile(r"\d{5}(?:\.\d+)?$")
_CLOCK = re.compile(r"(\d{1,2})\s*[:.h]\s*(\d{2})(?:[:.]\d{2}(?:\.\d+)?)?\s*([ap])?")
_HOUR = re.compile(r"(\d{1,2})\s*(?:h|hrs?|horas)?\s*([ap])?$")
_EXCEL_DAY_ZERO = date(1899, 12, 30)
_TWO_DIGIT_PIVOT = 69
_DAY_MINUTES = 24 * 60

Moment = tuple[date, int | None]


def decide_order(values: list[str]) -> str:
    """'dmy' or 'mdy', from what the column itself shows; 'dmy' when it does not."""
    firsts, seconds = 0, 0
    for value in values:
        if match := _NUMERIC.match(value.strip()):
            firsts = max(firsts, int(match[1]))
            seconds = max(seconds, int(match[2]))
    return "mdy" if seconds > 12 >= firsts else "dmy"


def parse_date(value: str, order: str = "dmy") -> Moment | None:
    """A day, and the minute of it if the cell holds one; None if it is no date."""
    text = value.strip()
    if match := _ISO.match(text):
        return _moment((match[1], match[2], match[3]), match[4])
    if match := _NUMERIC.match(text):
        day, month = (match[1], match[2]) if order == "dmy" else (match[2], match[1])
        return _moment((match[3], month, day), match[4])
    if _SERIAL.match(text):
        return _serial(float(text))
    return _parse_named(text)


def _parse_named(text: str) -> Moment | None:
    plain, clock = fold(text), _clock_part(text)
    named, month_first = _NAMED.match(plain), _MONTH_FIRST.match(plain)
    if named and named[2] in MONTHS:
        return _moment((named[3], str(MONTHS[named[2]]), named[1]), clock)
    if month_first and month_first[1] in MONTHS:
        month = str(MONTHS[month_first[1]])
        return _moment((month_first[3], month, month_first[2]), clock)
    return None


def _clock_part(text: str) -> str | None:
    match = re.search(r"\d{1,2}:\d{2}.*$", text)
    return match[0] if match else None


def _moment(parts: tuple[str, str, str], clock: str | None) -> Moment | None:
    year, month, day = (int(part) for part in parts)
    if year < 100:
        year += 1900 if year >= _TWO_DIGIT_PIVOT else 2000
    try:
        return date(year, month, day), parse_time(clock or "")
    except ValueError:
        return None


def _serial(days: float) -> Moment | None:
    whole = int(days)
    minute = round((days - whole) * _DAY_MINUTES)
    return _EXCEL_DAY_ZERO + timedelta(days=whole), minute if days % 1 else None


def parse_month(value: str) -> int | None:
    plain = fold(value)
    if plain in MONTHS:
        return MONTHS[plain]
    return int(plain) if plain.isdigit() and 1 <= int(plain) <= 12 else None


def parse_time(value: str) -> int | None:
    """Minute of the day, 0-1439; None when the cell holds no time of day."""
    text = value.strip().casefold().replace("a. m", "a.m").replace("p. m", "p.m")
    if not text:
        return None
    # A spreadsheet's part of a day; a clock would begin with two figures: 00.30.
    if re.fullmatch(r"0?[.,][0-9]+", text):
        return round(float(text.replace(",", ".")) * _DAY_MINUTES) % _DAY_MINUTES
    if match := _CLOCK.match(text):
        return _minute(int(match[1]), int(match[2]), match[3])
    if re.fullmatch(r"\d{3,4}", text):
        return _minute(int(text[:-2]), int(text[-2:]), None)
    if match := _HOUR.match(text):
        return _minute(int(match[1]), 0, match[2])
    return None


def _minute(hour: int, minute: int, half: str | None) -> int | None:
    if half and hour <= 12:
        hour = hour % 12 + (12 if half == "p" else 0)
    if hour == 24 and minute == 0:
        hour = 0
    return hour * 60 + minute if hour < 24 and minute < 60 else None
