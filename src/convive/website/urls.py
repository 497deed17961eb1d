"""Every address of the project, room by room."""

from __future__ import annotations

from django.urls import include, path

from convive.observatory.api import api
from convive.website import views

handler400 = "convive.website.views.bad_request"

# Unlike the frame's own addresses, the room's pages have its name before theirs.
website = (
    [path("", views.components, name="components")],
    "website",
)

urlpatterns = [
    path("", views.home, name="home"),
    path("cuenta/", include("convive.accounts.sign_in_urls")),
    path("cuenta/", include("convive.accounts.urls")),
    path("lugares/", include("convive.places.urls")),
    path("unidad/", include("convive.partners.urls")),
    path("programa/", include("convive.programme.urls")),
    path("hechos/", include("convive.incidents.urls")),
    path("trabajos/", include("convive.core.urls")),
    path("observatorio/", include("convive.observatory.urls")),
    path("api/v1/", api.urls),
    path("componentes/", include(website)),
    path("tema/", views.theme, name="theme"),
    path("idioma/", include("django.conf.urls.i18n")),
]
