"""A whole stack of processes with its own database and vault, and a Chromium."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from demo.stack import Stack
from tests import optional, s3
from tests.e2e.browser import Person
from tests.stacks import copy_migrated

Enter = Callable[[str], Person]


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Debian's Chromium, or whichever is here."""
    with sync_playwright() as playwright:
        arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
        browser = playwright.chromium.launch(executable_path=optional.chromium_path(), args=arguments)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def stack() -> Iterator[Stack]:
    """Everything running, with the demonstration's people and no case: on S3 where it is here, else on a folder.

    The demonstration's own tests walk the same job on a folder.
    """
    folder = Path(tempfile.mkdtemp(prefix="evidence-e2e-"))
    copy_migrated(folder)
    made = Stack(folder, durable=False)
    if optional.missing("s3") is None:
        settings = s3.server().settings()
        settings["S3_PUBLIC_ENDPOINT_URL"] = settings["S3_ENDPOINT_URL"]
        made.environment.extra = {name: value for name, value in settings.items() if name != "BACKEND"} | {"VAULT_BACKEND": "s3"}
    made.start()
    made.manage("make_bucket")
    yield made
    made.stop()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def passwords(stack: Stack) -> dict[str, str]:
    """Passwords of the demonstration's people by e-mail address."""
    found: dict[str, str] = json.loads(stack.manage("demo_staff").strip().splitlines()[-1])
    return found


@pytest.fixture
def enter(stack: Stack, chromium: Browser, passwords: dict[str, str]) -> Iterator[Enter]:
    """``enter("redactor")``: that person, signed in (once). At the end nobody's browser may have complained."""
    people: dict[str, Person] = {}

    def arrive(role: str) -> Person:
        if role not in people:
            base = stack.portal_url if role == "prosecutor" else stack.public_url
            people[role] = Person(chromium, base, role)
            email = f"{role}@demo.example.org"
            people[role].sign_in(email, passwords[email])
        return people[role]

    yield arrive
    problems = [problem for person in people.values() for problem in person.problems]
    for person in people.values():
        person.context.close()
    assert not problems, "\n".join(problems)
