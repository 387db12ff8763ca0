"""Pages that other packages draw keep to our policy too: the administration and the API's own page."""

from __future__ import annotations

from demo.stack import Stack
from tests.e2e.conftest import Enter
from tests.optional import requires

pytestmark = requires("chromium", "static", "node")


def test_the_page_of_the_api_breaks_no_policy(stack: Stack, enter: Enter) -> None:
    investigator = enter("investigator")
    response = investigator.page.goto("/api/docs/")
    assert response is not None and response.ok
    investigator.sees("/api/uploads/{upload_id}/parts/", seconds=30)


def test_an_administrator_is_asked_for_a_second_factor(stack: Stack, enter: Enter) -> None:
    administrator = enter("admin")
    response = administrator.page.goto("/admin/")
    assert response is not None and response.ok
    assert "/account/2fa/" in administrator.page.url
    administrator.look()
