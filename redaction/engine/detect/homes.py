"""Homes that have no street with a kind: a house by its name, a room in a hall, a Welsh street, a caravan, the head of a letter."""

import re
from collections.abc import Iterator

from redaction.engine.detect import addresses, lists
from redaction.engine.shapes import Span


def find(text: str) -> Iterator[Span]:
    """Such homes in a plain text."""
    yield from _named(text)
    yield from _heads(text)
    yield from _parks(text)
    yield from _small(text)


# A house by its name alone, behind words that say somebody lives there
_NAMED_HOUSE = re.compile(
    r"\b(?:live[sd]?|living|resid(?:es|ed|ing|e)|stay(?:s|ing|ed)?|moved|home[ ]is|address[ ]is|lodg(?:es|ing)|[Nn]an|[Mm]um|[Dd]ad|(?<=,)|(?<=['s][ ])house|place|home)\b"
    r"[^.!?\n;]{0,60}?[ ](?:at|in|to|is)[ ](?P<it>(?:The[ ])?[A-Z][A-Za-z'-]{1,30}(?:[ ][A-Z][A-Za-z'-]{1,30}){0,3})(?=[,.;\n]|$)"
)
_NEAR = re.compile(r",[ ](?:Nr\.?|Near|nr\.?|near)[ ][A-Z][A-Za-z'-]{1,30}(?:[ ][A-Z][A-Za-z'-]{1,30}){0,2}")
_HOUSE = re.compile(
    rf"{addresses._BUILDING}$|Oaks?$|Elms?$|Firs$|Beeches$|Hollies$|Gables$|Orchard$|Stables$|Coach House$|Paddock$|Gatehouse$|Parsonage$"
)
# "C14, Fenwick Hall"
_ROOM = re.compile(
    rf"(?<![\w/-])(?:{addresses._PREMISES}[ ])?[A-Z]?\d{{1,3}}[A-Z]?,[ ](?=(?:[A-Z][A-Za-z'-]{{1,30}}[ ]){{1,3}}(?:Hall|House|Court|Halls|Block|Mansions|Tower|Lodge|Heights|Lofts|Point|Building)\b)"
)
# Words that begin the name of a Welsh or Cornish street
_WELSH = r"(?:Heol|Ffordd|Maes|Lon|L\xf4n|Stryd|Clos|Cwrt|Rhodfa|Bryn|Plas|Parc|Llys|Cae|Nant|Gelli|Dan|Tan|Pen|Min|Cefn|Tyle|Trem|Rhiw|Coed|Llwyn|Gerddi|Teras|Rhes|Pentre'?r?)"
_WELSH_STREET = re.compile(rf"(?<![\w/.:-]){addresses._NUMBER},?[ ]{_WELSH}[ -](?=[A-Za-z])")
_WELSH_WORD = re.compile(r"[ -]?((?:[yY]r?|[a-z]{1,3}|[A-Z][A-Za-z']*|'r)(?:-[A-Za-z]+)*)(?![a-z])")


def _named(text: str) -> Iterator[Span]:
    """Homes that have no kind of street: a house by its name, a room in a hall, a Welsh street."""
    for match in _NAMED_HOUSE.finditer(text):
        start, end = match.span("it")
        near = _NEAR.match(text, end)
        onwards = addresses._onwards(text, near.end() if near else end)
        if near or (_HOUSE.search(match["it"]) and not addresses._PUBLIC_BEFORE.search(text[max(0, start - 20) : start])):
            yield addresses._span(text, start, onwards, "address.named")
    for match in _ROOM.finditer(text):
        end = match.end()
        while (word := addresses._CAP_WORD.match(text, end)) and end - match.end() < 60:
            end = word.end()
        yield addresses._span(text, match.start(), addresses._onwards(text, end), "address.room")
    for match in _WELSH_STREET.finditer(text):
        end, capital = match.end(), False
        for _ in range(4):
            word = _WELSH_WORD.match(text, end)
            if not word or (capital and not word[1][0].isupper()):
                break
            capital, end = capital or any(map(str.isupper, word[1])), word.end()
        if capital:
            yield addresses._span(
                text, addresses._parts_before(text, match.start()), addresses._onwards(text, end), "address.welsh"
            )


# The head of a letter: short lines that end with commas
_HEAD = re.compile(
    r"(?:^|\n)(?P<it>(?:[ ]{0,60}[A-Z\d][^\n,:;@.!?]{2,38},[ ]*\n){2,5}[ ]{0,60}[A-Za-z][^\n,:;@.!?]{2,38})\.?[ ]*(?=\n|$)"
)
_NO_HEAD = re.compile(r"\b(?:regards|sincerely|faithfully|dear|love|thanks|wishes)\b", re.IGNORECASE)


def _heads(text: str) -> Iterator[Span]:
    """An address over several lines without a postcode."""
    for match in _HEAD.finditer(text):
        lines = [line.strip(" ,") for line in match["it"].split("\n")]
        if _NO_HEAD.search(match["it"]) or not all(line[0].islower() or addresses._is_part(line) for line in lines):
            continue
        last = re.findall(r"[a-z'-]+", lines[-1].lower())
        if any(word in addresses._spaced_places() for word in (" ".join(last), last[-1] if last else "")):
            start = match.start("it") + len(match["it"]) - len(match["it"].lstrip())
            yield addresses._span(text, start, match.end("it"), "address.head")


_PARK = re.compile(
    r"\b(?:[A-Z][A-Za-z'-]{1,30}[ ]){1,4}(?:Caravan|Holiday|Mobile[ ]Home|Leisure|Trailer|Residential|Travellers?'?)[ ](?:Park|Site)\b(?:,?[ ](?:pitch|plot|unit|no\.?|number|van)[ ]\w{1,4})?",
    re.IGNORECASE,
)


def _parks(text: str) -> Iterator[Span]:
    """A caravan on a named park."""
    for match in _PARK.finditer(text):
        if match[0][0].isupper():
            start = match.start()
            while text[start:].startswith(("At ", "In ", "From ", "On ")):
                start += text[start:].index(" ") + 1
            yield addresses._span(text, addresses._parts_before(text, start), addresses._onwards(text, match.end()), "address.park")


# In chats: "mums. 27 st annes." after words of a home
_SMALL = re.compile(
    r"\b(?:mums|dads|nans|mine|yours|urs|address(?:[ ]is)?|live[sd]?[ ](?:at|in)|(?:im|come|get|come[ ]to|meet[ ]me)[ ](?:at|to)|flat|at)[ .,:]{1,3}(?:its[ ])?"
    r"(?P<it>\d{1,3}[a-z]?[ ](?:st[ ])?(?P<first>[a-z']{3,20})(?:[ ][a-z']{3,20})??)(?=[ ]*(?:[.,;?!\n]|$|\bremember\b|\btho\b|\byeah\b|\bif\b|\bits\b|\bn\b|\band\b))"
)


def _small(text: str) -> Iterator[Span]:
    """A number and a street's bare name in small letters."""
    for match in _SMALL.finditer(text):
        own = [word for word in re.findall(r"[a-z']{3,20}", match["it"]) if word not in lists.words()]
        if own and match["first"] not in addresses._MEASURES | addresses._STOP:
            yield addresses._span(text, match.start("it"), match.end("it"), "address.small")
