"""Signed notes: a published vector, the round trip, and everything that a verifier must refuse."""

import base64

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from hypothesis import given
from hypothesis import strategies as st

from audit import notes

SEED = bytes(range(32))
PUBLIC = notes.public_key_bytes(SEED)
ORIGIN = "rasso-evidence/log"
CHECKPOINT = notes.Checkpoint(ORIGIN, 20852163, bytes(32))


def test_it_verifies_the_vector_of_the_go_note_package() -> None:
    """From golang.org/x/mod/sumdb/note: the key and note of its examples."""
    key = base64.b64decode("ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW")[1:]
    note = (
        "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n"
        "\n— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
    )
    text, [signature] = notes.split_note(note)
    assert notes.key_id("PeterNeumann", key) == signature.key_id == bytes.fromhex("c74f20a3")
    assert text.endswith("your problem is.\n")
    Ed25519PublicKey.from_public_bytes(key).verify(signature.value, text.encode())


@given(st.integers(0, 2**62), st.binary(min_size=32, max_size=32))
def test_what_is_signed_is_what_is_read(size: int, root: bytes) -> None:
    checkpoint = notes.Checkpoint(ORIGIN, size, root)
    assert notes.verify(notes.sign(checkpoint, SEED), ORIGIN, PUBLIC) == checkpoint


def test_it_names_the_origin_the_size_and_the_root_on_three_lines() -> None:
    note = notes.sign(CHECKPOINT, SEED)
    assert note.split("\n")[:4] == [ORIGIN, "20852163", base64.b64encode(bytes(32)).decode(), ""]


def test_it_passes_over_the_signature_of_a_witness() -> None:
    witness = base64.b64encode(b"abcd" + bytes(72)).decode()
    note = notes.sign(CHECKPOINT, SEED) + f"— witness.example {witness}\n"
    assert notes.verify(note, ORIGIN, PUBLIC) == CHECKPOINT


def test_another_key_is_refused() -> None:
    with pytest.raises(notes.NoteError, match="missing"):
        notes.verify(notes.sign(CHECKPOINT, bytes(32)), ORIGIN, PUBLIC)


def test_another_log_is_refused() -> None:
    note = notes.sign(notes.Checkpoint("another/log", 1, bytes(32)), SEED)
    with pytest.raises(notes.NoteError, match="another/log"):
        notes.verify(note, ORIGIN, PUBLIC)


@given(st.data())
def test_no_character_can_be_changed(data: st.DataObject) -> None:
    note = notes.sign(CHECKPOINT, SEED)
    place = data.draw(st.integers(0, len(note) - 1))
    other = data.draw(st.characters(codec="utf-8").filter(lambda character: character != note[place]))
    with pytest.raises(notes.NoteError):
        notes.verify(note[:place] + other + note[place + 1 :], ORIGIN, PUBLIC)


@pytest.mark.parametrize(
    "change",
    [
        lambda note: note[:-1],
        lambda note: note + "\n",
        lambda note: "\n" + note,
        lambda note: note.replace("20852163", "020852163"),
        lambda note: note.replace("20852163", "+20852163"),
        lambda note: note.replace("\n\n", "\nextension\n\n"),
        lambda note: note.replace("\n", "\r\n"),
        lambda note: note.replace("— ", "- "),
        lambda note: note + "x" * 70000 + "\n",
        lambda note: "",
    ],
)
def test_a_note_in_another_form_is_refused(change: object) -> None:
    assert callable(change)
    with pytest.raises(notes.NoteError):
        notes.verify(change(notes.sign(CHECKPOINT, SEED)), ORIGIN, PUBLIC)


@pytest.mark.parametrize("origin", ["", "two words", "plus+sign", "line\nbreak"])
def test_an_origin_that_the_form_does_not_allow_is_refused(origin: str) -> None:
    with pytest.raises(notes.NoteError):
        notes.sign(notes.Checkpoint(origin, 1, bytes(32)), SEED)
