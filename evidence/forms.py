"""Forms of this room."""

from typing import Any, cast

from django import forms

from accounts.models import User
from accounts.ui.forms import DateField, DateTimeField, Form, RadioSelect
from cases.models import Case, Person, RetentionRule
from evidence import actions, door
from evidence.models import Exhibit

PURPOSES = [
    ("Investigation of this case", "Investigation of this case"),
    ("Disclosure review", "Disclosure review"),
    ("Redaction", "Redaction"),
    ("Preparing the file for the CPS", "Preparing the file for the CPS"),
    ("Supervision or quality check", "Supervision or quality check"),
]


WITHIN, ABOVE = "within", "above"


def _marking() -> forms.ChoiceField:
    """Asked each time something is booked in, never answered beforehand."""
    return forms.ChoiceField(
        label=door.QUESTION,
        choices=[(WITHIN, "No: it is OFFICIAL or OFFICIAL-SENSITIVE"), (ABOVE, "Yes, or I can’t tell")],
        widget=RadioSelect(hints={ABOVE: f"{door.ABOVE}. It is not booked in; you are told where it goes"}),
        error_messages={"required": "Select whether any of it is above OFFICIAL-SENSITIVE"},
    )


class ExhibitForm(Form):
    """A new exhibit. The reference is offered as the producer's next number and can be another."""

    parent = forms.ModelChoiceField(
        Exhibit.objects.none(),
        required=False,
        label="Made from",
        empty_label="Nothing: it is an exhibit of its own",
        help_text="For an extraction, a download or a part of another exhibit.",
    )
    reference = forms.CharField(
        max_length=64,
        label="Exhibit reference",
        help_text="Initials and number, for example AB/1. What is made from AB/1 is AB/1/A, or AB/1-CD/1 if CD made it."
        " It never changes once issued.",
    )
    kind = forms.ChoiceField(choices=[("", "Select a type"), *Exhibit.Kind.choices], label="Type")
    description = forms.CharField(
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=1000,
        help_text="What it is, in plain words. Do not name the complainant.",
    )
    subject = forms.ModelChoiceField(
        Person.objects.none(),
        required=False,
        label="Whom it concerns",
        empty_label="Nobody in particular",
        help_text="Of a statement or a recorded interview: whose it is. The witness list (MG9) gives its date.",
    )
    seized_at = DateTimeField(label="When seized or received", past=True, help_text="For example 27 3 2026, 14:05")
    seized_where = forms.CharField(max_length=200, label="Where seized or received")
    seized_by = forms.CharField(max_length=120, label="Who seized or received it")
    seal_number = forms.CharField(max_length=40, required=False, label="Seal number", help_text="For example A1234567")
    location = forms.CharField(max_length=200, required=False, label="Where it is kept")
    marking = _marking()

    def __init__(self, user: User, case: Case, parent: Exhibit | None, *args: Any, **kwargs: Any) -> None:
        """`parent`: the exhibit that it is made from, if the person came from its page."""
        initials = user.initials or "AB"
        reference = actions.next_derived(parent, initials) if parent else actions.next_reference(case, initials)
        initial = {"reference": reference, "seized_by": str(user), "parent": parent}
        kwargs["initial"] = initial | (kwargs.get("initial") or {})
        super().__init__(*args, **kwargs)
        field, people = cast(Any, self.fields["parent"]), cast(Any, self.fields["subject"])
        field.queryset, people.queryset = case.exhibits.order_by("reference"), case.people.all()
        if parent:
            self.fields["seized_at"].label, self.fields["seized_where"].label = "When it was made", "Where it was made"
            self.fields["seized_by"].label = "Who made it"


