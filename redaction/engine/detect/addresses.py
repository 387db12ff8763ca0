"""Whole addresses, over line breaks too: from a street or a postcode outwards, and parts ("the flat on Tanner Street").

No pattern here repeats a repetition: what reaches over several words is walked word by word, so that no text takes long.
"""

import re
from collections.abc import Iterator

from redaction.engine.detect import lists, names
from redaction.engine.detect.patterns import POSTCODE
from redaction.engine.shapes import Span

_KIND = re.compile(
    r"\b(?:Street|St|Road|Rd|Avenue|Ave|Aven ue|Lane|Ln|Drive|Dr|Close|Cl|Court|Ct|Crescent|Cres|Gardens|Gdns|Grove|Place|Pl|Square|Sq"
    r"|Terrace|Ter|Terr|Way|Walk|Row|Hill|Mews|Parade|Park|Green|Rise|View|Wharf|Quay|Yard|Gate|Villas|Vale|Meadows?|Fields?|Island|Line"
    r"|Mount|Approach|Broadway|Parkway|Buildings|Mansions|Heights|Croft|Bank|Path|Passage|Alley|Chase|Circus|Embankment|End|Side"
    r"|Cottages|Steps|Hollow|Common|Drove|Ridge|Wynd|Loan|Brae|Village|Point|Estate|Spinney|Copse|Dene|Dale|Garth|Fold|Paddocks?)\b",
    re.IGNORECASE,
)
# Kinds that make a street even in small letters
_PLAIN_KINDS = frozenset(
    """
    street st road rd avenue ave lane ln close crescent cres gardens gdns grove terrace drive mews
    """.split()
)
# Kinds that make a street without number only if a home is spoken of right before
_LOOSE_KINDS = frozenset(
    """
    park green bank end side point view common line place court hill way walk row gate field fields island yard
    """.split()
)
_WORD_BEFORE = re.compile(
    r"(?:([A-Za-z][A-Za-z'-]*-\n[a-z]+|[A-Za-z][A-Za-z'-]*|St\.|[A-Z]\.))[ ]{1,2}$|(?:([A-Za-z][A-Za-z'-]*),?)[ ]*\n[ ]*$"
)
_PREMISES = r"(?:Flat|Fl|Fl4t|Apartment|Apt|Unit|Room|Rm|Studio|Bungalow|Caravan|Plot|Suite|Maisonette|Shop|Pitch|Chalet|Berth|Hut|Block|Staircase|Cluster|Pod)"
_BUILDING = r"(?:House|Court|Mansions|Buildings|Heights|Lodge|Lofts|Tower|Point|Cottages?|Farm|Barn|Forge|Mill|Hall|Rectory|Vicarage|Manor|Villa|Grange|Annexe|Surgery|Halls|Apartments|Chambers|Cott\.?|Gables|Lines|Barracks)"
_NUMBER = r"(?:\d{1,4}|[I1l]\d)[A-Za-z]?(?:\s?[-/]\s?\d{1,4}[A-Za-z]?)?"
_WORDED = (
    r"(?:(?:twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)(?:[- ](?:one|two|three|four|five|six|seven|eight|nine))?"
    r"|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|(?:thir|four|fif|six|seven|eigh|nine)teen)"
)
_NUMBER_BEFORE = re.compile(
    rf"(?:^|(?<=[\s,(:;\"|]))(?:no\.?\s?)?(?:{_NUMBER}(?:[ ](?:and|&)[ ]\d{{1,4}}[A-Za-z]?)?|{_WORDED}),?[ ]{{1,2}}\n?$",
    re.IGNORECASE,
)
_PREMISES_PART = re.compile(
    rf"(?:the\s+)?{_PREMISES}\s+(?:\d{{1,4}}[A-Za-z]?|[A-Za-z]\d{{0,2}})(?:/\d{{1,2}})?(?:\s+{_PREMISES}\s+\w{{1,3}})?$"
    r"|(?:F|[PGBT]F|[0-4]F)\d{0,2}$|\d{1,2}/\d{1,2}$",  # of a tenement: "2/1", "PF2", "1F1"
    re.IGNORECASE,
)
_PREMISES_BEFORE = re.compile(rf"(?<![A-Za-z]){_PREMISES}[ ]$", re.IGNORECASE)
# A house by its name before its street: "Hilltop, Gorsey Lane, Mawdesley"
_HOUSE_BEFORE = re.compile(
    r"(?:\b(?:at|of|to|is|from|in|c/o|tasked|address)[ ]|[:|\"(][ ]?|\n|^)\"?(?P<it>[A-Z][A-Za-z'-]{1,30}(?:[ ][A-Z][A-Za-z'-]{1,30}){0,3}\.?\"?),[ \n]$",
    re.IGNORECASE,
)
_FLOOR_PART = re.compile(
    r"(?:(?:Top|Ground|First|Second|Third|Upper|Lower|Garden|Basement|Attic)(?:\s+Floor)?\s+(?:Flat|Maisonette)|Basement|The\s+Annexe?)$",
    re.IGNORECASE,
)
_BUILDING_PART = re.compile(
    rf"P\.?O\.? Box \d{{1,6}}$|The\s[A-Z][A-Za-z'-]{{1,30}}\s(?:&|and)\s[A-Z][A-Za-z'-]{{1,30}}$|[A-Z]?\d{{1,3}}[A-Z]?$|(?:[A-Z][A-Za-z'-]*\s){{1,4}}{_BUILDING}$|The\s[A-Z][A-Za-z'-]{{1,30}}(?:\s[A-Z][A-Za-z'-]{{1,30}})?$|[A-Z][a-z]+-[a-z]+-[A-Z][a-z]+$|Ty\s[A-Z][a-z]+$",
    re.IGNORECASE,
)
_UNIT = re.compile(rf"(?<![\w'])(?:{_PREMISES}\s+\d{{1,4}}[A-Za-z]?|The\s+Annexe?),[ ]+(?=[A-Z])")
_NUMBERED = re.compile(rf"(?<![\w/.:£-]){_NUMBER}[ ](?=[A-Z][a-z])")
_CAP_WORD = re.compile(r"[ ]?([A-Z][A-Za-z]*(?:['-][A-Za-z]+)*)")
# What speaks of a home right before a street or a number
_HOME = re.compile(
    r"\b(?:flats?|house|home|address(?:es)?|room|bedsit|hostel|live[sd]?|living|resid\w+|stay(?:s|ing|ed)?|lodg\w+|rents?|rented|moved|bungalows?|caravan|trailer|drove|dropped"
    r"|on\s+her\s+way|on\s+his\s+way|on\s+my\s+way|enter|round\s+(?:his|hers|yours|mine|urs)|somewhere|all\s+night|outside|chippy|keys|visit|went\s+(?:home|back)|yours|urs|where\s+i\s+live"
    r"|parents'?|nans?'?s?|mum'?s|dad'?s|brother'?s|sister'?s|mate'?s)\b[^!?\n]{0,45}$",
    re.IGNORECASE,
)
_AT = re.compile(
    r"(?:\b(?:at|of|from|to|is|on|outside|lives|live|address|home|flat|house|in|keys to|visit at|off|up|down|near)|[:|,;\"(]|^|\n|\bim outside\.?)[ ]*(?:in[ ])?$",
    re.IGNORECASE,
)
# A question in a chat, answered by a street
_ASKED = re.compile(r"\b(?:where|address|addy|post\s?code)\b[^\n]{0,40}\n[^\n]{0,40}:[ ]?(?:\w+ )?$", re.IGNORECASE)
_OFF = re.compile(r"\b(?:off|up|down)[ ](?:the[ ])?$", re.IGNORECASE)
_ON = re.compile(r"\b(?:at|on|in|from|to|along|near|towards)[ ]$", re.IGNORECASE)
_GOES_ON = re.compile(r"[ ](?:[A-Z][A-Za-z]|(?:police|bus|tube|train|railway|nick)\b)")  # "Ludlow Road Nursery"
_PUBLIC_BEFORE = re.compile(
    r"\b(?:Club|Inn|Pub|Bar|Hotel|Park|Station|Arms|Restaurant|Store|Shop|Tavern|Church|Court|McDonald's|Rank)[ ,]+(?:on|in|at|,)?\s*$"
)
_POSTCODE = re.compile(POSTCODE)
_LAND = re.compile(r",?[ \n](?:UK|U\.K\.|GB|United Kingdom|England|Scotland|Wales|Northern Ireland)\b")
_COUNTY = re.compile(r",?[ ](?:in the County of|Co\.?|County|Isle of|Isle)[ ][A-Z][a-z]+")
_OUTWARD = re.compile(r",?[ ]+[A-Z]{1,2}\d{1,2}[A-Z]?\b(?!\s?\d)")
_SMALL_PARTS = frozenset(
    """
    on upon under in le the by of near y a' cum with d'abernon
    """.split()
)
_NEVER_PART = frozenset(
    """
    i he she we they this it and but re dear tel telephone mobile address dob our your nhs date statement witness present
    male female fax email phone ref name occupation age urn my his her when where who which at from is was then because
    private sheet page suretor surety from arr dep given confirmed
    """.split()
)
_STOP = frozenset(
    """
    on in at to from of the and by off up down via towards into near outside is was her his my our their a an opposite
    behind around along through heading seen last for with then that off this over about home house live lives living
    address drop between there where round back still same next main other long front
    """.split()
)
_MEASURES = frozenset(
    """
    minutes minute hours hour hrs days day weeks week months month years year people times glasses pints drinks miles mins
    cm mm pages lines men women girls boys yrs january february march april may june july august september october
    november december jan feb mar apr jun jul aug sep sept oct nov dec am pm x of by grade priority
    """.split()
)


