from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from convive.incidents.views import (
    batches,
    crosswalk,
    imports,
    profiles,
    quarantine,
)

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
    path("revision/", quarantine.quarantine_list, name="quarantine"),
    path("revision/iguales/", quarantine.alike_mend, name="quarantine_alike"),
    path("revision/<int:pk>/", quarantine.row_detail, name="quarantine_row"),
    path(
        "revision/<int:pk>/descartar/",
        quarantine.row_dismiss,
        name="quarantine_dismiss",
    ),
    path("revision/<int:pk>/reabrir/", quarantine.row_reopen, name="quarantine_reopen"),
    path(
        "revision/lote/<int:number>/<slug:file_format>/",
        quarantine.quarantine_download,
        name="quarantine_download",
    ),
    path("clasificacion/", crosswalk.crosswalk, name="crosswalk"),
    path(
        "clasificacion/<slug:country>/termino/",
        crosswalk.term_edit,
        name="crosswalk_term",
    ),
    path(
        "clasificacion/<slug:country>/cargar/",
        crosswalk.table_upload,
        name="crosswalk_upload",
    ),
    path(
        "clasificacion/<slug:country>/version/<int:version>/",
        crosswalk.table_download,
        name="crosswalk_download",
    ),
    path(
        "clasificacion/<slug:country>/versiones/",
        crosswalk.version_list,
        name="crosswalk_versions",
    ),
    path(
        "clasificacion/<slug:country>/releer/",
        crosswalk.incidents_reread,
        name="crosswalk_reread",
    ),
    path(
        "clasificacion/<slug:country>/releer/detener/",
        crosswalk.rereading_stop,
        name="crosswalk_stop",
    ),
]
