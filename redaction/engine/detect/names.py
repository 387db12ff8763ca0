"""Names of people nobody has told us about, by the way they are written: titles, lists of names, and what stands around them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from redaction.engine.detect import lists
from redaction.engine.detect.recase import MONTHS
from redaction.engine.shapes import Span

TITLES = (
    "mr|mrs|ms|miss|mx|dr|doctor|prof|professor|rev|revd|reverend|sir|lady|dame|lord|mlle|mme|fr|father|sister|brother|pastor|imam"
    "|rabbi|canon|bishop|staff nurse|nurse|matron|sr|judge|hhj|recorder|councillor|cllr|coach|auntie|aunty|aunt|uncle|nan|nana|nanna|nanny|gran|granny"
    "|grandma|grandpa|grandad|granddad|grampy|gramps|papa|cousin|master|mme|mstr|madam|big|lil|little|old|young"
)
# May be a title of somebody, but opens many a sentence too
_WORDY_TITLES = frozenset(
    """
    sister brother father nurse coach judge cousin master lord lady canon big little old young staff nurse
    """.split()
)
_PARTICLES = r"(?:van\s(?:der?\s|den\s)?|von\s|de\s(?:la\s|los\s)?|del?la\s|di\s|da\s|dos\s|el\s|al\s|bin\s|binti?\s|ibn\s|ap\s|ab\s|ui\s|ni\s|nic\s(?:a'\s?)?)"
_CAP = r"(?:[A-Z]\.(?![A-Za-z]\b)|[A-Z][A-Za-z]{0,40}(?:['-][A-Za-z]{1,40}){0,4})"
_RUN = re.compile(rf"(?<![A-Za-z0-9'@/.-]){_CAP}(?:(?:[ \n]| - |(?<=\.))(?:(?<=[ \n]){_PARTICLES})?{_CAP})*(?![A-Za-z0-9@/])")
_TOKEN = re.compile(r"[A-Z][A-Za-z]*(?:['-][A-Za-z]+)*|[A-Za-z]+(?:'[A-Za-z]+)?")
_SMALL_FF = re.compile(r"ff[a-z]+(?:-[A-Z][a-z]+)?")
_TITLE = re.compile(rf"(?:{TITLES})\.?$", re.IGNORECASE)
_TITLED = re.compile(
    rf"(?<![A-Za-z])(?P<title>(?:(?:mr|dr)\.? (?:&|and) |(?:prof|rev|revd|rt hon|sir|hon)\.? )?(?:{TITLES}))\b\.?\s{{1,2}}(?P<lead>(?:{_PARTICLES}|d'|ff(?=[a-z]))?)(?=[A-Z]|(?<=ff))",
    re.IGNORECASE,
)
_LONGEST_NAME = 120
# Things that only a person does, right behind a name
_DOES = re.compile(
    r"(?:'s\b)?,?\s+(?:\(|drives|walks|plays|runs|thinks|likes|loves|hates|needs|gets|goes|keeps|drinks|stays|leaves|owns|uses|calls|followed|offered"
    r"|handed|bought|paid|fell|threw|tried|turned|opened|locked|invited|refused|noticed|remembers|reported|joined|introduced|collects|collected|who's|hasn't|said|says|say|told|tells|asked|asks|rang|rings|called|phoned|texted|texts|was|is|has|had|did|does|went|came|comes"
    r"|ran|left|got|gave|took|saw|sees|heard|knows|knew|lives|lived|works|worked|wants|wanted|asked|agreed|stated|states|explained"
    r"|replied|answered|started|began|kept|put|pushed|pulled|grabbed|touched|kissed|held|hit|walked|stood|sat|looked|thought|felt"
    r"|believes|believed|identified|described|confirmed|denied|attended|accompanied|arrived|returned|visited|moved|stayed|drove"
    r"|picked|dropped|met|spoke|shouted|screamed|cried|laughed|woke|slept|helped|made|sent|messaged|wrote|will|would|could|can"
    r"|might|may|should|must|never|also|then|who|whom|whose|and\s+I\b|and\s+me\b|aged|born|who's|wouldn't|didn't|doesn't|wasn't|isn't)\b"
)
_BEFORE_PERSON = re.compile(
    r"\b(?:told|tell|tells|asked|ask|asks|with|by|named|called|know|knew|knows|met|meet|saw|seen|see|visited|rang|ring|phoned|texted"
    r"|messaged|message|emailed|contacted|contact|from|for|mother|father|mum|dad|sister|brother|daughter|son|husband|wife|partner"
    r"|boyfriend|girlfriend|fianc[e]+|ex|friend|friends|mate|colleague|neighbour|cousin|niece|nephew|uncle|aunt|auntie|flatmate"
    r"|housemate|manager|boss|supervisor|tutor|teacher|worker|nurse|solicitor|caller|informant|victim|witness|passenger|driver"
    r"|between|and|that|said|says|because|when|while|if|but|name|is|was|child|dear|hi|hello|hey|thanks|cheers|regards|like|did|does"
    r"|has|had|about|against|where|why|how|who|what|tho|lol|n|w|our|as|of|than|behind|beside)\s+[\"'(]?$",
    re.IGNORECASE,
)
_BEFORE_PLACE = re.compile(
    r"\b(?:in|at|to|from|near|via|through|towards|into|around|of|outside|inside|off|on)\s+(?:the\s+)?$", re.IGNORECASE
)
_SENTENCE_START = re.compile(r"(?:^|[.!?:;\"(\n|*]\s*|\d[.)]\s+)$")
_STREET_AFTER = re.compile(
    r"\s+(?:Street|St|Road|Rd|Avenue|Ave|Lane|Ln|Drive|Close|Court|Crescent|Gardens|Grove|Place|Square|Terrace|Way|Walk|Row|Hill|Mews"
    r"|House|Park|Hotel|Inn|School|Academy|College|University|Hospital|Infirmary|Centre|Station|Club|Church|Ltd|Limited|LLP|plc"
    r"|Surgery|Practice|Council|Constabulary|Police|Bridge|Arms|Hall|Library|Estate|Point|Lodge|Buildings|Lofts|Act|Bank|Prison"
    r"|Market|Rules?|Forest|Beach|Airport|Stadium|Farm|Cottage|Tower|Towers|Island|Town|City|County|Crown|Magistrates|Court)\b",
    re.IGNORECASE,
)
_AFTERS = (" (Mrs)", " (Mr)", " (Miss)", " (Ms)", " (Dr)")
_PARTICLE_WORDS = frozenset(
    """
    van von der den de la los del della di da dos el al bin bint binti ibn ap ab ui ni nic a
    """.split()
)
_TWO_WORD_PLACES = frozenset({"hong-kong", "new-york", "sri-lanka", "san-francisco", "costa-rica"})
_PREMISES = frozenset(
    """
    house court park hall towers tower road street lane way close hill green point bridge lodge
    """.split()
)
_ALONE_NEVER = frozenset(
    """
    tel iban rasso mon tue wed thu fri sat sun feb mar apr jun jul aug sep sept oct nov dec mg roti cad storm holmes dems storm op police crown
    court hmp gmc reg ltd llp plc uk eu gb no yes re vs uni sixth abe pin mi ab dna key yeah ok hi dear road street avenue covid hepatitis magna carta north south east west
    """.split()
)


_LABELS = frozenset("date birth address born occupation signed statement telephone phone mobile email contact witness".split())
_ENDING = re.compile(r"'(?:s|m|d|ll|ve|re|t)$")


# What says outright that a name follows
_NAMED = re.compile(
    r"\b(?i:names?[ ](?:is|was|are|as|of)|first[ ]name|real[ ]name|surname|known[ ](?:to[ ](?:me|her|him)[ ])?as|a\.?k\.?a\.?|nick-?named?(?:[ ]is)?|goes[ ]by"
    r"|introduced[ ](?:himself|herself)[ ]as|calls?[ ](?:himself|herself|him|her)|call[ ]me|my[ ]name'?s|her[ ]name'?s|his[ ]name'?s"
    r"|(?:man|male|lad|bloke|guy|boy|girl|woman|female|lady|friend|someone|somebody|person|mate|colleague|worker|cousin|one|fella|student|lodger|neighbour)[ ](?:called|named))"
    r"[ ]+[\"']?(?P<it>[A-Z][A-Za-z'-]+(?:[ ][A-Z][A-Za-z'-]+){0,3})"
)


def _outright(text: str) -> Iterator[Span]:
    """A name that is called one: "My English name is Coco"."""
    for match in _NAMED.finditer(text):
        words = [_Word(m.start() + match.start("it"), m.end() + match.start("it"), m[0]) for m in _TOKEN.finditer(match["it"])]
        taken: list[_Word] = []
        for word in words:
            if word.small in _ALONE_NEVER or word.small in MONTHS or (word.small in lists.frequent() and not _is_forename(word)):
                break
            taken.append(word)
        if taken and not _STREET_AFTER.match(text, taken[-1].end):
            yield _span(taken, text, "name.outright")
            if (other := _OR.match(text, taken[-1].end)) and other["it"].lower() not in lists.frequent() | MONTHS:
                yield Span(other.start("it"), other.end("it"), "TPN", "pattern", "name.outright")


_OR = re.compile(r",? or[ ][\"']?(?P<it>[A-Z][a-z'-]{1,20})(?![A-Za-z'-])")  # "called Seun or Shay"


@lru_cache(maxsize=65536)
def base(text: str) -> str:
    """A word in small letters without what hangs on to it: "Amy's", and "Amys" where the apostrophe went missing."""
    small = _ENDING.sub("", text.lower().rstrip("."))
    if small.endswith("s") and is_possessive(small):
        return small[:-1]
    return small


def is_possessive(small: str) -> bool:
    """Whether a word is no name or word of its own, but is one without its s."""
    return (
        len(small) > 4
        and small[:-1] in lists.forenames()
        and small[:-1] not in lists.words()
        and not (small in lists.forenames() or small in lists.surnames() or small in lists.words() or small in lists.places())
    )


@dataclass(frozen=True, slots=True)
class _Word:
    start: int
    end: int
    text: str

    @property
    def small(self) -> str:
        return base(self.text)


def find(text: str) -> Iterator[Span]:
    """Names in a plain text whose capitals are set (`recase.recased`)."""
    yield from _titled(text)
    yield from _outright(text)
    yield from _listed(text)
    for match in _NICKNAMED.finditer(text):
        words = [match["first"].lower(), match["last"].lower()]
        if words[0] in _RANKS and words[1] not in lists.places():  # behind a rank a surname may be any word
            yield Span(match.end("first") + 1, match.end("last"), "TPN", "pattern", "name.nicknamed")
        elif any(word in lists.forenames() or word in lists.surnames() or word not in lists.words() for word in words) and not any(
            word in lists.frequent() and word not in lists.forenames() for word in words
        ):
            yield Span(match.start(), match.end("last"), "TPN", "pattern", "name.nicknamed")
    for match in _WITH_PARTICLE.finditer(text):
        last = match["last"].lower()
        if not _is_word(last) and last not in lists.places():
            yield Span(match.start(), match.end(), "TPN", "pattern", "name.particle")
    for run in _RUN.finditer(text):
        yield from _in_run(text, [_Word(m.start() + run.start(), m.end() + run.start(), m[0]) for m in _TOKEN.finditer(run[0])])


_RANKS = frozenset("mr pte lcpl cpl sgt ssgt lt capt maj col".split())
# Abimbola "Bim" Faleye
_NICKNAMED = re.compile(
    r"(?<![\w'])(?P<first>[A-Z][A-Za-z'-]{1,30})[ ]?(?:\"[A-Za-z][A-Za-z'-]{1,20}\"|\([A-Z][a-z'-]{1,20}\)|'[A-Z][a-z-]{1,20}')[ ](?P<last>[A-Z][A-Za-z'-]{1,30})"
)
# "Sgt van Rensburg", "Do Thi Mai"
_WITH_PARTICLE = re.compile(
    r"(?<![\w'])(?:(?:van(?:[ ]de[rn]?)?|von|bin|ibn|bint|binti|della|ferch|ap)[ ]|[A-Z][a-z]{1,12}[ ]Thi[ ])(?P<last>[A-Z][a-z]{2,20})(?![A-Za-z'-])"
)
# SURNAME, Forename (a reversed name in a record), with what may follow the forenames
_REVERSED = re.compile(
    r"(?<![A-Za-z'-])(?P<last>[A-Za-z][A-Za-z'-]*[A-Za-z]),[ ](?P<given>[A-Z][A-Za-z'-]+(?:[ ][A-Z][A-Za-z'-]+){0,2})"
)


def _listed(text: str) -> Iterator[Span]:
    """Surname, comma, forename: a surname that is a word is one here."""
    for match in _REVERSED.finditer(text):
        given = [
            _Word(m.start() + match.start("given"), m.end() + match.start("given"), m[0]) for m in _TOKEN.finditer(match["given"])
        ]
        first, last = given[0], match["last"].lower()
        if last in lists.word_surnames() and _is_forename(first) and match["last"].isupper():
            pass  # "BISHOP, Summer"
        elif not _is_strong_forename(first) or last in lists.frequent() or last in lists.places() or last in MONTHS:
            continue
        if (last in lists.forenames() and last not in lists.surnames()) or _TITLE.fullmatch(match["last"]):
            continue  # "Sarah, Emma and ..."
        if not re.search(r"(?:^|[\n:|;(]|\d\.?)[ ]*$", text[max(0, match.start() - 6) : match.start()]):
            continue  # a list of names in a sentence is found name by name
        while len(given) > 1 and (len(given[-1].text) == 1 or _is_weak(given[-1])):
            given.pop()
        yield Span(match.start(), given[-1].end, "TPN", "pattern", "name.reversed")


def _titled(text: str) -> Iterator[Span]:
    for match in _TITLED.finditer(text):
        title = match["title"].lower()
        if title in _WORDY_TITLES and not match["title"][0].isupper():
            continue
        run = _RUN.match(text, match.end(), match.end() + _LONGEST_NAME) or _SMALL_FF.match(text, match.start("lead"))
        if not run or ("\n" in text[match.start() : match.end()] and title in ("sir", "madam")):
            continue
        words = [_Word(m.start() + run.start(), m.end() + run.start(), m[0]) for m in _TOKEN.finditer(run[0])]
        taken: list[_Word] = []
        for word in words[:5]:
            if (
                (taken and _ends_name(word, text))
                or _TITLE.fullmatch(word.text)
                or (
                    title in _WORDY_TITLES
                    and _is_word(word.small)
                    and word.small not in lists.forenames()
                    and word.small not in lists.word_surnames()
                )
            ):
                break
            taken.append(word)
        if taken:
            named = _span(taken, text, "name.titled")
            yield Span(match.start("title"), named.end, named.code, named.source, named.rule)


def _ends_name(word: _Word, text: str) -> bool:
    """Whether a word behind a titled name is no more part of it: a common word, or the next line's first."""
    after_break = text[word.start - 1 : word.start] == "\n"
    if word.small in MONTHS:
        return True
    if after_break:
        return _is_word(word.small)
    return word.small in lists.frequent() and word.small not in lists.forenames() and word.small not in lists.surnames()


