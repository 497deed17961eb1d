from __future__ import annotations

from django.urls import path

from convive.places.views import edits, files, pages

app_name = "places"
urlpatterns = [
    path("", pages.place_list, name="list"),
    path("ficha/<path:path>/", pages.place_detail, name="detail"),
    path("agregar/<path:path>/", edits.place_add, name="add"),
    path("nombre/<path:path>/", edits.place_rename, name="rename"),
    path("quitar/<path:path>/", edits.place_remove, name="remove"),
    path("grafias/<path:path>/", edits.spelling_add, name="spelling_add"),
    path("grafia/<int:pk>/quitar/", edits.spelling_remove, name="spelling_remove"),
    path("poblacion/<path:path>/", edits.population_add, name="population_add"),
    path("cifra/<int:pk>/", edits.population_edit, name="population_edit"),
    path("cifra/<int:pk>/quitar/", edits.population_remove, name="population_remove"),
    path("archivo/<slug:what>/<path:path>/", files.file_preview, name="file"),
    path("cargar/<slug:what>/<path:path>/", files.file_confirm, name="file_confirm"),
]
