"""Which links a person sees, and which of them is the current one."""

from types import SimpleNamespace
from typing import Any

import pytest

from accounts.ui import nav


@pytest.fixture(autouse=True)
def entries(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(nav, "_entries", {})
    monkeypatch.setattr(nav, "_tabs", {})
    addresses = {"home": "/", "cases": "/cases/", "redactions": "/redactions/", "case": "/cases/1/", "log": "/cases/1/log/"}
    monkeypatch.setattr(nav, "_href", lambda name, **kwargs: addresses.get(name, ""))
    nav.register("Cases", "cases", order=20, also=("/exhibits/", "/redactions/"))
    nav.register("My work", "home", order=10)


def shown(path: str) -> list[tuple[str, bool]]:
    return [(link.text, link.active) for link in nav.primary(SimpleNamespace(), path)]


@pytest.mark.parametrize(
    ("path", "current"), [("/", "My work"), ("/cases/1/", "Cases"), ("/exhibits/7/", "Cases"), ("/account/", None)]
)
def test_one_link_at_most_is_current(path: str, current: str | None) -> None:
    assert shown(path) == [("My work", current == "My work"), ("Cases", current == "Cases")]


def test_a_rooms_own_link_goes_before_anothers_claim() -> None:
    assert shown("/redactions/5/") == [("My work", False), ("Cases", True)]
    nav.register("Redaction", "redactions", order=30)
    assert shown("/redactions/5/") == [("My work", False), ("Cases", False), ("Redaction", True)]


def test_what_is_not_in_this_process_or_not_for_this_person_is_left_out() -> None:
    nav.register("Reports", "reports", order=40)
    nav.register("Redaction", "redactions", order=30, visible=lambda user: False)
    assert [text for text, _ in shown("/")] == ["My work", "Cases"]


def test_a_tab_is_current_by_the_longest_path_or_by_name() -> None:
    case: Any = SimpleNamespace(pk=1)
    nav.register_case_tab("Overview", "case", order=10)
    nav.register_case_tab("Log", "log", order=20)

    def current(path: str, name: str = "") -> list[str]:
        return [link.text for link in nav.case_tabs(SimpleNamespace(), case, path, name) if link.active]

    assert current("/cases/1/") == ["Overview"]
    assert current("/cases/1/log/proof/3/") == ["Log"]
    assert current("/exhibits/3/") == []
    assert current("/exhibits/3/", "Log") == ["Log"]
