"""Whatever people type and the machine sends on the way to a copy: no redacted word gets into what leaves the case's team.

The words stand in every note and reason that a person can write. Events (their bodies), notifications and e-mails, addresses, the
redaction log and its print hold none; nor do the queue, which is read across cases, and the comparison of two audiences.
"""

import datetime as dt
import io
from typing import Any

import pypdf
import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from accounts.models import Notification
from audit.models import Event
from redaction import actions, held, reminding, turns
from redaction.models import Proposal
from redaction.queue_models import DueDate
from tests.factories import run_jobs
from tests.redaction.arrange import make_team, read_sample
from tests.redaction.test_held import may_meet, officer_of
from tests.redaction.test_log import PLANTED
from tests.redaction.test_pages import browser
from tests.redaction.test_sampling import waiting

pytestmark = pytest.mark.django_db
TYPED = "Mrs Okafor of 14 Tanner Street rang Marianne THISTLEWOOD, born 14/03/1997, on 07700 900461"


def shown(client: Any, name: str, *arguments: Any, **query: str) -> str:
    page: str = client.get(reverse(f"redaction:{name}", args=arguments), query).content.decode()
    return page.split("<main")[1]


def test_no_redacted_word_leaves_with_what_people_write_on_the_way() -> None:
    team = make_team()
    officer = officer_of(team)
    team, document, release = waiting(full=1, bare=6, team=team)
    both = [document.pk, release.pk]

    # Whose turn it is, until when
    turns.assign(team.supervisor, release, team.approver, TYPED)
    turns.change_due(team.investigator, release, timezone.localdate() + dt.timedelta(days=1), TYPED)
    reminding.remind()
    DueDate.objects.create(release=release, due=timezone.localdate() - dt.timedelta(days=1), reason=TYPED, by=team.redactor)
    reminding.remind()
    # Back and forth, the sample, the release
    actions.send_back(team.approver, release, TYPED)
    phone = document.proposals.get(category="TEL")
    actions.decide(team.redactor, phone, "accept", reason=TYPED)
    actions.ask_approval(team.redactor, release)
    read_sample(team.approver, release)
    actions.approve(team.approver, release)
    run_jobs()
    release.refresh_from_db()
    actions.release(team.approver, release)
    # A second audience, which the disclosure test holds up
    _, second = actions.start(team.redactor, document.exhibit, audience="defence", purpose="Trial")
    may_meet(officer, document)
    held.ask(team.redactor, document, TYPED)
    held.answer(officer, document, sorted(set(document.proposals.values_list("category_id", flat=True))), TYPED)
    actions.recall(team.supervisor, release, TYPED)

    client = browser(team.redactor)
    pdf = client.get(reverse("redaction:redaction_log_pdf", args=both)).content
    told = {
        "events": "".join(Event.objects.values_list("body", flat=True)),
        "notifications": "".join(f"{text} {url}" for text, url in Notification.objects.values_list("text", "url")),
        "mail": "".join(f"{message.subject} {message.body}" for message in mail.outbox),
        "proposals": str(list(Proposal.objects.values())),
        "log": shown(client, "redaction_log", *both),
        "print": "\n".join(sheet.extract_text() for sheet in pypdf.PdfReader(io.BytesIO(pdf)).pages),
        "bytes of the print": pdf.decode("latin-1"),
        "queue": shown(client, "mine", show="all"),
        "comparison": shown(client, "difference", document.pk, second.pk),
        "list": shown(client, "list", team.case.pk),
    }
    assert "redaction.reminded" in told["events"]
    assert "redaction.test_answered" in told["events"]
    assert "overdue" in told["notifications"]
    for where, text in told.items():
        for word in PLANTED:
            assert word not in text, f"{word} in {where}"
