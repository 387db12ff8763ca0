"""Whatever is done to a bundle after it was made, `evidence-verify` says so, and what.

Two intruders: one who has no key, and one who has the key that signs bundles, so that only the log stands in the way.
"""

from __future__ import annotations

import hashlib
import json
import random
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from evidence_verify.bag import PAYLOAD, SIGNATURE, TAG
from evidence_verify.check import Result, check

from audit import conf as log_conf
from audit import notes
from bundles import conf
from tests.bundles.arrange import make_bundle, make_world, unpack

pytestmark = pytest.mark.django_db(transaction=True)

POSITIONS = 400
_kept: list[Path] = []


@pytest.fixture
def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A bundle of the CPS, unpacked; made once, and never changed."""
    if not _kept:
        _kept.append(unpack(make_bundle(make_world()), tmp_path_factory.mktemp("bundle")))
    return _kept[0]


@pytest.fixture
def bundle(original: Path, tmp_path: Path) -> Path:
    """A copy to be tampered with."""
    return Path(shutil.copytree(original, tmp_path / "bundle"))


def checked(bundle: Path) -> Result:
    """The result with the keys as the police published them."""
    return check(bundle, str(_kept[0].parent / "keys.txt"))


def files_of(folder: Path) -> list[str]:
    """Every file's path, in order."""
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def resign(folder: Path, seed: bytes | None = None, name: str = "") -> None:
    """Make both lists anew from what is there, and sign them with the key of bundles, or another."""
    hashes = {path: hashlib.sha256((folder / path).read_bytes()).hexdigest() for path in files_of(folder)}
    payload = {path: value for path, value in hashes.items() if path.startswith("data/")}
    (folder / PAYLOAD).write_text(_lines(payload))
    info = (folder / "bag-info.txt").read_text().rpartition("Payload-Oxum: ")[0]
    size = sum((folder / path).stat().st_size for path in payload)
    (folder / "bag-info.txt").write_text(f"{info}Payload-Oxum: {size}.{len(payload)}\n")
    tags = [path for path in hashes if not path.startswith("data/") and path not in (TAG, SIGNATURE)]
    listed = _lines({path: hashlib.sha256((folder / path).read_bytes()).hexdigest() for path in tags})
    (folder / TAG).write_text(listed)
    own = seed or conf.signing_key()
    assert own is not None
    (folder / SIGNATURE).write_text(notes.signature_line(listed.encode(), name or conf.origin(), own))


def _lines(hashes: dict[str, str]) -> str:
    return "".join(f"{hashes[path]}  {path}\n" for path in sorted(hashes))


def events(folder: Path, *files: str) -> list[Path]:
    """The folders of those events that have these files, in the log's order."""
    found = [path.parent for path in folder.glob("log/*/proof.txt") if all((path.parent / name).exists() for name in files)]
    return sorted(found, key=lambda path: int(path.name))


def change_json(path: Path, change: Callable[[dict[str, object]], object]) -> None:
    """Change an object and write it in its canonical form."""
    value = json.loads(path.read_text())
    change(value)
    path.write_text(json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False))


# ---- without a key ---------------------------------------------------------------------------------------------------


def test_an_untouched_copy_holds(bundle: Path) -> None:
    assert checked(bundle).problems == []


def test_any_byte_of_any_file_changed_is_noticed_and_the_file_is_named(bundle: Path) -> None:
    chance = random.Random(20261124)
    names = files_of(bundle)
    # every file once, then anywhere: large files more often, as their bytes are more
    chosen = [*names, *chance.choices(names, weights=[(bundle / name).stat().st_size for name in names], k=POSITIONS - len(names))]
    for name in chosen:
        path = bundle / name
        before = path.read_bytes()
        position = chance.randrange(len(before))
        changed = bytearray(before)
        changed[position] ^= chance.randrange(1, 256)
        path.write_bytes(changed)
        problems = checked(bundle).problems
        assert problems, f"byte {position} of {name}"
        says = "signature" if name in (TAG, SIGNATURE) else name
        assert any(says in problem for problem in problems) or name in (TAG, SIGNATURE), (name, position, problems)
        path.write_bytes(before)
    assert len(chosen) >= POSITIONS
    assert checked(bundle).problems == []


