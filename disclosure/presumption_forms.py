"""Forms about presumption material and its copies."""

from django import forms

from accounts.ui.forms import DateField, Form, RadioSelect
from disclosure.models import PresumptionCategory


class AnswerForm(Form):
    """Whether an item is material of a category."""

    category = forms.ModelChoiceField(
        PresumptionCategory.objects.filter(is_active=True), to_field_name="code", empty_label="Select a category"
    )
    holds = forms.ChoiceField(
        label="Is the item such material?",
        choices=[("yes", "Yes: confirm it"), ("no", "No: decline it, or take the confirmation back")],
        widget=RadioSelect,
    )
    reason = forms.CharField(
        label="Reason", help_text="Needed to take a confirmation back", required=False, max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )  # fmt: skip
    mark_optional = False


class SupplyForm(Form):
    """To whom copies were given, and when."""

    to = forms.CharField(
        label="Prosecutor who received them", max_length=160, error_messages={"required": "Enter the prosecutor who received them"}
    )
    on = DateField(label="Day on which they were supplied", past=True)
    how = forms.CharField(label="By which way", help_text="For example the digital case file", max_length=200, required=False)


class TakeBackForm(Form):
    """Why an entry is wrong."""

    reason = forms.CharField(
        label="Why the entry is wrong", max_length=2000, error_messages={"required": "Enter why the entry is wrong"}
    )
