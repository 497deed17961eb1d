"""Bars by month, the provisional ones shaded, and the year before as a line."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from convive.observatory.charts import PROVISIONAL, SURE, framed
from convive.observatory.series.presenters import present_series

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from convive.accounts.models import User
    from convive.observatory.selection import Selection
    from convive.observatory.series.presenters import Series

BEFORE = "#7a3b69"


def series_spec(selection: Selection, user: User | AnonymousUser) -> dict[str, Any]:
    series = present_series(selection, user)
    chart = {"layer": [_bars(series), _year_before(series)]}
    return framed(series.about, series.about.title, chart)


def _month_axis() -> dict[str, Any]:
    return {
        "field": "month",
        "type": "temporal",
        # In the browser's own zone a month would begin on the day before.
        "timeUnit": "utcyearmonth",
        "scale": {"type": "utc"},
        "title": None,
        "axis": {"format": "%m/%Y", "labelOverlap": True},
    }


def _bars(series: Series) -> dict[str, Any]:
    """Months that are withheld or not known have no bar."""
    sure, provisional = _("final"), _("provisional")
    values = [
        {
            "month": row.month.isoformat(),
            "count": row.count,
            "state": provisional if row.is_provisional else sure,
        }
        for row in series.months
        if row.count is not None
    ]
    scale = {"domain": [sure, provisional], "range": [SURE, PROVISIONAL]}
    color = {"field": "state", "type": "nominal", "title": None, "scale": scale}
    return {
        "data": {"values": values},
        "mark": {"type": "bar", "tooltip": True},
        "encoding": {
            "x": _month_axis(),
            "y": {"field": "count", "type": "quantitative", "title": _("Incidents")},
            "color": color,
        },
    }


def _year_before(series: Series) -> dict[str, Any]:
    values = [
        {"month": row.month.isoformat(), "count": row.before, "line": _("year before")}
        for row in series.months
        if row.before is not None
    ]
    return {
        "data": {"values": values},
        "mark": {"type": "line", "strokeWidth": 2, "strokeDash": [5, 3],
                 "tooltip": True, "interpolate": "step"},
        "encoding": {
            "x": _month_axis(),
            "y": {"field": "count", "type": "quantitative", "title": _("Incidents")},
            "stroke": {"field": "line", "type": "nominal", "title": None,
                       "scale": {"domain": [_("year before")], "range": [BEFORE]}},
        },
    }  # fmt: skip
