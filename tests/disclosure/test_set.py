"""MG6C, MG6D and MG6E go to the prosecutor as a set: nil ones are certified too before one of them is submitted."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from disclosure import actions, completeness, prosecution
from disclosure.models import ScheduleVersion, VersionState
from tests.disclosure.arrange import Team, certified, certify_rest, checked, drafted, make_team, submitted
from tests.disclosure.test_pages import at, of_case, signed_in, text

pytestmark = pytest.mark.django_db
LAWYER = prosecution.Source("A. Lawyer", "E-mail of 20/11/2026")


def submit_past_the_actions(team: Team, version: ScheduleVersion) -> None:
    """What whoever reaches the database would try."""
    with transaction.atomic():
        VersionState.objects.create(version=version, state="submitted", by=team.officer)


def test_the_first_submission_waits_for_the_whole_set() -> None:
    team = make_team()
    mg6c = certified(team)
    for kind, wanted in (("MG6D", ["certify the MG6D first", "certify an MG6E for it first"]), ("MG6E", ["certify an MG6E"])):
        with pytest.raises(ValidationError) as caught:
            actions.submit(team.officer, mg6c)
        assert len(caught.value.messages) == len(wanted)
        for message, words in zip(caught.value.messages, wanted, strict=True):
            assert words in message
        with pytest.raises(IntegrityError, match="MG6C, MG6D and MG6E are certified"):
            submit_past_the_actions(team, mg6c)
        certified(team, kind, rows=0)
    actions.submit(team.officer, mg6c)
    assert mg6c.state == "submitted"


def test_a_report_goes_with_both_schedules_too() -> None:
    team = make_team()
    certified(team)
    report = certified(team, "MG6E", rows=0)
    with pytest.raises(ValidationError, match="certify the MG6D first, a nil one"):
        actions.submit(team.officer, report)
    with pytest.raises(IntegrityError, match="MG6C, MG6D and MG6E are certified"):
        submit_past_the_actions(team, report)


def test_a_report_covers_what_was_certified_before_it() -> None:
    team = make_team()
    mg6c = certified(team)
    certified(team, "MG6E", rows=0)
    mg6d = certified(team, "MG6D", rows=0)
    with pytest.raises(ValidationError, match="certify an MG6E for it first"):
        actions.submit(team.officer, mg6d)
    with pytest.raises(IntegrityError, match="its own MG6E"):
        submit_past_the_actions(team, mg6d)
    actions.submit(team.officer, mg6c)
    certified(team, "MG6E", rows=0)
    actions.submit(team.officer, mg6d)


def test_an_answer_to_the_prosecutor_keeps_the_report_of_the_first_version() -> None:
    team = make_team()
    first = submitted(team)
    prosecution.return_version(team.officer, first, "Row 1 says too little", LAWYER)
    second = checked(team, actions.new_version(team.officer, first.schedule))
    actions.certify(team.officer, second)
    assert completeness.owed_before(second) == []
    actions.submit(team.officer, second)


def test_the_pages_say_what_is_missing_and_link_to_it() -> None:
    team = make_team()
    mg6c = certified(team)
    client = signed_in(team.officer, just_now=True)
    draft = drafted(team, "MG6D", rows=0)
    for page in (
        text(client.get(at("version", mg6c))),
        text(client.get(at("submit", mg6c))),
        text(client.get(at("receipt", mg6c))),
    ):
        assert "goes to the prosecutor with the rest of its set" in page
        assert f'href="{at("version", draft)}"' in page
        assert f'href="{of_case("overview", team)}#schedules"' in page
    assert "Submit to the CPS</button>" not in "".join(text(client.get(at("submit", mg6c))).split("\n"))
    assert "goes with the rest of its set" in text(client.post(at("submit", mg6c), follow=True))
    assert mg6c.states.last().state == "certified"  # type: ignore[union-attr]
    actions.certify(team.officer, checked(team, draft))
    certify_rest(team, mg6c)
    assert "goes to the prosecutor with the rest" not in text(client.get(at("submit", mg6c)))
    client.post(at("submit", mg6c))
    assert "Still to be submitted" in text(client.get(at("receipt", mg6c)))
