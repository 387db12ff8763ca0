"""Proofs that leave the service: made, checked by the key alone, and refused when anything in them is another."""

import io
import json
import uuid
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given
from hypothesis import settings as limits
from hypothesis import strategies as st

from audit import conf, keyring, merkle, notes, proof_files, tree
from audit.models import Checkpoint, Event
from audit.sequencer import Sequencer
from tests.audit.conftest import Intruder, note

pytestmark = pytest.mark.django_db(transaction=True)
SEED = bytes(range(32))
ORIGIN = "example.org/log"
KEYS = [keyring.Key(notes.public_key_bytes(SEED))]
BODIES = [
    f'{{"action":"5f0c9c5e-3a4b-4c5d-8e6f-0000000000aa","actor":null,"after":{{"number":{number}}},"at":"2026-11-24T14:47:13.000001Z",'
    f'"before":null,"case":null,"detail_hash":"{"0" * 64}","id":"5f0c9c5e-3a4b-4c5d-8e6f-0000000000aa","object_id":"",'
    '"object_type":"","organisation":null,"request":null,"seq":0,"v":1,"verb":"thing.noted"}'
    for number in range(300)
]


def nodes() -> dict[tuple[int, int], bytes]:
    """Every complete subtree over the bodies."""
    frontier, stored = merkle.Frontier(), {}
    for index, body in enumerate(BODIES):
        leaf = merkle.leaf_hash(body.encode())
        stored[0, index] = leaf
        stored.update({(level, place): node for level, place, node in frontier.append(leaf)})
    return stored


NODES = nodes()


def signed(size: int) -> str:
    root = merkle.Frontier.load(size, lambda level, index: NODES[level, index]).root()
    return notes.sign(notes.Checkpoint(ORIGIN, size, root), SEED)


def inclusion(index: int, size: int) -> proof_files.Inclusion:
    path = merkle.inclusion_proof(index, size, lambda level, place: NODES[level, place])
    return proof_files.Inclusion(BODIES[index], index, path, signed(size))


def consistency(first: int, second: int) -> proof_files.Consistency:
    path = merkle.consistency_proof(first, second, lambda level, place: NODES[level, place])
    return proof_files.Consistency(signed(first), signed(second), path)


def run(command: str, *args: Any, **options: Any) -> str:
    out = io.StringIO()
    call_command(command, *args, stdout=out, **options)
    return out.getvalue()


def own_key() -> str:
    return notes.verifier_key(conf.origin(), conf.public_key())


# ---- the files -------------------------------------------------------------------------------------------------------


@given(st.data())
def test_every_proof_comes_back_from_its_file_and_holds(data: st.DataObject) -> None:
    size = data.draw(st.integers(1, 300))
    made = inclusion(data.draw(st.integers(0, size - 1)), size)
    assert proof_files.load(made.to_json()) == made
    assert "thing.noted" in made.check(ORIGIN, KEYS)[1]
    between = consistency(data.draw(st.integers(1, size)), size)
    assert proof_files.load(between.to_json()) == between
    assert str(size) in between.check(ORIGIN, KEYS)[1]


@limits(suppress_health_check=[HealthCheck.filter_too_much])
@given(st.data())
def test_no_character_of_a_proof_can_be_another(data: st.DataObject) -> None:
    """Unless the change leaves the same proof: white space between the members."""
    made: Any = data.draw(st.sampled_from([inclusion(77, 300), inclusion(0, 1), consistency(100, 300), consistency(256, 257)]))
    text = made.to_json()
    place = data.draw(st.integers(0, len(text) - 1))
    changed = text[:place] + data.draw(st.sampled_from('x0"\n 1a\\{é')) + text[place + 1 :]
    try:
        read = proof_files.load(changed)
        read.check(ORIGIN, KEYS)
    except proof_files.ProofFileError:
        return
    assert read == made


@pytest.mark.parametrize(
    "text",
    ["", "[]", "null", "{", '{"form": "other"}', "[" * 100_000, '{"form":1,"form":1}', "x" * (proof_files.LARGEST + 1)],
)
def test_what_is_no_proof_is_said_to_be_none(text: str) -> None:
    with pytest.raises(proof_files.ProofFileError):
        proof_files.load(text)


@pytest.mark.parametrize(
    "change",
    [
        {"leaf_index": True},
        {"leaf_index": -1},
        {"leaf_index": 10**30},
        {"path": "ab"},
        {"path": ["AB" * 32]},
        {"body": 1},
        {"more": 1},
        {"body": "\ud800"},
        {"checkpoint": ""},
        {"path": ["ab" * 32] * 100},
    ],
)
def test_members_of_another_kind_are_refused(change: dict[str, Any]) -> None:
    text = json.dumps(inclusion(3, 8).members() | change)
    with pytest.raises(proof_files.ProofFileError):
        proof_files.load(text).check(ORIGIN, KEYS)


def test_the_log_and_the_key_are_the_checker_s_to_say() -> None:
    proof = inclusion(3, 8)
    with pytest.raises(proof_files.ProofFileError, match="of the log"):
        proof.check("another.org/log", KEYS)
    with pytest.raises(proof_files.ProofFileError, match="signature"):
        proof.check(ORIGIN, [keyring.Key(notes.public_key_bytes(bytes(32)))])
    old = keyring.Key(KEYS[0].value, until=7)
    with pytest.raises(proof_files.ProofFileError, match="retired at 7"):
        proof.check(ORIGIN, [old])
    assert inclusion(3, 7).check(ORIGIN, [keyring.Key(bytes(32)), old])


