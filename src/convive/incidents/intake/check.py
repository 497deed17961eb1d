"""Each row of a sheet becomes an incident, or is kept aside with its reasons."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np
import polars as pl
import pyarrow as pa
from django.utils.translation import gettext_noop as _
from rapidfuzz import fuzz, process

from convive.core.text import fold
from convive.incidents.intake import values
from convive.incidents.intake.coded import Coded
from convive.incidents.intake.columns import Columns, known
from convive.incidents.intake.headings import Field
from convive.incidents.intake.identity import Column, content_hash
from convive.incidents.intake.location import locate
from convive.incidents.intake.numbering import number_rows
from convive.incidents.intake.outcome import Checked
from convive.incidents.intake.timing import when
from convive.warehouse.schema import INCIDENT_SCHEMA, UNCLASSIFIED, Mechanism

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from convive.incidents.intake.mapping import Mapping
    from convive.incidents.intake.reference import Reference, Term
    from convive.incidents.intake.sheet import Sheet

_CLOSE_TERM = 96
_ICCS_CODE = re.compile(r"\d{2}(?:\d{2}\d{0,2})?$")


def check(sheet: Sheet, mapping: Mapping, reference: Reference) -> Checked:
    """Accept or reject every row; `read` is their sum."""
    mapping.check_fits(sheet)
    columns = Columns(sheet, mapping)
    rows: dict[str, Column] = {
        **when(columns, reference),
        **_what(columns, reference),
        **_who(columns),
        **_where(columns, reference),
        "incident_id": columns.text(Field.INCIDENT_ID),
        "event_id": columns.text(Field.EVENT_ID),
        "source_row": sheet.row_numbers.cast(pl.Int32),
        "source": Coded.constant(reference.source, columns.height),
    }
    hashes = content_hash(rows)
    rows["content_hash"] = pl.Series(hashes.view(np.int64))
    keep = number_rows(columns, rows)
    return Checked(
        accepted=_table(rows, keep),
        rejected=columns.rejected(),
        read=columns.height,
        unclassified=_unclassified(rows),
        notes=tuple(columns.notes),
    )


def _table(rows: dict[str, Column], keep: NDArray[np.bool_]) -> pa.Table:
    schema, mask = INCIDENT_SCHEMA.remove(0), pl.Series(keep)
    whole = bool(keep.all())
    arrays = []
    for field in schema:
        column = rows[field.name]
        if isinstance(column, Coded):
            arrays.append((column if whole else column.take(keep)).to_arrow())
        else:
            kept = column if whole else column.filter(mask)
            oldest = pl.CompatLevel.oldest()
            arrays.append(kept.to_arrow(compat_level=oldest).cast(field.type))
    return pa.table(arrays, schema=schema)


def _unclassified(rows: dict[str, Column]) -> dict[str, int]:
    iccs, texts = rows["iccs"], rows["offence_text"]
    assert isinstance(iccs, Coded)  # noqa: S101 - narrows the type
    assert isinstance(texts, Coded)  # noqa: S101
    missing = iccs.where(lambda code: code == UNCLASSIFIED)
    counts = np.bincount(texts.codes[missing], minlength=len(texts.words))
    found = [(str(w), int(n)) for w, n in zip(texts.words, counts, strict=True) if n]
    return dict(sorted(found, key=lambda item: (-item[1], item[0])))


def _what(columns: Columns, reference: Reference) -> dict[str, Column]:
    texts, codes = columns.coded(Field.OFFENCE), columns.coded(Field.ICCS)
    columns.refuse(
        texts.is_null & codes.is_null,
        Field.OFFENCE,
        _("The offence is missing."),
    )
    columns.refuse(
        codes.where(lambda code: code is not None and not _ICCS_CODE.match(code)),
        Field.ICCS,
        _("“%(value)s” is not an ICCS code. It has two, four, five or six digits, "
          "such as 0101."),
    )  # fmt: skip
    terms = {text: _term(text, reference) for text in texts.present}

    def implied(name: str) -> Coded:
        return texts.map(
            lambda t: getattr(terms[t], name) or None if terms[t] else None
        )

    mechanism = _words(columns, Field.MECHANISM, values.parse_mechanism)
    relationship = _words(columns, Field.RELATIONSHIP, values.parse_relationship)
    return {
        "iccs": codes.or_else(implied("iccs")).fill(UNCLASSIFIED),
        "offence_text": texts.or_else(codes).fill(""),
        "mechanism": _specific(mechanism, implied("mechanism")),
        "relationship": _specific(relationship, implied("relationship")),
    }


def _specific(stated: Coded, implied: Coded) -> Coded:
    """The row's own word, or what its offence text implies where it has none."""
    vague = {Mechanism.UNKNOWN.value, Mechanism.NOT_RECORDED.value}
    is_vague = stated.where(lambda word: word in vague)
    return stated.put(is_vague & ~implied.is_null, implied)


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


