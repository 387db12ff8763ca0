"""The worker's search: how often each term stands in the stored files of a set. What can't be read is left to people."""

from collections.abc import Sequence

from django.urls import reverse

from audit.actions import SYSTEM, acting, record
from cases.notify import notify_team
from disclosure import hooks
from disclosure.models import SearchTerm, SetReview, TermCount
from disclosure.policy import OFFICERS
from disclosure.sampling import COUNT
from evidence.models import Blob, Exhibit
from jobs.actions import JobFailed, Lease, handler
from jobs.models import Job

_STEPS = 1000
"""Of progress, for each exhibit."""


@handler(COUNT)
def count(job: Job, lease: Lease) -> None:
    """Look for the terms that stand now in every exhibit of a set, and write the counts down, once."""
    review = SetReview.objects.select_related("case").get(pk=job.object_id)
    terms = list(review.terms.standing())
    if not terms:
        raise JobFailed("There is no search term to look for.")
    words = [term.words for term in terms]
    exhibits = [member.exhibit for member in review.members.select_related("exhibit").order_by("id")]
    found: list[TermCount] = []
    for index, exhibit in enumerate(exhibits):
        found += _in_exhibit(exhibit, terms, words, _Progress(lease, index, len(exhibits)))
    with lease.finish(), acting():
        # What is known stays known when the file can't be read now
        known = TermCount.objects.filter(term__in=terms, hits__isnull=False).values_list("term_id", "exhibit_id")
        keep = set(known)
        found = [count for count in found if count.hits is not None or (count.term_id, count.exhibit_id) not in keep]
        TermCount.objects.bulk_create(found, batch_size=1000)
        read = len({count.exhibit_id for count in found if count.how == TermCount.How.COUNTED})
        record(
            "set.terms_counted",
            actor=SYSTEM,
            case_id=review.case_id,
            organisation_id=review.case.organisation_id,
            object_type="setreview",
            object_id=review.pk,
            after={"terms": len(terms), "exhibits": len(exhibits), "read": read, "hits": sum(count.hits or 0 for count in found)},
        )
        url = reverse("disclosure:search", kwargs={"case_id": review.case_id, "review_id": review.pk})
        text = f"{review.case}: search terms counted in {read} of {len(exhibits)} exhibit{'' if len(exhibits) == 1 else 's'}"
        notify_team(review.case, text, url, roles=OFFICERS)


class _Progress:
    """How far one exhibit is, told as a share of all of them."""

    def __init__(self, lease: Lease, index: int, exhibits: int) -> None:
        self.lease, self.index, self.exhibits = lease, index, exhibits

    def __call__(self, done: int, total: int) -> None:
        share = _STEPS * done // total if total else 0
        self.lease.progress(self.index * _STEPS + share, self.exhibits * _STEPS)


def _in_exhibit(exhibit: Exhibit, terms: Sequence[SearchTerm], words: Sequence[str], progress: _Progress) -> list[TermCount]:
    progress(0, 1)
    blob = Blob.objects.master_of(exhibit)
    try:
        if blob is None or blob.state != Blob.State.VERIFIED:
            raise hooks.CantBeRead("No verified file of it is stored here")
        if not hooks.word_counters:
            raise hooks.CantBeRead("Nothing here reads the words of files")
        counted = hooks.word_counters[0](blob, words, progress)
    except hooks.CantBeRead as error:
        note = str(error)[:300] or "It can't be read"
        return [TermCount(term=term, exhibit=exhibit, how=TermCount.How.NOT_READ, note=note) for term in terms]
    return [
        TermCount(
            term=term,
            exhibit=exhibit,
            how=TermCount.How.COUNTED,
            hits=hits,
            pages=pages,
            of_pages=counted.of_pages,
            sha256=blob.sha256,
        )
        for term, hits, pages in zip(terms, counted.hits, counted.pages, strict=True)
    ]
