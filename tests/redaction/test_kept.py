"""Text and span arithmetic."""

from hypothesis import assume, given
from hypothesis import strategies as st

from redaction.engine import kept
from redaction.engine.detect.text import view
from redaction.engine.shapes import Box, Page, Redaction, by_page, lines_of

TEXTS = st.text(st.characters(codec="utf-8"), max_size=200)


@st.composite
def redacted_texts(draw: st.DrawFn) -> tuple[Page, list[Redaction]]:
    text = draw(TEXTS)
    edges = sorted(draw(st.sets(st.integers(0, len(text)), max_size=12)))
    spans = list(zip(edges[0::2], edges[1::2], strict=False))
    page = Page(0, 1000, 100, text, tuple(Box(n, 0, n + 1, 10) for n in range(len(text))))
    return page, [Redaction(0, tuple(lines_of(page.boxes[a:b])), "TPN", a, b) for a, b in spans]


@given(redacted_texts())
def test_what_stays_is_the_text_without_the_spans_in_order(case: tuple[Page, list[Redaction]]) -> None:
    page, redactions = case
    expected = page.text
    for redaction in sorted(redactions, key=lambda r: -(r.start or 0)):
        assert redaction.start is not None and redaction.end is not None
        expected = expected[: redaction.start] + "[TPN]" + expected[redaction.end :]
    written = "".join(run.text for run in kept.runs(page, by_page(redactions).get(0, [])))
    assert kept.letters_of(written) == kept.letters_of(expected)


@given(redacted_texts())
def test_no_run_joins_what_stood_on_either_side(case: tuple[Page, list[Redaction]]) -> None:
    page, redactions = case
    assert sum(run.redaction is not None for run in kept.runs(page, by_page(redactions).get(0, []))) == len(redactions)


@given(TEXTS, st.data())
def test_every_span_of_the_plain_text_has_its_place_in_the_text(text: str, data: st.DataObject) -> None:
    plain = view(text)
    assume(plain.text)
    start = data.draw(st.integers(0, len(plain.text) - 1))
    middle = data.draw(st.integers(start + 1, len(plain.text)))
    end = data.draw(st.integers(middle, len(plain.text)))
    there, shorter, longer = plain.there(start, start + 1), plain.there(start, middle), plain.there(start, end)
    assert 0 <= there[0] < there[1] <= shorter[1] <= longer[1] <= len(text)
    assert there[0] == shorter[0] == longer[0]
    # What the longest span leaves out on either side is only what has no place in the plain text
    assert plain.there(0, len(plain.text))[1] == len(text)
    assert view(text[: plain.there(0, 1)[0]]).text == ""
    assert plain.text[start] in view(text[slice(*there)]).text


def test_a_box_drawn_by_hand_takes_the_words_under_it() -> None:
    page = Page(0, 100, 20, "ab cd", tuple(Box(10 * n, 0, 10 * n + 10, 10) for n in range(5)))
    drawn = Redaction(0, (Box(28, -1, 52, 11),), "FAC")
    assert [run.text for run in kept.runs(page, [drawn])] == ["ab", "[FAC]"]


def test_a_second_copy_of_a_word_set_on_top_goes_too() -> None:
    places = tuple(Box(10 * n, 0, 10 * n + 10, 10) for n in range(3))
    page = Page(0, 100, 20, "abc\nabc", (*places, None, *places))
    assert [run.text for run in kept.runs(page, [Redaction(0, (Box(0, 0, 30, 10),), "TPN", 0, 3)])] == ["[TPN]"]


def test_boxes_are_one_a_line() -> None:
    first = [Box(n, 0, n + 1, 10) for n in range(5)]
    second = [Box(n, 12, n + 1, 22) for n in range(3)]
    assert lines_of([*first, None, *second]) == [Box(0, 0, 5, 10), Box(0, 12, 3, 22)]
