"""`evidence-verify` as a program: in a Python that sees nothing but the standard library and `cryptography`."""

from __future__ import annotations

import hashlib
import json
import re
import subprocess
import sys
import textwrap
import zipfile
from pathlib import Path

import pytest

from bundles import conf, writing
from tests.bundles.arrange import make_bundle, make_world, unpack

pytestmark = pytest.mark.django_db(transaction=True)
ROOT = Path(__file__).resolve().parent.parent.parent
# Whoever asks for anything else meets an ImportError: -I keeps our folder out of the path, this keeps out what is installed
ALONE = f"""
import runpy, sys
ALLOWED = set(sys.stdlib_module_names) | {{"cryptography", "cffi", "_cffi_backend", "evidence_verify"}}
class Nothing:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] not in ALLOWED:
            raise ImportError("not on this machine: " + name)
sys.meta_path.insert(0, Nothing())
sys.path.insert(0, {str(ROOT / "evidence-verify")!r})
try:
    import django
except ImportError:
    pass
else:
    sys.exit("Django can be imported")
runpy.run_module("evidence_verify", run_name="__main__")
"""
_kept: list[Path] = []


@pytest.fixture
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where a bundle lies as zip and unpacked, with keys.txt; made once."""
    if not _kept:
        made = tmp_path_factory.mktemp("program")
        _kept.extend([made, unpack(make_bundle(make_world()), made)])
    return _kept[0]


def verify(*arguments: object) -> subprocess.CompletedProcess[str]:
    """Run the program alone."""
    command = [sys.executable, "-I", "-c", ALONE, *map(str, arguments)]
    return subprocess.run(command, check=False, capture_output=True, text=True, env={})


def test_it_says_in_words_what_holds_and_what_was_not_checked(folder: Path) -> None:
    done = verify(folder / "bundle.zip", "--key", folder / "keys.txt")
    assert (done.returncode, done.stderr) == (0, "")
    for words in (
        "HOLDS",
        "is signed with the key",
        "files have the SHA-256 that was listed (3 of them disclosed)",
        "events are in that log, each by its own proof",
        "released to cps at",
        "MG6C version 1 as submitted at",
        "NOT CHECKED",
        "Time stamps: not checked, because the bundle holds none.",
        "Everything that was checked holds.",
    ):
        assert words in done.stdout
    assert "DOES NOT HOLD" not in done.stdout


def test_a_fingerprint_is_enough_and_a_wrong_one_is_noticed(folder: Path) -> None:
    grouped = " ".join(conf.fingerprint()[start : start + 8] for start in range(0, 64, 8))
    for key in (conf.fingerprint(), grouped):
        assert verify(_kept[1], "--key", key).returncode == 0
    done = verify(_kept[1], "--key", hashlib.sha256(b"another").hexdigest())
    assert done.returncode == 1
    assert "do not have the fingerprint that you gave" in done.stdout


def test_the_keys_in_the_bundle_are_never_believed_by_themselves(folder: Path, tmp_path: Path) -> None:
    from audit import notes

    other = notes.verifier_key(conf.origin(), notes.public_key_bytes(b"\x04" * 32))
    (tmp_path / "keys.txt").write_text(other + "\n")
    done = verify(folder / "bundle.zip", "--key", tmp_path / "keys.txt")
    assert done.returncode == 1
    assert "no signature by a key that you gave" in done.stdout
    assert verify(folder / "bundle.zip").returncode == 2


def test_json_says_the_same(folder: Path) -> None:
    found = json.loads(verify(folder / "bundle.zip", "--key", folder / "keys.txt", "--json").stdout)
    assert found["holds"] is True
    assert found["what_does_not"] == []
    assert {"number", "body", "detail"} == found["events"][0].keys()
    assert found["bundle"]["audience"] == "cps"
    listed = verify(folder / "bundle.zip", "--key", folder / "keys.txt", "--events").stdout
    assert "redaction.released release" in listed


@pytest.mark.parametrize(
    ("bundle", "key", "says"),
    [
        ("nothing.zip", "keys.txt", "There is no"),
        ("keys.txt", "keys.txt", "neither a folder nor a zip"),
        ("bundle.zip", "nothing.txt", "neither a file nor a fingerprint"),
        ("bundle.zip", "bundle.zip", "can't be used"),
    ],
)
def test_what_can_t_be_read_ends_with_2_and_the_reason(folder: Path, bundle: str, key: str, says: str) -> None:
    done = verify(folder / bundle, "--key", folder / key if key != "nothing.txt" else key)
    assert done.returncode == 2
    assert says in done.stderr
    assert "Traceback" not in done.stderr


def test_it_can_be_checked_by_hand_as_the_document_says(folder: Path) -> None:
    text = (ROOT / "docs" / "bundle-format.md").read_text().partition("## Checking by hand")[2]
    blocks = [textwrap.dedent(block) for block in re.findall(r"(?:^    .*\n)+", text, re.MULTILINE)]
    lists, signature, leaf_and_detail = blocks[:3]
    shell = ["bash", "-euo", "pipefail", "-c"]
    done = subprocess.run([*shell, lists], check=False, cwd=_kept[1], capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
    assert "data/schedules/MG6C-1-version-1.json: OK" in done.stdout
    done = subprocess.run([*shell, signature], check=False, cwd=_kept[1], capture_output=True, text=True)
    assert "Signature Verified Successfully" in done.stdout, done.stderr
    opened = sorted(_kept[1].glob("log/*/salt.txt"))[0].parent
    commands = leaf_and_detail.replace("log/17", f"log/{opened.name}")
    done = subprocess.run([*shell, commands], check=False, cwd=_kept[1], capture_output=True, text=True)
    leaf, detail = [line.split()[0] for line in done.stdout.splitlines()]
    body = (opened / "body.json").read_bytes()
    assert leaf == hashlib.sha256(b"\0" + body).hexdigest()
    assert detail == json.loads(body)["detail_hash"]


def test_a_zip_changed_anywhere_in_a_file_or_with_more_in_it_does_not_hold(folder: Path, tmp_path: Path) -> None:
    whole = (folder / "bundle.zip").read_bytes()
    changed = tmp_path / "changed.zip"

    def status(data: bytes) -> int:
        changed.write_bytes(data)
        return verify(changed, "--key", folder / "keys.txt").returncode

    place = whole.index(b"%PDF-") + 500
    assert status(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :]) == 1
    assert status(b"#!/bin/sh\n" + whole) == 1
    assert status(whole + b"more") in (1, 2)
    assert status(whole[: len(whole) // 2]) == 2
    changed.write_bytes(whole)
    with zipfile.ZipFile(changed, "a") as file:
        name = file.namelist()[0].partition("/")[0]
        file.writestr(f"{name}/data/more.txt", "more")
    done = verify(changed, "--key", folder / "keys.txt")
    assert done.returncode == 1
    assert "data/more.txt' has been added" in done.stdout


def test_a_large_file_is_read_and_written_in_pieces() -> None:
    """The writer never holds more than a piece: 64 MiB go through while each piece of the zip stays small."""
    piece, count = b"\0" * (1024 * 1024), 64
    bag = writing.Bag("bundle-x")
    sizes = [len(part) for part in bag.add("data/large.bin", (piece for _ in range(count)), len(piece) * count)]
    assert sum(sizes) > len(piece) * count
    assert max(sizes) < 2 * len(piece)