def find(text: str, cased: str = "") -> Iterator[Span]:
    """Addresses in a plain text."""
    yield from _streets(text)
    yield from _units(text)
    yield from _numbered(text)
    yield from _postcodes(text)


_PART = re.compile(
    rf"(?:{_NUMBER} (?:[A-Z][A-Za-z'-]+ ){{1,3}}[A-Z][a-z]+|(?:[A-Z][A-Za-z'-]+ ){{1,3}}(?:House|Court|Mansions|Heights|Lodge|Lofts|Tower|Cottages?|Farm|Barn|Halls?))$"
)


def parts(address: str) -> Iterator[str]:
    """What of an address tells it by itself: a number with its street, a building by its name."""
    for part in re.split(r"\s*[,\n]\s*", address):
        if _PART.match(part) and not part.startswith(("The ", "Flat ")):
            yield part


def _streets(text: str) -> Iterator[Span]:
    for match in _KIND.finditer(text):
        start, own = _name_before(text, match)
        if not own or (match[0].lower() in lists.forenames() and re.match(r" [A-Z][a-z]", text[match.end() : match.end() + 3])):
            continue
        line = text[max(text.rfind("\n", 0, match.start()) + 1, match.start() - 200) : match.end() + 200].partition("\n")[0]
        before = text[max(0, start - 70) : start]
        number = _NUMBER_BEFORE.search(before[-20:])
        first = start - len(number[0]) if number else start
        flat = _PREMISES_BEFORE.search(text, max(0, first - 14), first) if number else None
        first = flat.start() if flat else first
        parts = _parts_before(text, first)
        end = _onwards(
            text, match.end() + (1 if text.startswith(".", match.end()) and match[0].lower() in ("st", "rd", "ave") else 0)
        )
        whole = parts < first or end > match.end()
        if not number and parts == first and end > match.end() + 4 and (house := _house_before(text, first)) is not None:
            yield _span(text, house, end, "address.house")
            continue
        small = match[0].islower()
        if (flat and small) or (
            (number and (not small or match[0] in _PLAIN_KINDS or not any(map(str.isupper, line))) and not _measured(text, start))
            or (parts < first and not small)
            or (whole and not small and _POSTCODE.search(text[match.end() : end]))
        ):
            yield _span(text, parts, end, "address")
        elif (_spoken(before, match[0]) or _stated(text, before, match)) and not _PUBLIC_BEFORE.search(before):
            yield _span(text, start, end if not small else match.end(), "address.spoken")


