"""The worker's part: gather what is released, write it with its events and proofs, sign it, keep it in the vault."""

import datetime as dt
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone

import vault
from audit import anchors, merkle, notes, tree
from audit import conf as log
from audit.actions import SYSTEM, acting
from audit.body import canonical, instant
from audit.models import Checkpoint, Event
from audit.tree import StoredTree
from bundles import actions, conf, contents, events
from bundles.contents import Contents, Disclosed
from bundles.models import Bundle
from bundles.writing import Bag, Changed, as_file, proof
from cases.notify import notify
from disclosure.models import ScheduleVersion
from disclosure.printed import form
from jobs.actions import JobFailed, Lease, RetryLater, handler
from jobs.models import Job
from vault.errors import Unavailable, VaultError

_SOON = dt.timedelta(seconds=3)
_REPORT_SECONDS = 1.0


def _failed(job: Job, message: str) -> None:
    bundle = Bundle.objects.select_related("case", "asked_by").get(pk=job.object_id)
    if bundle.state != Bundle.State.ASKED:
        return
    bundle.state, bundle.message = Bundle.State.FAILED, message[:500]
    bundle.save(update_fields=["state", "message"])
    actions.record_of(bundle, "bundle.failed", SYSTEM, after={"audience": bundle.audience}, detail={"reason": message})
    text = f"{bundle.case}: the bundle for the {bundle.get_audience_display()} could not be made"
    notify([bundle.asked_by], text, actions.url_of(bundle), important=True)


@handler(actions.MAKE, failed=_failed)
def make(job: Job, lease: Lease) -> None:
    """Make one bundle. What is released is looked at again at the end: a copy recalled meanwhile is in no bundle."""
    bundle = Bundle.objects.select_related("case", "asked_by").get(pk=job.object_id)
    seed = _signing_key()
    found = _contents(bundle)
    made = Making(bundle, found, _checkpoint(found), seed, lease)
    try:
        stored = vault.store().put(as_file(made.pieces()))
    except Unavailable as error:
        raise RetryLater(str(error)) from error
    except (Changed, VaultError) as error:
        raise JobFailed(f"A stored file is not what was released ({error}): have its exhibit verified.") from error
    with lease.finish(), acting():
        if _ids(_contents(bundle)) != _ids(found):
            raise RetryLater("What is released has changed meanwhile: beginning again.", _SOON)
        bundle.state, bundle.made_at = Bundle.State.MADE, timezone.now()
        bundle.key, bundle.version_id, bundle.size, bundle.sha256 = stored.key, stored.version_id, stored.size, stored.sha256 or ""
        bundle.files, bundle.events, bundle.log_size = made.files, made.events, made.checkpoint.size
        bundle.save(update_fields=["state", "made_at", "key", "version_id", "size", "sha256", "files", "events", "log_size"])
        after = {"audience": bundle.audience, "sha256": bundle.sha256, "size": bundle.size, "files": len(made.files)}
        actions.record_of(bundle, "bundle.made", SYSTEM, after=after | {"events": made.events, "log_size": made.checkpoint.size})
        text = f"{bundle.case}: the bundle for the {bundle.get_audience_display()} is made"
        notify([bundle.asked_by], text, actions.url_of(bundle))


def _signing_key() -> bytes:
    seed = conf.signing_key()
    if seed is None:
        raise JobFailed("The worker has no BUNDLE_SIGNING_KEY: the administrator must set it.")
    if conf.public_key() != conf.public_of(seed):
        raise JobFailed("BUNDLE_PUBLIC_KEY does not belong to BUNDLE_SIGNING_KEY: the administrator must set them as a pair.")
    return seed


def _contents(bundle: Bundle) -> Contents:
    try:
        return contents.of_case(bundle.case, bundle.audience)
    except ValidationError as error:
        raise JobFailed(". ".join(error.messages)) from error


def _ids(found: Contents) -> list[tuple[str, str]]:
    return [(file.path, file.sha256) for file in found.files]


