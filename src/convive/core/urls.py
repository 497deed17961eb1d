from __future__ import annotations

from django.urls import path

from convive.core import views

app_name = "core"
urlpatterns = [
    path("", views.jobs, name="jobs"),
    path("<uuid:job_id>/", views.job, name="job"),
    path("<uuid:job_id>/detener/", views.job_cancel, name="job_cancel"),
]
