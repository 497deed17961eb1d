"""Bars by month, the provisional ones shaded, and the year before as a mark on each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from convive.observatory.charts import PROVISIONAL, SURE, framed, told
from convive.observatory.series.presenters import present_series

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from convive.accounts.models import User
    from convive.observatory.selection import Selection
    from convive.observatory.series.presenters import Series

BEFORE = "#d81b60"


def series_spec(selection: Selection, user: User | AnonymousUser) -> dict[str, Any]:
    series = present_series(selection, user)
    chart = {"layer": [_bars(series), _year_before(series)]}
    return framed(series.about, series.about.title, chart)


def _axes(series: Series) -> dict[str, Any]:
    """Months are names and not instants: in another time zone they would shift."""
    months = [f"{row.month:%m/%Y}" for row in series.months]
    return {
        "x": {
            "field": "month",
            "type": "ordinal",
            "title": None,
            "scale": {"domain": months},
            "axis": {"labelAngle": 0, "labelOverlap": "greedy", "labelSeparation": 8},
        },
        "y": {"field": "count", "type": "quantitative", "title": _("Incidents")},
    }


def _bars(series: Series) -> dict[str, Any]:
    """Months that are withheld or not known have no bar."""
    sure, provisional = _("final"), _("provisional")
    values = [
        {
            "month": f"{row.month:%m/%Y}",
            "count": row.count,
            "state": provisional if row.is_provisional else sure,
        }
        for row in series.months
        if row.count is not None
    ]
    scale = {"domain": [sure, provisional], "range": [SURE, PROVISIONAL]}
    color = {"field": "state", "type": "nominal", "title": None, "scale": scale}
    words = told(month=_("Month"), count=_("Incidents"), state=_("State"))
    return {
        "data": {"values": values},
        "mark": "bar",
        "encoding": _axes(series) | {"color": color, "tooltip": words},
    }


def _year_before(series: Series) -> dict[str, Any]:
    name = _("year before")
    values = [
        {"month": f"{row.month:%m/%Y}", "count": row.before, "line": name}
        for row in series.months
        if row.before is not None
    ]
    scale = {"domain": [name], "range": [BEFORE]}
    fill = {"field": "line", "type": "nominal", "title": None, "scale": scale}
    words = told(month=_("Month"), count=_("A year before"))
    return {
        "data": {"values": values},
        "mark": {"type": "tick", "thickness": 4, "width": {"band": 1},
                 "stroke": "white", "strokeWidth": 0.5, "opacity": 1},
        "encoding": _axes(series) | {"fill": fill, "tooltip": words},
    }  # fmt: skip
