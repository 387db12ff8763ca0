from django.apps import AppConfig


class DisclosureConfig(AppConfig):
    name = "disclosure"
    verbose_name = "Disclosure"

    def ready(self) -> None:
        """Name this room's place in the case's navigation, and what it asks of people."""
        from accounts.ui import nav
        from cases import identity, progress, work
        from disclosure import counting, hooks, log_closed, log_names, sampling, summary  # noqa: F401 (importing registers)
        from disclosure.models import SearchTerm
        from evidence import hooks as evidence

        nav.register_case_tab(
            "Disclosure", "disclosure:overview", order=30, visible=lambda user, case: user.has_perm("disclosure.view", case)
        )
        work.register(summary.review_work)
        work.register(summary.schedule_work)
        work.register(summary.copies_work)
        work.register_card(summary.limbo_card)
        work.register_card(summary.schedule_card)
        identity.also_sealed.append(SearchTerm)
        progress.register(sampling.COUNT, lambda job: "Counting the search terms in the stored files")
        evidence.exhibit_added.append(hooks.begin_item)
        evidence.exhibit_links.append(hooks.links)
        evidence.exhibit_links.append(hooks.fence_links)
        evidence.exhibit_timeline.append(hooks.TIMELINE)
        work.register(summary.fence_work)
