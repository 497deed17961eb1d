from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class IncidentsConfig(AppConfig):
    name = "convive.incidents"
    verbose_name = _("Incidents")

    def ready(self) -> None:
        """Let the places room ask which records a place holds."""
        from convive.incidents import uses  # noqa: F401
