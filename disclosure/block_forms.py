"""Forms of blocks: what a block is, and which items it can be made of."""

from django import forms

from accounts.ui.forms import Form
from disclosure.models import Item
from evidence.models import Exhibit


class BlockForm(Form):
    """A block's words. How many items it holds, and from when to when, nobody enters."""

    title = forms.CharField(
        label="What the items are",
        help_text="One description for all of them: who made them, what they say, why they are relevant."
        " How many there are and their dates are added",
        max_length=8000,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": "Enter what the items are"},
    )
    location = forms.CharField(
        label="Where they are kept", max_length=200, error_messages={"required": "Enter where they are kept"}
    )
    why = forms.CharField(
        label="Why they are listed as a block",
        help_text="It is printed on the schedule, and stands in the DMD if the items are not sensitive",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Enter why they are listed as a block"},
    )


class BlockFilter(Form):
    """Which items a block can be made of."""

    sensitivity = forms.ChoiceField(
        label="Schedule",
        choices=[(Item.Sensitivity.NOT_SENSITIVE, "MG6C: not sensitive"), (Item.Sensitivity.SENSITIVE, "MG6D: sensitive")],
        initial=Item.Sensitivity.NOT_SENSITIVE,
        required=False,
    )
    kind = forms.ChoiceField(label="Type", choices=[("", "All"), *Exhibit.Kind.choices], required=False)
    words = forms.CharField(label="Words in the description", max_length=100, required=False)
    mark_optional = False
