"""Forms of this room's pages."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.db.models import QuerySet

from accounts.models import User
from accounts.ui.forms import DateField, Form, RadioSelect
from disclosure import locators, parts
from disclosure.managing_content import Section
from disclosure.models import CourtApplication, DefenceStatement, Item, ManagementService, ReReview, Row
from evidence.models import Exhibit

OUTCOMES: dict[str, dict[str, str]] = {
    "used": {"use": "used"},
    "mg6c": {"use": "unused", "relevance": "relevant", "sensitivity": "not_sensitive"},
    "mg6d": {"use": "unused", "relevance": "relevant", "sensitivity": "sensitive"},
    "not_relevant": {"use": "unused", "relevance": "clearly_not_relevant"},
    "unexamined": {"use": "unused", "relevance": "unexamined"},
}
"""The answers to all three questions behind each choice of the review page."""


REASONS = {"mg6d": "sensitive_reason", "not_relevant": "irrelevant_reason", "unexamined": "unexamined_reason"}
"""Where the reason stands for the choices that need one."""


def outcome_of(item: Item) -> str:
    """The choice that an item's decisions add up to, or nothing while it is in limbo."""
    if item.is_in_limbo or item.use == Item.Use.APART:
        return ""
    if item.use == Item.Use.USED:
        return "used"
    if item.relevance == Item.Relevance.UNEXAMINED:
        return "unexamined"
    return item.schedule_kind.lower() or "not_relevant"


