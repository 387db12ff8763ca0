"""What the demonstration prints for the person who started it."""

from __future__ import annotations

from typing import Any

from demo.bundle_check import command
from demo.posts import ADMIN_EMAIL, POSTS
from demo.stack import Stack


def say_chain(chain: dict[str, Any]) -> None:
    """The main job's result: exhibits, schedule, released copy."""
    print(f"\nCase {chain['crime_number']}")
    for exhibit in chain["exhibits"]:
        if exhibit.get("sha256"):
            print(f"  {exhibit['reference']}  verified  SHA-256 {exhibit['sha256']}  {exhibit['description']}")
        else:
            print(f"  {exhibit['reference']}  no file                                   {exhibit['description']}")
    schedule, release = chain["schedule"], chain["release"]
    print(
        f"  Schedule {schedule['kind']} version {schedule['version']}, {schedule['rows']} rows: certified by "
        f"{schedule['certified_by']} and {schedule['state']}\n"
        f"            SHA-256 {schedule['sha256']}"
    )
    passed = "passed" if release["leak_check_passed"] else "FAILED"
    print(
        f"  Redacted copy of {release['exhibit']} for the {release['audience']}: {release['redacted']} places redacted, "
        f"{release['kept']} kept, leak check {passed}, {release['state']}\n"
        f"            SHA-256 {release['sha256']}",
    )
    # an older demonstration has none
    if bundle := chain.get("bundle"):
        print(
            f"  Bundle for the {bundle['audience']}: {len(bundle['files'])} files, {bundle['events']} events with proof\n"
            f"            SHA-256 {bundle['sha256']}\n"
            f"            Check it without this system: {command(chain)}",
            flush=True,
        )


def say_where(stack: Stack, passwords: dict[str, str] | None) -> None:
    """The addresses and who signs in as what; passwords only when they have just been made."""
    print(f"\nPolice application  {stack.public_url}\nCPS portal          {stack.portal_url}\n")
    rows = [(post.role.replace("_", " "), post.email) for post in POSTS] + [("administrator", ADMIN_EMAIL)]
    for role, email in rows:
        print(f"  {role:18} {email:34} {passwords[email] if passwords else ''}".rstrip())
    if passwords:
        print("\nThe passwords are random, and shown here this once: they are stored as hashes only.", flush=True)
    else:
        print(
            "\nThe passwords were printed at the first start. `DEMO_FRESH=1 make demo` forgets everything and makes new ones.",
            flush=True,
        )
