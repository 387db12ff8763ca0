from typing import Any

from django.apps import AppConfig

_OF_CASES = tuple(
    f"/{first}/" for first in ("exhibits", "schedules", "fences", "bundles", "batches", "blobs", "copies", "disposals", "handovers")
)
"""Where pages of a case's things begin."""


class CasesConfig(AppConfig):
    name = "cases"
    verbose_name = "Cases"

    def ready(self) -> None:
        """Name this room's links, and what it knows of work to do."""
        from accounts.models import Role
        from accounts.ui import nav
        from cases import log_actions, log_anchors, log_verification, progress, providers, work  # noqa: F401 (two register their jobs)
        from cases.models import TeamMember

        def works_on_cases(user: Any) -> bool:
            return bool(user.holds(*TeamMember.CASE_ROLES))

        nav.register("My work", "cases:home", order=10)
        nav.register("Cases", "cases:list", order=20, visible=works_on_cases, also=_OF_CASES)
        nav.register("Audit", "cases:audit", order=80, visible=lambda user: bool(user.holds(Role.AUDITOR)))
        nav.register("Administration", "admin:index", order=90, visible=lambda user: bool(user.is_staff))
        nav.register_case_tab("Overview", "cases:case", order=10)
        nav.register_case_tab("People", "cases:people", order=50)
        nav.register_case_tab("Team", "cases:team", order=60)
        nav.register_case_tab("Log", "cases:log", order=70)
        progress.register(log_actions.VERIFY, lambda job: "Verifying the log")
        for provider in (providers.unshared, providers.without_people, providers.without_roles):
            work.register(provider)
