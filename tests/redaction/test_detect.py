"""What is proposed, and what isn't."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from redaction.engine import detect
from redaction.engine.detect import checks
from redaction.engine.shapes import Page, Person


def found(text: str, *people: Person) -> list[tuple[str, str]]:
    return [(span.code, text[span.start : span.end]) for span in detect.spans(text, people)]


@pytest.mark.parametrize(
    ("text", "code", "words"),
    [
        ("ring 07700 900461 now", "TEL", "07700 900461"),
        ("ring 07700900461 now", "TEL", "07700900461"),
        ("ring +44 7700 900461 now", "TEL", "+44 7700 900461"),
        ("ring +44 (0)7700 900 461 now", "TEL", "+44 (0)7700 900 461"),
        ("ring 0 7 7 0 0 9 0 0 4 6 1 now", "TEL", "0 7 7 0 0 9 0 0 4 6 1"),
        ("ring 0044-7700-900461 now", "TEL", "0044-7700-900461"),
        ("ring (020) 7946 0123 now", "TEL", "(020) 7946 0123"),
        ("ring 0117 496 0123 now", "TEL", "0117 496 0123"),
        ("ring +353 1 234 5678 now", "TEL", "+353 1 234 5678"),
        ("write to a.b-c@mail.example.co.uk.", "EML", "a.b-c@mail.example.co.uk"),
        ("NHS number: 943 476 5919", "NHS", "943 476 5919"),
        ("NHS no 9434765919", "NHS", "9434765919"),
        ("NI AB 12 34 56 C here", "NI", "AB 12 34 56 C"),
        ("DOB: 12/03/1994", "DOB", "12/03/1994"),
        ("She was born on 3rd of May 1990.", "DOB", "3rd of May 1990"),
        ("date of birth is 1 Jan 88", "DOB", "1 Jan 88"),
        ("passport 123456789 seen", "ID", "123456789"),
        ("licence MORGA657054SM9IJ seen", "ID", "MORGA657054SM9IJ"),
        ("card 4111 1111 1111 1111", "FIN", "4111 1111 1111 1111"),
        ("sort code 12-34-56", "FIN", "12-34-56"),
        ("account no 12345678", "FIN", "12345678"),
        ("IBAN GB29 NWBK 6016 1331 9268 19", "FIN", "GB29 NWBK 6016 1331 9268 19"),
        ("a red AB12 CDE drove", "VRM", "AB12 CDE"),
        ("a red A123 BCD drove", "VRM", "A123 BCD"),
        ("registration number ab12cde", "VRM", "ab12cde"),
        ("at Flat 2, 14 Tanner Street,\nBristol BS3 4DJ with", "ADDR", "Flat 2, 14 Tanner Street,\nBristol BS3 4DJ"),
        ("to 9 Mill Lane. I then", "ADDR", "9 Mill Lane"),
        ("near BS3 4DJ somewhere", "ADDR", "BS3 4DJ"),
        ("the flat on Tanner Street was dark", "ADDR", "Tanner Street"),
        ("last seen heading west on Kemble Street.", "ADDR", "Kemble Street"),
        ("from Weir Cottage, Mill Street, Stoke d'Abernon | to", "ADDR", "Weir Cottage, Mill Street, Stoke d'Abernon"),
        ("Sibling: Kaiden HOLLIS (02/06/2018)", "DOB", "02/06/2018"),
        ("snap: chika_o99", "SOC", "chika_o99"),
        ("follow @chika.o now", "SOC", "chika.o"),
        ("attends St Mary's Primary School daily", "WRK", "St Mary's Primary School"),
        ("I told Mrs Okafor everything", "TPN", "Mrs Okafor"),
        ("Statement of: Sarah MITCHELL   Age: 30", "TPN", "Sarah MITCHELL"),
        ("sent from j.jones@avon.police.uk", "OPS", "j.jones@avon.police.uk"),
        ("at 51.45451, -2.58791 exactly", "LOC", "51.45451, -2.58791"),
    ],
)  # fmt: skip
def test_it_proposes(text: str, code: str, words: str) -> None:
    assert (code, words) in found(text)


@pytest.mark.parametrize(
    "text",
    [
        "exhibit AB/1 and AB/12-CD/2",
        "URN 45AB1234526, crime number 45/123456/26",
        "PC 4471 Jones took it",
        "on 03/04/2026 at 21:45 hours",
        "Section 9 of the Criminal Justice Act 1967",
        "number 943 476 5918",
        "reference 4111 1111 1111 1112",
        "12345678 paces",
        "paragraph 12-34-56",
        "Statement of: Complainant A",
        "outside the Club on Kemble Street",
        "on Kemble Street North side",
    ],
)
def test_it_leaves(text: str) -> None:
    assert found(text) == []


SARAH = Person(
    "p1",
    ("Sarah Jane Mitchell",),
    ("Sazza",),
    ("14 Tanner Street, Bristol, BS1 4DJ",),
    ("07700 900461",),
    (),
    "1994-03-12",
    "943 476 5919",
    ("Rowing Club treasurer",),
)


@pytest.mark.parametrize(
    "form",
    [
        "Sarah Jane Mitchell", "SARAH MITCHELL", "sarah mitchell", "MITCHELL, Sarah Jane", "Mitchell", "mitchell", "Sarah",
        "S. J. Mitchell",
        "S Mitchell", "Sarah\nMitchell", "Mit-\nchell", "Mitchells", "SJM", "S.J.M.", "Sazza", "Sarah Jane", "Sarah-Jane", "Sárah",
        "0 7700 900 461", "+447700900461", "7700900461", "9434765919", "rowing  club\ntreasurer", "14 tanner street",
        "Tanner Street", "BS14DJ", "12 March 1994", "12.3.94", "1994-03-12",
    ],
)  # fmt: skip
def test_every_form_of_a_known_person(form: str) -> None:
    text = f"then {form} again"
    spans = detect.spans(text, [SARAH])
    assert [text[span.start : span.end].rstrip(".") for span in spans] == [form.rstrip(".")]
    assert all(span.person == "p1" for span in spans)


def test_a_name_does_not_reach_over_the_end_of_a_sentence() -> None:
    assert found("I met Sarah Mitchell. Sarah left.", SARAH) == [("TPN", "Sarah Mitchell"), ("TPN", "Sarah")]


def test_a_possessive_keeps_its_s_outside() -> None:
    assert found("at Mitchell's house", SARAH) == [("TPN", "Mitchell")]


@pytest.mark.parametrize("text", ["exhibit SJM/1 here", "the Mitchellson family", "12 April 1994"])
def test_forms_that_are_not_the_person(text: str) -> None:
    known = [text[span.start : span.end] for span in detect.spans(text, [SARAH]) if span.person]
    assert known == []


def test_a_name_that_is_a_word_needs_its_capital() -> None:
    assert found("he will go; Will went", Person("p", ("Will Young",))) == [("TPN", "Will")]


def test_a_kept_name_stays_unless_it_is_shared() -> None:
    accused = Person("a", ("Daniel Price",), keep=True)
    assert found("I met Mr Daniel Price there", accused) == []
    sister = Person("s", ("Anna Price",))
    assert found("Daniel Price and Anna Price and Price", accused, sister) == [("TPN", "Anna Price"), ("TPN", "Price")]


def test_a_child_of_the_accuseds_name_keeps_its_own_birthday_hidden() -> None:
    text = "Child: Lacey HOLLIS (14/11/2014). Father: Daniel HOLLIS, born 02/03/1986."
    assert found(text, Person(names=("Daniel Hollis",), keep=True)) == [("TPN", "Lacey HOLLIS"), ("DOB", "14/11/2014")]


def test_a_name_in_a_field_is_found_on_other_pages() -> None:
    pages = [Page(0, 100, 100, "Statement of: Chika OKAFOR", (None,) * 26), Page(1, 100, 100, "then okafor left", (None,) * 16)]
    assert [(p.page, p.span.start, p.span.end) for p in detect.proposals(pages)] == [(0, 14, 26), (1, 5, 11)]


@settings(max_examples=25, deadline=None)
@given(st.text(max_size=400))
def test_spans_never_overlap_and_lie_in_the_text(text: str) -> None:
    spans = detect.spans(text, [SARAH])
    assert all(0 <= span.start < span.end <= len(text) for span in spans)
    assert all(a.end <= b.start for a, b in pairwise(spans))


@given(st.text("0123456789", min_size=9, max_size=9))
def test_one_check_digit_makes_a_number_valid(stem: str) -> None:
    assert sum(checks.luhn(stem + str(digit)) for digit in range(10)) == 1
    assert sum(checks.nhs(stem + str(digit)) for digit in range(10)) <= 1
