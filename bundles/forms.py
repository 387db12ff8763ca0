"""Forms of the bundles' pages."""

from typing import Any

from django import forms

from accounts.ui.forms import Form, RadioSelect
from redaction.models import Audience


class NewBundleForm(Form):
    """Who a bundle is for; beside each audience what it would hold now."""

    audience = forms.ChoiceField(label="Who is the bundle for?", choices=Audience.choices, widget=RadioSelect)
    purpose = forms.CharField(
        label="What is it needed for?", max_length=300, help_text="For example: initial disclosure. It is kept in the log."
    )

    def __init__(self, *args: Any, hints: dict[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["audience"].widget = RadioSelect(choices=Audience.choices, hints=hints)


class OpenForm(Form):
    """What a bundle is opened for."""

    purpose = forms.CharField(
        label="What do you open it for?", max_length=300, help_text="For example: to hand it to the defence. It is kept in the log."
    )
