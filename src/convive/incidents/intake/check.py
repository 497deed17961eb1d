"""Each row of a sheet becomes an incident, or is kept aside with its reasons."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np
import polars as pl
from django.utils.translation import gettext_noop as _
from rapidfuzz import fuzz, process

from convive.core.text import fold
from convive.incidents.intake import dates, values
from convive.incidents.intake.columns import Columns, coded, translate
from convive.incidents.intake.headings import Field
from convive.incidents.intake.identity import content_hash, derived_ids
from convive.incidents.intake.location import locate
from convive.incidents.intake.outcome import Checked
from convive.warehouse.schema import INCIDENT_SCHEMA, UNCLASSIFIED, Mechanism

if TYPE_CHECKING:
    from convive.incidents.intake.mapping import Mapping
    from convive.incidents.intake.reference import Reference, Term
    from convive.incidents.intake.sheet import Sheet

EARLIEST_YEAR = 1900
_CLOSE_TERM = 96
_ICCS_CODE = re.compile(r"\d{2}(?:\d{2}\d{0,2})?$")


def check(sheet: Sheet, mapping: Mapping, reference: Reference) -> Checked:
    """Accept or reject every row; `read` is their sum."""
    mapping.check_fits(sheet)
    columns = Columns(sheet, mapping)
    rows = pl.DataFrame(
        [
            *_when(columns, reference),
            *_what(columns, reference),
            *_who(columns),
            *_where(columns, reference),
            columns.text(Field.INCIDENT_ID).alias("incident_id"),
            columns.text(Field.EVENT_ID).alias("event_id"),
            sheet.row_numbers.alias("source_row"),
            pl.repeat(reference.source, columns.height, eager=True).alias("source"),
        ]
    )
    rows = _identified(columns, rows)
    texts = rows.filter(pl.col("iccs") == UNCLASSIFIED)["offence_text"]
    counted = texts.value_counts(sort=True).rows()
    schema = INCIDENT_SCHEMA.remove(0)
    return Checked(
        accepted=rows.select(schema.names).to_arrow().cast(schema),
        rejected=columns.rejected(),
        read=columns.height,
        unclassified={str(text): int(count) for text, count in counted},
    )


def _when(columns: Columns, reference: Reference) -> list[pl.Series]:
    if columns.has(Field.DATE):
        day, minute = _whole_dates(columns)
    else:
        day = _dates_in_parts(columns)
        minute = pl.Series([None] * columns.height, dtype=pl.Int16)
    times = columns.text(Field.TIME)
    unknown = translate(times, values.is_unknown, pl.Boolean).fill_null(True)
    clock = translate(times, dates.parse_time, pl.Int16)
    columns.refuse(
        clock.is_null() & ~unknown,
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
    return [
        day.alias("occurred_on"),
        pl.select(pl.coalesce(clock, minute)).to_series().alias("occurred_minute"),
    ]


def _whole_dates(columns: Columns) -> tuple[pl.Series, pl.Series]:
    texts = columns.text(Field.DATE)
    distinct = texts.drop_nulls().unique().to_list()
    order = columns.mapping.date_order or dates.decide_order(distinct)
    known = {text: dates.parse_date(text, order) or (None, None) for text in distinct}
    day = translate(texts, lambda text: known[text][0], pl.Date)
    minute = translate(texts, lambda text: known[text][1], pl.Int16)
    columns.refuse(texts.is_null(), Field.DATE, _("The date is missing."))
    columns.refuse(
        texts.is_not_null() & day.is_null(),
        Field.DATE,
        _("“%(value)s” is not a date. Write it as day/month/year, for example "
          "31/12/2009."),
    )  # fmt: skip
    return day, minute


def _dates_in_parts(columns: Columns) -> pl.Series:
    year = translate(columns.text(Field.YEAR), _whole_number, pl.Int32)
    month = translate(columns.text(Field.MONTH), dates.parse_month, pl.Int8)
    day = translate(columns.text(Field.DAY), _whole_number, pl.Int8)
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
    return int(text) if re.fullmatch(r"\d{1,4}", text) else None


def _what(columns: Columns, reference: Reference) -> list[pl.Series]:
    texts, codes = columns.text(Field.OFFENCE), columns.text(Field.ICCS)
    columns.refuse(
        texts.is_null() & codes.is_null(),
        Field.OFFENCE,
        _("The offence is missing."),
    )
    well_formed = translate(codes, lambda c: bool(_ICCS_CODE.match(c)), pl.Boolean)
    columns.refuse(
        ~well_formed.fill_null(True),
        Field.ICCS,
        _("“%(value)s” is not an ICCS code. It has two, four, five or six digits, "
          "such as 0101."),
    )  # fmt: skip
    terms = {text: _term(text, reference) for text in texts.drop_nulls().unique()}

    def meaning(name: str) -> pl.Series:
        return translate(
            texts, lambda t: getattr(terms[t], name) if terms[t] else None, pl.String
        )

    iccs = pl.select(pl.coalesce(codes, meaning("iccs"))).to_series()
    offence = pl.select(pl.coalesce(texts, codes)).to_series().fill_null("")
    mechanism = _coded_words(columns, Field.MECHANISM, values.parse_mechanism)
    relationship = _coded_words(columns, Field.RELATIONSHIP, values.parse_relationship)
    return [
        iccs.fill_null(UNCLASSIFIED).alias("iccs"),
        offence.alias("offence_text"),
        _specific(mechanism, meaning("mechanism")).alias("mechanism"),
        _specific(relationship, meaning("relationship")).alias("relationship"),
    ]


def _specific(stated: pl.Series, implied: pl.Series) -> pl.Series:
    """The row's own word, or what its offence text implies where it has none."""
    is_vague = stated.is_in([Mechanism.UNKNOWN.value, Mechanism.NOT_RECORDED.value])
    frame = pl.DataFrame({"stated": stated, "implied": implied.replace("", None)})
    better = pl.when(is_vague).then(pl.coalesce("implied", "stated"))
    return frame.select(better.otherwise("stated")).to_series()


