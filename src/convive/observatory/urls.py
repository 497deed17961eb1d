from __future__ import annotations

from django.urls import include, path

from convive.observatory import guide, interactive, views
from convive.observatory.calendar.views import calendar
from convive.observatory.origin.views import origin
from convive.observatory.overview.views import overview
from convive.observatory.people.views import people
from convive.observatory.series.views import series

app_name = "observatory"
urlpatterns = [
    path("", overview, name="overview"),
    path("serie/", series, name="series"),
    path("calendario/", calendar, name="calendar"),
    path("personas/", people, name="people"),
    path("mapa/", include("convive.observatory.map.urls")),
    path("origen/", origin, name="origin"),
    path(
        "serie.svg",
        views.chart,
        {"table": "series", "file_format": "svg"},
        name="series_chart",
    ),
    path("grafica/<slug:table>.<slug:file_format>", views.chart, name="chart"),
    path("descarga/<slug:table>.<slug:file_format>", views.download, name="download"),
    path("api/", guide.api_guide, name="api_guide"),
    path("vega.<slug:version>.js", interactive.bundle, name="bundle"),
    path("panel/", include("convive.observatory.panel.urls")),
]
