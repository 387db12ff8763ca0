"""Forms of the redaction pages."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, cast

from django import forms
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.text import Truncator

from accounts.models import User
from accounts.ui.forms import CheckboxSelectMultiple, DateField, Form
from evidence.models import Exhibit
from redaction import certainty, turns
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
    due = DateField(label="When is it needed by?", required=False, help_text="For example 27 3 2027")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["due"].initial = turns.usual_day
        cast(DateField, self.fields["due"]).earliest = timezone.localdate()


class _Exhibits(forms.ModelMultipleChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.reference}: {Truncator(obj.description).chars(120)}"


class AskManyForm(AskForm):
    """The same for several exhibits."""

    exhibits = _Exhibits(
        Exhibit.objects.none(),
        label="Which exhibits?",
        widget=CheckboxSelectMultiple,
        error_messages={"required": "Select at least one exhibit"},
    )
    field_order = ("exhibits",)

    def __init__(self, *args: Any, exhibits: QuerySet[Exhibit], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["audience"].label = "Who are the copies for?"
        self.fields["purpose"].label = "What are they needed for?"
        self.fields["due"].label = "When are they needed by?"
        cast(forms.ModelMultipleChoiceField, self.fields["exhibits"]).queryset = exhibits


class DueForm(Form):
    """Another day, and why."""

    due = DateField(label="Due on", help_text="For example 27 3 2027")
    reason = forms.CharField(label="Why is it changed?", max_length=300, help_text="Do not name the complainant.")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast(DateField, self.fields["due"]).earliest = timezone.localdate()


class AssignForm(Form):
    """Who does it from now on, and what they must know."""

    to = forms.ModelChoiceField(User.objects.none(), label="Give to", required=False, empty_label="Nobody: give back")
    note = forms.CharField(
        label="Note for whoever takes it over",
        required=False,
        max_length=300,
        widget=forms.Textarea(attrs={"rows": "3"}),
        help_text="How far it is, what is open. Needed when somebody else has it now. Do not name the complainant.",
    )

    def __init__(self, *args: Any, people: QuerySet[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast(forms.ModelChoiceField, self.fields["to"]).queryset = people


class ReasonForm(Form):
    """Why something is sent back, withdrawn or recalled."""

    reason = forms.CharField(label="Reason", max_length=2000, widget=forms.Textarea(attrs={"rows": "4"}))

    def __init__(self, *args: Any, label: str = "Reason", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].label = label


GROUP_FILTERS = ("code", "person", "sure")


class GroupFilter(Form):
    """Which of what says the same: of a category, about a person, how sure."""

    show = forms.CharField(widget=forms.HiddenInput, required=False)
    code = forms.ChoiceField(label="Category", required=False)
    person = forms.ChoiceField(label="About", required=False)
    sure = forms.ChoiceField(label="How sure it is", choices=[("", "All"), *certainty.LEVELS.items()], required=False)
    mark_optional = False

    def __init__(self, data: Any, *, codes: Iterable[str], people: Mapping[str, str]) -> None:
        super().__init__(data)
        named = Category.objects.filter(pk__in=list(codes))
        cast(forms.ChoiceField, self.fields["code"]).choices = [("", "All"), *((one.pk, str(one)) for one in named)]
        cast(forms.ChoiceField, self.fields["person"]).choices = [("", "Anybody or nobody known"), *people.items()]

    def has_changed(self) -> bool:
        """Whether it narrows anything: which tab is open doesn't."""
        return bool(self.chosen)

    @property
    def chosen(self) -> dict[str, str]:
        """What is asked for and there is."""
        self.is_valid()
        return {name: self.cleaned_data[name] for name in GROUP_FILTERS if self.cleaned_data.get(name)}


class SearchForm(Form):
    """Words to look for in a document."""

    words = forms.CharField(
        label="Words to find",
        max_length=200,
        help_text="A name, a number, an address. Capitals, accents, spaces and line breaks don’t count",
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    inside = forms.BooleanField(label="Also within longer words", required=False)


class AreaForm(Form):
    """A box as numbers: what the mouse fills in, and whoever doesn't use one types."""

    left = forms.FloatField(label="Left", min_value=0)
    top = forms.FloatField(label="Top", min_value=0)
    right = forms.FloatField(label="Right", min_value=0)
    bottom = forms.FloatField(label="Bottom", min_value=0)


class BoxForm(AreaForm):
    """A box to redact."""

    category = forms.ModelChoiceField(label="Category", queryset=Category.objects.filter(is_active=True), empty_label=None)

    @property
    def box(self) -> list[float]:
        """Left, top, right, bottom in points."""
        return [float(self.cleaned_data[edge]) for edge in ("left", "top", "right", "bottom")]


class TestAnswerForm(Form):
    """Which categories may be redacted for the defence though the exhibit may meet the disclosure test."""

    __test__ = False

    may = forms.MultipleChoiceField(
        label="What may be redacted for the defence?",
        required=False,
        widget=CheckboxSelectMultiple,
        help_text="What you leave without a tick must stay",
    )
    reason = forms.CharField(
        label="Why",
        max_length=300,
        widget=forms.Textarea(attrs={"rows": "3"}),
        help_text="Why the accused does not need it. Do not name the complainant, or repeat what is redacted.",
    )

    def __init__(self, *args: Any, lines: Sequence[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(line.category.pk, f"{line.category}, {line.all} place{'' if line.all == 1 else 's'}") for line in lines]
        cast(forms.MultipleChoiceField, self.fields["may"]).choices = choices
