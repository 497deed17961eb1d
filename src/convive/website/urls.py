"""Every address of the project, room by room."""

from __future__ import annotations

from django.urls import include, path

from convive.website import views

urlpatterns = [
    path("", views.home, name="home"),
    path("cuenta/", include("allauth.urls")),
    path("lugares/", include("convive.places.urls")),
    path("hechos/", include("convive.incidents.urls")),
    path("trabajos/", include("convive.core.urls")),
    path("observatorio/", include("convive.observatory.urls")),
    path("idioma/", include("django.conf.urls.i18n")),
]
