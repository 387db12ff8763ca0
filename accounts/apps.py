from django.apps import AppConfig
from django.contrib.admin import apps as admin_apps


class AccountsConfig(AppConfig):
    default = True
    name = "accounts"
    verbose_name = "Accounts and organisations"

    def ready(self) -> None:
        """Listen to the sign-in package."""
        from accounts import sign_in

        sign_in.connect()


class AdminConfig(admin_apps.AdminConfig):
    """The admin site, entered through the ordinary sign-in with a second factor (`accounts.admin_site`)."""

    default = False
    default_site = "accounts.admin_site.AdminSite"
