"""Forms of the case pages. They only ask; the rules are in `cases.actions`."""

import datetime as dt
from typing import Any, cast

from django import forms

from accounts.models import Organisation, Role, User
from accounts.ui.forms import DateField, Form, RadioSelect
from cases import actions
from cases.identity import Identity
from cases.models import Case, OffenceCode, Person, TeamMember


class CaseForm(Form):
    """What is known when a case is opened."""

    crime_number = forms.CharField(
        label="Crime number",
        help_text="As your force writes it, for example 45/123456/26",
        max_length=40,
        widget=forms.TextInput(attrs={"class": "govuk-input--width-20"}),
    )
    operation = forms.CharField(
        label="Operation name", required=False, max_length=60, widget=forms.TextInput(attrs={"class": "govuk-input--width-20"})
    )
    urn = forms.CharField(
        label="URN",
        help_text="11 characters, for example 45AB1234526",
        required=False,
        max_length=15,
        widget=forms.TextInput(attrs={"class": "govuk-input--width-10", "autocapitalize": "characters"}),
    )
    offence_code = forms.ModelChoiceField(
        label="Offence",
        queryset=OffenceCode.objects.filter(is_active=True).order_by("statute", "title"),
        empty_label="Choose an offence",
        help_text="You can add others afterwards",
    )
    committed_from = DateField(label="Committed on, or from", required=False, past=True, help_text="For example 27 3 2026")
    committed_to = DateField(label="Committed until", required=False, past=True)

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        start, end = data.get("committed_from"), data.get("committed_to")
        if start and end and end < start:
            self.add_error("committed_to", "Committed until must be on or after the first day")
        return data


class ChangeCaseForm(Form):
    """What may change in a case."""

    operation = forms.CharField(
        label="Operation name", required=False, max_length=60, widget=forms.TextInput(attrs={"class": "govuk-input--width-20"})
    )
    urn = forms.CharField(
        label="URN",
        help_text="11 characters, for example 45AB1234526",
        required=False,
        max_length=15,
        widget=forms.TextInput(attrs={"class": "govuk-input--width-10"}),
    )
    state = forms.ChoiceField(label="State", widget=RadioSelect)
    reason = forms.CharField(label="Reason for a change of state", required=False, max_length=300)

    def __init__(self, case: Case, *args: Any, **kwargs: Any) -> None:
        initial = {"operation": case.operation, "urn": case.urn, "state": case.state}
        super().__init__(*args, initial=initial, **kwargs)
        field = cast(forms.ChoiceField, self.fields["state"])
        field.choices = [(state, Case.State(state).label) for state in actions.states_from(case.state)]


class OffenceForm(Form):
    """Another offence under investigation."""

    code = forms.ModelChoiceField(
        label="Offence",
        queryset=OffenceCode.objects.filter(is_active=True).order_by("statute", "title"),
        empty_label="Choose an offence",
    )


class FilterForm(Form):
    """Narrows the list of cases; kept in the address."""

    mark_optional = False
    words = forms.CharField(label="Crime number, URN or operation", required=False)
    state = forms.ChoiceField(label="State", required=False, choices=[("", "Any"), *Case.State.choices])
    role = forms.ChoiceField(
        label="My role", required=False, choices=[("", "Any"), *TeamMember._meta.get_field("role").flatchoices]
    )


