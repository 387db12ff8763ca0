"""The command line: `python -m redaction.engine detect | redact | check | inspect`. Exit 1: a leak; 3: declined, in a sentence."""

import argparse
import hashlib
import json
import sys
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

import sandbox
from redaction.engine import batch, boxed, errors
from redaction.engine.inside import SCANNED
from redaction.engine.shapes import Page
from redaction.engine.terms import terms_on


def main(arguments: list[str] | None = None) -> int:
    """Run one verb; returns the exit code."""
    parser = _parser()
    options = parser.parse_args(arguments)
    if options.verb is _detect and bool(options.files) == bool(options.jsonl):
        parser.error("detect takes files, or --jsonl IN OUT")
    try:
        return int(options.verb(options))
    except sandbox.SandboxError as error:
        sys.stderr.write(f"{error}\n")
        return 3


def _detect(options: argparse.Namespace) -> int:
    if options.jsonl:
        batch.run(*options.jsonl)
        return 0
    found = []
    for file in options.files:
        with tempfile.TemporaryDirectory() as folder:
            read = boxed.read(file, Path(folder), people=_people(options), dpi=0)
        found.append({"file": str(file), **read})
    if options.json:
        _print(found[0] if len(found) == 1 else found)
    else:
        for read in found:
            _summary(read)
    return 0


def _summary(read: dict[str, Any]) -> None:
    """Counts for a person; no words."""
    codes = Counter(proposal["code"] for proposal in read["proposals"])
    counts = ", ".join(f"{code} {count}" for code, count in sorted(codes.items())) or "nothing"
    sys.stdout.write(f"{read['file']}: {len(read['pages'])} pages; proposed: {counts}\n")


def _redact(options: argparse.Namespace) -> int:
    with tempfile.TemporaryDirectory() as folder:
        output = Path(folder)
        found = boxed.read(options.file, output, people=_people(options), dpi=0)
        accepted = _standing(options.terms, output, len(found["pages"])) if options.terms else found["proposals"]
        scanned = output / SCANNED
        burnt = boxed.burn_in(options.file, output, accepted, scanned=scanned)
        options.out.write_bytes((output / burnt["name"]).read_bytes())
        report = {
            "source": str(options.file.resolve()),
            "source_sha256": _sha256(options.file),
            "audience": options.audience,
            "burnt": burnt,
            "redactions": accepted,
        }
        report["check"] = _verdict(options.file, options.out, report, scanned)
    options.report.write_text(json.dumps(report, indent=1))
    return 0 if report["check"]["passed"] else 1


def _standing(terms: Path, output: Path, pages: int) -> list[dict[str, Any]]:
    """Wherever one of the words stands, as redactions: a word a line of the file."""
    words = [line.strip() for line in terms.read_text(encoding="utf-8-sig").splitlines() if line.strip()]
    found = []
    for index in range(pages):
        page = Page.from_data(json.loads((output / f"page-{index}.json").read_text()))
        found += [redaction.as_data() for redaction in terms_on(page, words)]
    return found


def _check(options: argparse.Namespace) -> int:
    report = json.loads(options.report.read_text())
    source = options.source or Path(report["source"])
    if not source.is_file() or _sha256(source) != report["source_sha256"]:
        sys.stderr.write("The source isn't where the report says, or has changed: name it with --source.\n")
        return 3
    with tempfile.TemporaryDirectory() as folder:
        boxed.pages(source, Path(folder))  # the report holds no words: what pixels say is read again
        checked = _verdict(source, options.file, report, Path(folder) / SCANNED)
    return 0 if checked["passed"] else 1


def _verdict(source: Path, output: Path, report: dict[str, Any], scanned: Path) -> dict[str, Any]:
    checked = boxed.check(source, output, report["redactions"], report["burnt"], scanned=scanned)
    _print(checked)
    return checked


def _inspect(options: argparse.Namespace) -> int:
    _print(boxed.inspect(options.file))
    return 0


def _unpack(options: argparse.Namespace) -> int:
    options.out.mkdir(parents=True, exist_ok=True)
    _print(boxed.unpack(options.file, options.out))
    return 0


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _people(options: argparse.Namespace) -> list[dict[str, Any]]:
    """The case's people as plain data. A person with `accused` stays, for the defence; `keep` stays for everybody."""
    if not options.people:
        return []
    try:
        people = json.loads(options.people.read_text())
        for person in people:
            if isinstance(person, dict) and person.pop("accused", False) and options.audience == "def":
                person["keep"] = True
        return [person.as_data() for person in batch.persons(people)]
    except (OSError, ValueError, TypeError, AttributeError):
        raise errors.Damaged(f"{options.people} is not a JSON list of persons.") from None


def _print(data: Any) -> None:
    sys.stdout.write(json.dumps(data, indent=1) + "\n")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m redaction.engine", description=__doc__)
    verbs = parser.add_subparsers(required=True)
    commands = {}
    for name, verb, said in (
        ("detect", _detect, "propose what might be redacted, as JSON"),
        ("redact", _redact, "accept proposals or redact given words, burn in, check for leaks"),
        ("check", _check, "the leak check alone, by the report of a redaction"),
        ("unpack", _unpack, "attachments of a message, pictures and objects of an office file, as files to redact by themselves"),
        ("inspect", _inspect, "facts of an incoming file, with the words that a box covers and a reader still gives out"),
    ):
        command = commands[name] = verbs.add_parser(name, help=said)
        command.set_defaults(verb=verb)
        if name != "detect":
            command.add_argument("file", type=Path, help="the redacted file" if name == "check" else "the source")
    detect = commands["detect"]
    detect.add_argument("files", type=Path, nargs="*", metavar="FILE", help="what to read")
    detect.add_argument("--json", action="store_true", help="every proposal, as JSON, instead of counts")
    detect.add_argument("--jsonl", type=Path, nargs=2, metavar=("IN", "OUT"), help="texts, a JSON object a line")
    for name in ("detect", "redact"):
        commands[name].add_argument("--people", type=Path, help="JSON list of the case's own people")
        commands[name].add_argument("--audience", choices=("cps", "def", "court"), default="def", help="who it is for")
    commands["inspect"].add_argument("--json", action="store_true", help="JSON, which is the only form there is")
    commands["unpack"].add_argument("--out", type=Path, required=True, help="the folder to write them to")
    redact = commands["redact"]
    chosen = redact.add_mutually_exclusive_group()
    chosen.add_argument("--accept", choices=("all",), default="all", help="redact everything that is proposed")
    chosen.add_argument("--terms", type=Path, help="redact these words instead, a line each, wherever they stand")
    redact.add_argument("--out", type=Path, required=True, help="the redacted file")
    redact.add_argument("--report", type=Path, required=True, help="what was redacted, as JSON; holds no words")
    commands["check"].add_argument("--report", type=Path, required=True, help="what `redact` wrote")
    commands["check"].add_argument("--source", type=Path, help="the source, if it isn't where the report says")
    return parser


if __name__ == "__main__":
    sys.exit(main())
