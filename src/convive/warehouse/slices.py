"""Questions to the incidents, as Ibis expressions that run on DuckDB and on Spark."""

from __future__ import annotations

import operator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import ibis
import pyarrow as pa

from convive.warehouse.schema import UNCLASSIFIED

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import date

    import ibis.expr.types as ir

PLACE_COLUMNS = ("country", "department", "municipality", "zone")


@dataclass(frozen=True)
class Slice:
    """Which incidents: where, when and what. An empty tuple leaves all in.

    `iccs` holds prefixes: '01' takes in '0101'. `until` is inclusive.
    """

    place: str
    since: date
    until: date
    iccs: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    sexes: tuple[str, ...] = ()
    mechanisms: tuple[str, ...] = ()
    age_groups: tuple[str, ...] = ()


DIMENSIONS: dict[str, Callable[[Any], Any]] = {
    "year": lambda t: t.occurred_on.year(),
    "month": lambda t: t.occurred_on.truncate("M"),
    "weekday": lambda t: t.occurred_on.day_of_week.index(),
    "hour": lambda t: t.occurred_minute - t.occurred_minute % 60,
    "batch": lambda t: t.row_id // 2**32,
    # Levels 1 and 2 of the ICCS; a code given less deeply stays as it is.
    "iccs_section": lambda t: _code_to(t, 2),
    "iccs_division": lambda t: _code_to(t, 4),
}

