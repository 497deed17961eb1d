from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from convive.incidents.views import quarantine

app_name = "incidents"
urlpatterns: list[URLPattern | URLResolver] = [
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
]