_SAYS = re.compile(r"[^\n:.,]{1,40}:(?=\s)")  # a line of a conversation


def _in_run(text: str, words: list[_Word]) -> Iterator[Span]:
    """Names inside a run of capitalised words."""
    group: list[_Word] = []
    for word in [*words, None]:
        if word is not None and (_may_be_in_name(word) or _follows_forename(word, group, text)):
            gap = text[group[-1].end : word.start] if group else ""
            if (
                gap.strip(" \n.-")
                or gap.count("\n") > 1
                or ("\n" in gap and (_is_word(word.small) or _SAYS.match(text, word.start)))
            ):
                yield from _of_group(text, group)
                group = []
            group.append(word)
            continue
        if group:
            yield from _of_group(text, group)
            group = []


def _follows_forename(word: _Word, group: list[_Word], text: str) -> bool:
    """A rarer word with a capital right behind a forename is a surname: "Keeley Grange", "Wang Jun"."""
    if not group or text[group[-1].end : word.start] != " " or not _is_strong_forename(group[0]) or len(group) > 3:
        return False
    if f"{group[-1].small}-{word.small}" in _TWO_WORD_PLACES:
        return False
    if word.small in ("jan", "jun"):
        return not re.match(r"\W{0,3}\d", text[word.end : word.end + 4])
    if word.text.isupper() and len(word.text) > 3 and not group[0].text.isupper() and word.small not in _ALONE_NEVER:
        return True  # records write a surname in capitals: "Jodie PRIOR"
    if word.small in lists.frequent() and word.text[1:].islower() and word.small not in lists.more_words():
        # "says Jodie Prior is lying": a capital that nothing else explains
        # Not where the surname is there already and a form goes on: "Adaeze OKONKWO Date of birth"
        fits = len(group) == 1 and len(word.small) > 3 and word.small not in _LABELS | _ALONE_NEVER
        return fits and not _TITLE.fullmatch(word.text) and _in_prose(text, word)
    return (
        len(word.small) > 3
        and word.small not in lists.frequent()
        and not _TITLE.fullmatch(word.text)
        and word.small not in _ALONE_NEVER
    )


