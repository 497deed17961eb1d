from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    name = "convive.accounts"
    verbose_name = _("Accounts")

    def ready(self) -> None:
        from convive.accounts.entrance import signals

        signals.connect()
