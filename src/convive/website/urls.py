"""Every address of the project, room by room."""

from __future__ import annotations

from django.urls import include, path

from convive.observatory.api import api
from convive.website import views

urlpatterns = [
    path("", views.home, name="home"),
    path("cuenta/", include("convive.accounts.sign_in_urls")),
    path("cuenta/", include("convive.accounts.urls")),
    path("lugares/", include("convive.places.urls")),
    path("hechos/", include("convive.incidents.urls")),
    path("trabajos/", include("convive.core.urls")),
    path("observatorio/", include("convive.observatory.urls")),
    path("api/v1/", api.urls),
    path("idioma/", include("django.conf.urls.i18n")),
]