def _in_prose(text: str, word: _Word) -> bool:
    """Whether small letters follow: a heading or form gives common words capitals too."""
    return bool(re.match(r"'s\b|,? [a-z]{2,}|\.\s", text[word.end : word.end + 12])) and not _STREET_AFTER.match(
        text, word.start - 1
    )


def _may_be_in_name(word: _Word) -> bool:
    small = word.small
    if word.text.islower():
        return small in _PARTICLE_WORDS  # the pattern of a run lets no other small word in
    if small in _ALONE_NEVER or _TITLE.fullmatch(word.text):
        return False
    if len(small) == 1:
        return small != "i" or word.text.endswith(".")
    halves = small.split("-")
    if len(halves) > 1:
        return not all(_is_word(half) and half not in lists.surnames() for half in halves)
    if (
        word.text.isupper()
        and len(small) <= 4
        and (len(small) < 3 or (small not in lists.forenames() and small not in lists.surnames()))
    ):
        return False  # an abbreviation
    return not _is_word(small) or small in lists.forenames() or small in lists.surnames()


def _of_group(text: str, group: list[_Word]) -> Iterator[Span]:  # noqa: PLR0912 (a list of cases)
    """The name in words that may each be part of one, if there is reason enough."""
    doubled = bool(group) and _is_doubled(group)
    while not doubled and len(group) > 1 and _is_weak(group[0]) and not _is_forename(group[0]) and not _is_initial(group[0], text):
        group = group[1:]
    while (
        len(group) > 1 and len(group[-1].small) == 1 and not _is_initial(group[-1], text) and len(group) == 2 and _is_weak(group[0])
    ):
        group = group[:-1]
    if not group or _STREET_AFTER.match(text, group[-1].end):
        return
    strong = [word for word in group if _is_strong_forename(word)]
    if len(group) > 1:
        if group[-1].small in _PREMISES and len(group) == 2:
            return
        if doubled or strong or _is_full(group):
            yield _span(group, text, "name.full")
        return
    word = group[0]
    if len(word.small) < 2 or word.text.islower():
        return
    if word.small in ("jan", "jun") and re.search(r"\d", text[max(0, word.start - 5) : word.start] + text[word.end : word.end + 4]):
        return
    before, after = text[max(0, word.start - 40) : word.start], text[word.end : word.end + 40]
    if strong:
        if re.search(r"\bSt\.? $", before, re.IGNORECASE):
            return
        if word.text.lower().rstrip(".") == f"{word.small}s" or (
            not (word.small in lists.places() and _BEFORE_PLACE.search(before)) and not _is_place_of_two(word, after)
        ):
            yield _span(group, text, "name.first")
    elif _is_forename(word) and _is_word(word.small):
        if _stands_for_person(word, before, after):
            yield _span(group, text, "name.first")
    elif _stands_like_name(word, before, after):
        yield _span(group, text, "name.last" if word.small in lists.surnames() else "name.unknown")


