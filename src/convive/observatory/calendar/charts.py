"""The week as a field of squares."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from convive.observatory.calendar.presenters import present_calendar, weekdays
from convive.observatory.charts import framed, told

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from convive.accounts.models import User
    from convive.observatory.selection import Selection


def calendar_spec(selection: Selection, user: User | AnonymousUser) -> dict[str, Any]:
    shown = present_calendar(selection, user)
    values = [
        {"day": day.name, "hour": cell.hour, "count": cell.count}
        for day in shown.days
        for cell in day.cells
        if cell.count is not None
    ]
    chart = {
        "height": {"step": 26},
        "data": {"values": values},
        "mark": "rect",
        "encoding": {
            "tooltip": told(day=_("Day"), hour=_("Hour"), count=_("Incidents")),
            "x": {"field": "hour", "type": "ordinal", "title": _("Hour"),
                  "axis": {"labelAngle": 0}},
            "y": {"field": "day", "type": "nominal", "title": None,
                  "sort": list(weekdays())},
            "color": {"field": "count", "type": "quantitative",
                      "title": _("Incidents"), "scale": {"scheme": "blues"}},
        },
    }  # fmt: skip
    return framed(shown.about, shown.about.title, chart)
