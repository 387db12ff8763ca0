"""Forms of the redaction pages."""

from typing import Any

from django import forms

from accounts.ui.forms import Form
from redaction.models import Audience, Category


class AskForm(Form):
    """Who a redacted copy is for."""

    audience = forms.ChoiceField(label="Who is the copy for?", choices=Audience.choices, widget=forms.RadioSelect)
    purpose = forms.CharField(
        label="What is it needed for?",
        required=False,
        max_length=300,
        help_text="For example: charging request, full code test",
    )


class ReasonForm(Form):
    """Why something is sent back or recalled."""

    reason = forms.CharField(label="Reason", max_length=2000, widget=forms.Textarea(attrs={"rows": "4"}))

    def __init__(self, *args: Any, label: str = "Reason", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].label = label


class SearchForm(Form):
    """Words to look for in a document."""

    words = forms.CharField(
        label="Words to find",
        max_length=200,
        help_text="A name, a number, an address. Capitals, accents, spaces and line breaks don’t count",
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    inside = forms.BooleanField(label="Also within longer words", required=False)


class BoxForm(Form):
    """A box as numbers: what the mouse fills in, and whoever doesn't use one types."""

    left = forms.FloatField(label="Left", min_value=0)
    top = forms.FloatField(label="Top", min_value=0)
    right = forms.FloatField(label="Right", min_value=0)
    bottom = forms.FloatField(label="Bottom", min_value=0)
    category = forms.ModelChoiceField(label="Category", queryset=Category.objects.filter(is_active=True), empty_label=None)

    @property
    def box(self) -> list[float]:
        """Left, top, right, bottom in points."""
        return [float(self.cleaned_data[edge]) for edge in ("left", "top", "right", "bottom")]