def _is_place_of_two(word: _Word, after: str) -> bool:
    """ "Hong Kong", "St Helens": a place whose first word could be a name."""
    second = re.match(r" ([A-Z][a-z]+)", after)
    if second is None:
        return False
    other = second[1].lower()
    return f"{word.small}-{other}" in _TWO_WORD_PLACES or f"{word.small} {other}" in lists.places()


def _is_initial(word: _Word, text: str) -> bool:
    return len(word.text) == 1 and text.startswith(".", word.end)


def _is_full(group: list[_Word]) -> bool:
    """Whether two or more words read as a name: a forename or initial and then a surname, neither of them a plain word pair."""
    first, last = group[0], group[-1]
    if len(first.small) == 1 and len(last.small) > 2:
        return last.small in lists.surnames() and not (_is_word(last.small) and not first.text.endswith("."))
    if _is_forename(first):
        if first.small in MONTHS:
            return not _is_word(last.small)
        return not (_is_word(first.small) and _is_word(last.small) and not lists.is_surname(last.small))
    known = [word for word in group if word.small in lists.surnames() and not _is_weak(word)]
    return len(known) >= 2 or (
        bool(known) and any(word.small not in lists.places() for word in group) and not any(map(_is_weak, group))
    )


def _is_doubled(group: list[_Word]) -> bool:
    """A surname of two, both unknown as words, behind a word that is rare: "Bal Hothi-Raine"."""
    halves = group[-1].small.split("-")
    if len(group) != 2 or len(halves) != 2 or any(_is_word(half) or half in lists.places() for half in halves):
        return False
    return group[0].small not in lists.frequent() and group[0].small not in lists.places()


