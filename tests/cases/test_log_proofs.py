"""Proofs on pages and by the API: taken away by whoever may read the log, checked by nothing but the key."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Role, User
from audit import conf, proof_files
from audit.models import Checkpoint, Event
from audit.sequencer import Sequencer
from cases.models import Case
from tests.factories import make_case, make_force, make_user

pytestmark = pytest.mark.django_db(transaction=True)


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def investigator() -> User:
    return make_user(Role.INVESTIGATOR)


@pytest.fixture
def auditor(investigator: User) -> User:
    return make_user(Role.AUDITOR, organisation=investigator.organisation)


@pytest.fixture
def case(investigator: User) -> Case:
    case = make_case(investigator, operation="Larch")
    Sequencer.from_settings().drain()
    return case


def created(case: Case) -> Event:
    event: Event = Event.objects.for_case(case.pk).get(verb="case.created")
    return event


def holds(text: str) -> list[str]:
    return proof_files.load(text).check(conf.origin(), conf.public_keyring())


def test_the_team_takes_a_proof_that_holds_and_the_log_says_so(investigator: User, case: Case) -> None:
    client, event = signed_in(investigator), created(case)
    address = reverse("cases:log_proof", args=[case.pk, event.pk])
    page = client.get(address).content.decode()
    for extension in ("txt", "json"):
        assert f"{address}file.{extension}" in page
        answer = client.get(f"{address}file.{extension}")
        assert answer.status_code == 200
        assert answer["Content-Disposition"] == f'attachment; filename="proof-{event.leaf.leaf_index}.{extension}"'
        assert "Larch" not in answer.content.decode()
    assert str(event.pk) in holds(answer.content.decode())[1]
    taken = Event.objects.for_case(case.pk).filter(verb="proof.taken")
    assert {(one.actor_id, one.object_id) for one in taken} == {(investigator.pk, str(event.pk))}
    assert client.get(f"{address}file.exe").status_code == 404


def test_there_is_no_proof_before_one_is_signed(investigator: User, case: Case) -> None:
    client = signed_in(investigator)
    client.get(reverse("cases:log", args=[case.pk]))
    waiting = Event.objects.for_case(case.pk).get(verb="log.viewed")
    answer = client.get(reverse("cases:log_proof_file", args=[case.pk, waiting.pk, "json"]))
    assert answer.status_code == 409
    assert "Try again" in answer.content.decode()
    api = client.get(reverse("api-log-proof", args=[case.pk, waiting.pk]))
    assert (api.status_code, "Try again" in api.json()["detail"]) == (409, True)


def test_the_api_gives_the_same_proofs(investigator: User, case: Case) -> None:
    client, event = signed_in(investigator), created(case)
    answer = client.get(reverse("api-log-proof", args=[case.pk, event.pk]))
    assert str(event.pk) in holds(answer.content.decode())[1]
    Sequencer.from_settings().drain()
    sizes = [one["size"] for one in client.get(reverse("api-log-checkpoints")).json()["results"]]
    assert sizes == sorted(Checkpoint.objects.values_list("size", flat=True), reverse=True)
    between = client.get(reverse("api-log-consistency"), {"first": sizes[-1], "second": sizes[0]})
    assert len(holds(between.content.decode())) == 3
    assert client.get(reverse("api-log-consistency"), {"first": sizes[0], "second": sizes[-1]}).status_code == 400
    assert client.get(reverse("api-log-consistency"), {"first": 1, "second": 10**9}).status_code == 404
    assert client.get(reverse("api-log-consistency"), {"first": "x"}).status_code == 400
    stranger = signed_in(make_user(Role.AUDITOR, organisation=make_force()))
    assert stranger.get(reverse("api-log-proof", args=[case.pk, event.pk])).status_code == 404


def test_an_auditor_proves_one_checkpoint_from_another(auditor: User, case: Case) -> None:
    client = signed_in(auditor)
    client.get(reverse("cases:audit"))
    Sequencer.from_settings().drain()
    later, earlier = Checkpoint.objects.order_by("-size")[:2]
    page = client.get(reverse("cases:audit_checkpoints")).content.decode()
    assert f"?first={earlier.size}&amp;second={later.size}" in page
    answer = client.get(reverse("cases:audit_checkpoints"), {"first": earlier.size, "second": later.size})
    assert f"The {earlier.size} events of the first are the first {earlier.size} of the second" in answer.content.decode()
    for extension in ("json", "txt"):
        file = reverse("cases:audit_consistency", args=[earlier.size, later.size, extension])
        assert file in answer.content.decode()
        text = client.get(file).content.decode()
    assert "The path" in text
    assert len(holds(client.get(reverse("cases:audit_consistency", args=[earlier.size, later.size, "json"])).content.decode())) == 3
    assert Event.objects.filter(verb="consistency.taken", actor_id=auditor.pk).count() == 3


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"first": "7", "second": "x"}, "of a checkpoint in the list"),
        ({"first": "", "second": "1"}, "earlier checkpoint"),
        ({"first": "later", "second": "earlier"}, "at least as many"),
    ],
)
def test_a_checkpoint_that_there_is_none_of_is_said_at_its_field(
    auditor: User, case: Case, asked: dict[str, str], said: str
) -> None:
    client = signed_in(auditor)
    client.get(reverse("cases:audit"))
    Sequencer.from_settings().drain()
    later, earlier = Checkpoint.objects.order_by("-size")[:2]
    known = {"later": str(later.size), "earlier": str(earlier.size)}
    page = client.get(reverse("cases:audit_checkpoints"), {name: known.get(value, value) for name, value in asked.items()})
    assert said in page.content.decode()
    assert "Proved</strong>" not in page.content.decode()


def test_a_broken_tree_is_shown_as_broken(auditor: User, case: Case, superuser_connection: Any) -> None:
    client = signed_in(auditor)
    client.get(reverse("cases:audit"))
    Sequencer.from_settings().drain()
    later, earlier = Checkpoint.objects.order_by("-size")[:2]
    with superuser_connection, superuser_connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("UPDATE audit_leaf SET leaf_hash = sha256('other') WHERE leaf_index = %s", [later.size - 1])
        cursor.execute("UPDATE audit_leaf SET leaf_hash = sha256('other') WHERE leaf_index = 0")
    page = client.get(reverse("cases:audit_checkpoints"), {"first": earlier.size, "second": later.size}).content.decode()
    assert "Does not hold" in page
    assert client.get(reverse("cases:audit_consistency", args=[earlier.size, later.size, "json"])).status_code == 409


def test_the_list_of_checkpoints_asks_as_often_for_fifty_as_for_two(
    auditor: User, case: Case, django_assert_max_num_queries: Any
) -> None:
    client = signed_in(auditor)
    with django_assert_max_num_queries(30) as few:
        client.get(reverse("cases:audit_checkpoints"))
    count = len(few)
    for _ in range(20):
        client.get(reverse("cases:audit"))
        Sequencer.from_settings().drain()
    with django_assert_max_num_queries(count):
        page = client.get(reverse("cases:audit_checkpoints")).content.decode()
    assert page.count("Prove<span") == Checkpoint.objects.count() - 1
