"""Form fields: what they accept, what they say, and the markup they give."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from django import forms
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from accounts.templatetags.govuk import error_links, in_groups, when
from accounts.ui.forms import DateField, DateInput, DateTimeField, DateTimeInput, Form, RadioSelect, required_message

LONDON = ZoneInfo("Europe/London")


@given(st.dates(min_value=dt.date(1000, 1, 1)))
def test_a_date_survives_its_parts(day: dt.date) -> None:
    field = DateField(label="Date")
    assert field.clean(DateInput().decompress(day)) == day


@given(st.datetimes(min_value=dt.datetime(1990, 1, 1), max_value=dt.datetime(2100, 1, 1), timezones=st.just(dt.UTC)))
def test_a_moment_survives_its_parts_to_the_minute(moment: dt.datetime) -> None:
    moment = moment.replace(second=0, microsecond=0)
    field = DateTimeField(label="When")
    shown = DateTimeInput().decompress(moment)
    back = field.clean(shown)
    assert back.astimezone(LONDON).replace(tzinfo=None) == moment.astimezone(LONDON).replace(tzinfo=None)


@pytest.mark.parametrize(
    ("parts", "message"),
    [
        (["", "3", "2026"], "Date of birth must include a day"),
        (["1", "", ""], "Date of birth must include a month and year"),
        (["31", "2", "2026"], "Date of birth must be a real date"),
        (["x", "2", "2026"], "Date of birth must be a real date"),
        (["1", "2", "26"], "Date of birth: the year must have 4 numbers"),
        (["1", "2", "2999"], "Date of birth must be today or in the past"),
    ],
)
def test_a_date_says_what_is_wrong(parts: list[str], message: str) -> None:
    with pytest.raises(ValidationError) as caught:
        DateField(label="Date of birth", past=True).clean(parts)
    assert caught.value.messages == [message]


def test_a_month_may_be_a_word() -> None:
    assert DateField(label="Date").clean(["1", "March", "2026"]) == dt.date(2026, 3, 1)


@pytest.mark.parametrize("text", ["14:05", "1405", "14.05"])
def test_a_time_is_written_in_three_ways(text: str) -> None:
    moment = DateTimeField(label="When").clean(["1", "7", "2026", text])
    assert moment == dt.datetime(2026, 7, 1, 13, 5, tzinfo=dt.UTC)


@pytest.mark.parametrize(("text", "code"), [("25:00", "time"), ("2pm", "time"), ("", "incomplete")])
def test_a_time_says_what_is_wrong(text: str, code: str) -> None:
    with pytest.raises(ValidationError) as caught:
        DateTimeField(label="When").clean(["1", "7", "2026", text])
    assert caught.value.code == code


def test_the_hour_that_the_clocks_skip_is_refused() -> None:
    with pytest.raises(ValidationError, match="clocks skip"):
        DateTimeField(label="When").clean(["29", "3", "2026", "01:30"])


def test_the_hour_that_comes_twice_is_the_first() -> None:
    assert DateTimeField(label="When").clean(["25", "10", "2026", "01:30"]) == dt.datetime(2026, 10, 25, 0, 30, tzinfo=dt.UTC)


class Sample(Form):
    """One of several kinds."""

    name = forms.CharField(label="Seal number", help_text="On the bag", max_length=5)
    urn = forms.CharField(label="URN", required=False)
    sure = forms.ChoiceField(
        label="Is it sure?", choices=[("y", "Yes"), ("n", "No")], widget=RadioSelect(reveals={"n": "why"}, hints={"y": "Quite"})
    )
    why = forms.CharField(label="Why not", required=False)
    born = DateField(label="Date of birth")


@pytest.mark.parametrize(
    ("field", "message"),
    [
        (forms.CharField(label="Seal number"), "Enter the seal number"),
        (forms.CharField(label="URN"), "Enter the URN"),
        (forms.IntegerField(label="How many there are"), "Enter how many there are"),
        (forms.ChoiceField(label="Offence"), "Select the offence"),
        (forms.CharField(label="When was it seized?"), "Answer “When was it seized?”"),
        (forms.BooleanField(label="I agree"), "Tick “I agree” to go on"),
    ],
)
def test_an_empty_field_says_what_to_do(field: forms.Field, message: str) -> None:
    assert required_message(field) == message


def test_markup_ties_label_hint_message_and_input_together() -> None:
    html = str(Sample({"name": ""}))
    assert '<label class="govuk-label" for="id_name">Seal number</label>' in html
    assert 'aria-describedby="id_name_helptext id_name_error"' in html
    assert 'id="id_name_helptext"' in html
    assert 'id="id_name_error"' in html
    assert "govuk-input--error" in html
    assert "required" not in html.replace("id_", "")
    assert "maxlength" not in html
    assert "URN (optional)" in html


def test_a_revealed_field_stands_once_under_its_radio() -> None:
    html = str(Sample())
    assert html.count('id="id_why"') == 1
    assert html.index("id_sure_1_reveals") < html.index('id="id_why"')
    assert 'data-reveals="id_sure_1_reveals"' in html


def test_every_message_leads_to_an_input_that_is_there() -> None:
    form = Sample({})
    html = str(form)
    targets = [target for target, _ in error_links(form)]
    assert targets == ["id_name", "id_sure_0", "id_born_0"]
    assert all(f'id="{target}"' in html for target in targets)


def test_what_a_person_typed_is_escaped() -> None:
    assert "<script>" not in str(Sample({"name": "<script>alert(1)</script>"}))


def test_times_are_local_with_utc_beside() -> None:
    html = when(dt.datetime(2026, 7, 1, 12, 30, tzinfo=dt.UTC))
    assert ">01/07/2026 13:30<" in html
    assert 'datetime="2026-07-01T12:30:00Z"' in html


def test_a_hash_breaks_between_groups_and_copies_whole() -> None:
    assert in_groups("aabb" * 3, 4) == "aabb<wbr>aabb<wbr>aabb"
    assert in_groups("<b>", 8) == "&lt;b&gt;"
