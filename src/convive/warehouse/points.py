"""What a map asks of located incidents: a window, and how crowded it is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import ibis
import pyarrow as pa

from convive.warehouse.slices import Slice, select

if TYPE_CHECKING:
    from collections.abc import Sequence

    import ibis.expr.types as ir


@dataclass(frozen=True)
class Box:
    """A window in degrees, WGS 84; its edges belong to it."""

    west: float
    south: float
    east: float
    north: float


@dataclass(frozen=True)
class Exclusion:
    """Incidents that a question leaves out: any of these makes one leave."""

    iccs: tuple[str, ...] = ()  # prefixes
    relationships: tuple[str, ...] = ()
    offence_words: tuple[str, ...] = ()  # in lower case, anywhere in the local term


def _is_out(incidents: ir.Table, exclusion: Exclusion) -> ir.BooleanValue:
    """Whether a row is excluded; what cannot be decided is."""
    term = incidents.offence_text.lower()
    reasons = [incidents.iccs.startswith(code) for code in exclusion.iccs]
    reasons += [term.contains(word) for word in exclusion.offence_words]
    if exclusion.relationships:
        reasons.append(incidents.relationship.isin(exclusion.relationships))
    is_out = ibis.or_(*reasons) if reasons else ibis.literal(False)
    return is_out.fill_null(True)


def precision_counts(
    incidents: ir.Table, slice_: Slice, exclusions: Sequence[Exclusion]
) -> pa.Table:
    """How many incidents of a slice could be drawn, and how many not and why.

    Parameters
    ----------
    incidents : ibis Table
        From `Warehouse.incidents`.
    slice_ : Slice
        Where, when and what.
    exclusions : sequence of Exclusion
        What is never drawn; an incident counts under the first that takes it.

    Returns
    -------
    pyarrow Table
        excluded_by (position of the exclusion, or null), is_located, precision,
        incident_count.

    Raises
    ------
    ValueError
        If the place is not named.

    Notes
    -----
    The counts of all rows sum to the slice's total.

    References
    ----------
    UNODC (2015). International Classification of Crime for Statistical Purposes 1.0,
    for the prefixes of its codes.

    Examples
    --------
    >>> from datetime import date
    >>> row = {"country": "sv", "occurred_on": date(2010, 1, 5), "longitude": 1.0,
    ...        "precision": "landmark", "iccs": "0301", "offence_text": "x",
    ...        "relationship": "stranger"}
    >>> t = ibis.memtable(pa.Table.from_pylist([row]))
    >>> slice_ = Slice("sv", date(2010, 1, 1), date(2010, 1, 31))
    >>> precision_counts(t, slice_, [Exclusion(iccs=("03",))]).to_pylist()[0]
    {'excluded_by': 0, 'is_located': True, 'precision': 'landmark', 'incident_count': 1}
    """
    chosen = select(incidents, slice_)
    nothing = ibis.null("int64")
    branches = [(_is_out(chosen, out), i) for i, out in enumerate(exclusions)]
    keyed = chosen.mutate(
        excluded_by=ibis.cases(*branches, else_=nothing) if branches else nothing,
        is_located=chosen.longitude.notnull(),
    )
    by = ["excluded_by", "is_located", "precision"]
    counted = keyed.group_by(by).aggregate(incident_count=keyed.count())
    return counted.order_by(by).to_pyarrow()


def _drawable(
    incidents: ir.Table, slice_: Slice, box: Box, exclusion: Exclusion
) -> ir.Table:
    chosen = select(incidents, slice_)
    return chosen.filter(
        ~_is_out(chosen, exclusion),
        chosen.longitude.between(box.west, box.east),
        chosen.latitude.between(box.south, box.north),
    )


def grid_counts(
    incidents: ir.Table, slice_: Slice, box: Box, cell: float, exclusion: Exclusion
) -> pa.Table:
    """Located incidents of a window, counted in square cells.

    Parameters
    ----------
    incidents : ibis Table
        From `Warehouse.incidents`.
    slice_ : Slice
        Where, when and what.
    box : Box
        The window.
    cell : float
        Side of a cell, in degrees, above 0.
    exclusion : Exclusion
        What is never drawn.

    Returns
    -------
    pyarrow Table
        column, row (of the cell, from longitude and latitude 0), longitude, latitude
        (mean of its incidents, degrees, WGS 84), incident_count.

    Raises
    ------
    ValueError
        If the side is not above 0 or the place is not named.

    Notes
    -----
    :math:`column = \\lfloor longitude / cell \\rfloor`, so a cell keeps its incidents
    when the window moves.

    References
    ----------
    Chainey S., Ratcliffe J. (2005). GIS and Crime Mapping. Wiley, chapter 6, on grid
    counts.

    Examples
    --------
    >>> from datetime import date
    >>> row = {"country": "sv", "occurred_on": date(2010, 1, 5), "longitude": -89.72,
    ...        "latitude": 13.72, "iccs": "0101", "offence_text": "x",
    ...        "relationship": "stranger"}
    >>> t = ibis.memtable(pa.Table.from_pylist([row, row]))
    >>> slice_ = Slice("sv", date(2010, 1, 1), date(2010, 1, 31))
    >>> box = Box(-90, 13, -89, 14)
    >>> grid_counts(t, slice_, box, 0.1, Exclusion())["incident_count"].to_pylist()
    [2]
    """
    if cell <= 0:
        message = f"the side of a cell must be above 0, not {cell}"
        raise ValueError(message)
    chosen = _drawable(incidents, slice_, box, exclusion)
    counted = chosen.group_by(
        column=(chosen.longitude / cell).floor().cast("int64"),
        row=(chosen.latitude / cell).floor().cast("int64"),
    ).aggregate(
        longitude=chosen.longitude.mean(),
        latitude=chosen.latitude.mean(),
        incident_count=chosen.count(),
    )
    return counted.order_by("column", "row").to_pyarrow()


def points_in_box(
    incidents: ir.Table, slice_: Slice, box: Box, exclusion: Exclusion, limit: int
) -> pa.Table:
    """Located incidents of a window, one by one, with nothing that names a person.

    Parameters
    ----------
    incidents : ibis Table
        From `Warehouse.incidents`.
    slice_ : Slice
        Where, when and what.
    box : Box
        The window.
    exclusion : Exclusion
        What is never drawn.
    limit : int
        At most so many, the latest first.

    Returns
    -------
    pyarrow Table
        longitude, latitude (degrees, WGS 84), precision, iccs, occurred_on.

    Raises
    ------
    ValueError
        If the place is not named.

    Notes
    -----
    Neither the text of the address nor age and sex are in the answer.

    References
    ----------
    UNODC (2015). International Classification of Crime for Statistical Purposes 1.0.

    Examples
    --------
    >>> from datetime import date
    >>> row = {"country": "sv", "occurred_on": date(2010, 1, 5), "longitude": -89.72,
    ...        "latitude": 13.72, "iccs": "0101", "offence_text": "x", "row_id": 1,
    ...        "relationship": "stranger", "precision": "landmark"}
    >>> t = ibis.memtable(pa.Table.from_pylist([row]))
    >>> slice_ = Slice("sv", date(2010, 1, 1), date(2010, 1, 31))
    >>> points_in_box(t, slice_, Box(-90, 13, -89, 14), Exclusion(), 5).num_rows
    1
    """
    chosen = _drawable(incidents, slice_, box, exclusion)
    ordered = chosen.order_by(ibis.desc("occurred_on"), "row_id").limit(limit)
    columns = ("longitude", "latitude", "precision", "iccs", "occurred_on")
    return ordered.select(*columns).to_pyarrow()
