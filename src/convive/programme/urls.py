from __future__ import annotations

from django.urls import path

from convive.programme.diagnosis import views as diagnosis

app_name = "programme"
urlpatterns = [
    path("diagnosticos/", diagnosis.diagnosis_list, name="diagnoses"),
    path("diagnosticos/<path:path>/", diagnosis.diagnosis_begin, name="begin"),
    path("diagnostico/<int:pk>/", diagnosis.diagnosis_detail, name="diagnosis"),
    path("diagnostico/<int:pk>/acordar/", diagnosis.diagnosis_agree, name="agree"),
    path("diagnostico/<int:pk>/version/", diagnosis.version_begin, name="version"),
    path("diagnostico/<int:pk>/agregar/", diagnosis.entry_add, name="entry_add"),
    path("asiento/<int:pk>/", diagnosis.entry_detail, name="entry"),
    path("asiento/<int:pk>/cambiar/", diagnosis.entry_change, name="entry_change"),
    path("asiento/<int:pk>/quitar/", diagnosis.entry_remove, name="entry_remove"),
    path("asiento/<int:pk>/evidencia/", diagnosis.evidence_add, name="evidence_add"),
    path("asiento/<int:pk>/enlazar/", diagnosis.entry_link, name="entry_link"),
]