def _house_before(text: str, street: int) -> int | None:
    """Where a house begins that stands by its name before its street, with a town behind it; no person, and no town."""
    found = _HOUSE_BEFORE.search(text, max(0, street - 70), street)
    if not found or not found["it"][0].isupper():
        return None
    words = [word.lower() for word in re.findall(r"[A-Za-z'-]+", found["it"])]
    if " ".join(words) in lists.places() or names._TITLE.fullmatch(words[0]) or not _is_part(found["it"].strip('"')):
        return None
    if words[0] in lists.forenames() and not re.search(rf"\b{_BUILDING}$", found["it"]):
        return None
    return found.start("it")


def _spoken(before: str, kind: str) -> bool:
    if kind.islower() and kind not in _PLAIN_KINDS:
        return False
    if _HOME.search(before) or _ASKED.search(before):
        return True
    return kind.lower() not in _LOOSE_KINDS and bool(_OFF.search(before))


def _stated(text: str, before: str, kind: re.Match[str]) -> bool:
    """Whether somebody is or goes somewhere by a street's full name: where it is all that is said, it leads to a door."""
    full = not kind[0].islower() and kind[0].lower() in _PLAIN_KINDS and len(kind[0]) > 2
    return full and bool(_ON.search(before)) and not _GOES_ON.match(text, kind.end())


