"""What narrows the log, and why somebody opens details."""

import datetime as dt
from typing import Any
from uuid import UUID

from django import forms
from django.db.models import Q
from django.utils import timezone

from accounts.models import User
from accounts.ui.forms import DateField, Form
from audit.models import EventQuerySet
from cases import log_names
from cases.log_policy import Scope
from cases.log_rows import in_words

SYSTEM = "system"
NEWEST, OLDEST = "newest", "oldest"
READING = "reading"


class LogFilterForm(Form):
    """By person, act, object and period; kept in the address. An empty answer narrows nothing."""

    mark_optional = False
    person = forms.CharField(label="Person", required=False, max_length=120)
    verb = forms.CharField(label="Act", required=False, max_length=80)
    object_type = forms.CharField(label="Kind of object", required=False, max_length=40)
    object_id = forms.CharField(label="Object’s id", required=False, max_length=80)
    kind = forms.ChoiceField(label="Which acts", required=False, choices=[("", "All"), (READING, "Looked at or taken away")])
    start = DateField(label="From", required=False)
    end = DateField(label="To", required=False)
    order = forms.ChoiceField(label="Order", required=False, choices=[(NEWEST, "Newest first"), (OLDEST, "Oldest first")])

    def clean(self) -> dict[str, Any]:
        """The period ends after it begins."""
        data: dict[str, Any] = super().clean() or {}
        start, end = data.get("start"), data.get("end")
        if start and end and end < start:
            self.add_error("end", "To must be on or after the first day")
        return data

    def chosen(self) -> dict[str, Any]:
        """What was answered, for the log to record."""
        return {name: value for name, value in self.cleaned_data.items() if value and name != "order"}

    def order_by(self) -> tuple[str, ...]:
        """The columns of the order, for keyset paging."""
        oldest = self.is_valid() and self.cleaned_data["order"] == OLDEST
        return ("at", "seq", "id") if oldest else ("-at", "-seq", "-id")

    def narrow(self, events: EventQuerySet) -> EventQuerySet:
        """The events that fit; none while an answer can't be understood."""
        if not self.is_valid():
            return events.none()
        data = self.cleaned_data
        if data["person"]:
            events = self.by_person(events, data["person"])
        if data["verb"]:
            events = events.with_verb(data["verb"])
        if data["kind"]:
            events = events.reading()
        if data["object_type"]:
            events = events.filter(object_type=data["object_type"])
        if data["object_id"]:
            events = events.filter(object_id=data["object_id"])
        return events.between(_midnight(data["start"]), _midnight(data["end"], days=1))

    def by_person(self, events: EventQuerySet, person: str) -> EventQuerySet:
        """Events of the people whose name, e-mail address, collar number or id was given; also of the system itself."""
        if person.casefold() == SYSTEM:
            return events.filter(actor_id=None)
        if user_id := _uuid(person):
            return events.by_actor(user_id)
        people = User.objects.filter(Q(name__icontains=person) | Q(email__iexact=person) | Q(collar_number__iexact=person))
        return events.filter(actor_id__in=people.values("pk"))


class CaseLogFilterForm(LogFilterForm):
    """The same for one case: whoever acted and whatever was done there can be chosen."""

    field_order = ("person", "verb", "kind", "object_type", "object_id", "start", "end", "order")

    def __init__(self, scope: Scope, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = list(scope.events().order_by().values_list("actor_id", "verb", "object_type").distinct())
        people = User.objects.filter(pk__in={actor for actor, _, _ in known if actor}).order_by("name")
        verbs = sorted({verb for _, verb, _ in known})
        kinds = sorted({kind for _, _, kind in known if kind})
        acts = [("", "Any"), (".refused", "Whatever was refused"), *((verb, in_words(verb)) for verb in verbs)]
        self._choose("person", [("", "Anybody"), *((str(user.pk), str(user)) for user in people), (SYSTEM, "The system")])
        self._choose("verb", acts)
        self._choose("object_type", [("", "Any"), *((kind, log_names.noun(kind)) for kind in kinds)])

    def _choose(self, name: str, choices: list[tuple[str, str]]) -> None:
        self.fields[name] = forms.ChoiceField(label=self.fields[name].label, required=False, choices=choices)
        self.order_fields(self.field_order)


class ForceLogFilterForm(LogFilterForm):
    """The same across a force, where too much was done to list it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["person"].help_text = "Part of a name, an e-mail address or a collar number"
        self.fields["verb"].help_text = "For example exhibit, exhibit.sealed, or .refused"
        self.fields["object_type"].help_text = "For example exhibit or schedule"


class CaseSearchForm(Form):
    """Finds a case of the force."""

    mark_optional = False
    words = forms.CharField(label="Crime number, URN or operation", required=False, max_length=60)


class PersonSearchForm(Form):
    """Finds a person of the force."""

    mark_optional = False
    words = forms.CharField(label="Name, e-mail address or collar number", required=False, max_length=120)


class DetailsForm(Form):
    """Why somebody opens details."""

    reason = forms.CharField(
        label="Why do you need to see the details?", max_length=300, help_text="It is kept in the log with your name"
    )


def _midnight(day: dt.date | None, *, days: int = 0) -> dt.datetime | None:
    """The local midnight that begins a day, or a later one; None also for the end of the last year that a date can have."""
    if day is None or day.year == dt.MAXYEAR:
        return None
    return timezone.make_aware(dt.datetime.combine(day + dt.timedelta(days=days), dt.time()))


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
