from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PartnersConfig(AppConfig):
    name = "convive.partners"
    verbose_name = _("Coordination Unit and partners")