def _measured(text: str, start: int) -> bool:
    """Whether the word behind a number counts something ("9 weeks ...")."""
    word = re.match(r"[A-Za-z]+", text[start : start + 20])
    return bool(word and word[0].lower() in _MEASURES)


def _name_before(text: str, kind: re.Match[str]) -> tuple[int, int]:
    """Where the street's name begins before its kind, and how many words it has."""
    shouted = kind[0].isupper() and len(kind[0]) > 1
    small = kind[0].islower()
    start, count = kind.start(), 0
    while count < 4:
        head = text[max(0, start - 30) : start]
        found = _WORD_BEFORE.search(head)
        if not found:
            break
        word = found[1] or found[2]
        if word.lower() in _STOP and not (
            word[0].isupper() and word.lower() in ("the", "long", "main", "back", "front") and not shouted
        ):
            break
        if small and (word[0].isupper() or count == 2 or len(word) < 3):
            break
        if not small and not (word[0].isupper() or (count and word in ("of", "the"))):
            break
        if shouted and not word.isupper():
            break
        if not small and not shouted and word.isupper() and len(word) > 3:
            break
        if found[2] and (count or small):
            break
        start -= len(head) - found.start()
        count += 1
        if shouted and word in ("THE",):
            break
    if small and text[max(0, start - 4) : start].lower().endswith("the "):
        count = count or 1
        start -= 4 if count else 0
    if not count and kind[0][0].isupper() and text[max(0, start - 4) : start].lower() == "the ":
        return start - 4, 1
    return start, count


def _parts_before(text: str, start: int) -> int:
    """Where flat and building begin that stand before the number, parted by commas or lines."""
    for _ in range(3):
        head = text[max(0, start - 60) : start]
        trimmed = head.rstrip()
        comma = trimmed.endswith(",")
        body = trimmed.rstrip(", ")
        cut = max(
            body.rfind(","), body.rfind("\n"), body.rfind(":"), body.rfind(". "), body.rfind("("), body.rfind("  "), body.rfind('"')
        )
        part = body[cut + 1 :].strip()
        taken = part
        for pattern, needs_comma in ((_PREMISES_PART, False), (_FLOOR_PART, False), (_BUILDING_PART, True)):
            if needs_comma and not (comma or "\n" in head[len(trimmed) :]):
                continue
            taken = _tail(part, pattern)
            if taken:
                break
        if not taken:
            return start
        place = text.rfind(taken, max(0, start - 60), start)
        if place < 0:
            return start
        start = place
    return start


