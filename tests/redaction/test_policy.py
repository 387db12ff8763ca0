"""The policy for a category and an audience, changed by an admin with a reason."""

import json

import pytest
from allauth.mfa.totp.internal.auth import TOTP
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from accounts.models import User
from audit.models import Event, EventDetail
from redaction import actions
from redaction.models import Policy
from tests.accounts.test_sign_in import SECRET, code
from tests.factories import PASSWORD, make_admin
from tests.redaction.arrange import asked, make_statement, make_team
from tests.redaction.test_pages import browser

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin() -> User:
    return make_admin()


@pytest.fixture
def client(admin: User) -> Client:
    """The admin's browser, in the administration."""
    cache.clear()
    TOTP.activate(admin, SECRET)
    client = Client()
    client.post("/account/login/", {"login": admin.email, "password": PASSWORD})
    client.post("/account/2fa/authenticate/", {"code": code()})
    return client


def policy_of(category: str, audience: str) -> Policy:
    return Policy.objects.get(category=category, audience=audience)


def form(policy: Policy, **more: str) -> dict[str, str]:
    return {"category": policy.category_id, "audience": policy.audience, "rule": policy.rule, "note": policy.note} | more


def test_a_change_needs_a_reason_and_leaves_an_event(client: Client, admin: User) -> None:
    policy = policy_of("TEL", "cps")
    page = f"/admin/redaction/policy/{policy.pk}/change/"
    assert 'name="reason"' in client.get(page).content.decode()
    bare = client.post(page, form(policy, rule="keep"))
    assert "This field is required" in bare.content.decode()
    assert policy_of("TEL", "cps").rule == "judge"
    assert client.post(page, form(policy, rule="keep", reason="Agreed with the CPS area on 1 November")).status_code == 302
    assert policy_of("TEL", "cps").rule == "keep"
    event = Event.objects.filter(verb="configuration.changed", object_type="policy").get()
    assert event.object_id == str(policy.pk)
    assert str(admin.pk) in event.body
    assert "Agreed with" not in event.body
    assert set(json.loads(event.body)["after"]["fields"]) == {"reason", "rule"}
    detail = EventDetail.objects.get(event=event).detail
    assert "Agreed with the CPS area" in detail
    assert "keep" in detail


def test_decisions_stay_as_they_were_made_and_new_ones_follow(client: Client) -> None:
    team = make_team()
    document, _ = asked(team)
    phone = document.proposals.get(category="TEL")
    # Judge: kept only for a person's own reason
    with pytest.raises(ValidationError, match="Enter why it stays"):
        actions.decide(team.redactor, phone, "reject")
    actions.decide(team.redactor, phone, "reject", reason="It is the contested number")
    before = list(document.decisions.values())
    policy = policy_of("TEL", "cps")
    client.post(f"/admin/redaction/policy/{policy.pk}/change/", form(policy, rule="keep", reason="No longer needed"))
    assert list(document.decisions.values()) == before

    later, _ = asked(team, make_statement(team))
    proposal = later.proposals.get(category="TEL")
    page = browser(team.redactor).get(reverse("redaction:editor", args=[later.pk])).content.decode()
    assert "(policy for the CPS: keep)" in page
    actions.decide(team.redactor, proposal, "reject")
    client.post(f"/admin/redaction/policy/{policy.pk}/change/", form(policy, rule="redact", reason="Needed after all"))
    with pytest.raises(ValidationError, match="Enter why it stays"):
        actions.decide(team.redactor, proposal, "reject")
    assert list(document.decisions.values()) == before


@pytest.mark.parametrize(("rule", "needs"), [("redact", True), ("judge", True), ("keep", False)])
def test_what_each_rule_asks_of_whoever_keeps(rule: str, needs: bool) -> None:
    team = make_team()
    document, _ = asked(team)
    Policy.objects.filter(category="TEL", audience="cps").update(rule=rule)
    phone = document.proposals.get(category="TEL")
    if needs:
        with pytest.raises(ValidationError, match="Enter why it stays"):
            actions.decide(team.redactor, phone, "reject", reason="  ")
    actions.decide(team.redactor, phone, "reject", reason="Contested" if needs else "")


def test_a_machine_never_judges() -> None:
    team = make_team()
    document, _ = asked(team)
    assert document.proposals.exists()
    assert not document.decisions.exists()


def test_policies_are_never_deleted(client: Client) -> None:
    policy = policy_of("TEL", "cps")
    assert client.post(f"/admin/redaction/policy/{policy.pk}/delete/", {"post": "yes"}).status_code == 403
    assert policy_of("TEL", "cps").pk == policy.pk