def _stands_for_person(word: _Word, before: str, after: str) -> bool:
    """A forename that is a word too: inside a sentence its capital tells it; at the start of one, what it does."""
    if word.small in MONTHS and not re.match(r"(?:'s)?\s+(?:said|told|was|has|had|asked|came|went)\b", after):
        return False
    if re.match(r"(?:'s)?,?\s+(?:\d|of\b)", after):
        return False
    if _begins(before):
        does = _DOES.match(after)
        if word.small in ("will", "may", "can"):  # asks or orders before another verb; before a finished one it's somebody
            return bool(does) and not _PLAIN_VERB.match(after)
        return bool(does) and word.small not in ("so", "see", "my", "an", "any", "lee")
    return not re.search(r"\b(?:in|at|near|via|through|towards|into|around|of|off|on)\s+(?:the\s+)?$", before) or bool(
        _DOES.match(after)
    )


_WRAPPED = re.compile(r"[a-z,;][ ]?[^\n]{0,1}\n[ ]?$")
_PLAIN_VERB = re.compile(r",?\s+(?:\(|will|would|could|can|might|may|should|must|never|also|then|put|hit|let|cut|and\b)")


def _begins(before: str) -> bool:
    """Whether a sentence begins behind `before` (40 letters): not where a full line of prose is merely wrapped."""
    if not _SENTENCE_START.search(before):
        return False
    return not (_WRAPPED.search(before) and before.count("\n") == 1 and len(before) >= 40 and "  " not in before)


