"""Going through a large set: what people choose, draw, count, and say of it. Whatever a term may give away stays sealed.

What is said here stands in the DMD, the IMD and the declaration of what is not examined (`sampling_facts`): nothing is typed twice.
"""

import secrets
from collections.abc import Sequence
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import connection
from django.db.models import Max

from accounts.models import User
from accounts.policy import require
from audit.actions import recorded
from cases.actions import identities_for_detection
from cases.models import Case
from disclosure import findings, lint, sampling_facts, steps
from disclosure.models import Sample, SearchTerm, SetExhibit, SetReview, SetStatement, TermCount, TermWithdrawal
from disclosure.triggers import lock_sql
from evidence.models import Exhibit
from jobs.actions import enqueue
from jobs.models import Job

COUNT = "disclosure.count_terms"
QUEUE = "redact"
"""Where files are read by the hour."""
MOST_EXHIBITS = 5000
MOST_TERMS = 500
MOST_DRAWN = 5000

_IDENTIFIES = "It identifies a complainant: write it by the label in the case"

Method = SetStatement.Method


def begin(user: User, case: Case, *, title: str, exhibits: Sequence[Exhibit]) -> SetReview:
    """Begin the review of a large set: which exhibits it is.

    First opens the complainants' identities, to look for them in the title: the event of that stays whatever follows.
    """
    require(user, "disclosure.decide", case)
    return _begin(user, SetReview(case=case, title=title.strip(), by=user), exhibits, _known(user, case))


@recorded
def _begin(user: User, review: SetReview, exhibits: Sequence[Exhibit], known: lint.Context) -> SetReview:
    case = review.case
    wrong = {}
    if not review.title:
        wrong["title"] = "Enter what the set is"
    if lint.names_a_complainant(review.title, known.complainants):
        wrong["title"] = _IDENTIFIES
    chosen = {exhibit.pk: exhibit for exhibit in exhibits if exhibit.case_id == case.pk}
    if not 1 <= len(chosen) <= MOST_EXHIBITS:
        wrong["exhibits"] = f"Enter exhibits of the case: at least one, at most {MOST_EXHIBITS:,}"
    if wrong:
        raise ValidationError(wrong)
    review.save(force_insert=True)
    SetExhibit.objects.bulk_create(SetExhibit(review=review, exhibit=exhibit) for exhibit in chosen.values())
    detail = {"title": review.title, "exhibits": sampling_facts.named(list(chosen.values()))}
    steps.record_on("set.begun", user, case, review, after={"exhibits": len(chosen)}, detail=detail)
    return review


# ---- search terms ----------------------------------------------------------------------------------------------------


def add_term(user: User, review: SetReview, *, words: str, why: str, chosen_by: str, shown_as: str = "") -> SearchTerm:
    """Choose a search term. One that identifies a complainant is shown and printed as `shown_as` only.

    First opens the complainants' identities, to see whether it does: the event of that stays whatever follows.
    """
    require(user, "disclosure.decide", review)
    term = SearchTerm(review=review, why=why.strip(), chosen_by=chosen_by.strip(), shown_as=shown_as.strip(), by=user)
    return _add_term(user, term, words.strip(), _known(user, review.case))


def _known(user: User, case: Case) -> lint.Context:
    identities = identities_for_detection(user, case, purpose="Check of the words of a search")
    return findings.context_of(case, identities)


@recorded
def _add_term(user: User, term: SearchTerm, words: str, known: lint.Context) -> SearchTerm:
    review = term.review
    wrong = {}
    if sum(letter.isalnum() for letter in words) < 2 or len(words) > 200:
        wrong["words"] = "Enter at least two letters or digits to look for, and at most 200"
    if not term.why:
        wrong["why"] = "Enter why it is looked for"
    if not term.chosen_by:
        wrong["chosen_by"] = "Enter who chose it"
    if lint.names_a_complainant(words, known.complainants) and not term.shown_as:
        wrong["shown_as"] = "It identifies a complainant: enter what stands for it, for example first name of Complainant A"
    for name in ("shown_as", "why", "chosen_by"):
        if lint.names_a_complainant(getattr(term, name), known.complainants):
            wrong[name] = _IDENTIFIES
    if wrong:
        raise ValidationError(wrong)
    _lock(review)
    number = (review.terms.aggregate(last=Max("number"))["last"] or 0) + 1
    if number > MOST_TERMS:
        raise ValidationError({"words": f"A review has at most {MOST_TERMS} terms"})
    if any(other.words.casefold() == words.casefold() for other in review.terms.standing()):
        raise ValidationError({"words": "This is looked for already"})
    term.number = number
    term.seal(words)
    term.save(force_insert=True)
    detail = {"term": term.said, "why": term.why, "chosen_by": term.chosen_by}
    steps.record_on("set.term_added", user, review.case, review, after={"number": number, "digest": term.digest}, detail=detail)
    return term


@recorded
def withdraw_term(user: User, term: SearchTerm, reason: str) -> TermWithdrawal:
    """Look for it no longer. The term, its reason and its hits stay."""
    review = term.review
    require(user, "disclosure.decide", review)
    if not reason.strip():
        raise ValidationError({"reason": "Enter why it is no longer looked for"})
    _lock(review)
    if TermWithdrawal.objects.filter(term=term).exists():
        raise ValidationError(f"{term} is withdrawn already")
    made = TermWithdrawal.objects.create(term=term, reason=reason.strip(), by=user)
    steps.record_on("set.term_withdrawn", user, review.case, review, after={"number": term.number}, detail={"reason": made.reason})
    return made


@recorded
def enter_hits(user: User, term: SearchTerm, exhibit: Exhibit, hits: int, note: str) -> TermCount:
    """Write down in how many places of an exhibit a term was found elsewhere, and with which program."""
    review = term.review
    require(user, "disclosure.decide", review)
    wrong = {}
    if not 0 <= hits <= 2_000_000_000:
        wrong["hits"] = "Enter the number of hits"
    if not note.strip():
        wrong["note"] = "Enter the program that they were found with, and its version"
    if not review.members.filter(exhibit=exhibit).exists():
        wrong["exhibit"] = "Select an exhibit of the set"
    if wrong:
        raise ValidationError(wrong)
    _lock(review)
    made = TermCount.objects.create(
        term=term, exhibit=exhibit, how=TermCount.How.ENTERED, hits=hits, note=note.strip()[:300], by=user
    )
    after = {"number": term.number, "hits": hits, "how": made.how}
    detail = {"exhibit": exhibit.reference, "note": made.note}
    steps.record_on("set.hits_entered", user, review.case, review, after=after, detail=detail)
    return made


@recorded
def ask_count(user: User, review: SetReview) -> Job:
    """Have a worker look for the terms in the stored files of the set."""
    require(user, "disclosure.decide", review)
    if not review.terms.standing().exists():
        raise ValidationError("Add a search term first")
    job = enqueue(COUNT, review.pk, queue=QUEUE, case_id=review.case_id)
    steps.record_on("set.count_asked", user, review.case, review, after={"terms": review.terms.standing().count()})
    return job


# ---- samples and statements ------------------------------------------------------------------------------------------


@recorded
def draw(user: User, review: SetReview, *, unit: str, population: int, size: int) -> Sample:
    """Draw a dip sample. The system chooses the seed, so that nobody chooses the sample; a further draw leaves the first there."""
    require(user, "disclosure.decide", review)
    wrong = {}
    if not unit.strip():
        wrong["unit"] = "Enter what is counted, for example messages"
    if not 1 <= population <= 2_000_000_000:
        wrong["population"] = "Enter how many there are"
    elif not 1 <= size <= min(population, MOST_DRAWN):
        wrong["size"] = f"Enter how many to draw: from 1 to {min(population, MOST_DRAWN):,}"
    if wrong:
        raise ValidationError(wrong)
    made = Sample.objects.create(
        review=review, unit=unit.strip(), population=population, size=size, seed=secrets.token_hex(16), by=user
    )
    after = {"population": population, "size": size, "seed": made.seed}
    steps.record_on("set.sample_drawn", user, review.case, review, after=after)
    return made


