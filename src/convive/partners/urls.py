from __future__ import annotations

from django.urls import path

from convive.partners.meetings import views as meetings
from convive.partners.organisations import views as organisations
from convive.partners.unit import views as unit

app_name = "partners"
urlpatterns = [
    path("", unit.unit_list, name="units"),
    path("ficha/<path:path>/", unit.unit_detail, name="unit"),
    path("fundar/<path:path>/", unit.unit_found, name="unit_found"),
    path("puesto/<path:path>/", unit.seat_add, name="seat_add"),
    path("sentar/<int:pk>/", unit.holder_add, name="holder_add"),
    path("levantar/<int:pk>/", unit.holder_end, name="holder_end"),
    path("convenio/<path:path>/", unit.agreement_add, name="agreement_add"),
    path("renovar/<int:pk>/", unit.agreement_renew, name="agreement_renew"),
    path("dejar/<int:pk>/", unit.agreement_end, name="agreement_end"),
    path("organizaciones/", organisations.organisation_list, name="organisations"),
    path(
        "organizaciones/agregar/<path:path>/",
        organisations.organisation_add,
        name="organisation_add",
    ),
    path(
        "organizacion/<int:pk>/", organisations.organisation_detail, name="organisation"
    ),
    path(
        "organizacion/<int:pk>/cambiar/",
        organisations.organisation_change,
        name="organisation_change",
    ),
    path(
        "organizacion/<int:pk>/quitar/",
        organisations.organisation_remove,
        name="organisation_remove",
    ),
    path(
        "organizacion/<int:pk>/contacto/",
        organisations.contact_add,
        name="contact_add",
    ),
    path(
        "contacto/<int:pk>/quitar/", organisations.contact_remove, name="contact_remove"
    ),
    path("convocar/<path:path>/", meetings.meeting_call, name="meeting_call"),
    path("reunion/<int:pk>/", meetings.meeting_detail, name="meeting"),
    path("reunion/<int:pk>/acta.pdf", meetings.meeting_minutes, name="minutes"),
    path("reunion/<int:pk>/<slug:to>/", meetings.meeting_move, name="meeting_move"),
    path("asuntos/<int:pk>/", meetings.item_add, name="item_add"),
    path("asunto/<int:pk>/", meetings.item_write, name="item_write"),
    path("asistencia/<int:pk>/", meetings.attendance_record, name="attendance"),
    path("decision/<int:pk>/", meetings.decision_record, name="decision"),
    path("compromiso/<int:pk>/", meetings.commitment_record, name="commitment"),
    path(
        "revisar/<int:pk>/<int:commitment>/", meetings.commitment_review, name="review"
    ),
    path("compromisos/", meetings.commitment_list, name="commitments"),
    path("informar/<int:pk>/", meetings.commitment_report, name="report"),
]
