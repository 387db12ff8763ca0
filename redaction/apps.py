from django.apps import AppConfig


class RedactionConfig(AppConfig):
    name = "redaction"
    verbose_name = "Redaction"

    def ready(self) -> None:
        """Register permissions and jobs; name this room's place in the navigation, and what it asks of people."""
        from accounts.ui import nav
        from cases import progress, work
        from disclosure.hooks import word_counters
        from evidence import hooks as evidence
        from redaction import burning, counting, held, hooks, log_names, policy, proposing, queue, summary  # noqa: F401 (importing registers)

        nav.register_case_tab(
            "Redaction", "redaction:list", order=40, visible=lambda user, case: user.has_perm("redaction.view", case)
        )
        nav.register(
            "Redaction", "redaction:mine", order=40, visible=summary.works_on_redaction, also=("/redactions/",), count=queue.count
        )
        work.register(summary.to_do)
        work.register(held.to_answer)
        work.register_card(summary.card)
        evidence.exhibit_links.append(hooks.links)
        evidence.exhibit_timeline.append(hooks.TIMELINE)
        evidence.derived_objects.append(hooks.objects)
        word_counters.append(counting.count)
        progress.register("redaction.propose", lambda job: "Reading the file and looking for what might be redacted")
        progress.register("redaction.burn_in", lambda job: "Burning in")
        progress.register("redaction.check", lambda job: "Checking the copy for leaks")