def _words(
    columns: Columns, field: Field, meaning: Callable[[str], str | None]
) -> Coded:
    texts = columns.coded(field)
    codes = texts.map(meaning)
    columns.refuse(
        ~texts.is_null & codes.is_null,
        field,
        _("“%(value)s” is not understood here. Use a usual word, or “desconocido”."),
    )
    return known(codes, is_kept=columns.has(field))


def _who(columns: Columns) -> dict[str, Column]:
    texts, ages = columns.coded(Field.SEX), columns.coded(Field.AGE)
    table = values.sex_table(set(texts.present))
    sex = texts.map(table.__getitem__)
    columns.refuse(
        ~texts.is_null & sex.is_null,
        Field.SEX,
        _("“%(value)s” is not a sex. Write “mujer”, “hombre”, “otro” or "
          "“desconocido”."),
    )  # fmt: skip
    years = {text: values.parse_age(text) for text in ages.present}
    columns.refuse(
        ages.where(lambda text: text is not None and years[text] is None),
        Field.AGE,
        _("“%(value)s” is not an age. Write completed years, 0 to %(oldest)s, or "
          "“desconocida”."),
        oldest=values.OLDEST,
    )  # fmt: skip
    stated = {t: age for t, age in years.items() if age is not None and age >= 0}
    groups = ages.map(
        lambda text: values.age_group(stated[text]) if text in stated else None
    )
    return {
        "victim_sex": known(sex, is_kept=columns.has(Field.SEX)),
        "victim_age": ages.values(stated.get, pl.Int16),
        "age_group": known(groups, is_kept=columns.has(Field.AGE)),
    }


def _where(columns: Columns, reference: Reference) -> dict[str, Column]:
    place = locate(columns, reference)
    return {
        "longitude": pl.Series(place.longitude).fill_nan(None),
        "latitude": pl.Series(place.latitude).fill_nan(None),
        "precision": place.precision,
        "location_text": _said(columns),
        "country": Coded.constant(reference.country_path, columns.height),
        "department": place.municipality.map(lambda path: path.rpartition("/")[0]),
        "municipality": place.municipality,
        "zone": place.zone,
    }


def _said(columns: Columns) -> pl.Series:
    """The words about the location, kept as they were written."""
    place, area = (columns.text(f) for f in (Field.LOCATION, Field.NEIGHBOURHOOD))
    if not columns.has(Field.NEIGHBOURHOOD):
        return place
    words = pl.DataFrame([place.alias("a"), area.alias("b")])
    joined = words.select(pl.concat_str("a", "b", separator="; ", ignore_nulls=True))
    text = joined.to_series()
    return text.to_frame("t").select(
        pl.when(pl.col("t").str.len_bytes() > 0).then("t")
    ).to_series()  # fmt: skip


def term_of(text: str, reference: Reference) -> Term | None:
    """What the offence table says of a text, in a close spelling too."""
    return _term(text, reference)
