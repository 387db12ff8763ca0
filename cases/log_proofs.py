"""Proofs as pages and the API give them: the leaf, every step of the path, the signed checkpoint, and whether it holds."""

import base64
from dataclasses import dataclass, field
from enum import Enum
from uuid import UUID

from audit import conf, keyring, merkle, notes, proof_files, tree
from audit.models import Checkpoint, Event, Leaf


class State(Enum):
    """How far an event's proof is."""

    WAITING = "waiting"
    SEQUENCED = "sequenced"
    PROVED = "proved"
    BROKEN = "broken"


@dataclass(frozen=True)
class Step:
    """One hash on the way to the root: on which side the sibling stands, and what both give (hex)."""

    number: int
    sibling: str
    side: str
    result: str


@dataclass(frozen=True)
class ShownProof:
    """What a page shows of a proof. Hashes are hex; `problem` says why a broken one doesn't hold."""

    state: State
    leaf_index: int | None = None
    leaf_hash: str = ""
    steps: list[Step] = field(default_factory=list)
    size: int = 0
    root: str = ""
    root_base64: str = ""
    note: str = ""
    signed: Checkpoint | None = None
    verifier_key: str = ""
    problem: str = ""


MISSING = "Part of the log’s tree is missing."


class NoProof(Exception):
    """There is no proof to give, and the message says why."""


def inclusion(event_id: UUID) -> tuple[proof_files.Inclusion, list[str]]:
    """The proof of an event under the latest checkpoint, and what it shows in words. It was checked; raises NoProof."""
    try:
        made = tree.prove(event_id)
        proof = proof_files.Inclusion(made.body, made.leaf_index, made.path, made.note)
        return proof, proof.check(conf.origin(), conf.public_keyring())
    except tree.NotYetProvable as error:
        raise NoProof("No checkpoint has been signed over this event yet. Try again in some seconds.") from error
    except LookupError as error:
        raise NoProof(MISSING) from error
    except proof_files.ProofFileError as error:
        raise NoProof(str(error)) from error


@dataclass(frozen=True)
class Between:
    """The proof between two checkpoints with what it shows in words, or why there is none."""

    first: Checkpoint
    second: Checkpoint
    proof: proof_files.Consistency | None = None
    said: list[str] = field(default_factory=list)
    problem: str = ""

    @property
    def path(self) -> list[str]:
        """The hashes of the path in hex."""
        return [node.hex() for node in self.proof.path] if self.proof else []


def between(first: Checkpoint, second: Checkpoint) -> Between:
    """Prove, and check as an outsider would, that the log of the first checkpoint is the beginning of the second's."""
    try:
        proof = proof_files.Consistency(first.note, second.note, tree.prove_consistency(first.size, second.size))
        return Between(first, second, proof, proof.check(conf.origin(), conf.public_keyring()))
    except merkle.ProofError:
        return Between(first, second, problem="Name the checkpoint with fewer events first.")
    except LookupError:
        return Between(first, second, problem=MISSING)
    except proof_files.ProofFileError as error:
        return Between(first, second, problem=str(error))


def of_event(event: Event) -> ShownProof:
    """The proof of an event under the latest checkpoint, checked now from the event's own bytes."""
    leaf = Leaf.objects.filter(event=event.pk).first()
    checkpoint = tree.latest_checkpoint()
    if leaf is None:
        return ShownProof(State.WAITING)
    own = merkle.leaf_hash(event.body.encode())
    if checkpoint is None or leaf.leaf_index >= checkpoint.size:
        return ShownProof(State.SEQUENCED, leaf.leaf_index, own.hex())
    path, problem = _path(leaf.leaf_index, checkpoint.size)
    problem = problem or _problem(own, leaf, checkpoint, path)
    return ShownProof(
        state=State.BROKEN if problem else State.PROVED,
        leaf_index=leaf.leaf_index,
        leaf_hash=own.hex(),
        steps=steps(own, leaf.leaf_index, checkpoint.size, path),
        size=checkpoint.size,
        root=bytes(checkpoint.root).hex(),
        root_base64=base64.b64encode(bytes(checkpoint.root)).decode(),
        note=checkpoint.note,
        signed=checkpoint,
        verifier_key=notes.verifier_key(conf.origin(), conf.public_key()),
        problem=problem,
    )


def _path(index: int, size: int) -> tuple[list[bytes], str]:
    try:
        return tree.inclusion_path(index, size), ""
    except LookupError:
        return [], MISSING


def _problem(own: bytes, leaf: Leaf, checkpoint: Checkpoint, path: list[bytes]) -> str:
    """What is wrong with a proof, checked as an outsider would: the event's bytes, the path, the signed note."""
    try:
        told, _ = keyring.open_checkpoint(checkpoint.note, conf.origin(), conf.public_keyring())
    except notes.NoteError as error:
        return f"The checkpoint’s signature does not hold: {error}."
    if own != bytes(leaf.leaf_hash):
        return "The event is not the one that was given this place in the log: it has been changed."
    try:
        merkle.check_inclusion(own, leaf.leaf_index, told.size, path, told.root)
    except merkle.ProofError as error:
        return f"The event is not in the log as it was signed: {error}."
    return ""


def steps(leaf: bytes, index: int, size: int, path: list[bytes]) -> list[Step]:
    """The way from a leaf to the root, one hash after the other (RFC 9162 section 2.1.3.2)."""
    fn, sn, node = index, size - 1, leaf
    shown = []
    for number, sibling in enumerate(path, start=1):
        if fn & 1 or fn == sn:
            side, node = "left", merkle.node_hash(sibling, node)
            while not fn & 1 and fn:
                fn, sn = fn >> 1, sn >> 1
        else:
            side, node = "right", merkle.node_hash(node, sibling)
        fn, sn = fn >> 1, sn >> 1
        shown.append(Step(number, sibling.hex(), side, node.hex()))
    return shown
