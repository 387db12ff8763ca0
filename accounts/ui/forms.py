"""Forms as the GOV.UK Design System has them: base classes, dates in parts, radios that reveal a further question.

A form that inherits from `Form` or `ModelForm` here and is shown with `{{ form }}` needs no markup of its own.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
# A label that begins with one of these takes no article: "Enter where it is kept"
_BEGIN_A_CLAUSE = ("how", "what", "when", "where", "which", "who", "why", "my", "your", "a", "an", "the")
_CHOICES = (forms.ChoiceField, forms.MultipleChoiceField, forms.ModelChoiceField)


class RadioSelect(forms.RadioSelect):
    """Radios with a hint for a choice, and a choice that reveals another field of the same form.

    Args:
        hints: hint text by the choice's value.
        reveals: name of the field shown under a choice, by the choice's value.
    """

    def __init__(
        self,
        attrs: dict[str, Any] | None = None,
        choices: Any = (),
        *,
        hints: Mapping[str, str] | None = None,
        reveals: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(attrs, choices)
        self.hints = dict(hints or {})
        self.reveals = dict(reveals or {})


class CheckboxSelectMultiple(forms.CheckboxSelectMultiple):
    """Checkboxes with a hint for a choice. `hints`: hint text by the choice's value."""

    def __init__(self, attrs: dict[str, Any] | None = None, choices: Any = (), *, hints: Mapping[str, str] | None = None) -> None:
        super().__init__(attrs, choices)
        self.hints = dict(hints or {})


class DateInput(forms.MultiWidget):
    """Day, month and year as three text inputs: https://design-system.service.gov.uk/components/date-input/"""

    parts: tuple[str, ...] = ("Day", "Month", "Year")

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({part.lower(): forms.TextInput() for part in self.parts}, attrs)

    def decompress(self, value: Any) -> list[str]:
        """The parts of a date, as text."""
        return [str(value.day), str(value.month), str(value.year)] if value else [""] * len(self.parts)


class DateTimeInput(DateInput):
    """Day, month, year and a time of the 24-hour clock, in the site's time zone."""

    parts = ("Day", "Month", "Year", "Time")

    def decompress(self, value: Any) -> list[str]:
        """The parts of a moment, as text, in local time."""
        if not value:
            return [""] * 4
        local = timezone.localtime(value) if timezone.is_aware(value) else value
        return [*super().decompress(local), f"{local:%H:%M}"]


class DateField(forms.Field):
    """A date in three parts. Messages name the field by its label and say what is missing."""

    widget = DateInput

    def __init__(self, *, earliest: dt.date | None = None, past: bool = False, **kwargs: Any) -> None:
        self.earliest = earliest
        self.past = past
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> Any:
        """A `date`, or None if every part is empty."""
        if value is None or isinstance(value, dt.date):
            return value
        parts = self._parts(value)
        return self._date(parts) if parts else None

    def validate(self, value: Any) -> None:
        """Refuse an empty date where one is needed, and one outside the limits."""
        super().validate(value)
        if value is None:
            return
        day = timezone.localdate(value) if isinstance(value, dt.datetime) else value
        if self.past and day > timezone.localdate():
            raise ValidationError(f"{self._name()} must be today or in the past", code="future")
        if self.earliest and day < self.earliest:
            raise ValidationError(f"{self._name()} must be on or after {self.earliest:%d/%m/%Y}", code="too_early")

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Whether the parts say another date than `initial`."""
        try:
            return bool(self.to_python(data) != self.to_python(initial))
        except ValidationError:
            return True

    def _name(self) -> str:
        return str(self.label or "Date")

    def _parts(self, value: Sequence[str | None]) -> list[str] | None:
        parts = [(part or "").strip() for part in value]
        if not any(parts):
            return None
        names = [part.lower() for part in self.widget.parts]
        missing = [name for name, part in zip(names, parts, strict=True) if not part]
        if missing:
            raise ValidationError(f"{self._name()} must include a {' and '.join(missing)}", code="incomplete")
        return parts

    def _date(self, parts: Sequence[str]) -> dt.date:
        day, month, year = parts[:3]
        if len(year) != 4:
            raise ValidationError(f"{self._name()}: the year must have 4 numbers", code="year")
        try:
            return dt.date(int(year), _month(month), int(day))
        except ValueError:
            raise ValidationError(f"{self._name()} must be a real date", code="invalid") from None


class DateTimeField(DateField):
    """A moment in four parts, in the site's time zone; a `datetime` in UTC."""

    widget = DateTimeInput

    def to_python(self, value: Any) -> Any:
        """A `datetime` in UTC, or None if every part is empty."""
        if value is None or isinstance(value, dt.datetime):
            return value
        parts = self._parts(value)
        if not parts:
            return None
        moment = dt.datetime.combine(self._date(parts), self._time(parts[3]))
        # An hour that occurs twice, when the clocks go back, is taken as the first of the two
        utc = timezone.make_aware(moment).astimezone(dt.UTC)
        if timezone.localtime(utc).replace(tzinfo=None) != moment:
            raise ValidationError(f"{self._name()} is in the hour that the clocks skip", code="imaginary")
        return utc

    def validate(self, value: Any) -> None:
        """Refuse a moment still to come where a past one is needed."""
        super().validate(value)
        if value is not None and self.past and value > timezone.now():
            raise ValidationError(f"{self._name()} must be in the past", code="future")

    def _time(self, text: str) -> dt.time:
        digits = text.replace(".", ":").replace(":", "")
        try:
            if not digits.isdecimal() or len(digits) not in (3, 4):
                raise ValueError(text)
            return dt.time(int(digits[:-2]), int(digits[-2:]))
        except ValueError:
            raise ValidationError(f"{self._name()} must have a time of the 24-hour clock, for example 14:05", code="time") from None


class _Plain:
    """Messages that say what to do, no browser bubbles, no colons."""

    use_required_attribute = False
    mark_optional = True
    fields: dict[str, forms.Field]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            if field.label is None:
                field.label = name.replace("_", " ").capitalize()
            if field.error_messages.get("required") == forms.Field.default_error_messages["required"]:
                field.error_messages["required"] = required_message(field)


class Form(_Plain, forms.Form):
    """A form whose `{{ form }}` is GOV.UK markup. Set `mark_optional = False` where every field is optional (filters)."""


class ModelForm(_Plain, forms.ModelForm):
    """A model form whose `{{ form }}` is GOV.UK markup."""


def required_message(field: forms.Field) -> str:
    """What an empty required field says: "Enter the seal number", "Select the offence", "Tick “I have read it” to go on"."""
    label = str(field.label or "")
    if isinstance(field, forms.BooleanField):
        return f"Tick “{label}” to go on"
    if label.endswith("?"):
        return f"Answer “{label}”"
    first, _, _ = label.partition(" ")
    if first == "Choose":
        return label
    # An abbreviation keeps its capitals
    words = label if label[1:2].isupper() else label[:1].lower() + label[1:]
    article = "" if first.lower() in _BEGIN_A_CLAUSE else "the "
    return f"{'Select' if isinstance(field, _CHOICES) else 'Enter'} {article}{words}"


def _month(text: str) -> int:
    name = text[:3].lower()
    return _MONTHS.index(name) + 1 if name in _MONTHS else int(text)
