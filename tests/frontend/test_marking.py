"""The marking at the head and the foot of pages that others draw or that have nothing to draw with."""

import pytest
from django.template.loader import render_to_string


@pytest.mark.parametrize("template", ["400.html", "403.html", "404.html", "429.html", "500.html", "503.html"])
def test_a_page_that_says_no_carries_the_marking_without_a_request(template: str) -> None:
    html = render_to_string(template)
    assert html.count("OFFICIAL-SENSITIVE") == 2
    assert "Digital evidence (RASSO)</title>" in html


def test_a_page_of_the_administration_carries_the_marking_at_its_foot() -> None:
    html = render_to_string("admin/base_site.html", {"site_title": "OFFICIAL-SENSITIVE", "title": "Users"})
    assert "OFFICIAL-SENSITIVE" in html[html.index('<footer id="footer">') :]
