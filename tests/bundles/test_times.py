"""Time stamps in a bundle: by real authorities, checked with the certificates that the reader has, and no others."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from evidence_verify.check import check

from audit import anchors
from audit.sequencer import Sequencer
from bundles import actions
from tests.audit.tsa import LocalAuthority
from tests.bundles.arrange import World, make_light_world, unpack
from tests.bundles.test_tampering import resign
from tests.factories import run_jobs

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def authorities(tmp_path: Path, settings: Any) -> Iterator[list[LocalAuthority]]:
    """Two authorities, configured."""
    made = [LocalAuthority(tmp_path / name, name) for name in ("first", "second")]
    settings.AUDIT = dict(settings.AUDIT) | {"AUTHORITIES": [(one.url, one.certificates) for one in made]}
    yield made
    for one in made:
        one.stop()


def stamped_bundle(world: World, folder: Path) -> Path:
    """A bundle made after the checkpoint that covers it was stamped by both authorities."""
    bundle = actions.ask(world.officer, world.case, "cps", "Initial disclosure")
    Sequencer.from_settings().drain()
    for place in anchors.places():
        if place != anchors.VAULT:
            assert anchors.anchor(place) is not None
    run_jobs("bundles.make")
    bundle.refresh_from_db()
    return unpack(bundle, folder)


def test_stamps_are_checked_with_the_readers_certificates(tmp_path: Path, authorities: list[LocalAuthority]) -> None:
    folder = stamped_bundle(make_light_world(), tmp_path)
    keys = str(tmp_path / "keys.txt")
    certificates = [Path(one.certificates) for one in authorities]
    both = check(folder, keys, certificates)
    assert both.problems == []
    assert sum("existed at" in line for line in both.holds) == 2
    without = check(folder, keys)
    assert without.problems == []
    assert sum("you gave no certificates" in line for line in without.not_checked) == 2
    for number in (1, 2):
        command = ["openssl", "ts", "-verify", "-data", f"log/timestamp-{number}.txt", "-in", f"log/timestamp-{number}.tsr"]
        by_hand = [
            subprocess.run([*command, "-CAfile", file], cwd=folder, capture_output=True, check=False).returncode
            for file in certificates
        ]
        assert sorted(by_hand)[0] == 0


def test_a_stamp_by_somebody_else_or_of_something_else_fails(tmp_path: Path, authorities: list[LocalAuthority]) -> None:
    folder = stamped_bundle(make_light_world(), tmp_path)
    keys = str(tmp_path / "keys.txt")
    stranger = LocalAuthority(tmp_path / "stranger", "stranger")
    stranger.stop()
    found = check(folder, keys, [Path(stranger.certificates)])
    assert any("does not hold by the certificates that you gave" in problem for problem in found.problems)
    shutil.copy(folder / "log/timestamp-1.tsr", folder / "log/timestamp-2.tsr")
    text = folder / "log/timestamp-1.txt"
    text.write_bytes(text.read_bytes().replace(b"\n", b"\n\n", 1))
    resign(folder)
    found = check(folder, keys, [Path(one.certificates) for one in authorities])
    assert any("does not hold the bundle's checkpoint" in problem for problem in found.problems)
