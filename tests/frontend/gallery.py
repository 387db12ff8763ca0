"""A page with every component and every kind of field on it, for the browser tests."""

import datetime as dt
import itertools
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import include, path

from accounts.ui.forms import CheckboxSelectMultiple, DateField, DateTimeField, Form, RadioSelect


class GalleryForm(Form):
    """One field of each kind."""

    seal_number = forms.CharField(label="Seal number", help_text="On the bag, for example A1234567", max_length=20)
    description = forms.CharField(label="Description", widget=forms.Textarea, max_length=200)
    kind = forms.ChoiceField(label="Kind of exhibit", choices=[("", "Choose"), ("phone", "Phone"), ("document", "Document")])
    relevant = forms.ChoiceField(
        label="Is it relevant?",
        choices=[("yes", "Relevant"), ("no", "Clearly not relevant")],
        widget=RadioSelect(hints={"yes": "It may bear on the case"}, reveals={"no": "reason"}),
    )
    reason = forms.CharField(label="Reason", required=False)
    roles = forms.MultipleChoiceField(
        label="Roles", choices=[("a", "Investigator"), ("b", "Supervisor")], widget=CheckboxSelectMultiple(hints={"b": "Checks"})
    )
    sure = forms.BooleanField(label="I have read the policy")
    born = DateField(label="Date of birth", help_text="For example 27 3 1990", past=True)
    seized_at = DateTimeField(label="When seized", required=False)
    password = forms.CharField(label="Password", widget=forms.PasswordInput)
    email = forms.EmailField(label="Email address", required=False)


class FilterForm(Form):
    """Two fields that filter a list."""

    mark_optional = False
    state = forms.ChoiceField(label="State", choices=[("", "Any"), ("open", "Open")], required=False)
    words = forms.CharField(label="Words", required=False)


def gallery(request: HttpRequest) -> HttpResponse:
    """Shows everything; a POST shows the form's errors too."""
    if "said" in request.GET:
        messages.success(request, "Exhibit AB/1 has been added.")
        messages.error(request, "The file does not match its hash.")
    now = dt.datetime(2026, 7, 1, 12, 30, tzinfo=dt.UTC)
    context: dict[str, Any] = {
        "form": GalleryForm(request.POST if request.method == "POST" else None),
        "filter_form": FilterForm(request.GET),
        "rows": [
            {"key": "Reference", "value": "AB/1"},
            {"key": "Seal number", "value": "", "href": "#", "action": "Add"},
            {"key": "SHA-256", "value": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"},
        ],
        "entries": [
            {"title": "Verified", "by": "the worker", "at": now, "href": "#", "tag": "Verified", "colour": "green"},
            {"title": "Received", "by": "DC Jane OKAFOR 1234", "at": now, "text": "14.2 MB in 2 parts"},
        ],
        "crumbs": [{"text": "Cases", "href": "#"}, {"text": "Operation Larch", "href": "#"}, {"text": "Exhibits"}],
        "hash": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
        "now": now,
    }
    return render(request, "gallery.html", context)


_polls = itertools.count(1)


def progress(request: HttpRequest) -> HttpResponse:
    """Runs for two questions, then is done."""
    running = next(_polls) % 3 != 0
    context = {
        "id": "work",
        "title": "Hashing AB/1",
        "text": "50%, 2 seconds left" if running else "Done",
        "value": 50 if running else 100,
        "max": 100,
        "poll_url": "/gallery/progress/" if running else "",
        "every": "1s",
    }
    return render(request, "components/progress.html", context)


urlpatterns = [
    path("gallery/", gallery),
    path("gallery/progress/", progress),
    path("account/", include("allauth.urls")),
]
