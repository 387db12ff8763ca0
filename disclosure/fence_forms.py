"""Forms about fenced exhibits."""

from django import forms

from accounts.ui.forms import DateField, Form, RadioSelect
from disclosure.models import Fence, FenceStep

_REASON = "From what it shows at a glance: a letterhead, a file name, the names of those who write. Not what it says"


class FenceForm(Form):
    """What it may be, and from what one thinks so."""

    kind = forms.ChoiceField(
        label="What may it be?",
        choices=Fence.Kind.choices,
        widget=RadioSelect(
            hints={
                Fence.Kind.PRIVILEGE: "Between somebody and their lawyer, or made for a case in court. Independent counsel decides",
                Fence.Kind.SECRET: "It does not belong in this system. The supervisor is told at once",
            }
        ),
        error_messages={"required": "Select what it may be"},
    )
    reason = forms.CharField(
        label="What makes you think so?",
        help_text=_REASON,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Enter from what you think so, without saying what it says"},
    )


class InstructForm(Form):
    """Who looks at it for the team, and cannot be one of them."""

    person = forms.CharField(label="Counsel", help_text="Nobody who is or was on the team of this case", max_length=160)
    body = forms.CharField(label="Chambers", max_length=200)
    on = DateField(label="Day of the instruction", past=True)


class DetermineForm(Form):
    """What counsel has said."""

    outcome = forms.ChoiceField(
        label="What did counsel determine?",
        choices=[(kind, FenceStep.Kind(kind).label) for kind in FenceStep.DETERMINED],
        widget=RadioSelect(
            hints={
                FenceStep.Kind.PRIVILEGED: "It stays closed: scheduled by what is known from outside, or declared not examined",
                FenceStep.Kind.IN_PART: "It stays closed. Book counsel’s copy without that part in as an exhibit made from it",
                FenceStep.Kind.NOT_PRIVILEGED: "It is open to the team again, and its review goes on",
            }
        ),
        error_messages={"required": "Select what counsel determined"},
    )
    on = DateField(label="Day of the determination", past=True)
    reason = forms.CharField(
        label="Counsel’s reason",
        help_text="Without what the material says. It is kept with the fence",
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class HandOverForm(Form):
    """Who took over what is above the marking."""

    person = forms.CharField(label="Who took it over", max_length=160)
    body = forms.CharField(label="Their unit", max_length=200)
    on = DateField(label="Day on which they took it over", past=True)
    reason = forms.CharField(label="Their reference, if they gave one", max_length=200, required=False)


class ClearForm(Form):
    """Why it may stay."""

    on = DateField(label="Day on which that was found", past=True)
    reason = forms.CharField(
        label="How do you know that it is not above OFFICIAL-SENSITIVE?", max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )
