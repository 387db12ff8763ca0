"""Large sets: terms that are counted for real, samples that can be drawn again, shares, and what other documents say of it."""

import hashlib
import io
import json

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import IntegrityError, InternalError, connection, transaction
from django.test.utils import CaptureQueriesContext
from reportlab.pdfgen.canvas import Canvas

from accounts.models import Notification
from audit.actions import Refused
from audit.models import Event, EventDetail
from cases import identity
from disclosure import actions, content, managing, managing_content, sampling, sampling_facts
from disclosure.models import Sample, SearchTerm, SetReview, SetStatement, TermCount
from evidence.models import Exhibit
from jobs.models import Job
from tests.disclosure.arrange import Team, account_for_rest, checked, drafted, make_item, make_team
from tests.disclosure.test_pages import at, of_case, signed_in, text
from tests.factories import make_complainant, make_verified_exhibit, run_jobs

pytestmark = pytest.mark.django_db

TEXT = "We met at the Hotel.\nThe HOTEL was full; hotels were dear.\nCafé or cafe? The Blue\nAnchor.\n"
NAME = "Thistlewood"


def pdf(*pages: str) -> bytes:
    out = io.BytesIO()
    canvas = Canvas(out)
    for words in pages:
        canvas.drawString(72, 700, words)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def stored(team: Team, data: bytes, name: str = "export.txt", **fields: object) -> Exhibit:
    return make_verified_exhibit(team.investigator, team.case, data=data, name=name, **fields)


def begun(team: Team, *exhibits: Exhibit, title: str = "Messages of the black telephone") -> SetReview:
    return sampling.begin(team.officer, team.case, title=title, exhibits=exhibits or [make_item(team, kind="phone").exhibit])


def term(team: Team, review: SetReview, words: str, **more: str) -> SearchTerm:
    values = {"why": "It is where they met", "chosen_by": "The OIC and the reviewing lawyer"} | more
    return sampling.add_term(team.officer, review, words=words, **values)


def said(team: Team, review: SetReview, **more: object) -> SetStatement:
    values = {
        "unit": "messages",
        "population": 4000,
        "examined": 120,
        "method": "other",
        "found": "An arrangement to meet, AB/1",
        "rest_why": "They are of other years",
    }
    return sampling.state(team.officer, review, **(values | more))  # type: ignore[arg-type]


def hits(review: SetReview) -> list[str]:
    return [str(one) for one in sampling_facts.hits_of([review])[review.pk]]


# ---- counted ---------------------------------------------------------------------------------------------------------


def test_the_terms_are_counted_in_the_stored_files() -> None:
    team = make_team()
    first = stored(team, TEXT.encode())
    second = stored(team, pdf("The hotel again", "Nothing here", "hotel, hotel"), "scan.pdf")
    review = begun(team, first, second)
    for words in ("hotel", "café", "blue anchor", "lighthouse"):
        term(team, review, words)
    assert hits(review) == ["hits not known yet"] * 4
    sampling.ask_count(team.officer, review)
    run_jobs("disclosure.count_terms")
    found = TermCount.objects.newest().order_by("term__number", "id")
    assert [(count.hits, count.pages, count.of_pages) for count in found if count.exhibit_id == second.pk] == [
        (3, 2, 3),
        (0, 0, 3),
        (0, 0, 3),
        (0, 0, 3),
    ]
    # Whole words, however they are written: accents, case, line breaks
    assert [count.hits for count in found if count.exhibit_id == first.pk] == [2, 2, 1, 0]
    assert hits(review)[0] == "5 hits (counted in 2 stored files)"
    assert all(count.how == "counted" and len(count.sha256) == 64 for count in found)
    event = Event.objects.get(verb="set.terms_counted")
    assert event.after == {"terms": 4, "exhibits": 2, "read": 2, "hits": 8}
    assert "hotel" not in event.body.lower()
    assert Notification.objects.filter(user=team.deputy, text__contains="counted in 2 of 2 exhibits").exists()


def test_progress_is_shown_while_it_runs_and_a_failure_is_told() -> None:
    team = make_team()
    review = begun(team, stored(team, TEXT.encode()))
    term(team, review, "hotel")
    sampling.ask_count(team.officer, review)
    client = signed_in(team.officer)
    page = f"{of_case('searches', team)}{review.pk}/"
    assert "Counting the search terms in the stored files" in text(client.get(page))
    for one in review.terms.all():
        sampling.withdraw_term(team.officer, one, "It finds everything")
    run_jobs("disclosure.count_terms")
    assert Job.objects.get(kind="disclosure.count_terms").state == "failed"
    assert "There is no search term to look for" in text(client.get(page))
    assert not TermCount.objects.exists()


def test_what_cant_be_read_is_counted_by_hand_and_stays_so() -> None:
    team = make_team()
    archive = stored(team, b"\x00\x01\x02 not a document" * 20, "phone.bin", kind="phone")
    nothing = make_item(team).exhibit
    review = begun(team, archive, nothing)
    one = term(team, review, "hotel")
    sampling.ask_count(team.officer, review)
    run_jobs("disclosure.count_terms")
    assert hits(review) == ["hits not known yet"]
    notes = dict(TermCount.objects.values_list("exhibit__reference", "note"))
    assert notes[nothing.reference] == "No verified file of it is stored here"
    page = text(signed_in(team.officer).get(f"{of_case('searches', team)}{review.pk}/"))
    assert f"{archive.reference}: " in page
    made = sampling.enter_hits(team.deputy, one, archive, 214, "Cellebrite Reader 10.2")
    assert (made.how, made.by) == ("entered", team.deputy)
    assert hits(review) == ["214 hits (counted in 1 exhibit by hand; not known of 1 of 2 exhibits)"]
    sampling.ask_count(team.officer, review)
    run_jobs("disclosure.count_terms")
    assert hits(review) == ["214 hits (counted in 1 exhibit by hand; not known of 1 of 2 exhibits)"]
    for wrong in ({"hits": -1}, {"note": " "}, {"exhibit": make_item(team).exhibit}):
        with pytest.raises(ValidationError):
            sampling.enter_hits(team.deputy, one, **({"exhibit": archive, "hits": 1, "note": "A tool"} | wrong))  # type: ignore[arg-type]


# ---- terms -----------------------------------------------------------------------------------------------------------


def test_a_term_that_identifies_is_shown_nowhere() -> None:
    team = make_team()
    make_complainant(team.investigator, team.case)
    exhibit = stored(team, f"{NAME} wrote to me. Mrs {NAME}".encode())
    review = begun(team, exhibit)
    with pytest.raises(ValidationError, match="identifies a complainant") as refused:
        term(team, review, NAME)
    assert NAME not in str(refused.value)
    with pytest.raises(ValidationError, match="by the label in the case"):
        term(team, review, NAME, shown_as=f"Mrs {NAME}")
    with pytest.raises(ValidationError, match="by the label in the case"):
        term(team, review, "hotel", why=f"{NAME} spoke of it")
    with pytest.raises(ValidationError, match="by the label in the case"):
        begun(team, exhibit, title=f"Messages of Ms {NAME}")
    made = term(team, review, NAME, shown_as="surname of Complainant A")
    assert made.words == NAME
    sampling.ask_count(team.officer, review)
    run_jobs("disclosure.count_terms")
    assert hits(review) == ["2 hits (counted in 1 stored file)"]
    with pytest.raises(ValidationError, match="by the label in the case"):
        said(team, review, found=f"{NAME} is named twice")
    said(team, review)
    assert Event.objects.filter(verb="identities.read").count() >= 7
    # Nowhere: pages, API, log and its details, jobs, notifications, documents, rows
    client = signed_in(team.officer)
    page = f"{of_case('searches', team)}{review.pk}/"
    everything = [
        text(client.get(page)),
        client.get(f"/api/searches/{review.pk}/").content.decode(),
        *Event.objects.values_list("body", flat=True),
        *map(str, EventDetail.objects.exclude(event__verb__startswith="person").values_list("detail", flat=True)),
        *map(str, Job.objects.values()),
        *Notification.objects.values_list("text", flat=True),
        managing.issue(team.officer, team.case, "DMD").content,
        *map(str, SearchTerm.objects.values()),
        *map(str, SetStatement.objects.values()),
    ]
    assert [words[:200] for words in everything if NAME.lower() in words.lower()] == []
    assert "surname of Complainant A" in everything[0]


def test_what_is_not_said_of_a_term_is_asked_for() -> None:
    team = make_team()
    review = begun(team)
    for wrong in ({"words": "a"}, {"words": "x" * 201}, {"words": "hotel", "why": " "}, {"words": "hotel", "chosen_by": ""}):
        with pytest.raises(ValidationError):
            term(team, review, **wrong)
    made = term(team, review, "hotel")
    with pytest.raises(ValidationError, match="looked for already"):
        term(team, review, "Hotel")
    with pytest.raises(ValidationError, match="Enter why"):
        sampling.withdraw_term(team.officer, made, " ")
    sampling.withdraw_term(team.officer, made, "Too many hits")
    with pytest.raises(ValidationError, match="withdrawn already"):
        sampling.withdraw_term(team.officer, made, "Too many hits")
    assert term(team, review, "hotel").number == 2
    with pytest.raises(ValidationError, match="Add a search term first"):
        sampling.ask_count(team.officer, begun(team))


def test_a_change_of_keys_seals_the_terms_again_and_no_other_words() -> None:
    team = make_team()
    made = term(team, begun(team), "hotel")
    before = bytes(made.sealed)
    call_command("reseal_identities")
    made.refresh_from_db()
    assert bytes(made.sealed) != before
    assert made.words == "hotel"
    SearchTerm.objects.update(sealed=identity.seal({"other": ["motel", "salt"]}))
    made.refresh_from_db()
    with pytest.raises(identity.IdentityError, match="not those that were chosen"):
        _ = made.words


# ---- samples and shares ----------------------------------------------------------------------------------------------


def test_a_sample_can_be_drawn_again_by_anybody() -> None:
    team = make_team()
    sample = sampling.draw(team.officer, begun(team), unit="messages", population=4000, size=100)
    numbers = sample.numbers()
    # As the page tells it, in other words than the code's
    drawn: list[int] = []
    k = 0
    while len(drawn) < 100:
        one = int(hashlib.sha256(f"{sample.seed}:{k}".encode()).hexdigest(), 16) % 4000 + 1
        drawn += [] if one in drawn else [one]
        k += 1
    assert numbers == sorted(drawn)
    assert len(set(numbers)) == 100
    assert 1 <= min(numbers) <= max(numbers) <= 4000
    other = sampling.draw(team.officer, sample.review, unit="messages", population=4000, size=100)
    assert other.numbers() != numbers
    assert Sample.objects.get(pk=sample.pk).numbers() == numbers
    seeds = [(event.after or {})["seed"] for event in Event.objects.filter(verb="set.sample_drawn")]
    assert sample.seed in seeds
    everything = sampling.draw(team.officer, sample.review, unit="files", population=7, size=7)
    assert everything.numbers() == [1, 2, 3, 4, 5, 6, 7]
    for wrong in ({"population": 0}, {"size": 0}, {"size": 8}, {"unit": " "}, {"population": 90_000, "size": 5001}):
        with pytest.raises(ValidationError):
            sampling.draw(team.officer, sample.review, **({"unit": "files", "population": 7, "size": 7} | wrong))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"examined": 4001}, "examined"),
        ({"population": 0}, "population"),
        ({"rest_why": " "}, "rest_why"),
        ({"found": ""}, "found"),
        ({"method": "all"}, "method"),
        ({"method": "luck"}, "method"),
        ({"method": "hits"}, "method"),
        ({"method": "sample"}, "sample"),
        ({"unit": ""}, "unit"),
    ],
)
def test_what_is_said_of_a_share_must_be_whole(wrong: dict[str, object], field: str) -> None:
    team = make_team()
    with pytest.raises(ValidationError) as refused:
        said(team, begun(team), **wrong)
    assert field in refused.value.message_dict


def test_every_version_is_kept_with_the_terms_and_hits_of_its_day() -> None:
    team = make_team()
    review = begun(team, stored(team, TEXT.encode()))
    term(team, review, "hotel")
    sample = sampling.draw(team.officer, review, unit="messages", population=4000, size=100)
    first = said(team, review, method="both", sample=sample)
    assert [(entry["term"], entry["hits"]) for entry in first.terms] == [("hotel", "hits not known yet")]
    sampling.ask_count(team.officer, review)
    run_jobs("disclosure.count_terms")
    second = said(team, review, examined=4000, method="all", rest_why="")
    assert (first.number, second.number) == (1, 2)
    assert second.terms[0]["hits"] == "2 hits (counted in 1 stored file)"
    assert (first.share, second.share) == ("120 of 4,000 messages (3.0%)", "4,000 of 4,000 messages (100.0%)")
    assert SetStatement(unit="messages", population=4_000_000, examined=40).share == "40 of 4,000,000 messages (0.001%)"
    foreign = sampling.draw(team.officer, begun(team), unit="messages", population=10, size=1)
    with pytest.raises(ValidationError, match="a sample of this set"):
        said(team, review, method="sample", sample=foreign)


def test_who_does_what() -> None:
    team = make_team()
    review = begun(team)
    made = term(team, review, "hotel")
    for user in (team.investigator, team.supervisor, team.redactor):
        for act in (
            lambda user=user: sampling.begin(user, team.case, title="Files", exhibits=[make_item(team).exhibit]),
            lambda user=user: sampling.add_term(user, review, words="tram", why="It ran", chosen_by="The OIC"),
            lambda user=user: sampling.withdraw_term(user, made, "Too many"),
            lambda user=user: sampling.ask_count(user, review),
            lambda user=user: sampling.draw(user, review, unit="files", population=9, size=1),
            lambda user=user: sampling.state(user, review, unit="files", population=9, examined=9, method="all", found="None"),
        ):
            with pytest.raises(Refused):
                act()


def test_the_database_keeps_every_row() -> None:
    team = make_team()
    review = begun(team)
    made = term(team, review, "hotel")
    sampling.enter_hits(team.officer, made, review.members.get().exhibit, 3, "A tool 1")
    sample = sampling.draw(team.officer, review, unit="messages", population=10, size=2)
    statement = said(team, review)
    for rows, change in (
        (SetReview.objects, {"title": "Other"}),
        (SearchTerm.objects, {"why": "Other"}),
        (SearchTerm.objects, {"digest": "0" * 64}),
        (TermCount.objects, {"hits": 0}),
        (Sample.objects, {"seed": "0" * 32}),
        (SetStatement.objects, {"examined": 4000}),
    ):
        with pytest.raises((IntegrityError, InternalError)), transaction.atomic():
            rows.update(**change)
        with pytest.raises((IntegrityError, InternalError)), transaction.atomic():
            rows.all()[0].delete()
    elsewhere = make_team()
    values = {name: getattr(statement, name) for name in ("unit", "population", "examined", "method", "found", "rest_why", "terms")}
    foreign = sampling.draw(elsewhere.officer, begun(elsewhere), unit="messages", population=2, size=1)
    for wrong in (
        {"number": 3},
        {"number": 2, "examined": 5000},
        {"number": 2, "rest_why": " "},
        {"number": 2, "method": "sample"},
        {"number": 2, "method": "sample", "sample": foreign},
        {"number": 2, "method": "other", "sample": sample},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            SetStatement.objects.create(review=review, by=team.officer, **(values | wrong))
    for strange in (make_item(team).exhibit, make_item(elsewhere).exhibit):
        with pytest.raises(IntegrityError), transaction.atomic():
            TermCount.objects.create(term=made, exhibit=strange, how="entered", hits=1, by=team.officer)
    with pytest.raises(IntegrityError), transaction.atomic():
        review.members.create(exhibit=make_item(elsewhere).exhibit)


# ---- what other documents say ----------------------------------------------------------------------------------------


def test_the_dmd_and_the_imd_say_it_and_nobody_types_it_twice() -> None:
    team = make_team()
    phone = make_item(team, "mg6c", kind="phone", description="A black telephone")
    managing.write(team.officer, team.case, "DMD", "devices", {"owner": "The suspect", "share": "Typed"}, thread=phone.exhibit_id)
    review = begun(team, phone.exhibit)
    made = term(team, review, "hotel")
    sampling.enter_hits(team.officer, made, phone.exhibit, 214, "Cellebrite Reader 10.2")
    sample = sampling.draw(team.officer, review, unit="messages", population=4000, size=100)
    said(team, review, method="both", sample=sample, parameters="March 2026")
    for kind in ("DMD", "IMD"):
        sections = {one["key"]: one for one in json.loads(managing.issue(team.officer, team.case, kind).content)["sections"]}
        device = dict(sections["devices"]["entries"][0])
        assert device["Whose it is"] == "The suspect"
        assert device["How much was examined"] == "120 of 4,000 messages (3.0%)"
        assert device["Search terms"] == "“hotel”: 214 hits (counted in 1 exhibit by hand)"
        assert "Typed" not in str(device)
        lines = dict(sections["searches"]["facts"])
        assert lines["Searched"] == f"{phone.exhibit.reference}: Messages of the black telephone"
        assert lines["Search term 1"].endswith("Chosen by The OIC and the reviewing lawyer: It is where they met")
        assert sample.seed in lines["How it was chosen"]
        assert lines["Other limits"] == "March 2026"
        assert lines["Why the rest is not examined"] == "They are of other years"
    url = f"/cases/{team.case.pk}/disclosure/documents/DMD/sections/devices/?entry={phone.exhibit_id}"
    page = text(signed_in(team.officer).get(url))
    assert "120 of 4,000 messages" in page
    assert 'name="share"' not in page
    assert 'name="owner"' in page


def test_nothing_of_a_sensitive_set_is_served_or_shown_to_whoever_sees_no_mg6d() -> None:
    team = make_team()
    secret = make_item(team, "mg6d", kind="phone")
    review = begun(team, secret.exhibit, title="Messages of another telephone")
    said(team, review)
    assert sampling_facts.facts(team.case) == []
    assert sampling_facts.not_examined(team.case, served=True) == []
    assert len(sampling_facts.not_examined(team.case, served=False)) == 1
    client = signed_in(team.investigator)
    assert "Messages of another telephone" not in text(client.get(of_case("searches", team)))
    assert client.get(f"{of_case('searches', team)}{review.pk}/").status_code == 404
    assert client.get(f"/api/searches/{review.pk}/").status_code == 404


def test_the_declaration_of_what_is_not_examined_is_filled_in() -> None:
    team = make_team()
    phone = make_item(team, "mg6c", kind="phone")
    review = begun(team, phone.exhibit)
    said(team, review)
    version = checked(team, drafted(team))
    expected = (
        f"Of {phone.exhibit.reference} (Messages of the black telephone), 120 of 4,000 messages (3.0%) were examined."
        " Not the rest: They are of other years"
    )
    assert content.unexamined_note(version) == expected
    account_for_rest(team)
    page = text(signed_in(team.officer, just_now=True).get(at("certify", version)))
    assert "120 of 4,000 messages" in page
    actions.certify(team.officer, version)
    assert json.loads(version.certificate.content)["unexamined"] == expected
    said(team, review, examined=4000, method="all", rest_why="")
    assert content.unexamined_note(version) == ""


# ---- pages and API ---------------------------------------------------------------------------------------------------


def test_the_pages_take_every_step() -> None:
    team = make_team()
    exhibit = stored(team, TEXT.encode(), reference="QX/1")
    stored(team, TEXT.encode(), reference="QX/12")
    client = signed_in(team.officer)
    lists = of_case("searches", team)
    assert "No set yet" in text(client.get(lists))
    assert client.post(lists, {"title": "Messages", "exhibits": "QX/1, ZZ/9"}).status_code == 422
    assert client.post(lists, {"title": "", "exhibits": "QX/1"}).status_code == 422
    page = client.post(lists, {"title": "Messages", "exhibits": "qx/1*"})["Location"]
    review = SetReview.objects.get()
    assert review.members.count() == 2
    assert client.post(page, {"step": "nonsense"}).status_code == 404
    assert client.post(page, {"step": "term", "term-words": "hotel"}).status_code == 422
    sent = {"step": "term", "term-words": "hotel", "term-why": "It is where they met", "term-chosen_by": "The OIC"}
    assert client.post(page, sent).status_code == 302
    assert client.post(page, {"step": "count"}).status_code == 302
    run_jobs("disclosure.count_terms")
    assert "4 hits (counted in 2 stored files)" in text(client.get(page))
    one = review.terms.get()
    hand = {"step": "hits", "hits-term": one.pk, "hits-exhibit": exhibit.pk, "hits-hits": "7", "hits-note": "A tool 1"}
    assert client.post(page, hand | {"hits-hits": "many"}).status_code == 422
    assert client.post(page, hand).status_code == 302
    assert "9 hits (counted in 1 stored file, in 1 exhibit by hand)" in text(client.get(page))
    drawn = {"step": "draw", "draw-unit": "messages", "draw-population": "10", "draw-size": "11"}
    assert client.post(page, drawn).status_code == 422
    assert client.post(page, drawn | {"draw-size": "3"}).status_code == 302
    sample = review.samples.get()
    assert ", ".join(map(str, sample.numbers())) in text(client.get(page))
    state = {
        "step": "state",
        "state-unit": "messages",
        "state-population": "10",
        "state-examined": "3",
        "state-method": "sample",
        "state-sample": sample.pk,
        "state-found": "Nothing",
    }
    assert "Enter why the rest is not examined" in text(client.post(page, state))
    assert client.post(page, state | {"state-rest_why": "They are alike"}).status_code == 302
    shown = text(client.get(page))
    assert "3 of 10 messages (30.0%)" in shown
    assert "holds now" in shown
    assert "3 of 10 messages (30.0%)" in text(client.get(lists))
    assert client.post(page, {"step": "withdraw", "withdraw-term": one.pk, "withdraw-reason": "Too many"}).status_code == 302
    assert "No longer looked for" in text(client.get(page))
    refused = client.post(page, {"step": "count"}, follow=True)
    assert "Add a search term first" in text(refused)
    reader = signed_in(team.supervisor)
    assert "Add a search term" not in text(reader.get(page))
    assert reader.post(page, {"step": "count"}).status_code == 403


def test_the_api_takes_every_step() -> None:
    team = make_team()
    exhibit = stored(team, TEXT.encode())
    client = signed_in(team.officer)

    def post(url: str, body: dict[str, object]) -> tuple[int, dict[str, object]]:
        answer = client.post(url, body, content_type="application/json")
        return answer.status_code, answer.json() if answer.content else {}

    code, made = post(f"/api/cases/{team.case.pk}/searches/", {"title": "Messages", "exhibits": exhibit.reference})
    assert code == 201
    url = f"/api/searches/{made['id']}/"
    assert post(f"{url}terms/", {"words": "hotel", "why": "They met there", "chosen_by": "The OIC"})[0] == 201
    assert post(f"{url}terms/", {"words": "hotel", "why": "They met there", "chosen_by": "The OIC"})[0] == 400
    assert post(f"{url}counts/", {})[0] == 202
    run_jobs("disclosure.count_terms")
    code, sample = post(f"{url}samples/", {"unit": "messages", "population": 10, "size": 3})
    assert (code, len(sample["numbers"])) == (201, 3)  # type: ignore[arg-type]
    body = {"unit": "messages", "population": 10, "examined": 3, "method": "sample", "sample": sample["id"], "found": "Nothing"}
    code, answer = post(f"{url}statements/", body)
    assert (code, list(answer)) == (400, ["rest_why"])
    code, answer = post(f"{url}statements/", body | {"rest_why": "They are alike"})
    assert (code, answer["share"]) == (201, "3 of 10 messages (30.0%)")
    known = client.get(url).json()
    assert [(one["term"], one["hits"]) for one in known["terms"]] == [("hotel", "2 hits (counted in 1 stored file)")]
    assert [one["number"] for one in known["statements"]] == [1]
    assert [one["title"] for one in client.get(f"/api/cases/{team.case.pk}/searches/").json()] == ["Messages"]


def test_the_pages_ask_no_more_questions_of_large_sets() -> None:
    team = make_team()
    client = signed_in(team.officer)
    first = begun(team, *(make_item(team, kind="phone").exhibit for _ in range(2)))
    asked: dict[str, list[int]] = {}
    for more in (2, 6):
        for number in range(more):
            one = term(team, first, f"hotel {more} {number}")
            sampling.enter_hits(team.officer, one, first.members.all()[0].exhibit, 3, "A tool 1")
            said(team, first)
            said(team, begun(team, *(make_item(team, kind="phone").exhibit for _ in range(2))))
        pages = {
            "list": of_case("searches", team),
            "one": f"{of_case('searches', team)}{first.pk}/",
            "dmd": f"/cases/{team.case.pk}/disclosure/documents/DMD/",
        }
        for name, url in pages.items():
            with CaptureQueriesContext(connection) as queries:
                assert client.get(url).status_code == 200
            asked.setdefault(name, []).append(len(queries))
    assert all(before == after for before, after in asked.values()), asked
    assert managing_content.filled(team.case, "DMD")
