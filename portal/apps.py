from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "portal"
    verbose_name = "CPS portal"

    def ready(self) -> None:
        from accounts.ui import nav
        from portal import policy  # noqa: F401 (importing registers)
        from portal.models import prosecutes

        # an entry without a URL in this process is left out, so the police application shows none of these
        nav.register(
            "Cases shared with us", "portal:home", order=10, visible=prosecutes, also=("/cases/", "/schedules/", "/copies/")
        )
