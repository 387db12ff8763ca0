"""What the portal asks of a prosecutor."""

from django import forms

from accounts.ui.forms import Form


class FilterForm(Form):
    """Narrows the list of cases; kept in the address."""

    mark_optional = False
    words = forms.CharField(label="Crime number, URN or operation", required=False, max_length=60)


class OpenForm(Form):
    """What a copy is opened for: the log keeps it."""

    purpose = forms.CharField(
        label="What do you open it for?",
        help_text="For example: charging decision, review of unused material. The log keeps it.",
        max_length=200,
        error_messages={"required": "Enter what you open it for"},
    )
