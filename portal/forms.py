"""What the portal asks of a prosecutor."""

from typing import Any, cast

from django import forms

from accounts.ui.forms import Form
from disclosure.prosecutor_forms import RowsSaidForm
from portal.models import EndorsementCode


class FilterForm(Form):
    """Narrows the list of cases; kept in the address."""

    mark_optional = False
    words = forms.CharField(label="Crime number, URN or operation", required=False, max_length=60)


class RowsForm(Form):
    """Looks for rows of a schedule; kept in the address."""

    mark_optional = False
    words = forms.CharField(
        label="Words in the rows",
        help_text="Of the description, the location, the reason or the exhibit",
        required=False,
        max_length=60,
    )


class OpenForm(Form):
    """What a copy is opened for: the log keeps it."""

    purpose = forms.CharField(
        label="What do you open it for?",
        help_text="For example: charging decision, review of unused material. The log keeps it.",
        max_length=200,
        error_messages={"required": "Enter what you open it for"},
    )


class EndorseForm(RowsSaidForm):
    """What a prosecutor decides of rows, as their own decision."""

    field_order = ("numbers", "code", "reason", "agrees_sensitive", "court_application", "item_viewed")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast("forms.ModelChoiceField[EndorsementCode]", self.fields["code"]).queryset = EndorsementCode.objects.all()
        self.fields["item_viewed"].label = "I viewed the item itself"