def state(
    user: User,
    review: SetReview,
    *,
    unit: str,
    population: int,
    examined: int,
    method: str,
    found: str,
    rest_why: str = "",
    parameters: str = "",
    sample: Sample | None = None,
) -> SetStatement:
    """Say how much of the set was examined, how that was chosen, what came of it, and why the rest is not: the next version.

    First opens the complainants' identities, to look for them in the words: the event of that stays whatever follows.
    """
    require(user, "disclosure.decide", review)
    said = {"unit": unit, "found": found, "rest_why": rest_why, "parameters": parameters}
    said = {name: text.strip() for name, text in said.items()}
    statement = SetStatement(review=review, population=population, examined=examined, method=method, sample=sample, by=user, **said)
    return _state(user, statement, _known(user, review.case))


@recorded
def _state(user: User, statement: SetStatement, known: lint.Context) -> SetStatement:
    review = statement.review
    _check(statement)
    _check_words(statement, known)
    _lock(review)
    statement.number = (review.statements.aggregate(last=Max("number"))["last"] or 0) + 1
    statement.terms = sampling_facts.terms_of(review)
    statement.save(force_insert=True)
    after = {
        "version": statement.number,
        "examined": statement.examined,
        "population": statement.population,
        "method": statement.method,
        "sample": statement.sample.seed if statement.sample else None,
    }
    detail = {"found": statement.found, "rest_why": statement.rest_why, "parameters": statement.parameters}
    steps.record_on("set.stated", user, review.case, review, after=after, detail=detail)
    return statement


def _check(statement: SetStatement) -> None:
    wrong = {}
    if statement.method not in Method.values:
        wrong["method"] = "Select how it was chosen"
    if not statement.unit:
        wrong["unit"] = "Enter what is counted, for example messages"
    if not 1 <= statement.population <= 2_000_000_000:
        wrong["population"] = "Enter how many there are"
    elif not 0 <= statement.examined <= statement.population:
        wrong["examined"] = "Enter how many were examined: not more than there are"
    elif statement.examined < statement.population and not statement.rest_why:
        wrong["rest_why"] = "Enter why the rest is not examined"
    elif statement.examined < statement.population and statement.method == Method.ALL:
        wrong["method"] = "Not all of it was examined: select how what was examined was chosen"
    if not statement.found:
        wrong["found"] = "Enter what was found, or that nothing was"
    sampled = statement.method in SetStatement.SAMPLED
    sample = statement.sample
    if sampled and sample is None:
        wrong["sample"] = "Select the sample: draw one first if there is none"
    elif sample is not None and not sampled:
        wrong["sample"] = "A sample goes with a method that samples"
    elif sample is not None and (sample.review_id != statement.review_id or sample.population > statement.population):
        wrong["sample"] = "Select a sample of this set, of no more than there are"
    if statement.method in (Method.HITS, Method.BOTH) and not statement.review.terms.standing().exists():
        wrong["method"] = "No search term has been chosen"
    if wrong:
        raise ValidationError(wrong)


def _check_words(statement: SetStatement, known: lint.Context) -> None:
    """Refuse words that name a complainant: they are served with the DMD and the schedules."""
    fields = ("unit", "found", "rest_why", "parameters")
    wrong = [name for name in fields if lint.names_a_complainant(getattr(statement, name), known.complainants)]
    if wrong:
        raise ValidationError(dict.fromkeys(wrong, _IDENTIFIES))


def _lock(review: SetReview) -> None:
    """Hold a review's numbers until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {lock_sql('set', '%s')}", [str(review.pk)])


def exhibits_named(case: Case, text: str) -> list[Exhibit]:
    """The exhibits that a text names, by commas or lines; "AB/1/*" is all whose reference begins so. ValidationError for others."""
    found: dict[UUID, Exhibit] = {}
    names = list(dict.fromkeys(name.strip().upper() for name in text.replace("\n", ",").split(",") if name.strip()))
    whole = {exhibit.reference.upper(): exhibit for exhibit in case.exhibits.filter(reference__in=names)}
    for name in names:
        if name.endswith("*") and len(name) > 1:
            begun = list(case.exhibits.filter(reference__istartswith=name[:-1]).order_by("created_at")[: MOST_EXHIBITS + 1])
        else:
            begun = [whole[name]] if name in whole else []
        if not begun:
            raise ValidationError({"exhibits": f"There is no exhibit {name} in the case"})
        found |= {exhibit.pk: exhibit for exhibit in begun}
    return list(found.values())