def test_a_file_truncated_emptied_lengthened_removed_renamed_or_added(bundle: Path) -> None:
    chance = random.Random(1)
    for name in [*chance.sample(files_of(bundle), 25), TAG, SIGNATURE, PAYLOAD, "keys.txt"]:
        path = bundle / name
        before = path.read_bytes()
        for changed in (before[:-1], b"", before + b"\n"):
            path.write_bytes(changed)
            assert checked(bundle).problems, (name, len(changed))
        path.unlink()
        assert any(f"{name} is missing" in problem for problem in checked(bundle).problems)
        path.with_name("other.txt").write_bytes(before)
        assert any("has been added" in problem or "is missing" in problem for problem in checked(bundle).problems)
        path.with_name("other.txt").unlink()
        path.write_bytes(before)
    for added in ("data/extra.pdf", "notes.txt", "log/extra.txt", "data/copies/.hidden"):
        (bundle / added).write_text("more")
        assert any(added in problem for problem in checked(bundle).problems)
        (bundle / added).unlink()


def test_links_empty_folders_and_names_that_differ_in_capitals_are_refused(bundle: Path, tmp_path: Path) -> None:
    (bundle / "data" / "empty").mkdir()
    assert "an empty folder" in " ".join(checked(bundle).problems)
    (bundle / "data" / "empty").rmdir()
    (bundle / "BAGIT.TXT").write_text("x")
    assert "differ only in capital letters" in " ".join(checked(bundle).problems)
    (bundle / "BAGIT.TXT").unlink()
    target = next(path for path in (bundle / "data" / "copies").iterdir())
    target.rename(tmp_path / "elsewhere.pdf")
    target.symlink_to(tmp_path / "elsewhere.pdf")
    assert "is a link" in " ".join(checked(bundle).problems)