def _tail(part: str, pattern: re.Pattern[str]) -> str:
    """The end of a part that matches: "at Flat 6" gives "Flat 6"."""
    words = part.split(" ")
    for number in range(max(0, len(words) - 6), len(words)):
        candidate = " ".join(words[number:])
        if (
            candidate
            and (candidate[0].isupper() or candidate[0].isdigit())
            and pattern.match(candidate)
            and words[number].lower() not in _STOP - {"the"}
        ):
            return candidate
    if pattern is _PREMISES_PART:
        for number in range(max(0, len(words) - 3), len(words)):
            candidate = " ".join(words[number:])
            if pattern.match(candidate):
                return candidate
    return ""


def _onwards(text: str, end: int) -> int:
    """Where the address ends that has its street before `end`: with the postcode, or with the locality."""
    rest = text[end : end + 130]
    postcode = _POSTCODE.search(rest)
    if postcode and all(_is_part(part) for part in re.split(r"[,\n]", rest[: postcode.start()].strip(" ,.\n")) if part.strip()):
        land = _LAND.match(text, end + postcode.end())
        return land.end() if land else end + postcode.end()
    place, begun = end, False
    while (comma := re.match(r"[ ]*,[ ]*\n?[ ]*|[ ]+in[ ]|[ ]", text[place : place + 8])) and place - end < 80:
        start = place + comma.end()
        stop = re.search(r"[ ]?[,.;\n()|]|\s{2}|$", text[start : start + 50])
        part = text[start : start + (stop.start() if stop else 0)]
        found = _locality(part, listed=comma[0].strip(" \n") != ",")
        if not found:
            break
        place, begun = start + len(found), True
        if len(found) < len(part.rstrip()):
            break
    outward = _OUTWARD.match(text, place)
    if outward:
        return outward.end()
    county = _COUNTY.match(text, place if begun else end)
    if county:
        return county.end()
    return place if begun else end


def _locality(part: str, *, listed: bool) -> str:
    """The words a part begins with that name a place; `listed`: only one that the list of places has."""
    words, lead = part.split(" "), None
    if not listed and len(words) in (2, 3) and "'" in words[-1] and _is_part(part):
        return part  # "Stoke d'Abernon"
    for count in range(min(4, len(words)), 0, -1):
        candidate = " ".join(words[:count])
        if re.sub(r"[^a-z '-]", "", candidate.lower()).replace("-", " ").strip() in _spaced_places() and candidate[:1].isupper():
            return candidate
    if not listed and (lead := _BEFORE_SENTENCE.match(part)) is not None:
        part = lead["it"]
        words = part.split(" ")
    if listed or not part.strip() or len(words) > 3 or not _is_part(part):
        return ""
    small = [word.lower() for word in re.findall(r"[A-Za-z'-]{1,30}", part)]
    if all(word in lists.words() for word in small) or small[0] in lists.forenames():
        return ""
    if lead is not None and any(word in lists.words() for word in small):
        return ""
    return part


# A town that no list has, where the sentence goes on: "9 Mill Lane, Wexbury but only ..."
_BEFORE_SENTENCE = re.compile(
    r"(?P<it>[A-Z][a-z'-]{2,20}(?:[ ][A-Z][a-z'-]{2,20})?)"
    r"[ ](?:but|and|in|with|since|on|when|where|for|to|by|after|until|as|from|because|who|which|is|was|at|before|then|so)\b"
)

_PLACES: set[str] = set()


def _spaced_places() -> set[str]:
    if not _PLACES:
        _PLACES.update(place.replace("-", " ") for place in lists.places())
    return _PLACES


def _is_part(part: str) -> bool:  # noqa: PLR0911 (a list of reasons)
    """Whether a line or what stands between commas can belong to an address."""
    words = part.strip(" .").split()
    if not words or len(words) > 5 or len(part) > 48:
        return not words
    if not (words[0][0].isupper() or words[0][0].isdigit() or words[0] == "the"):
        return False
    small = [word.lower().strip(".") for word in words]
    if (
        small[0] in _NEVER_PART
        or names._TITLE.fullmatch(words[0])
        or any(word in _NEVER_PART and not words[0][0].isdigit() for word in small[1:2])
    ):
        return False
    if re.match(r"P\.?O\.? Box \d", part):
        return True
    if re.match(r"\d{5,}|\d{1,2}(?:st|nd|rd|th)?[ ](?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)", part):
        return False
    if (
        len(words) == 3
        and all(word in lists.forenames() and word not in lists.words() for word in small[1:2])
        and not _KIND.search(part)
    ):
        return False
    if (
        small[0] in lists.forenames()
        and small[0] not in lists.words()
        and len(words) in (2, 3)
        and not _KIND.search(part)
        and not re.search(rf"\b{_BUILDING}\b", part)
    ):
        return small[-1] in lists.places() or part.lower().strip() in lists.places()
    return (
        all(word[0].isupper() or word[0].isdigit() or word.lower() in _SMALL_PARTS or "-" in word for word in words)
        and ":" not in part
        and "@" not in part
    )


