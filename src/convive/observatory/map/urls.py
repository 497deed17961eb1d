from __future__ import annotations

from django.urls import path

from convive.observatory.map import views

urlpatterns = [
    path("", views.area_map, name="map"),
    path("areas.json", views.map_areas, name="map_areas"),
    path("puntos.json", views.map_points, name="map_points"),
    path(
        "descarga/<slug:table>.<slug:file_format>",
        views.map_download,
        name="map_download",
    ),
]
