"""Template tags and filters that give GOV.UK markup: form fields, error summaries, times."""

import datetime as dt
from typing import Any

from django import forms, template
from django.forms.boundfield import BoundField
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from accounts.ui.forms import DateInput, required_message

register = template.Library()

_KINDS: tuple[tuple[type[forms.Widget], str], ...] = (
    # The first that fits: subclasses before their parents
    (DateInput, "date"),
    (forms.CheckboxSelectMultiple, "checkboxes"),
    (forms.RadioSelect, "radios"),
    (forms.CheckboxInput, "checkbox"),
    (forms.Select, "select"),
    (forms.Textarea, "textarea"),
    (forms.PasswordInput, "password"),
    (forms.FileInput, "file"),
)
_CLASSES = {
    "select": "govuk-select",
    "textarea": "govuk-textarea",
    "password": "govuk-input govuk-password-input__input govuk-js-password-input-input",
    "file": "govuk-file-upload",
    "input": "govuk-input",
}


@register.simple_tag
def govuk_field(field: BoundField, size: str = "", heading: bool = False, hint: bool = True) -> SafeString:
    """A form field with its label, hint, message and input.

    Args:
        field: the bound field.
        hint: whether the field's help text is shown.
        size: of the label: "s", "m", "l" or "xl"; normal text if empty.
        heading: make the label the page's heading (one question a page).
    """
    if field.is_hidden:
        return SafeString(field)
    kind = next((name for widget, name in _KINDS if isinstance(field.field.widget, widget)), "input")
    field.form.use_required_attribute = False
    if not hint:
        field.help_text = ""
    context: dict[str, Any] = {
        "field": field,
        "kind": kind,
        "size": size,
        "heading": heading,
        "hint_id": f"{field.auto_id}_helptext",
        "error_id": f"{field.auto_id}_error",
        "described_by": _described_by(field),
        "label": _label(field, kind),
        "messages": messages_of(field),
    }
    if kind in ("radios", "checkboxes"):
        context["options"] = _options(field)
        context["classes"] = field.field.widget.attrs.get("class", "")
    elif kind == "date":
        context["parts"] = _date_parts(field)
    elif kind == "textarea":
        context["maxlength"] = field.field.widget.attrs.get("maxlength")
    if kind in _CLASSES:
        context["input"] = field.as_widget(attrs=_attrs(field, kind))
    return render_to_string("components/field.html", context)


def messages_of(field: BoundField) -> list[str]:
    """What is wrong with a field. Forms of other packages say "This field is required"; here they say what to enter."""
    plain = str(forms.Field.default_error_messages["required"])
    return [required_message(field.field) if str(message) == plain else str(message) for message in field.errors]


def _label(field: BoundField, kind: str) -> str:
    optional = not field.field.required and kind != "checkbox" and getattr(field.form, "mark_optional", True)
    text = str(field.label)
    return f"{text} (optional)" if optional and "optional" not in text else text


def _described_by(field: BoundField) -> str:
    ids = [field.field.widget.attrs.get("aria-describedby", "")]
    if field.help_text:
        ids.append(f"{field.auto_id}_helptext")
    if field.errors:
        ids.append(f"{field.auto_id}_error")
    return " ".join(filter(None, ids))


def _attrs(field: BoundField, kind: str) -> dict[str, Any]:
    """Attributes of the input. Lengths are checked here, not cut off by the browser without a word."""
    own = field.field.widget.attrs
    classes = [_CLASSES[kind], own.get("class", "")]
    if field.errors:
        classes.append(f"{_CLASSES[kind].split()[0]}--error")
    if kind == "textarea" and own.get("maxlength"):
        classes.append("govuk-js-character-count")
    attrs: dict[str, Any] = {
        "class": " ".join(filter(None, classes)),
        "aria-describedby": _described_by(field) or False,
        "maxlength": False,
        "placeholder": False,
        "cols": False,
    }
    if kind == "textarea" and own.get("rows") in (None, "10"):
        attrs["rows"] = 5
    if kind == "password":
        attrs |= {"spellcheck": "false", "autocapitalize": "none"}
    if isinstance(field.field.widget, forms.EmailInput):
        attrs["spellcheck"] = "false"
    return attrs


def _options(field: BoundField) -> list[dict[str, Any]]:
    widget = field.field.widget
    hints: dict[str, str] = getattr(widget, "hints", {})
    reveals: dict[str, str] = getattr(widget, "reveals", {})
    options = []
    for subwidget in field.subwidgets:
        data = subwidget.data
        value = str(data["value"])
        options.append(
            {
                "id": subwidget.id_for_label,
                "name": data["name"],
                "value": value,
                "label": data["label"],
                "checked": data["selected"],
                "disabled": bool(data["attrs"].get("disabled")),
                "hint": hints.get(value, ""),
                "revealed": field.form[reveals[value]] if value in reveals else None,
            }
        )
    return options


def _date_parts(field: BoundField) -> list[dict[str, Any]]:
    widget = field.field.widget
    drawn = widget.get_context(field.html_name, field.value(), {"id": field.auto_id})["widget"]["subwidgets"]
    parts = []
    for title, part in zip(widget.parts, drawn, strict=True):
        width = {"Year": "4", "Time": "5"}.get(title, "2")
        parts.append({"title": title, "id": part["attrs"]["id"], "name": part["name"], "value": part["value"], "width": width})
    return parts


@register.filter
def plainly_shown(form: forms.BaseForm) -> list[BoundField]:
    """The visible fields of a form without those that a radio button of another field reveals."""
    revealed = {name for field in form.fields.values() for name in getattr(field.widget, "reveals", {}).values()}
    return [field for field in form.visible_fields() if field.name not in revealed]


@register.filter
def error_links(form: forms.BaseForm) -> list[tuple[str, str]]:
    """(id of the input to go to, message) for every error of a form, in order; the id is empty where the whole form is wrong."""
    links = [("", str(message)) for message in form.non_field_errors()]
    for field in form:
        links += [(_target(field), message) for message in messages_of(field)]
    return links


def _target(field: BoundField) -> str:
    if isinstance(field.field.widget, (DateInput, forms.RadioSelect)):
        return f"{field.auto_id}_0"
    return field.id_for_label or field.auto_id


@register.filter
def when(moment: dt.datetime | None) -> str:
    """A moment as DD/MM/YYYY HH:MM in local time, with UTC for machines and on hover."""
    if moment is None:
        return ""
    utc = moment.astimezone(dt.UTC)
    return format_html(
        '<time class="app-nowrap" datetime="{}" title="{}">{}</time>',
        f"{utc:%Y-%m-%dT%H:%M:%SZ}",
        f"{utc:%d/%m/%Y %H:%M:%S} UTC",
        f"{timezone.localtime(moment):%d/%m/%Y %H:%M}",
    )


@register.filter
def day(date: dt.date | None) -> str:
    """A date as DD/MM/YYYY; of a moment, its local date."""
    if date is None:
        return ""
    local = timezone.localdate(date) if isinstance(date, dt.datetime) else date
    return format_html('<time class="app-nowrap" datetime="{}">{}</time>', f"{local:%Y-%m-%d}", f"{local:%d/%m/%Y}")


@register.filter
def in_groups(text: str, length: int = 8) -> SafeString:
    """A long hash with a place to break the line after every `length` characters; copying it gives no spaces."""
    groups = ((text[start : start + length],) for start in range(0, len(text), length))
    return format_html_join(SafeString("<wbr>"), "{}", groups)
