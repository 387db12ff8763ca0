"""Keys are replaced: what the old ones made stays good, and they make nothing new."""

import base64
import io
import os

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from pytest_django import Settings

from audit import conf, keyring, notes
from audit.models import Checkpoint, Event
from audit.sequencer import Sequencer, TreeBroken
from audit.verify import verify
from config import env
from tests.audit.conftest import Intruder, note

pytestmark = pytest.mark.django_db(transaction=True)


def printed(*args: str, **options: object) -> dict[str, str]:
    """What the command says to set."""
    out = io.StringIO()
    call_command("audit_rotate_key", *args, stdout=out, **options)
    return dict(line.split("=", 1) for line in out.getvalue().splitlines())


def apply(settings: Settings, monkeypatch: pytest.MonkeyPatch, lines: dict[str, str]) -> None:
    """Read the printed lines as the settings of a restarted process do."""
    for name, value in lines.items():
        monkeypatch.setitem(os.environ, name, value)
    settings.AUDIT = dict(settings.AUDIT) | {
        "HMAC_KEYS": env.keys("AUDIT_HMAC_KEYS"),
        "RETIRED_HMAC_KEYS": env.retired_keys("AUDIT_RETIRED_HMAC_KEYS"),
        "SIGNING_KEY": env.key("AUDIT_SIGNING_KEY"),
        "PUBLIC_KEY": env.key("AUDIT_PUBLIC_KEY"),
        "RETIRED_PUBLIC_KEYS": env.retired_keys("AUDIT_RETIRED_PUBLIC_KEYS"),
    }


def test_a_new_signing_key_goes_on_where_the_old_one_ended(
    events: list[Event], settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = conf.public_key()
    apply(settings, monkeypatch, printed("signing"))
    assert conf.public_key() != old
    note(11)
    Sequencer.from_settings().drain()
    last = Checkpoint.objects.get(size=11)
    assert notes.verify(last.note, conf.origin(), conf.public_key()).size == 11
    report = verify()
    assert report.findings == []
    assert report.keys["checkpoints signed by key " + keyring.Key(old).name] == 5
    assert report.keys["checkpoints signed by key " + keyring.Key(conf.public_key()).name] == 1
    # and once more: two retired keys, each up to its own end
    apply(settings, monkeypatch, printed("signing"))
    note(12)
    Sequencer.from_settings().drain()
    assert [key.until for key in conf.public_keyring()] == [None, 11, 10]
    assert verify().findings == []


def test_a_retired_key_signs_nothing_new(
    events: list[Event], settings: Settings, monkeypatch: pytest.MonkeyPatch, intruder: Intruder
) -> None:
    stolen = conf.signing_key()
    assert stolen is not None
    apply(settings, monkeypatch, printed("signing"))
    note(11)
    Sequencer.from_settings().drain()
    checkpoint = Checkpoint.objects.get(size=11)
    forged = notes.sign(notes.Checkpoint(conf.origin(), 11, bytes(checkpoint.root)), stolen)
    intruder("UPDATE audit_checkpoint SET note = %(note)s WHERE size = 11", note=forged)
    [finding] = verify().findings
    assert finding.kind == "checkpoint"
    assert "was retired at 10 leaves" in finding.message
    with pytest.raises(TreeBroken, match="retired at 10 leaves"):
        Sequencer.from_settings().drain()


def test_without_the_retired_key_its_checkpoints_are_not_believed(
    events: list[Event], settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    apply(settings, monkeypatch, printed("signing") | {"AUDIT_RETIRED_PUBLIC_KEYS": ""})
    assert {finding.kind for finding in verify().findings} == {"checkpoint"}


def test_hmac_keys_are_replaced_in_two_steps(
    events: list[Event], settings: Settings, monkeypatch: pytest.MonkeyPatch, sequencer: Sequencer
) -> None:
    first = printed("hmac")
    old = dict(settings.AUDIT)
    apply(settings, monkeypatch, first)
    note(10)
    new = dict(settings.AUDIT)
    settings.AUDIT = old | {"HMAC_KEYS": list(reversed(new["HMAC_KEYS"]))}  # a process that wasn't restarted yet
    note(11)
    settings.AUDIT = new
    assert verify().findings == []
    apply(settings, monkeypatch, printed("hmac", retire=True))
    assert [key.until for key in conf.hmac_keyring()] == [None, 12], "what waited for its place counts"
    note(12)
    sequencer.drain()
    report = verify()
    assert report.findings == []
    assert sorted(report.keys.values()) == [2, 6, 11]


def test_an_event_by_a_retired_hmac_key_is_forged(
    events: list[Event], settings: Settings, monkeypatch: pytest.MonkeyPatch, sequencer: Sequencer
) -> None:
    stolen = dict(settings.AUDIT)
    apply(settings, monkeypatch, printed("hmac"))
    apply(settings, monkeypatch, printed("hmac", retire=True))
    retired = dict(settings.AUDIT)
    settings.AUDIT = stolen
    forged = note(13)
    settings.AUDIT = retired
    for _ in range(2):  # before it has a place, and after
        [finding] = verify().findings
        assert (finding.kind, finding.event_id) == ("forged", forged.id)
        assert "retired at 10 leaves" in finding.message
        sequencer.drain()


@pytest.mark.parametrize(
    "value", ["x", "AAAA:3", base64.b64encode(bytes(32)).decode(), base64.b64encode(bytes(32)).decode() + ":-1"]
)
def test_a_retired_key_that_is_none_stops_the_start(value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(os.environ, "AUDIT_RETIRED_HMAC_KEYS", value)
    with pytest.raises(ImproperlyConfigured, match="AUDIT_RETIRED_HMAC_KEYS must"):
        env.retired_keys("AUDIT_RETIRED_HMAC_KEYS")
