from __future__ import annotations

from django.urls import include, path

from convive.observatory import views

app_name = "observatory"
urlpatterns = [
    path("", views.overview, name="overview"),
    path("serie/", views.series, name="series"),
    path("serie.svg", views.series_chart, name="series_chart"),
    path("personas/", views.people, name="people"),
    path("origen/", views.origin, name="origin"),
    path("descarga/<slug:table>.<slug:file_format>", views.download, name="download"),
    path("panel/", include("convive.observatory.panel.urls")),
]
