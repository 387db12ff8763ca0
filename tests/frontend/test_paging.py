"""Keyset paging over real rows: every row once, in order, forwards and back."""

from typing import Any

import pytest
from django.test import RequestFactory
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.ui.paging import paginate
from cases.models import RetentionRule

pytestmark = pytest.mark.django_db


def walk(order: list[str], size: int) -> tuple[list[list[Any]], list[list[Any]]]:
    """Pages as they are met by "next" to the end, then by "previous" back to the beginning."""
    there, back, url = [], [], "/"
    while True:
        page = paginate(RetentionRule.objects.all(), RequestFactory().get(url), order, size)
        there.append(list(page.items))
        if not page.next_url:
            break
        url = f"/{page.next_url}"
    while page.previous_url:
        page = paginate(RetentionRule.objects.all(), RequestFactory().get(f"/{page.previous_url}"), order, size)
        back.append(list(page.items))
    return there, back


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(periods=st.lists(st.sampled_from("abc"), max_size=9), size=st.integers(1, 4), descending=st.booleans())
def test_every_row_is_met_once_in_order(db: None, periods: list[str], size: int, descending: bool) -> None:
    RetentionRule.objects.all().delete()
    for number, period in enumerate(periods):
        RetentionRule.objects.create(name=f"Rule {number}", applies_to="x", trigger="x", period=period, source="x")
    order = ["-period", "-id"] if descending else ["period", "id"]
    expected = list(RetentionRule.objects.order_by(*order))
    there, back = walk(order, size)
    assert [row for page in there for row in page] == expected
    assert [row for page in reversed(back) for row in page] == expected[: len(expected) - len(there[-1])]


def test_other_parameters_stay_in_the_address() -> None:
    page = paginate(RetentionRule.objects.all(), RequestFactory().get("/?words=a&after=x"), ["name", "id"], 2)
    assert page.next_url.startswith("?words=a&after=")
    assert page.previous_url == ""
