"""Write docs/lint-rules.md from the rules; with --check, say whether it is current."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from disclosure.lint import document


class Command(BaseCommand):
    help = "Write docs/lint-rules.md from disclosure/lint/rules.toml."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="change nothing; fail if the page is not current")

    def handle(self, *args: Any, **options: Any) -> None:
        text = document.text()
        if options["check"]:
            if not document.PATH.exists() or document.PATH.read_text(encoding="utf-8") != text:
                raise CommandError("docs/lint-rules.md is not current: run manage.py lint_rules_doc")
            return
        document.PATH.write_text(text, encoding="utf-8")
        self.stdout.write("docs/lint-rules.md is written.")