def test_a_path_that_leads_out_of_the_bundle_is_never_opened(bundle: Path, tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text("secret")
    digest = hashlib.sha256(b"secret").hexdigest()
    for path in ("data/../../secret.txt", "/etc/hostname", "data//x", "data/..", "data/a b", "data/%2e%2e/x", "data\\x"):
        lines = (bundle / PAYLOAD).read_text() + f"{digest}  {path}\n"
        (bundle / PAYLOAD).write_text(lines)
        assert "not in its form" in " ".join(checked(bundle).problems) or "has been changed" in " ".join(checked(bundle).problems)


def test_everything_made_anew_and_signed_by_another_key(bundle: Path) -> None:
    (bundle / "data" / "added.txt").write_text("more")
    resign(bundle, seed=b"\x07" * 32)
    assert "no signature by a key that you gave" in " ".join(checked(bundle).problems)


# ---- with the key of bundles: the log stands in the way ------------------------------------------------------------------


@pytest.fixture
def insider(bundle: Path) -> Iterator[Callable[[], str]]:
    """Signs what was done to the bundle as the police's own worker would; gives the problems found all the same."""

    def sign_and_check() -> str:
        resign(bundle)
        return " ".join(checked(bundle).problems)

    assert sign_and_check() == ""
    yield sign_and_check


def test_a_checkpoint_signed_by_another_key(bundle: Path, insider: Callable[[], str]) -> None:
    old = (bundle / "log/checkpoint.txt").read_text()
    forged = notes.sign(notes.parse_checkpoint(notes.split_note(old)[0]), b"\x09" * 32)
    for path in bundle.glob("log/*/proof.txt"):
        path.write_text(path.read_text().replace(old, forged))
    (bundle / "log/checkpoint.txt").write_text(forged)
    assert "no signature by a key that you gave" in insider()


def test_the_log_s_own_key_does_not_sign_bundles(bundle: Path) -> None:
    seed = log_conf.signing_key()
    assert seed is not None
    resign(bundle, seed, log_conf.origin())
    assert "signed with one key" in " ".join(checked(bundle).problems)


def test_another_root_under_the_old_signature(bundle: Path, insider: Callable[[], str]) -> None:
    old = (bundle / "log/checkpoint.txt").read_text()
    size = old.split("\n")[1]
    changed = old.replace(f"\n{size}\n", f"\n{int(size) + 1}\n")
    (bundle / "log/checkpoint.txt").write_text(changed)
    assert "what it covers was changed" in insider()


def test_two_events_swapped(bundle: Path, insider: Callable[[], str]) -> None:
    first, second = (folder / "body.json" for folder in events(bundle, "body.json")[:2])
    one, two = first.read_bytes(), second.read_bytes()
    first.write_bytes(two)
    second.write_bytes(one)
    assert insider().count("is not in the log at that place") == 2


def test_an_event_under_another_number(bundle: Path, insider: Callable[[], str]) -> None:
    folder = events(bundle, "body.json")[0]
    folder.rename(folder.with_name("999999"))
    assert "log/999999/proof.txt is not in its form" in insider()


def test_an_event_rewritten(bundle: Path, insider: Callable[[], str]) -> None:
    folder = events(bundle, "body.json")[0]
    change_json(folder / "body.json", lambda body: body.update(at="2026-01-01T00:00:00.000000Z"))
    assert f"Event {folder.name} is not in the log at that place" in insider()


def test_a_detail_opened_wrongly(bundle: Path, insider: Callable[[], str]) -> None:
    folder = events(bundle, "detail.json")[0]
    change_json(folder / "detail.json", lambda detail: detail.update(actor="Somebody ELSE"))
    assert f"log/{folder.name}/detail.json is not what the event was recorded with" in insider()


def test_another_copy_in_the_place_of_the_released_one(bundle: Path, insider: Callable[[], str]) -> None:
    copy = next((bundle / "data/copies").iterdir())
    copy.write_bytes(copy.read_bytes() + b"%")
    entry = {"sha256": hashlib.sha256(copy.read_bytes()).hexdigest(), "size": copy.stat().st_size}

    def replace(about: dict[str, object]) -> None:
        assert isinstance(about["files"], list)
        about["files"][0].update(entry)

    change_json(bundle / "bundle.json", replace)
    assert "is not what the log says" in insider()


def test_a_release_whose_event_is_sealed_or_is_another(bundle: Path, insider: Callable[[], str]) -> None:
    number = json.loads((bundle / "bundle.json").read_text())["files"][0]["event"]
    folder = bundle / "log" / str(number)
    leaf = hashlib.sha256(b"\0" + (folder / "body.json").read_bytes()).hexdigest()
    (folder / "leaf.txt").write_text(f"{leaf}\n")
    for name in ("body.json", "detail.json", "salt.txt"):
        (folder / name).unlink()
    assert f"event {number} of the log is not about it" in insider()


@pytest.mark.parametrize(
    ("name", "old", "new", "says"),
    [
        ("salt.txt", None, str.upper, "in lower case"),
        ("proof.txt", "index ", "index 0", "not in its form"),
        ("proof.txt", "@v1", "@v2", "not in its form"),
        ("body.json", '"v":1', '"v": 1', "canonical form"),
        ("body.json", '"v":1', '"v":true', "members of an event"),
        ("body.json", '"v":1', '"v":1,"x":1', "canonical form"),
        ("body.json", '"seq":', '"seq":0,"seq":', "canonical form"),
        ("body.json", '"v":1', '"v":1.0', "no number that an event can hold"),
    ],
)
def test_only_one_spelling_is_read(
    bundle: Path, insider: Callable[[], str], name: str, old: str | None, new: object, says: str
) -> None:
    path = events(bundle, "salt.txt")[0] / name
    text = path.read_text()
    path.write_text(new(text) if callable(new) else text.replace(str(old), str(new), 1))
    assert says in insider()


def test_files_that_a_bundle_does_not_have_are_refused_even_when_signed(bundle: Path, insider: Callable[[], str]) -> None:
    (bundle / "log/17x").mkdir()
    (bundle / "log/17x/proof.txt").write_text("x")
    assert "log/17x/proof.txt is not a file that a bundle can have" in insider()
    shutil.rmtree(bundle / "log/17x")
    (bundle / "readme.txt").write_text("x")
    assert "can't have: ['readme.txt']" in insider()
    (bundle / "readme.txt").unlink()
    (bundle / "data/unnamed.txt").write_text("x")
    assert "do not name the same disclosed files" in insider()