class BatchForm(Form):
    """What many files have in common that were received together."""

    initials = forms.CharField(
        max_length=4,
        required=False,
        label="Producer's initials",
        help_text="Each file becomes an exhibit under the next free reference, for example AB/5, AB/6. Leave this empty to number "
        "them under an exhibit that you choose below",
    )
    parent = forms.ModelChoiceField(
        Exhibit.objects.none(),
        required=False,
        empty_label="None: they are exhibits of their own",
        label="Sub-exhibits of",
        help_text="For example AB/1: the files become AB/1/1, AB/1/2 and so on",
    )
    kind = forms.ChoiceField(choices=[("", "By each file's name"), *Exhibit.Kind.choices], required=False, label="Type")
    description = forms.CharField(
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=1000,
        label="Description of them all",
        help_text="What they are, in plain words; each file's number is added. Do not name the complainant.",
    )
    seized_at = DateTimeField(label="When seized or received", past=True, help_text="For example 27 3 2026, 14:05")
    seized_where = forms.CharField(max_length=200, label="Where seized or received")
    seized_by = forms.CharField(max_length=120, label="Who seized or received them")
    location = forms.CharField(max_length=200, required=False, label="Where they are kept")
    marking = _marking()

    def __init__(self, user: User, case: Case, *args: Any, **kwargs: Any) -> None:
        kwargs["initial"] = {"initials": user.initials, "seized_by": str(user)} | (kwargs.get("initial") or {})
        super().__init__(*args, **kwargs)
        cast(forms.ModelChoiceField, self.fields["parent"]).queryset = case.exhibits.order_by("created_at")


class PurposeForm(Form):
    """What a file is opened for: it stands in the log beside the name of who opened it."""

    purpose = forms.ChoiceField(choices=PURPOSES, label="What are you opening it for?")
    reason = forms.CharField(
        required=False, max_length=300, label="Why do you need it, although malware was found in it?", help_text="It is recorded"
    )


class QuarantineForm(Form):
    """How a quarantine ends, and what was found out."""

    how = forms.ChoiceField(
        label="How does it end?",
        widget=forms.RadioSelect,
        choices=[
            ("matches", "The file matches again: it may be relied on"),
            ("given_up", "The file is given up: a new one will be received in its place"),
        ],
    )
    reason = forms.CharField(
        label="What did you find out, and why can the quarantine end?",
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=2000,
        help_text="It stands in the log and in the exhibit's history, under your name. Do not name the complainant.",
    )


def _why(label: str, help_text: str) -> forms.CharField:
    return forms.CharField(label=label, help_text=help_text, max_length=2000, widget=forms.Textarea(attrs={"rows": 3}))


class RetentionForm(Form):
    """A rule of retention that applies to a case, and until when."""

    rule = forms.ModelChoiceField(queryset=RetentionRule.objects.filter(is_active=True), label="Rule", empty_label="Select a rule")
    until = DateField(label="The last day on which it is kept", help_text="For example 27 3 2126")
    reason = _why("From what does the day follow?", "For example: convicted on 02/03/2026. Do not name the complainant.")


class HoldForm(Form):
    """Why nothing of a case may be disposed of."""

    hold_reason = _why("Why may nothing be disposed of?", "For example: appeal 2026/01234. Do not name the complainant.")


class LiftForm(Form):
    """Why a hold is no longer needed."""

    reason = _why("Why is the hold no longer needed?", "For example: the appeal was dismissed on 02/03/2026.")


class DisposalForm(Form):
    """Why an exhibit's files are disposed of."""

    reason = _why("Why is it disposed of?", "It stays in the log and on the tombstone. Do not name the complainant.")


class RefuseForm(Form):
    """Why an exhibit is kept after all."""

    reason = _why("Why is it kept?", "Whoever asked for the disposal reads it.")


class FilterForm(Form):
    """Which exhibits of a case are listed."""

    mark_optional = False
    kind = forms.ChoiceField(choices=[("", "All types"), *Exhibit.Kind.choices], required=False, label="Type")
    state = forms.ChoiceField(choices=[("", "All states"), *Exhibit.State.choices], required=False, label="State")
