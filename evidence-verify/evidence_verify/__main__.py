"""evidence-verify BUNDLE --key KEYFILE|FINGERPRINT: check a disclosed bundle, and say in plain words what holds."""

import argparse
import json
import sys
from pathlib import Path

from evidence_verify import VERSION, Unreadable
from evidence_verify.check import Result, check


def main(arguments: list[str] | None = None) -> int:
    """Exit status: 0 everything that was checked holds, 1 something does not, 2 nothing could be checked."""
    parser = argparse.ArgumentParser(prog="evidence-verify", description="Check a disclosed bundle offline.")
    parser.add_argument("bundle", type=Path, help="the bundle: its zip, or the folder that it was unpacked to")
    parser.add_argument(
        "--key",
        required=True,
        metavar="KEYFILE|FINGERPRINT",
        help="public keys (a line each, name+keyid+base64), or the fingerprint of the bundle's keys.txt;"
        " from the police or the court by another way than the bundle",
    )
    parser.add_argument(
        "--tsa",
        type=Path,
        action="append",
        default=[],
        metavar="PEM",
        help="certificates of an authority that stamps time, from itself; once for each. Without, time stamps are not checked",
    )
    parser.add_argument("--events", action="store_true", help="list the events that were proved")
    parser.add_argument("--json", action="store_true", help="the result as JSON")
    parser.add_argument("--version", action="version", version=VERSION)
    options = parser.parse_args(arguments)
    try:
        result = check(options.bundle, options.key, options.tsa)
    except Unreadable as error:
        print(
            json.dumps({"holds": None, "error": str(error)}) if options.json else f"Nothing could be checked: {error}",
            file=sys.stderr,
        )
        return 2
    if options.json:
        print(json.dumps(as_json(result), indent=1))
    else:
        say(result, options.events)
    return 1 if result.problems else 0


def as_json(result: Result) -> dict[str, object]:
    """The result as plain data."""
    events = [{"number": event.number, "body": event.body, "detail": event.detail} for event in result.events.values()]
    return {
        "holds": not result.problems,
        "what_holds": result.holds,
        "what_does_not": result.problems,
        "not_checked": result.not_checked,
        "bundle": result.about,
        "events": events,
    }


def say(result: Result, events: bool) -> None:
    """The result in words. Text out of the bundle is printed as ASCII: nothing in it can draw on the reader's screen."""
    for title, lines in (("HOLDS", result.holds), ("DOES NOT HOLD", result.problems), ("NOT CHECKED", result.not_checked)):
        if lines:
            print(title)
        for line in lines:
            print("  - " + _plain(line))
    for event in result.events.values() if events else ():
        body, detail = event.body, event.detail
        words = f"{body['at']} {body['verb']} {body['object_type']} {body['object_id']}" if body else "sealed"
        print(_plain(f"  {event.number:>9}  {words}" + (f"  {json.dumps(detail, ensure_ascii=False)}" if detail else "")))
    if result.problems:
        print("This bundle does NOT hold. Do not rely on it; keep it as it is, and ask for another.")
    else:
        print("Everything that was checked holds.")


def _plain(text: str) -> str:
    return "".join(char if char.isprintable() else "?" for char in text).encode("ascii", "backslashreplace").decode()


if __name__ == "__main__":
    sys.exit(main())