class DecisionForm(Form):
    """What becomes of an item: one choice for the three questions, and the reason where one is needed."""

    outcome = forms.ChoiceField(
        label="What is it?",
        choices=[
            ("used", "Used: evidence"),
            ("mg6c", "Unused, relevant, not sensitive: MG6C"),
            ("mg6d", "Unused, relevant, sensitive: MG6D"),
            ("not_relevant", "Clearly not relevant"),
            ("unexamined", "Not examined: declare it"),
        ],
        widget=RadioSelect(
            hints={
                "mg6c": "In doubt whether it is relevant, schedule it",
                "mg6d": "A real risk of serious prejudice to an important public interest, for this item",
                "not_relevant": "It can't have any impact on the case. It is kept, with your reason",
                "unexamined": "It is held and nobody has read it. The form says so",
            },
            reveals={"mg6d": "sensitive_reason", "not_relevant": "irrelevant_reason", "unexamined": "unexamined_reason"},
        ),
        error_messages={"required": "Select what it is"},
    )
    sensitive_reason = forms.CharField(
        label="Which public interest, and how it would be harmed",
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    irrelevant_reason = forms.CharField(
        label="Why it can't have any impact on the case", required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )
    unexamined_reason = forms.CharField(
        label="Why it is not examined", required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )
    may_meet = forms.BooleanField(label="It may undermine the prosecution or assist the accused", required=False)
    test_reason = forms.CharField(
        label="How it may undermine or assist (for the MG6E)",
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    rebut_reason = forms.CharField(
        label="Or why this presumption material does not",
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    mark_optional = False

    def __init__(self, *args: Any, presumed: bool = False, **kwargs: Any) -> None:
        """`presumed`: the item is confirmed presumption material, which is rebutted with a reason only."""
        super().__init__(*args, **kwargs)
        if not presumed:
            del self.fields["rebut_reason"]

    def clean(self) -> dict[str, Any]:
        """Ask for the reason at the field that is in sight."""
        cleaned = super().clean() or self.cleaned_data
        if "rebut_reason" in self.fields and not cleaned.get("may_meet") and not cleaned.get("rebut_reason", "").strip():
            self.add_error("rebut_reason", "Presumption material: enter why it does not meet the disclosure test")
        if cleaned.get("may_meet") and not cleaned.get("test_reason", "").strip():
            self.add_error("test_reason", "Enter how it may undermine or assist")
        field = REASONS.get(cleaned.get("outcome", ""))
        if field and not cleaned.get(field, "").strip():
            self.add_error(field, "Enter the reason")
        cleaned["reason"] = cleaned.get(field, "") if field else ""
        return cleaned

    def answers(self) -> dict[str, str]:
        """Keyword arguments for `actions.decide`."""
        return {**OUTCOMES[self.cleaned_data["outcome"]], "reason": self.cleaned_data["reason"]}

    def view(self, item: Item) -> dict[str, str]:
        """Keyword arguments for a second `actions.decide`: the officer's view of the disclosure test; none if nothing changes."""
        if self.cleaned_data["may_meet"]:
            reason = self.cleaned_data["test_reason"]
            return {"test": Item.Test.MAY_MEET, "reason": reason}
        if reason := self.cleaned_data.get("rebut_reason", ""):
            return {"test": Item.Test.DOES_NOT, "reason": reason}
        return {"test": Item.Test.DOES_NOT} if item.test == Item.Test.MAY_MEET else {}


class PartForm(Form):
    """Which part of an exhibit becomes an item of its own."""

    unit = forms.ChoiceField(
        label="Which part?", widget=RadioSelect, error_messages={"required": "Select pages, messages or a clip"}
    )
    start = forms.CharField(label="From", max_length=20)
    end = forms.CharField(label="To", max_length=20, required=False)
    mark_optional = False

    def __init__(self, exhibit: Exhibit, data: Any = None) -> None:
        units = parts.units_of(exhibit)
        super().__init__(data, prefix="part", initial={"unit": units[0]})
        clip = units == [locators.CLIP]
        field: Any = self.fields["unit"]
        field.choices = [(unit, unit.capitalize()) for unit in units]
        self.fields["start"].help_text = (
            "Time from the start of the recording, for example 1:05 or 00:01:05.500" if clip else "A number, for example 3"
        )
        self.fields["end"].help_text = "" if clip else "Empty: that one only"

    def clean(self) -> dict[str, Any]:
        """The place that it comes to, as `span`."""
        cleaned = super().clean() or self.cleaned_data
        if not self.errors:
            cleaned["span"] = locators.read_span(cleaned["unit"], cleaned["start"], cleaned["end"])
        return cleaned


class RowForm(Form):
    """A row's words."""

    description = forms.CharField(
        label="Description and relevance",
        help_text="What it is, who made it and when, people by their role, what it says, why it is relevant, how long it is",
        max_length=8000,
        widget=forms.Textarea(attrs={"rows": 5}),
        required=False,
    )
    location = forms.CharField(label="Location", max_length=200, required=False)
    sensitivity_reason = forms.CharField(
        label="Reason for sensitivity", max_length=8000, widget=forms.Textarea(attrs={"rows": 3}), required=False
    )
    seen = forms.CharField(widget=forms.HiddenInput, required=False)
    mark_optional = False

    def __init__(self, row: Row, data: Any = None) -> None:
        initial = {
            "description": row.description,
            "location": row.location,
            "sensitivity_reason": row.sensitivity_reason,
            "seen": row.edited_at.isoformat(),
        }
        super().__init__(data, initial=initial)
        if not row.version.schedule.is_sensitive:
            del self.fields["sensitivity_reason"]


class ReturnForm(Form):
    """Why a version goes back."""

    reason = forms.CharField(
        label="What must be changed",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Enter what must be changed"},
    )


class CertifyForm(Form):
    """What the disclosure officer says while signing."""

    unexamined = forms.CharField(
        label="What has not been examined, and why",
        help_text="Printed on the form. Leave empty if everything has been examined",
        required=False,
        max_length=8000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    believe = forms.BooleanField(
        label="I make the statement above", error_messages={"required": "Confirm that you make the statement"}
    )


class ExpectForm(Form):
    """From when the time for the defence statement runs."""

    court = forms.ChoiceField(label="Court", choices=DefenceStatement.Court.choices, widget=RadioSelect)
    complied_on = DateField(label="Day on which the prosecutor complied with section 3", past=True)


class ExtendForm(Form):
    """Until when the court has given time."""

    due_on = DateField(label="New day on which it is due")


class ReceiveForm(Form):
    """The defence statement."""

    received_on = DateField(label="Day on which it was received", past=True)
    issues = forms.CharField(
        label="Issues that it raises",
        help_text="What is disputed and why, what is relied on, any alibi: the items are read again against these",
        max_length=8000,
        widget=forms.Textarea(attrs={"rows": 5}),
    )


class ReadAgainForm(Form):
    """What items come to."""

    outcome = forms.ChoiceField(label="What do they come to?", choices=ReReview.Outcome.choices, widget=RadioSelect)
    reason = forms.CharField(label="Reason", max_length=2000, widget=forms.Textarea(attrs={"rows": 3}))


class ApplicationForm(Form):
    """An application to the court about disclosure."""

    kind = forms.ChoiceField(label="Application", choices=CourtApplication.Kind.choices, widget=RadioSelect)
    made_on = DateField(label="Day of the application", past=True)
    about = forms.CharField(label="What it asks for", max_length=4000, widget=forms.Textarea(attrs={"rows": 3}))
    outcome = forms.ChoiceField(label="What became of it", choices=CourtApplication.Outcome.choices)
    decided_on = DateField(label="Day of the decision", required=False, past=True)
    order = forms.CharField(
        label="What the court ordered", max_length=4000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )


class ManyForm(Form):
    """One decision for all the items that are ticked."""

    outcome = forms.ChoiceField(
        label="What are they?",
        choices=[
            ("used", "Used: evidence"),
            ("mg6c", "Unused, relevant, not sensitive: MG6C"),
            ("not_relevant", "Clearly not relevant"),
            ("unexamined", "Not examined: declare it"),
        ],
        widget=RadioSelect(hints={"not_relevant": "Sensitive items are decided one by one"}),
        error_messages={"required": "Select what they are"},
    )
    reason = forms.CharField(
        label="Reason", help_text="For what is clearly not relevant or not examined", required=False, max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )  # fmt: skip

    def decision(self) -> dict[str, Any]:
        """Keyword arguments for `actions.decide_many`."""
        return {"answers": OUTCOMES[self.cleaned_data["outcome"]], "reason": self.cleaned_data["reason"]}


class ManyFilter(Form):
    """Which of them."""

    kind = forms.ChoiceField(label="Type", choices=[("", "All"), *Exhibit.Kind.choices], required=False)
    words = forms.CharField(label="Words in the description", max_length=100, required=False)
    who = forms.ChoiceField(label="Given to", required=False)
    mark_optional = False

    def __init__(self, people: Iterable[User], data: Any = None) -> None:
        super().__init__(data)
        named = [(str(person.pk), str(person)) for person in people]
        field: Any = self.fields["who"]
        field.choices = [("", "Anybody or nobody"), ("nobody", "Nobody"), *named]


class AssignForm(Form):
    """To whom items are given."""

    to = forms.ModelChoiceField(User.objects.none(), label="Give to", required=False, empty_label="Nobody: give back")
    mark_optional = False

    def __init__(self, people: QuerySet[User], data: Any = None) -> None:
        super().__init__(data)
        field: Any = self.fields["to"]
        field.queryset = people


class WitnessListForm(Form):
    """For whom a witness list is, and why."""

    readers = forms.ChoiceField(
        label="Who is it for?",
        choices=[
            ("cps", "Police and CPS: with contact details and dates to avoid"),
            ("served", "To be served: names without them"),
        ],
        widget=RadioSelect,
        error_messages={"required": "Select who it is for"},
    )
    kind = forms.ChoiceField(label="File", choices=[("pdf", "PDF"), ("docx", "Word (DOCX)")], initial="pdf")
    reason = forms.CharField(
        label="Reason", max_length=300, help_text="It is kept in the case's log, with a look at each identity on the list"
    )
    mark_optional = False


class SectionForm(Form):
    """What an officer writes in one entry of a section of a DMD or an IMD."""

    mark_optional = False

    def __init__(self, section: Section, data: Any = None, initial: Any = None) -> None:
        super().__init__(data, initial=initial)
        for name, label in section.fields:
            rows = 8 if len(section.fields) == 1 else 3
            self.fields[name] = forms.CharField(
                label=label, max_length=8000, required=False, widget=forms.Textarea(attrs={"rows": rows})
            )


class ServiceForm(Form):
    """What became of a version of the DMD."""

    to = forms.ChoiceField(label="What happened", choices=ManagementService.To.choices, widget=RadioSelect)
    on = DateField(label="Day", past=True)
    observations = forms.CharField(
        label="What the defence observed", required=False, max_length=8000, widget=forms.Textarea(attrs={"rows": 4})
    )
    mark_optional = False