def test_a_published_key_is_read_back_and_a_wrong_character_in_it_noticed() -> None:
    text = notes.verifier_key(ORIGIN, KEYS[0].value)
    assert proof_files.read_key(text + "\n") == (ORIGIN, KEYS[0])
    for place in range(len(text)):
        other = "A" if text[place] != "A" else "B"
        with pytest.raises(proof_files.ProofFileError):
            proof_files.read_key(text[:place] + other + text[place + 1 :])


# ---- from the database -----------------------------------------------------------------------------------------------


def test_a_proof_in_a_tree_of_several_levels_takes_one_query(sequencer: Sequencer) -> None:
    for start in range(0, 600, 100):
        for number in range(start, start + 100):
            note(number)
        sequencer.drain()
    root = bytes(Checkpoint.objects.get(size=600).root)
    leaves = [merkle.leaf_hash(body.encode()) for body in Event.objects.order_by("leaf__leaf_index").values_list("body", flat=True)]
    for index in (0, 1, 255, 256, 300, 511, 512, 599):
        with CaptureQueriesContext(
            connection,
        ) as asked:
            path = tree.inclusion_path(index, 600)
        assert len(asked) == 1
        assert path == merkle.inclusion_proof(index, 600, tree.StoredTree().read)
        merkle.check_inclusion(leaves[index], index, 600, path, root)
    with CaptureQueriesContext(connection) as asked:
        between = tree.prove_consistency(300, 600)
    assert len(asked) == 1
    merkle.check_consistency(300, 600, between, bytes(Checkpoint.objects.get(size=300).root), root)


def test_a_missing_leaf_or_node_is_no_proof(sequencer: Sequencer, intruder: Intruder) -> None:
    for number in range(300):
        note(number)
    sequencer.drain()
    intruder("DELETE FROM audit_node")
    with pytest.raises(LookupError):
        tree.inclusion_path(299, 300)
    assert tree.inclusion_path(3, 256), "what lies within one block needs no node"
    intruder("DELETE FROM audit_leaf WHERE leaf_index = 4")
    with pytest.raises(LookupError):
        tree.inclusion_path(3, 256)


# ---- the commands ----------------------------------------------------------------------------------------------------


def test_an_event_is_proved_and_checked_by_command(events: list[Event], tmp_path: Path) -> None:
    file = tmp_path / "proof.json"
    file.write_text(run("audit_prove", str(events[4].id)))
    said = run("audit_check_proof", str(file), key=[own_key()])
    assert said.endswith("The proof holds.\n")
    assert str(events[4].id) in said
    key = tmp_path / "key"
    key.write_text(own_key() + "\n")
    assert "The proof holds." in run("audit_check_proof", str(file), key=[str(key)])
    file.write_text(run("audit_prove", str(events[4].id), checkpoint=6))
    assert "said at 6 events" in run("audit_check_proof", str(file), key=[own_key()])
    words = run("audit_prove", str(events[4].id), words=True)
    assert events[4].body in words
    assert "Ann Example" not in words


def test_one_checkpoint_is_proved_from_another_by_command(events: list[Event], tmp_path: Path) -> None:
    file = tmp_path / "proof.json"
    file.write_text(run("audit_consistency", 4, 10))
    said = run("audit_check_proof", str(file), key=[own_key()])
    assert "The 4 events of the first are the first 4 of the second" in said
    assert "The second checkpoint:" in run("audit_consistency", 4, 10, words=True)


def test_a_proof_that_does_not_hold_ends_with_1_and_says_why(events: list[Event], tmp_path: Path) -> None:
    file = tmp_path / "proof.json"
    file.write_text(run("audit_prove", str(events[4].id)).replace('\\"number\\":4', '\\"number\\":5'))
    out = io.StringIO()
    with pytest.raises(SystemExit) as ended:
        call_command("audit_check_proof", str(file), key=[own_key()], stdout=out)
    assert ended.value.code == 1
    assert out.getvalue().startswith("DOES NOT HOLD. The event is not proved")


def test_what_can_not_be_proved_is_said(events: list[Event], intruder: Intruder, tmp_path: Path) -> None:
    waiting = note(11)
    cases: list[tuple[str, list[Any], str]] = [
        ("audit_prove", [str(waiting.id)], "two seconds"),
        ("audit_prove", [str(uuid.uuid4())], "two seconds"),
        ("audit_consistency", [3, 10], "signed at 3"),
        ("audit_consistency", [10, 4], "earlier one first"),
    ]
    for command, arguments, why in cases:
        with pytest.raises(CommandError, match=why):
            run(command, *arguments)
    with pytest.raises(CommandError, match="No such file"):
        run("audit_check_proof", str(tmp_path / "none"), key=[own_key()])
    with pytest.raises(CommandError, match="signed at 3"):
        run("audit_prove", str(events[4].id), checkpoint=3)
    with pytest.raises(CommandError, match="key"):
        run("audit_check_proof", str(tmp_path / "none"), key=["x"])
    intruder("UPDATE audit_event SET body = replace(body, '\"number\":4', '\"number\":5') WHERE id = %(id)s", id=str(events[4].id))
    with pytest.raises(CommandError, match="audit_verify"):
        run("audit_prove", str(events[4].id))
    intruder("UPDATE audit_checkpoint SET root = sha256('x'), note = replace(note, E'\\n4\\n', E'\\n5\\n') WHERE size = 4")
    with pytest.raises(CommandError, match="audit_verify"):
        run("audit_consistency", 4, 10)