def _term(text: str, reference: Reference) -> Term | None:
    key = fold(text)
    if key in reference.terms:
        return reference.terms[key]
    close = process.extract(
        key,
        reference.terms.keys(),
        scorer=fuzz.ratio,
        score_cutoff=_CLOSE_TERM,
        limit=2,
    )
    if len(close) != 1:
        return None
    return reference.terms[close[0][0]]


def _coded_words(columns: Columns, field: Field, meaning: object) -> pl.Series:
    texts = columns.text(field)
    codes = translate(texts, meaning, pl.String)  # type: ignore[arg-type]
    columns.refuse(
        texts.is_not_null() & codes.is_null(),
        field,
        _("“%(value)s” is not understood here. Use a usual word, or “desconocido”."),
    )
    return coded(codes, "unknown", columns.has(field))


def _who(columns: Columns) -> list[pl.Series]:
    texts = columns.text(Field.SEX)
    table = values.sex_table(set(texts.drop_nulls().unique()))
    sex = translate(texts, table.__getitem__, pl.String)
    columns.refuse(
        texts.is_not_null() & sex.is_null(),
        Field.SEX,
        _("“%(value)s” is not a sex. Write “mujer”, “hombre”, “otro” or "
          "“desconocido”."),
    )  # fmt: skip
    ages = columns.text(Field.AGE)
    age = translate(ages, values.parse_age, pl.Int16)
    columns.refuse(
        ages.is_not_null() & age.is_null(),
        Field.AGE,
        _("“%(value)s” is not an age. Write completed years, 0 to %(oldest)s, or "
          "“desconocida”."),
        oldest=values.OLDEST,
    )  # fmt: skip
    known = age.set(age < 0, None) if age.len() else age
    groups = translate(
        known.cast(pl.String), lambda a: values.age_group(int(a)), pl.String
    )
    return [
        coded(sex, "unknown", columns.has(Field.SEX)).alias("victim_sex"),
        known.alias("victim_age"),
        coded(groups, "unknown", columns.has(Field.AGE)).alias("age_group"),
    ]


def _where(columns: Columns, reference: Reference) -> list[pl.Series]:
    place = locate(columns, reference)
    municipality = pl.Series(place.municipality.tolist(), dtype=pl.String)
    department = translate(municipality, lambda p: p.rpartition("/")[0], pl.String)
    words = pl.DataFrame(
        [
            columns.text(Field.LOCATION).alias("a"),
            columns.text(Field.NEIGHBOURHOOD).alias("b"),
        ]
    )
    joined = words.select(pl.concat_str("a", "b", separator="; ", ignore_nulls=True))
    said = joined.to_series().replace("", None)
    country = pl.repeat(reference.country_path, columns.height, eager=True)
    return [
        pl.Series("longitude", place.longitude).fill_nan(None),
        pl.Series("latitude", place.latitude).fill_nan(None),
        pl.Series("precision", place.precision.tolist(), dtype=pl.String),
        said.alias("location_text"),
        country.alias("country"),
        department.alias("department"),
        municipality.alias("municipality"),
        pl.Series("zone", place.zone.tolist(), dtype=pl.String),
    ]


def _identified(columns: Columns, rows: pl.DataFrame) -> pl.DataFrame:
    """Give each row its number and the hash of what it says."""
    hashes = content_hash(rows)
    rows = rows.with_columns(pl.Series("content_hash", hashes.view(np.int64)))
    good = rows.filter(pl.Series(columns.accepted()))
    position = pl.Series(np.flatnonzero(columns.accepted()))
    good = good.with_columns(position.alias("position"))
    has_id = pl.col("incident_id").is_not_null()
    key = ["incident_id", "content_hash"]
    first = pl.col("source_row").first().over(key)
    repeats = good.filter(has_id & (pl.col("source_row") != first)).select(
        "position", first.alias("first")
    )
    original = good.with_columns(first.alias("first"))
    said = dict(original.select("position", "first").rows())
    for row in repeats["position"].to_list():
        mask = np.zeros(columns.height, dtype=bool)
        mask[row] = True
        columns.refuse(
            mask,
            Field.INCIDENT_ID,
            _("The row repeats row %(first)s: same number and same content."),
            first=int(said[row]),
        )
    good = good.filter(~pl.col("position").is_in(repeats["position"].implode()))
    return _numbered(good)


def _numbered(good: pl.DataFrame) -> pl.DataFrame:
    """Victims of one case share its number: tell them apart and keep the event."""
    given = pl.col("incident_id")
    ordinal = pl.int_range(1, pl.len() + 1).over("incident_id")
    shared = given.is_not_null() & (pl.len().over("incident_id") > 1)
    derived = derived_ids(good["content_hash"].to_numpy().view(np.uint64))
    return good.with_columns(
        event_id=pl.when(shared)
        .then(pl.coalesce("event_id", given))
        .otherwise(pl.col("event_id")),
        incident_id=pl.when(shared & (ordinal > 1))
        .then(pl.format("{}/{}", given, ordinal))
        .otherwise(pl.coalesce(given, derived)),
    )


def term_of(text: str, reference: Reference) -> Term | None:
    """What the offence table says of a text, in a close spelling too."""
    return _term(text, reference)
