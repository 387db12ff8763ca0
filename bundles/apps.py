from django.apps import AppConfig


class BundlesConfig(AppConfig):
    name = "bundles"
    verbose_name = "Bundles"

    def ready(self) -> None:
        """Register permissions and the job; name this room's place in a case's navigation."""
        from accounts.ui import nav
        from bundles import checking, hooks, log_names, making, policy  # noqa: F401 (importing registers)
        from cases import progress
        from evidence import hooks as evidence

        nav.register_case_tab("Bundles", "bundles:list", order=45, visible=lambda user, case: user.has_perm("bundles.view", case))
        evidence.derived_objects.append(hooks.objects)
        progress.register("bundles.make", lambda job: "Making the bundle")
        progress.register("bundles.check", lambda job: "Checking the bundle")
