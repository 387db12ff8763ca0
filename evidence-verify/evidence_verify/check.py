"""The whole check, and that what is disclosed is what the log says was released or submitted."""

import re
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from evidence_verify import Fails, Report, Unreadable
from evidence_verify.bag import Bag, Key, read_keys
from evidence_verify.log import CHECKPOINT, NAME, Event, read_checkpoint, read_event, read_json
from evidence_verify.source import open_source
from evidence_verify.times import check_times

TOP = {"v", "bundle", "case", "crime_number", "urn", "audience", "made_at", "files"}
FILES = {
    "copy": {"kind", "path", "sha256", "size", "event", "reference", "release"},
    "schedule": {"kind", "path", "sha256", "size", "event", "name", "version"},
    "print": {"kind", "path", "sha256", "size", "of"},
}
TIED = {"copy": ("redaction.released", "release"), "schedule": ("schedule.submitted", "version")}
FINGERPRINT = re.compile(r"[0-9a-f]{64}\Z")


class Result(Report):
    """A report, with the events that were proved and what the bundle says it is."""

    def __init__(self) -> None:
        super().__init__()
        self.events: dict[int, Event] = {}
        self.about: dict[str, Any] = {}


def check(path: Path, key: str, tsa: Sequence[Path] = ()) -> Result:
    """Check everything that can be checked. Raises Unreadable if there is no bundle or no key to check it with."""
    result = Result()
    given = Path(key)
    fingerprint = key.replace(" ", "")
    try:
        keys = read_keys(given.read_bytes()) if given.is_file() else []
    except (Fails, OSError) as error:
        raise Unreadable(f"The key file {key} can't be used: {error}") from error
    if not keys and not FINGERPRINT.match(fingerprint):
        raise Unreadable(f"{key} is neither a file nor a fingerprint of 64 hexadecimal digits.")
    if not path.exists():
        raise Unreadable(f"There is no {path}.")
    bag = Bag(open_source(path, result), result)
    try:
        keys = keys or bag.keys_by_fingerprint(fingerprint)
    except Fails as error:
        result.problems.append(str(error))
    bag.check(keys)
    try:
        _log(bag, keys, result)
        _disclosed(bag, result)
        check_times(bag, bag.read(CHECKPOINT), tsa, result)
    except Fails as error:
        result.problems.append(str(error))
    result.not_checked.append(
        "Whether other events concern the same items: who made the bundle chose which to put in. Each event's number is"
        " its place in the whole log; the police can be asked for any other, with its proof under the same checkpoint."
    )
    return result


def _log(bag: Bag, keys: list[Key], result: Result) -> None:
    note = bag.read(CHECKPOINT)
    checkpoint = read_checkpoint(note, keys)
    if checkpoint.key == bag.signed_by:
        raise Fails("The bundle and the log's checkpoint are signed with one key: they must be two.")
    result.holds.append(
        f"The log's checkpoint of {checkpoint.size} events is signed with the key {checkpoint.key}, which you gave."
    )
    folders: dict[int, set[str]] = defaultdict(set)
    for name in bag.tags:
        if name.startswith("log/") and name != CHECKPOINT:
            match = NAME.match(name)
            if not match:
                result.problems.append(f"{name} is not a file that a bundle can have.")
            elif match[1]:
                folders[int(match[1])].add(name.rpartition("/")[2])
    for number, files in sorted(folders.items()):
        try:
            result.events[number] = read_event(bag, number, files, checkpoint, note)
        except Fails as error:
            result.problems.append(str(error))
    if result.events:
        proved = list(result.events.values())
        opened, shown = sum(event.detail is not None for event in proved), sum(event.body is not None for event in proved)
        result.holds.append(
            f"{len(proved)} events are in that log, each by its own proof: {opened} shown with names and reasons as recorded,"
            f" {shown - opened} without them, {len(proved) - shown} sealed (only their hash is shown)."
        )
    unknown = [name for name in bag.tags if "/" in name and not name.startswith("log/")]
    unknown += [
        name
        for name in bag.tags
        if "/" not in name and name not in ("bagit.txt", "bag-info.txt", "manifest-sha256.txt", "bundle.json", "keys.txt")
    ]
    if unknown:
        raise Fails(f"The bundle lists files that it can't have: {unknown}.")


def _disclosed(bag: Bag, result: Result) -> None:
    """Every disclosed file is named in bundle.json, and is what an event of the log says it is."""
    about = read_json(bag.read("bundle.json"), "bundle.json")
    if about.keys() != TOP or about["v"] != 1 or not isinstance(about["files"], list):
        raise Fails("bundle.json does not have the members of a bundle.")
    if f"External-Identifier: {about['bundle']}\n".encode() not in bag.read("bag-info.txt"):
        raise Fails("bundle.json and bag-info.txt name different bundles.")
    result.about = about
    paths = []
    for entry in about["files"]:
        if not isinstance(entry, dict) or entry.keys() != FILES.get(str(entry.get("kind"))):
            raise Fails("bundle.json has an entry that is not in its form.")
        paths.append(entry["path"])
        try:
            _tied(entry, about, bag, result)
        except Fails as error:
            result.problems.append(str(error))
    if sorted(map(str, paths)) != sorted(bag.payload):
        raise Fails("bundle.json and manifest-sha256.txt do not name the same disclosed files.")


def _tied(entry: dict[str, Any], about: dict[str, Any], bag: Bag, result: Result) -> None:
    path = entry["path"]
    if bag.payload.get(path) != entry["sha256"]:
        raise Fails(f"bundle.json gives {path!a} another SHA-256 than manifest-sha256.txt.")
    if entry["kind"] == "print":
        result.not_checked.append(
            f"{path}: made for reading from {entry['of']}, which is the text that was certified. Compare them."
        )
        return
    verb, member = TIED[entry["kind"]]
    event = result.events.get(entry["event"])
    body = event.body if event else None
    if not body or (body["verb"], body["object_id"], body["case"]) != (verb, entry[member], about["case"]):
        raise Fails(f"{path}: event {entry['event']!a} of the log is not about it.")
    after = body["after"] or {}
    if after.get("sha256") != entry["sha256"]:
        raise Fails(f"{path} is not what the log says: event {entry['event']} has another SHA-256.")
    if entry["kind"] == "copy" and after.get("audience") != about["audience"]:
        raise Fails(f"{path} was released to another audience than the bundle is for.")
    for other in result.events.values():
        if other.body and (other.body["verb"], other.body["object_id"]) == ("redaction.recalled", entry[member]):
            raise Fails(f"{path} was recalled (event {other.number}).")
    what = (
        f"the copy of {entry['reference']} released to {after.get('audience')}"
        if entry["kind"] == "copy"
        else f"{entry['name']} as submitted"
    )
    result.holds.append(f"{path} is {what} at {body['at']} (event {entry['event']}).")
