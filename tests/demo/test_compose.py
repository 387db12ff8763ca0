"""docker-compose.yml can't be run here; what can be checked of it is: it parses, runs the same commands, is documented."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import yaml

from demo.environment import Environment
from demo.processes import COMMANDS, PREPARATIONS, SERVERS
from demo.services import Services

ROOT = Path(__file__).parent.parent.parent
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
DEPLOY = (ROOT / "docs" / "deploy.md").read_text()


def test_every_process_is_started_by_the_command_of_the_demonstration() -> None:
    for process in SERVERS:
        assert COMPOSE["services"][process]["command"] == COMMANDS[process]


def test_it_migrates_and_grants_as_the_demonstration_does() -> None:
    script = COMPOSE["services"]["migrate"]["command"][-1]
    for process, command in PREPARATIONS:
        if process == "migrate":
            assert " ".join(command) in script


def test_each_process_has_the_settings_and_the_role_of_the_demonstration(services: Services) -> None:
    environment = Environment(services, "http://localhost", "http://localhost")
    for process in SERVERS:
        theirs = COMPOSE["services"][process]["environment"]
        ours = environment.settings(process)
        role = ours["DATABASE_URL"].split("//")[1].split(":")[0]
        assert theirs["DATABASE_URL"].startswith(f"postgresql://{role}:")
        assert theirs["DJANGO_SETTINGS_MODULE"] == ours["DJANGO_SETTINGS_MODULE"]
        assert bool(theirs.get("IDENTITY_KEYS")) == ("IDENTITY_KEYS" in ours)
        assert ("AUDIT_SIGNING_KEY" in theirs) == (process == "sequencer")
        assert ("BUNDLE_SIGNING_KEY" in theirs) == ("BUNDLE_SIGNING_KEY" in ours) == (process == "worker")


def test_every_variable_is_documented_and_in_the_example() -> None:
    used = set(re.findall(r"\$\{([A-Z0-9_]+)", (ROOT / "docker-compose.yml").read_text()))
    example = set(re.findall(r"^([A-Z0-9_]+)=", (ROOT / "docs" / "deploy.env.example").read_text(), re.MULTILINE))
    assert used == example
    assert used <= set(re.findall(r"`([A-Z0-9_]+)`", DEPLOY))


def test_every_setting_that_is_read_is_documented() -> None:
    read = set()
    for path in [*(ROOT / "config" / "settings").glob("*.py"), ROOT / "config" / "gunicorn.py"]:
        read |= set(re.findall(r"env\.\w+\(\s*\"([A-Z0-9_]+)\"", path.read_text()))
        read |= set(re.findall(r"environ\.get\(\"([A-Z0-9_]+)\"", path.read_text()))
    assert read
    assert read <= set(re.findall(r"`([A-Z0-9_]+)`", DEPLOY))


def test_processes_of_ours_run_unprivileged_on_a_read_only_root() -> None:
    for process in (*SERVERS, "migrate"):
        service = COMPOSE["services"][process]
        assert service["read_only"] is True
        assert service["cap_drop"] == ["ALL"]
    assert "\nUSER 10001\n" in (ROOT / "Dockerfile").read_text()
