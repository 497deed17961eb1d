from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from convive.incidents.views import batches, imports, profiles

app_name = "incidents"
urlpatterns: list[URLPattern | URLResolver] = [
    path("importar/", imports.import_upload, name="import_upload"),
    path(
        "importar/<uuid:draft_id>/columnas/",
        imports.import_columns,
        name="import_columns",
    ),
    path(
        "importar/<uuid:draft_id>/revision/",
        imports.import_preview,
        name="import_preview",
    ),
    path(
        "importar/<uuid:draft_id>/descartar/",
        imports.import_discard,
        name="import_discard",
    ),
    path("importaciones/", batches.batches, name="batches"),
    path("importaciones/<int:number>/", batches.batch, name="batch"),
    path(
        "importaciones/<int:number>/deshacer/",
        batches.batch_withdraw,
        name="batch_withdraw",
    ),
    path("perfiles/", profiles.profiles, name="profiles"),
    path(
        "perfiles/<int:profile_id>/nombre/",
        profiles.profile_rename,
        name="profile_rename",
    ),
    path(
        "perfiles/<int:profile_id>/borrar/",
        profiles.profile_delete,
        name="profile_delete",
    ),
]
