"""The day and minute of each row, from one column or several."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import polars as pl
from django.utils.translation import gettext_noop as _

from convive.incidents.intake import dates, values
from convive.incidents.intake.coded import Coded
from convive.incidents.intake.headings import Field

if TYPE_CHECKING:
    from convive.incidents.intake.columns import Columns
    from convive.incidents.intake.identity import Column
    from convive.incidents.intake.reference import Reference

EARLIEST_YEAR = 1900
# Above this many distinct texts, days and times of day are read apart.
_MANY_TEXTS = 20_000
_DAY_AND_CLOCK = r"^(\d{4}[-/.]\d\d[-/.]\d\d|\d\d[-/.]\d\d[-/.]\d{4})[ T]+(.*)$"


def when(columns: Columns, reference: Reference) -> dict[str, Column]:
    if columns.has(Field.DATE):
        day, minute = _whole_dates(columns)
    else:
        day = _dates_in_parts(columns)
        minute = pl.Series([None], dtype=pl.Int16).new_from_index(0, columns.height)
    times = columns.coded(Field.TIME)
    minutes = {text: dates.parse_time(text) for text in times.present}
    columns.refuse(
        times.where(
            lambda text: (
                text is not None
                and minutes[text] is None
                and not values.is_unknown(text)
            )
        ),
        Field.TIME,
        _("“%(value)s” is not a time of day. Write it as 14:30, or leave it blank."),
    )
    field = Field.DATE if columns.has(Field.DATE) else Field.YEAR
    columns.refuse(
        (day > reference.today).fill_null(False),
        field,
        _("“%(value)s” lies in the future."),
    )
    columns.refuse(
        (day.dt.year() < EARLIEST_YEAR).fill_null(False),
        field,
        _("“%(value)s” is before the year %(year)s."),
        year=EARLIEST_YEAR,
    )
    # A date cell of midnight sharp beside a time column is a date without a time.
    clock = times.values(minutes.get, pl.Int16)
    both = pl.DataFrame([clock.alias("clock"), minute.alias("minute")])
    at = both.select(pl.coalesce("clock", "minute")).to_series()
    return {"occurred_on": day, "occurred_minute": at}


def _whole_dates(columns: Columns) -> tuple[pl.Series, pl.Series]:
    texts = columns.coded(Field.DATE)
    if len(texts.words) > _MANY_TEXTS:
        day, minute = _days_and_clocks(columns)
    else:
        day, minute = _parsed(texts, columns.mapping.date_order)
    columns.refuse(texts.is_null, Field.DATE, _("The date is missing."))
    columns.refuse(
        day.is_null().to_numpy() & ~texts.is_null,
        Field.DATE,
        _("“%(value)s” is not a date. Write it as day/month/year, for example "
          "31/12/2009."),
    )  # fmt: skip
    return day, minute


def _parsed(texts: Coded, order: str) -> tuple[pl.Series, pl.Series]:
    order = order or dates.decide_order(list(texts.present))
    moments = {text: dates.parse_date(text, order) for text in texts.present}

    def part(position: int) -> dict[str, object]:
        return {text: m[position] for text, m in moments.items() if m}

    return (
        texts.values(part(0).get, pl.Date),
        texts.values(part(1).get, pl.Int16),
    )


def _days_and_clocks(columns: Columns) -> tuple[pl.Series, pl.Series]:
    """The same answer, asked once a day and once a time of day."""
    texts = columns.text(Field.DATE)
    parts = texts.to_frame("t").select(
        day=pl.col("t").str.extract(_DAY_AND_CLOCK, 1),
        clock=pl.col("t").str.extract(_DAY_AND_CLOCK, 2),
    )
    is_split = parts["day"].is_not_null()
    others = Coded.of(pl.select(pl.when(~is_split).then(texts)).to_series())
    days, clocks = Coded.of(parts["day"]), Coded.of(parts["clock"])
    order = columns.mapping.date_order or dates.decide_order(
        [*days.present, *others.present]
    )
    day, _none = _parsed(days, order)
    other_day, other_minute = _parsed(others, order)
    minute = clocks.values(dates.parse_time, pl.Int16)
    frame = pl.DataFrame(
        [
            day.alias("a"),
            other_day.alias("b"),
            minute.alias("c"),
            other_minute.alias("d"),
        ]
    )
    merged = frame.select(pl.coalesce("a", "b"), pl.coalesce("c", "d"))
    return merged.to_series(0), merged.to_series(1)


def _dates_in_parts(columns: Columns) -> pl.Series:
    year = columns.coded(Field.YEAR).values(_whole_number, pl.Int32)
    month = columns.coded(Field.MONTH).values(dates.parse_month, pl.Int8)
    day = columns.coded(Field.DAY).values(_day_number, pl.Int8)
    frame = pl.DataFrame({"y": year, "m": month, "d": day})
    text = pl.format("{}-{}-{}", "y", "m", "d")
    whole = frame.select(text.str.to_date("%Y-%m-%d", strict=False)).to_series()
    columns.refuse(
        whole.is_null(),
        Field.YEAR,
        _("Year, month and day together give no date."),
    )
    return whole


def _whole_number(text: str) -> int | None:
    return int(text) if re.fullmatch(r"[0-9]{4}", text) else None


def _day_number(text: str) -> int | None:
    return int(text) if re.fullmatch(r"[0-9]{1,2}", text) else None