def _stands_like_name(word: _Word, before: str, after: str) -> bool:
    """A capitalised word that no list of words or places knows."""
    small = word.small
    if small in lists.places() or len(small) < 3 or _is_word(small):
        return False
    if _BEFORE_PLACE.search(before) and not _DOES.match(after) and not after.startswith("'s"):
        return small in lists.surnames() and bool(re.search(r"\b(?:from|of)\s+$", before))
    if small in lists.surnames():
        return True
    return bool(_BEFORE_PERSON.search(before) or _DOES.match(after) or after.startswith("'s"))


def _is_forename(word: _Word) -> bool:
    return word.small in lists.forenames() or word.small.split("-")[0] in lists.forenames()


def _is_strong_forename(word: _Word) -> bool:
    return _is_forename(word) and len(word.small) > 1 and not _is_word(word.small.split("-")[0])


def _is_word(small: str) -> bool:
    return small in lists.words() or small in MONTHS


def _is_weak(word: _Word) -> bool:
    return _is_word(word.small)


_LEAD = re.compile(r"(?<![\w'])(?:van(?: de[rn]?)?|von|bin|ibn|binti?|ap|de la|dos)[ ]$")


def _span(words: list[_Word], text: str, rule: str) -> Span:
    start, end = words[0].start, words[-1].end
    if lead := _LEAD.search(text, max(0, start - 12), start):
        start = lead.start()
    if text[end - 2 : end] in ("'s", "'S"):
        end -= 2
    if text.startswith(_AFTERS, end):
        end += text[end:].index(")") + 1
    return Span(start, end, "TPN", "pattern", rule)
