"""Forms about what the prosecutor says: for officers, who write it down, and for prosecutors, where they say it in the portal."""

from typing import Any

from django import forms

from accounts.ui.forms import Form, RadioSelect
from disclosure.models import EndorsementCode
from disclosure.prosecution import Entry, Source

YES, NO = "yes", "no"


class SourceForm(Form):
    """Who decided, and where it says so."""

    decided_by = forms.CharField(
        label="Prosecutor who decided", max_length=160, error_messages={"required": "Enter the prosecutor who decided"}
    )
    source_document = forms.CharField(
        label="Document that says so",
        help_text="For example e-mail of 20/11/2026 from the reviewing lawyer",
        max_length=200,
        error_messages={"required": "Enter the document that says so"},
    )
    mark_optional = False

    def source(self) -> Source:
        """For the actions."""
        return Source(self.cleaned_data["decided_by"], self.cleaned_data["source_document"])


class RowsSaidForm(Form):
    """What is said of rows: one code and reason for all that are named. `sensitive`: they are rows of an MG6D."""

    numbers = forms.CharField(
        label="Row numbers", help_text="For example 4 or 1-3, 7", max_length=500, error_messages={"required": "Enter the rows"}
    )
    code = forms.ModelChoiceField(
        label="Code",
        queryset=EndorsementCode.objects.filter(is_active=True),
        empty_label="Select a code",
        error_messages={"required": "Select the code"},
    )
    reason = forms.CharField(label="Reason", required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 3}))
    agrees_sensitive = forms.ChoiceField(
        label="Is it agreed that they are sensitive?", choices=[(YES, "Yes"), (NO, "No")], required=False, widget=RadioSelect
    )
    court_application = forms.ChoiceField(
        label="Will the court be asked (public interest immunity)?",
        choices=[(YES, "Yes"), (NO, "No")],
        required=False,
        widget=RadioSelect,
    )
    item_viewed = forms.BooleanField(label="The prosecutor viewed the item itself", required=False)

    def __init__(self, *args: Any, sensitive: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not sensitive:
            del self.fields["agrees_sensitive"], self.fields["court_application"]

    def clean_numbers(self) -> list[int]:
        """ "1-3, 7" as numbers."""
        found: list[int] = []
        for part in self.cleaned_data["numbers"].replace("–", "-").split(","):
            ends = [end.strip() for end in part.split("-")]
            if len(ends) > 2 or not all(end.isascii() and end.isdigit() and len(end) < 6 for end in ends):
                raise forms.ValidationError("Enter row numbers, for example 4 or 1-3, 7")
            first, last = int(ends[0]), int(ends[-1])
            if last < first or last - first > 5000:
                raise forms.ValidationError("Enter the smaller number first, for example 1-3")
            found += range(first, last + 1)
        return found

    def entries(self) -> dict[int, Entry]:
        """For `prosecution.endorse`."""
        data = self.cleaned_data
        answers = {name: {YES: True, NO: False}.get(data.get(name, "")) for name in ("agrees_sensitive", "court_application")}
        entry = Entry(data["code"].code, data["reason"], data["item_viewed"], **answers)
        return dict.fromkeys(data["numbers"], entry)


class EndorseForm(RowsSaidForm, SourceForm):
    """What the prosecutor said of rows, and where it says so."""

    field_order = (
        "numbers",
        "code",
        "reason",
        "agrees_sensitive",
        "court_application",
        "item_viewed",
        "decided_by",
        "source_document",
    )


class ReturnedForm(SourceForm):
    """Why the prosecutor sends it back."""

    reason = forms.CharField(
        label="Why the prosecutor returned it",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Enter why the prosecutor returned it"},
    )
    field_order = ("reason", "decided_by", "source_document")