def _checkpoint(found: Contents) -> Checkpoint:
    """A checkpoint that covers the events of every release and submission in the bundle: the latest that an authority has
    stamped, else the latest.
    """
    wanted = {file.event.pk for file in found.files}
    covering = [
        one
        for one in (anchors.latest_stamped(), tree.latest_checkpoint())
        if one and Event.objects.filter(pk__in=wanted, leaf__leaf_index__lt=one.size).count() == len(wanted)
    ]
    if not covering:
        raise RetryLater("Waiting for the log to be signed.", _SOON)
    checkpoint = covering[0]
    try:
        notes.verify(checkpoint.note, log.origin(), log.public_key())
    except notes.NoteError as error:
        # after a change of keys: the next checkpoint is signed with the key that the reader is given
        raise RetryLater("Waiting for the log to be signed with its present key.", _SOON) from error
    return checkpoint


@dataclass
class Making:
    """One bundle on its way: `pieces` gives its zip; then `files` and `events` say what went in."""

    bundle: Bundle
    found: Contents
    checkpoint: Checkpoint
    seed: bytes
    lease: Lease
    files: list[dict[str, Any]] = field(default_factory=list)
    events: int = 0

    def pieces(self) -> Iterator[bytes]:
        """The zip, piece by piece."""
        now = timezone.now()
        bag = Bag(self.bundle.name)
        yield from self._progress(self._disclosed(bag))
        yield from self._log(bag)
        about = {
            "v": 1,
            "bundle": str(self.bundle.pk),
            "case": str(self.bundle.case_id),
            "crime_number": self.bundle.case.crime_number,
            "urn": self.bundle.case.urn,
            "audience": self.bundle.audience,
            "made_at": instant(now),
            "files": self.files,
        }
        yield from bag.put("bundle.json", canonical(about).encode())
        yield from bag.put("keys.txt", conf.key_file().encode())
        yield from bag.close(str(self.bundle.pk), now, conf.origin(), self.seed)

    def _progress(self, pieces: Iterator[bytes]) -> Iterator[bytes]:
        total, done, reported = sum(file.size for file in self.found.files), 0, 0.0
        for piece in pieces:
            done += len(piece)
            if time.monotonic() - reported > _REPORT_SECONDS:
                self.lease.progress(min(done, total), total)
                reported = time.monotonic()
            yield piece

    def _disclosed(self, bag: Bag) -> Iterator[bytes]:
        numbers = dict(
            Event.objects.filter(pk__in=[file.event.pk for file in self.found.files]).values_list("pk", "leaf__leaf_index")
        )
        for file in self.found.files:
            yield from bag.add(file.path, file.read(), file.size, file.sha256)
            facts = {"path": file.path, "sha256": file.sha256, "size": file.size, "event": numbers[file.event.pk]}
            self.files.append(file.facts | facts)
        for version, file in self.found.schedules:
            yield from self._printed(bag, version, file)

    def _printed(self, bag: Bag, version: ScheduleVersion, of: Disclosed) -> Iterator[bytes]:
        data, path = form(version), of.path.removesuffix(".json") + ".pdf"
        yield from bag.put(path, data)
        self.files.append({"kind": "print", "path": path, "sha256": bag.payload[path], "size": len(data), "of": of.path})

    def _log(self, bag: Bag) -> Iterator[bytes]:
        """The checkpoint, then every event with its proof, as much of it as the audience sees."""
        note, read = self.checkpoint.note, StoredTree().read
        yield from bag.put("log/checkpoint.txt", note.encode())
        for number, anchor in enumerate(anchors.stamps_of(self.checkpoint)[:9], start=1):
            yield from bag.put(f"log/timestamp-{number}.txt", anchors.text_of(anchor))
            yield from bag.put(f"log/timestamp-{number}.tsr", bytes(anchor.stamp))
        sources = events.Concerned(self.found).sources
        for event in events.about(self.found, self.bundle.case_id, self.checkpoint.size):
            folder = f"log/{event.leaf.leaf_index}"
            seen = events.sight(event, self.bundle.audience, sources)
            yield from bag.put(f"{folder}/proof.txt", proof(event.leaf.leaf_index, self.checkpoint.size, read, note))
            if seen == "sealed":
                leaf = merkle.leaf_hash(event.body.encode())
                yield from bag.put(f"{folder}/leaf.txt", f"{leaf.hex()}\n".encode())
            else:
                yield from bag.put(f"{folder}/body.json", event.body.encode())
            if seen == "opened":
                yield from bag.put(f"{folder}/detail.json", event.detail.detail.encode())
                yield from bag.put(f"{folder}/salt.txt", f"{bytes(event.detail.salt).hex()}\n".encode())
            self.events += 1