class IdentityForm(Form):
    """Who somebody is. Each line is looked for when material is redacted."""

    names = forms.CharField(
        label="Names",
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="One a line, forename first: every form in which it occurs",
    )
    aliases = forms.CharField(
        label="Nicknames and user names", required=False, widget=forms.Textarea(attrs={"rows": 2}), help_text="One a line"
    )
    date_of_birth = DateField(label="Date of birth", required=False, past=True, help_text="For example 27 3 1990")
    addresses = forms.CharField(label="Addresses", required=False, widget=forms.Textarea(attrs={"rows": 3}), help_text="One a line")
    phones = forms.CharField(
        label="Phone numbers", required=False, widget=forms.Textarea(attrs={"rows": 2}), help_text="One a line"
    )
    emails = forms.CharField(
        label="Email addresses", required=False, widget=forms.Textarea(attrs={"rows": 2}), help_text="One a line"
    )
    nhs = forms.CharField(
        label="NHS number", required=False, max_length=20, widget=forms.TextInput(attrs={"class": "govuk-input--width-10"})
    )
    occupation = forms.CharField(label="Occupation", required=False, max_length=120, help_text="As the witness list (MG9) gives it")
    availability = forms.CharField(
        label="Dates on which they can't come to court",
        required=False,
        max_length=500,
        help_text="For the witness list (MG9): police and CPS only",
    )
    other = forms.CharField(
        label="Anything else that identifies them",
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="One a line, for example a place of work or a car's registration",
    )

    @staticmethod
    def initial_of(identity: Identity) -> dict[str, Any]:
        """What the form shows of an identity that was recorded before."""
        shown: dict[str, Any] = {name: "\n".join(lines) for name, lines in identity.items() if isinstance(lines, list)}
        shown |= {name: identity.get(name, "") for name in ("nhs", "occupation", "availability")}
        if identity.get("date_of_birth"):
            shown["date_of_birth"] = dt.date.fromisoformat(identity["date_of_birth"])
        return shown

    def identity(self) -> dict[str, Any]:
        """The answers as `cases.identity.Identity`."""
        data = self.cleaned_data
        lines = {name: data[name].splitlines() for name in ("names", "aliases", "addresses", "phones", "emails", "other")}
        born = data["date_of_birth"]
        texts = {name: data[name] for name in ("nhs", "occupation", "availability")}
        return lines | texts | {"date_of_birth": born.isoformat() if born else ""}


class PersonForm(IdentityForm):
    """Another person in the case."""

    kind = forms.ChoiceField(
        label="Who are they in the case?",
        choices=Person.Kind.choices,
        widget=RadioSelect(
            hints={
                "complainant": "Known by a pseudonym everywhere; anonymity is for life",
                "third_party": "Mentioned, but not involved",
            }
        ),
    )
    label = forms.CharField(
        label="Name that the team sees",
        required=False,
        max_length=80,
        help_text="SURNAME, Forename, or a description. Leave empty for a complainant: the next pseudonym is used.",
    )
    field_order = ("kind", "label")

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if data.get("kind") not in (None, Person.Kind.COMPLAINANT) and not data.get("label"):
            self.add_error("label", "Enter the name that the team sees")
        return data


class ReasonForm(Form):
    """Why."""

    reason = forms.CharField(label="Reason", max_length=300, help_text="It is kept in the case's log with your name")


class MemberForm(Form):
    """Somebody for the team, in a role to which an admin has appointed them."""

    member = forms.ModelChoiceField(label="Person", queryset=User.objects.none(), empty_label="Choose a person")
    role = forms.ChoiceField(
        label="Role on this case",
        choices=TeamMember._meta.get_field("role").flatchoices,
        widget=RadioSelect(
            hints={
                Role.DISCLOSURE: "Examines material, makes and certifies schedules",
                Role.DEPUTY_DISCLOSURE: "Drafts and reviews for the disclosure officer",
                Role.SUPERVISOR: "Checks schedules and the file",
                Role.REDACTOR: "Decides on proposed redactions",
                Role.APPROVER: "Approves redactions that others decided",
            }
        ),
    )

    def __init__(self, case: Case, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = cast(forms.ModelChoiceField, self.fields["member"])
        # Somebody with no role to act in can't be put on a team
        field.queryset = actions.candidates(case).filter(grants__role__in=TeamMember.CASE_ROLES).distinct()


class ShareForm(Form):
    """The CPS area whose prosecutors see what is submitted or released."""

    cps_area = forms.ModelChoiceField(
        label="CPS area",
        queryset=Organisation.objects.filter(kind=Organisation.Kind.CPS_AREA, is_active=True),
        empty_label="Choose an area",
    )
