"""Forms of one's own account."""

from django import forms
from django.conf import settings

from accounts.actions import LONGEST_TOKEN_DAYS
from accounts.scopes import scopes_in_use
from accounts.ui.forms import CheckboxSelectMultiple, Form


class TokenForm(Form):
    """A token for another system."""

    client = forms.CharField(
        label="System that will hold the token", max_length=80, help_text="For example “Force case management”"
    )
    scopes = forms.MultipleChoiceField(
        label="What it may do",
        widget=CheckboxSelectMultiple(),
        # Asked when the form is shown: when this is read, the API isn't there yet
        choices=lambda: [(scope, scope) for scope in scopes_in_use((settings.ROOT_URLCONF,))],
    )
    days = forms.IntegerField(
        label="Days until it expires",
        min_value=1,
        max_value=LONGEST_TOKEN_DAYS,
        initial=30,
        help_text=f"From 1 to {LONGEST_TOKEN_DAYS}",
    )