def _units(text: str) -> Iterator[Span]:
    """A flat, caravan or unit in a named building or park."""
    for match in _UNIT.finditer(text):
        end = match.end()
        for _ in range(4):
            word = _CAP_WORD.match(text, end)
            if not word:
                break
            end = word.end()
        if end > match.end():
            yield _span(text, match.start(), _onwards(text, end), "address")


def _numbered(text: str) -> Iterator[Span]:
    """A number and a name without a kind of street ("22 Plas Newydd"), where a home is spoken of or a postcode follows."""
    for match in _NUMBERED.finditer(text):
        end, count = match.end(), 0
        while count < 4 and (word := _CAP_WORD.match(text, end)):
            if count and text[end : end + 1] != " ":
                break
            end, count = word.end(), count + 1
        first = re.match(r"[A-Za-z]+", text[match.end() : match.end() + 20])
        if (
            not count
            or (first and first[0].lower() in _MEASURES | _STOP)
            or (count == 1 and first and first[0].lower() in lists.words())
        ):
            continue
        onwards = _onwards(text, end)
        if _POSTCODE.search(text[end:onwards]):
            yield _span(text, _parts_before(text, match.start()), onwards, "address")
            continue
        before = text[max(0, match.start() - 40) : match.start()]
        after = text[onwards : onwards + 12]
        if (
            _AT.search(before)
            and (_HOME.search(text[max(0, match.start() - 60) : match.start()]) or before.endswith((" of ", "\nof ")))
            and re.match(r"\s*(?:[,.;)?!\n|(]|$|and\b|on\b|since\b|with\b|yeah\b)", after)
        ):
            yield _span(text, match.start(), onwards, "address.spoken")


def _postcodes(text: str) -> Iterator[Span]:
    """From a postcode back over the parts of an address, while they read like such parts."""
    for match in _POSTCODE.finditer(text):
        start = match.start()
        for step in range(6):
            low = max(0, start - 60)
            head = text[low:start]
            body = head.rstrip(" ,\n.")
            if step and not re.search(r"[,\n]", head[len(body) :]):
                break
            if "\n\n" in head[len(body) :]:
                break
            cut = max(
                body.rfind(","),
                body.rfind("\n"),
                body.rfind(": "),
                body.rfind(". "),
                body.rfind("("),
                body.rfind("  "),
                body.rfind('"'),
                body.rfind("|"),
                body.rfind(";"),
            )
            part = body[cut + 1 :]
            begins = low + cut + 1 + len(part) - len(part.lstrip())
            part = part.strip()
            if cut < 0 and low > 0:
                break
            tail = _address_tail(part)
            if not tail:
                break
            start = begins + len(part) - len(tail)
            if len(tail) < len(part):
                break
        land = _LAND.match(text, match.end()) if start < match.start() else None
        yield _span(text, start, land.end() if land else match.end(), "postcode" if start == match.start() else "address")


def _address_tail(part: str) -> str:
    """The end of a part that can belong to an address: all of it, or what follows the last word that can't."""
    if _is_part(part) and part:
        return part
    words = part.split(" ")
    for number in range(1, len(words)):
        if words[number - 1].lower() in ("at", "is", "in", "of", "address", "to", "from", "now", "lives", "near") and _is_part(
            " ".join(words[number:])
        ):
            return " ".join(words[number:])
    return ""


def _span(text: str, start: int, end: int, rule: str) -> Span:
    return Span(start, start + len(text[start:end].rstrip(" .,\n|")), "ADDR", "pattern", rule)
