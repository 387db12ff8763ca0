"""Forms for what is done with an exhibit as a thing."""

from typing import Any, ClassVar

from django import forms
from django.db.models import Q

from accounts.models import User
from accounts.ui.forms import DateField, DateTimeField, Form
from evidence import custody
from evidence.models import Exhibit
from evidence.place_models import Location, paths
from evidence.standing import Standing

SEAL_HELP = "For example A1234567"
_LONGEST = 300


class LocationField(forms.ModelChoiceField):
    """One of an organisation's locations, by its whole path. The paths are read once, whatever their number."""

    def offer(self, *organisations: Any) -> None:
        """Offer the locations in use of these organisations."""
        self.queryset = Location.objects.filter(Q(organisation__in=organisations), is_active=True)
        self.choices = [("", "Select a location"), *((str(place.pk), path) for place, path in paths(self.queryset))]


class CustodyForm(Form):
    """What every such form is told: who acts, on what, and how it stands."""

    why: ClassVar[str] = ""

    def __init__(self, user: User, exhibit: Exhibit, now: Standing, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.prepare(user, exhibit, now)

    def prepare(self, user: User, exhibit: Exhibit, now: Standing) -> None:
        """Fill in what depends on them."""


def _purpose(label: str, *, required: bool = True) -> forms.CharField:
    help_text = "Do not name the complainant."
    return forms.CharField(max_length=_LONGEST, label=label, required=required, help_text=help_text)


def _condition() -> forms.CharField:
    return forms.CharField(max_length=200, required=False, label="Condition", help_text="For example: bag intact, screen cracked")


def _earlier() -> DateTimeField:
    return DateTimeField(required=False, past=True, label="When it happened, if earlier than now")


def _due() -> DateField:
    return DateField(required=False, label="Due back", help_text="For example 27 3 2026")


class SealForm(CustodyForm):
    """A seal is put on, or a new one in the place of the old."""

    number = forms.CharField(max_length=40, label="Seal number", help_text=SEAL_HELP)
    purpose = _purpose("Why it is sealed again", required=False)
    condition = _condition()
    at = _earlier()

    def prepare(self, user: User, exhibit: Exhibit, now: Standing) -> None:
        """A first seal needs no reason; a re-seal says from which to which."""
        if now.last_seal:
            self.fields["number"].label = "New seal number"
            self.fields["number"].help_text = f"The old seal was {now.last_seal}. {SEAL_HELP}"
            self.fields["purpose"].required = bool(now.seal)
        else:
            del self.fields["purpose"]


class OpenSealForm(CustodyForm):
    """A seal is broken."""

    purpose = _purpose("Why the seal is opened")
    condition = _condition()
    at = _earlier()


class HandOverForm(CustodyForm):
    """It is offered to a person."""

    to = forms.ModelChoiceField(User.objects.none(), label="To whom", empty_label="Select a person")
    purpose = _purpose("What for")
    place = forms.CharField(max_length=200, required=False, label="Where it goes", help_text="For example Digital Forensics Unit")
    due_back = _due()
    condition = _condition()

    def prepare(self, user: User, exhibit: Exhibit, now: Standing) -> None:
        """The people on the case who keep exhibits, but who has it."""
        people = [person.pk for person in custody.receivers(exhibit) if person not in (user, now.holder)]
        field: Any = self.fields["to"]
        field.queryset = User.objects.filter(pk__in=people).order_by("name")


class MoveForm(CustodyForm):
    """It is put in a location."""

    location = LocationField(Location.objects.none(), label="Location")
    purpose = _purpose("What for", required=False)
    condition = _condition()
    at = _earlier()

    def prepare(self, user: User, exhibit: Exhibit, now: Standing) -> None:
        """The locations of the case's force, and of the person's own organisation."""
        field: Any = self.fields["location"]
        field.offer(exhibit.case.organisation_id, user.organisation_id)


class TakeOutForm(CustodyForm):
    """It is taken out of its place."""

    purpose = _purpose("What for")
    due_back = _due()
    at = _earlier()


class SendOutForm(CustodyForm):
    """It is given to somebody without an account here."""

    to = forms.CharField(max_length=160, label="Who receives it", help_text="Name and organisation")
    place = forms.CharField(max_length=200, label="Where it goes")
    purpose = _purpose("What for")
    due_back = _due()
    at = _earlier()


class GiveBackForm(CustodyForm):
    """It is released from custody."""

    to = forms.CharField(
        max_length=160,
        label="Who receives it",
        help_text="Not a complainant’s name: write “the owner” or a pseudonym, for example Complainant A",
    )
    purpose = _purpose("On what ground it is released")
    at = _earlier()


class AcceptForm(CustodyForm):
    """The receiver looks at the seal, and takes it over."""

    seal = forms.CharField(max_length=40, label="Number of the seal that is on it", help_text="Read it from the seal itself.")
    condition = _condition()

    def prepare(self, user: User, exhibit: Exhibit, now: Standing) -> None:
        """Nothing to read where nothing is sealed; a seal that is there all the same can be said."""
        if not now.seal:
            self.fields["seal"].required = False
            self.fields["seal"].help_text = "Its record says that it is not sealed. Leave this empty if that is so."


class TakeOverForm(CustodyForm):
    """A supervisor takes it from whoever has it."""

    reason = _purpose("Why you take it over")
    seal = forms.CharField(
        max_length=40, required=False, label="Number of the seal that is on it", help_text="Read it from the seal itself."
    )
    place = forms.CharField(
        max_length=200,
        required=False,
        label="Where you take it",
        help_text="For example Property office",
    )
    condition = forms.CharField(
        max_length=200,
        required=False,
        label="Condition",
        help_text="For example: bag intact. If the seal is not the one in its record, say what you found",
    )
    at = _earlier()

    def prepare(self, user: User, exhibit: Exhibit, now: Standing) -> None:
        """Whether there is a seal to read."""
        if not now.seal:
            self.fields["seal"].help_text = "Its record says that it is not sealed. Leave this empty if that is so."


class DeclineForm(CustodyForm):
    """The receiver doesn't take it."""

    reason = _purpose("Why you decline it")
