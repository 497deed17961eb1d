from __future__ import annotations

from django.urls import path

from convive.observatory.panel import views

urlpatterns = [
    path("", views.panel, name="panel"),
    path("<slug:table>.svg", views.panel_chart, name="panel_chart"),
    path(
        "descarga/<slug:table>.<slug:file_format>",
        views.panel_download,
        name="panel_download",
    ),
]
