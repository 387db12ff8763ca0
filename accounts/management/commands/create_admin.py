"""Make the first administrator's account, and print the link by which that person chooses a password."""

from typing import Any

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.urls import reverse

from accounts import actions
from accounts.models import Organisation


class Command(BaseCommand):
    help = "Make an administrator's account and print a link for choosing its password. Give the link to that person only."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")
        parser.add_argument("--name", required=True, help="as it should stand, e.g. Jane OKAFOR")
        parser.add_argument("--organisation", required=True, help="made if there is none of this name")
        parser.add_argument("--kind", choices=Organisation.Kind.values, default=Organisation.Kind.FORCE)
        parser.add_argument("--code", default="", help="two-digit force code of the URN")

    def handle(self, *args: Any, **options: Any) -> None:
        values = {name: options[name] for name in ("email", "name", "organisation", "kind", "code")}
        try:
            user = actions.create_admin(**values)
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        key = {"uidb36": user_pk_to_url_str(user), "key": default_token_generator.make_token(user)}
        path = reverse("account_reset_password_from_key", kwargs=key)
        self.stdout.write(f"{settings.PUBLIC_URL}{path}")
        self.stdout.write(
            "Works once, within three days. The administration also asks for a second factor, set up after signing in."
        )