# What is left to do once the rows are counted: a division for each row would cost
# more than the count itself.
_FINISHED: dict[str, Callable[[Any], Any]] = {
    # Monday is 1, as on the page.
    "weekday": lambda t: t.weekday + 1,
    "hour": lambda t: (t.hour // 60).cast("int16"),
}


def _code_to(t: Any, digits: int) -> Any:  # noqa: ANN401 - Ibis has no public types
    whole = t.iccs == UNCLASSIFIED
    return ibis.ifelse(whole, t.iccs, t.iccs.substr(0, digits))


# Columns that are dimensions as they stand.
_PLAIN = (
    "iccs",
    "source",
    "victim_sex",
    "age_group",
    "mechanism",
    "relationship",
    "precision",
    "offence_text",
    *PLACE_COLUMNS,
)
DIMENSIONS |= {name: operator.itemgetter(name) for name in _PLAIN}


def place_column(path: str) -> str:
    """The column that holds places of this path's level."""
    level = path.count("/")
    if not path or level >= len(PLACE_COLUMNS):
        message = (
            f"'{path}' is not the path of a country, department, municipality or zone"
        )
        raise ValueError(message)
    return PLACE_COLUMNS[level]


def select(incidents: ir.Table, slice_: Slice) -> ir.Table:
    """The rows of a slice.

    Parameters
    ----------
    incidents : ibis Table
        From `Warehouse.incidents`.
    slice_ : Slice
        Where, when and what.

    Returns
    -------
    ibis Table
        Same columns, fewer rows; nothing has run yet.

    Raises
    ------
    ValueError
        If the place is deeper than a zone or not named.

    Notes
    -----
    A conjunction over the slice's fields.

    References
    ----------
    UNODC (2015). International Classification of Crime for Statistical Purposes 1.0,
    for the prefixes of its codes.

    Examples
    --------
    >>> from datetime import date
    >>> row = {"country": "sv", "occurred_on": date(2010, 1, 5)}
    >>> t = ibis.memtable(pa.Table.from_pylist([row]))
    >>> slice_ = Slice("sv", date(2010, 1, 1), date(2010, 1, 31))
    >>> select(t, slice_).to_pyarrow().num_rows
    1
    """
    rows = incidents[place_column(slice_.place)] == slice_.place
    rows &= incidents.occurred_on.between(slice_.since, slice_.until)
    if slice_.iccs:
        matches = [incidents.iccs.startswith(code) for code in slice_.iccs]
        rows &= ibis.or_(*matches)
    for column, wanted in (
        ("source", slice_.sources),
        ("victim_sex", slice_.sexes),
        ("mechanism", slice_.mechanisms),
        ("age_group", slice_.age_groups),
    ):
        if wanted:
            rows &= incidents[column].isin(wanted)
    return incidents.filter(rows)


def count_by(incidents: ir.Table, slice_: Slice, by: Sequence[str]) -> pa.Table:
    """Number of incidents in each combination of dimensions that occurs.

    Parameters
    ----------
    incidents : ibis Table
        From `Warehouse.incidents`.
    slice_ : Slice
        Where, when and what.
    by : sequence of str
        Names from `DIMENSIONS`; none gives the total.

    Returns
    -------
    pyarrow Table
        One column a dimension and `incident_count`, in the dimensions' order.

    Raises
    ------
    KeyError
        If a dimension is unknown.

    Notes
    -----
    A combination without incidents has no row: whether it means zero is a question of
    coverage, which the warehouse does not know.

    References
    ----------
    UNODC (2015). International Classification of Crime for Statistical Purposes 1.0.

    Examples
    --------
    >>> from datetime import date
    >>> row = {"country": "sv", "occurred_on": date(2010, 1, 5)}
    >>> t = ibis.memtable(pa.Table.from_pylist([row]))
    >>> slice_ = Slice("sv", date(2010, 1, 1), date(2010, 12, 31))
    >>> count_by(t, slice_, ["year"]).to_pylist()
    [{'year': 2010, 'incident_count': 1}]
    """
    chosen = select(incidents, slice_)
    if not by:
        total = chosen.aggregate(incident_count=chosen.count())
        return total.to_pyarrow()
    keys = {name: DIMENSIONS[name](chosen) for name in by}
    counted = chosen.group_by(**keys).aggregate(incident_count=chosen.count())
    finished = {name: _FINISHED[name](counted) for name in by if name in _FINISHED}
    if finished:
        counted = counted.mutate(**finished)
    return counted.order_by(list(by)).to_pyarrow()


def points_in(incidents: ir.Table, slice_: Slice, limit: int | None = None) -> pa.Table:
    """The located incidents of a slice.

    Parameters
    ----------
    incidents : ibis Table
        From `Warehouse.incidents`.
    slice_ : Slice
        Where, when and what.
    limit : int, optional
        At most so many, the latest first.

    Returns
    -------
    pyarrow Table
        longitude, latitude (degrees, WGS 84), precision, iccs, occurred_on, row_id.

    Raises
    ------
    ValueError
        If the place is not named.

    Notes
    -----
    Incidents known only to a municipality have no point and are left out.

    References
    ----------
    UNODC (2015). International Classification of Crime for Statistical Purposes 1.0.

    Examples
    --------
    >>> from datetime import date
    >>> columns = ["longitude", "latitude", "precision", "iccs"]
    >>> row = {"country": "sv", "occurred_on": date(2010, 1, 5), "row_id": 1,
    ...        "longitude": -89.7, "latitude": 13.7, "precision": "landmark",
    ...        "iccs": "0101"}
    >>> t = ibis.memtable(pa.Table.from_pylist([row]))
    >>> points_in(t, Slice("sv", date(2010, 1, 1), date(2010, 1, 31))).num_rows
    1
    """
    chosen = select(incidents, slice_)
    located = chosen.filter(chosen.longitude.notnull()).order_by(
        ibis.desc("occurred_on"), "row_id"
    )
    columns = ("longitude", "latitude", "precision", "iccs", "occurred_on", "row_id")
    return located.select(*columns).limit(limit).to_pyarrow()


def records(
    incidents: ir.Table, slice_: Slice, limit: int | None = None, offset: int = 0
) -> pa.Table:
    """The incidents of a slice, the latest first.

    Parameters
    ----------
    incidents : ibis Table
        From `Warehouse.incidents`.
    slice_ : Slice
        Where, when and what.
    limit : int, optional
        At most so many.
    offset : int
        After so many.

    Returns
    -------
    pyarrow Table
        All columns of the schema.

    Raises
    ------
    ValueError
        If the place is not named.

    Notes
    -----
    Rows of one day keep the order of their files.

    References
    ----------
    UNODC (2015). International Classification of Crime for Statistical Purposes 1.0.

    Examples
    --------
    >>> from datetime import date
    >>> row = {"country": "sv", "occurred_on": date(2010, 1, 5), "row_id": 1}
    >>> t = ibis.memtable(pa.Table.from_pylist([row]))
    >>> records(t, Slice("sv", date(2010, 1, 1), date(2010, 1, 31))).num_rows
    1
    """
    chosen = select(incidents, slice_)
    ordered = chosen.order_by(ibis.desc("occurred_on"), "row_id")
    return ordered.limit(limit, offset=offset).to_pyarrow()
