"""Bundles in the portal: those made for the CPS, until a copy in them is recalled."""

from __future__ import annotations

import hashlib
from pathlib import Path

from evidence_verify.check import check

from audit.models import Event
from bundles import conf
from redaction import actions as redaction_actions
from tests.portal.setting import Browser, make_bundle, make_shared, release_copy, submit_schedule


def test_a_bundle_is_shown_downloaded_checked_and_gone_after_a_recall(browser: Browser, tmp_path: Path) -> None:
    shared = make_shared()
    made = release_copy(shared)
    submit_schedule(shared)
    bundle, other = make_bundle(shared), make_bundle(shared, "defence")
    browser.sign_in(shared.prosecutor)
    case, path = f"/cases/{shared.case.pk}/", f"/bundles/{bundle.pk}/"
    listed = browser.get(case).text
    assert path in listed
    assert str(other.pk) not in listed
    assert browser.get(f"/bundles/{other.pk}/").status == 404
    assert bundle.sha256 in browser.get(path).text.replace("<wbr>", "")
    assert Event.objects.filter(verb="bundle.consulted", object_id=str(bundle.pk), actor_id=shared.prosecutor.pk).exists()

    assert "Enter what you open it for" in browser.post(f"{path}open/", {"purpose": " "}, page=path).text
    file = browser.post(f"{path}open/", {"purpose": "Charging decision"}, page=path)
    assert hashlib.sha256(file.body).hexdigest() == bundle.sha256
    assert file.headers["Content-Disposition"].startswith("attachment")
    opened = Event.objects.get(verb="blob.opened", object_type="bundle", actor_id=shared.prosecutor.pk)
    assert opened.after is not None
    assert opened.after["sha256"] == bundle.sha256
    (tmp_path / "bundle.zip").write_bytes(file.body)
    (tmp_path / "keys.txt").write_text(conf.key_file())
    assert check(tmp_path / "bundle.zip", str(tmp_path / "keys.txt")).problems == []

    redaction_actions.recall(made.approver, made.release, "A name was left in")
    assert path not in browser.get(case).text
    assert browser.get(path).status == 404
