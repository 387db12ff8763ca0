"""Seven people walk the main job in real browsers, from an upload that is interrupted to a copy read in the portal."""

from __future__ import annotations

import os
from pathlib import Path

from demo.files import make_files
from demo.portal_check import check_text
from demo.posts import CPS_AREA
from demo.stack import Stack
from tests.e2e import walk
from tests.e2e.conftest import Enter
from tests.optional import requires

pytestmark = requires("chromium", "static", "node")

MIB = 1024 * 1024
SCHEDULED = (
    "CCTV recording of 31/10/2026 from 23:04:52, camera 3 of the rowing club, made by the club's steward. One person "
    "walks past the side door. Relevant to the times at which people came and went. 6 seconds, no sound."
)


def random_file(path: Path, size: int) -> Path:
    """A file that can't be compressed away on its way."""
    path.write_bytes(os.urandom(size))
    return path


def test_from_upload_to_portal(stack: Stack, enter: Enter, tmp_path: Path) -> None:
    files = make_files(tmp_path / "files")

    investigator = enter("investigator")
    case = walk.open_case(investigator, "45/204117/26")
    walk.name_people(investigator, case)
    for surname, role in (
        ("CLARKE", "Disclosure officer"),
        ("WHITLOCK", "Supervisor"),
        ("PEREIRA", "Redactor"),
        ("OYELARAN", "Redaction approver"),
    ):
        walk.add_to_team(investigator, case, surname, role)
    walk.share(investigator, case, CPS_AREA)
    statement = walk.book_in(
        investigator,
        case,
        "Witness statement (MG11)",
        "Witness statement of Complainant A dated 04/11/2026, 3 pages",
        expect_reference="AB/1",
    )
    walk.upload(investigator, statement, files["statement"].path)
    footage = walk.book_in(
        investigator,
        case,
        "Video (CCTV, body-worn)",
        "CCTV of the side door of the boat store, 31/10/2026, camera 3",
        expect_reference="AB/2",
    )
    wanted = random_file(tmp_path / "footage.bin", 60 * MIB)
    other = random_file(tmp_path / "other.bin", 60 * MIB)
    walk.upload_interrupted(investigator, footage, wanted, other)

    officer = enter("disclosure")
    walk.decide(officer, case, {"AB/1": "Used: evidence", "AB/2": "Unused, relevant, not sensitive: MG6C"})
    version = walk.write_schedule(officer, case, SCHEDULED, "Digital evidence store")
    supervisor = enter("supervisor")
    walk.check(supervisor, version)
    walk.certify(officer, version)
    nil = [walk.certify_nil(officer, supervisor, case, kind) for kind in ("MG6D", "MG6E")]
    for certified in (version, *nil):
        walk.submit(officer, certified)

    redactor = enter("redactor")
    editor = walk.ask_for_redaction(redactor, statement)
    walk.decide_boxes(redactor, editor)
    approver = enter("approver")
    release = walk.approve(approver, case, "AB/1")
    walk.release(approver, release)

    downloaded = tmp_path / "released.pdf"
    walk.read_in_portal(enter("prosecutor"), case, downloaded)
    assert list(check_text(downloaded.read_bytes()))

    walk.look_around(investigator, case)
    walk.verify_log(enter("auditor"), case)
    assert "The log holds" in stack.manage("audit_verify")
