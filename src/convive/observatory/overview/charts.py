"""Rates with their intervals, one line a place."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from convive.observatory.charts import SURE, framed, told
from convive.observatory.overview.presenters import present_overview

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from convive.accounts.models import User
    from convive.observatory.selection import Selection


def overview_spec(selection: Selection, user: User | AnonymousUser) -> dict[str, Any]:
    overview = present_overview(selection, user)
    values = [
        {"place": p.name, "rate": p.figures.rate, "lower": p.figures.lower,
         "upper": p.figures.upper}
        for p in overview.places
        if p.figures is not None and p.figures.rate is not None
    ]  # fmt: skip
    place = {"field": "place", "type": "nominal", "sort": None, "title": None,
             "axis": {"labelLimit": 260}}  # fmt: skip
    across = {"type": "quantitative", "title": _("Rate per 100,000")}
    words = told(
        place=_("Place"),
        rate=_("Rate per 100,000"),
        lower=_("lower limit (95 %)"),
        upper=_("upper limit (95 %)"),
    )
    limits = {"x": {"field": "lower", **across}, "x2": {"field": "upper"}}
    chart = {
        "height": {"step": 36},
        "data": {"values": values},
        "encoding": {"y": place, "tooltip": words},
        "layer": [
            {"mark": {"type": "rule", "color": SURE, "strokeWidth": 2},
             "encoding": limits},
            {"mark": {"type": "point", "filled": True, "color": SURE, "size": 90},
             "encoding": {"x": {"field": "rate", **across}}},
        ],
    }  # fmt: skip
    return framed(overview.about, overview.about.title, chart)
