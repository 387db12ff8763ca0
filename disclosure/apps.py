from django.apps import AppConfig


class DisclosureConfig(AppConfig):
    name = "disclosure"
    verbose_name = "Disclosure"

    def ready(self) -> None:
        """Name this room's place in the case's navigation, and what it asks of people."""
        from accounts.ui import nav
        from cases import work
        from disclosure import hooks, log_closed, log_names, summary  # noqa: F401 (importing registers)
        from evidence import hooks as evidence

        nav.register_case_tab(
            "Disclosure", "disclosure:overview", order=30, visible=lambda user, case: user.has_perm("disclosure.view", case)
        )
        work.register(summary.review_work)
        work.register(summary.schedule_work)
        work.register_card(summary.limbo_card)
        work.register_card(summary.schedule_card)
        evidence.exhibit_added.append(hooks.begin_item)
        evidence.exhibit_links.append(hooks.links)
