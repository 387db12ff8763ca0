"""Forms about the review of a large set."""

from typing import Any

from django import forms

from accounts.ui.forms import Form, RadioSelect
from disclosure.models import Sample, SearchTerm, SetReview, SetStatement
from evidence.models import Exhibit


class BeginForm(Form):
    """Which set it is."""

    title = forms.CharField(label="What the set is", help_text="For example: messages of the black telephone", max_length=160)
    exhibits = forms.CharField(
        label="Exhibits",
        help_text="References with commas or one a line. AB/1/* is every exhibit whose reference begins so",
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class TermForm(Form):
    """A search term."""

    words = forms.CharField(label="Words to look for", max_length=200)
    why = forms.CharField(label="Why they are looked for", max_length=1000, widget=forms.Textarea(attrs={"rows": 2}))
    chosen_by = forms.CharField(
        label="Who chose them", help_text="By role or name, for example the OIC and the reviewing lawyer", max_length=160
    )
    shown_as = forms.CharField(
        label="What stands for them",
        help_text="Only if the words identify a complainant, for example first name of Complainant A. They are then shown nowhere",
        max_length=120,
        required=False,
    )


class WithdrawForm(Form):
    """Why a term is no longer looked for."""

    term = forms.ModelChoiceField(SearchTerm.objects.none(), label="Term", empty_label="Select a term")
    reason = forms.CharField(label="Why it is no longer looked for", max_length=1000)

    def __init__(self, review: SetReview, data: Any = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        _of_review(self, review)


class HitsForm(Form):
    """Hits that were found elsewhere."""

    term = forms.ModelChoiceField(SearchTerm.objects.none(), label="Term", empty_label="Select a term")
    exhibit = forms.ModelChoiceField(Exhibit.objects.none(), label="Exhibit", empty_label="Select an exhibit")
    hits = forms.IntegerField(label="Number of hits", min_value=0, max_value=2_000_000_000)
    note = forms.CharField(label="Program that they were found with, and its version", max_length=300)

    def __init__(self, review: SetReview, data: Any = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        _of_review(self, review)
        field: Any = self.fields["exhibit"]
        field.queryset = Exhibit.objects.filter(in_sets__review=review).order_by("created_at")


def _of_review(form: Form, review: SetReview) -> None:
    """Offer the terms of the review, as they may be read."""
    field: Any = form.fields["term"]
    field.queryset = SearchTerm.objects.standing().filter(review=review)
    field.label_from_instance = lambda term: f"{term.number}: {term.said}"


class DrawForm(Form):
    """How many to draw of how many."""

    unit = forms.CharField(label="What is counted", help_text="For example messages, pictures or files", max_length=60)
    population = forms.IntegerField(label="How many there are", min_value=1, max_value=2_000_000_000)
    size = forms.IntegerField(label="How many to draw", min_value=1, max_value=5000)


class StateForm(Form):
    """How much of the set was examined, and why not the rest."""

    unit = forms.CharField(label="What is counted", help_text="For example messages, pictures or files", max_length=60)
    population = forms.IntegerField(label="How many there are", min_value=1, max_value=2_000_000_000)
    examined = forms.IntegerField(label="How many were examined", min_value=0, max_value=2_000_000_000)
    method = forms.ChoiceField(label="How what was examined was chosen", choices=SetStatement.Method.choices, widget=RadioSelect)
    sample = forms.ModelChoiceField(
        Sample.objects.none(), label="Which sample, if one was drawn", required=False, empty_label="None"
    )
    parameters = forms.CharField(
        label="Other limits",
        help_text="Dates, applications, people",
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    found = forms.CharField(
        label="What was found", help_text="Or that nothing was", max_length=4000, widget=forms.Textarea(attrs={"rows": 3})
    )
    rest_why = forms.CharField(
        label="Why the rest is not examined",
        help_text="It stands on the schedules and in the DMD, which the defence is given",
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, review: SetReview, data: Any = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        field: Any = self.fields["sample"]
        field.queryset = Sample.objects.filter(review=review)
