"""Capitals as an editor would set them, letter for letter: what is written in capitals throughout, or without any."""

import re

from redaction.engine.detect import lists

_WORD = re.compile(r"[A-Za-z]+(?:'[A-Za-z]+)?")
_CAPITALS = re.compile(r"[A-Z]{3,}(?:'[A-Z]+)?(?![A-Za-z0-9])")
# What comes before a name although it stands in small letters or among capitals
CUES = (
    r"names?\s+is|name\s+as|named?|called|known\s+as|caller|informant|inf|inft|subscriber|mr|mrs|ms|miss|dr|mum\s+is|dad\s+is|mum|dad"
    r"|mother|father|sister|brother|son|daughter|partner|husband|wife|friend|mate|cousin|neighbour|boyfriend|girlfriend|ex|daughters?"
    r"|auntie|aunty|aunt|uncle|nan|nana|gran|grandpa|grandma|cousin|pc|told|tell|ask|asked|ring|rang|text|texted|phoned|hi|hey|w|with"
    r"|dear|n|and|by|cos|thanks|cheers|called|saw|seen|said|says|names|only|this\s+is|is\s+this|bout|about|lad|guy|at|is|to"
)
_AFTER_CUE = re.compile(rf"\b(?:{CUES})[ :]+(?=(?P<word>[A-Za-z]{{2,}})\b)", re.IGNORECASE)
# What only a person does: before it a forename that is a word too is a name after all
_THEN_DOES = re.compile(
    r"\b(?P<word>[A-Za-z]{3,})(?=\s+(?:did|does|said|says|was|is|isnt|has|hasnt|told|will|wont|came|went|rang|knows|knew|wants|saw|got|took|he|she"
    r"|hes|shes|from|works|lives|described|never|always|keeps|kept|asked|texted|called)\b)",
    re.IGNORECASE,
)
# Forenames that small letters leave a word, whatever stands before them
_NEVER = frozenset(
    """
    will may can see long general made case park line love young little man press job red star sun baby council lot mar ever bill true
    else rock edit loan among king cash river soon season silver bush summer male song reason spring brown hill unique hall kit son mac
    van floor german winter wood min manual unknown worth royal guy price add many page art so my in an general media author friend less
    more early major gay west north east south bay ash rich ray miles sunny happy lucky sunshine prince princess duke earl angel bishop
    guy dude pop sir mo dear chance christmas happy honey sugar sweet sweetie pretty sunday monday hunter storm rain snow sunset deal
    fare fair law long low sage royal pace able best bright tiny teddy bear bunny duck rusty misty gentle else ok merry per al
    """.split()
)
_THINGS = frozenset(
    """
    faith hope joy charity mercy patience constance honor melody dawn autumn winter ivy holly heather amber jade crystal
    coral pearl ginger sandy storm chase grant guy gene dean sky pat rob
    """.split()
)
# Forenames that are verbs and things: "to mark", "about hope"
_DONE = _THINGS | frozenset(
    """
    mark grace rose nick sue frank drew jack bill may lance pierce reed wade guy dot penny ruby pearl iris violet lily olive daisy
    poppy sage clay cliff glen heath forest stone skip tally eve noel star dale vale basil bud may gray van max miles carol
    """.split()
)
MONTHS = frozenset(["april", "may", "june", "august", "january", "march"])


def recased(text: str) -> str:
    """The text, each letter in place, with names capitalised and shouting lowered. Letters must be plain."""
    if not text.isascii() and len(text.lower()) != len(text):
        return text
    return "\n".join(map(_line, text.split("\n")))


def _line(line: str) -> str:
    upper = sum(letter.isupper() for letter in line)
    lower = sum(letter.islower() for letter in line)
    if upper >= 4 and upper > 3 * lower:
        made = _TITLED.sub(_titled, _FORE_AND_SURNAME.sub(_both, _WORD.sub(_shouted, line)))
        return _FIRST_OF_TWO.sub(_first_of_two, _names_after_cues(made))
    line = _CAPITALS.sub(_capitals, line)
    if lower:
        line = _WORD.sub(_small, line)
        if upper * 12 < lower + 12:
            line = _pairs(_names_after_cues(line))
    return line


# In a line of capitals a title makes a name of the word behind it, whatever else the word means
_TITLED = re.compile(
    r"\b(?P<title>mr|mrs|ms|miss|dr|pastor|rev|revd|reverend|imam|rabbi|auntie|aunty|uncle)(?P<gap>\.? )(?P<name>[a-z]{3,})\b",
    re.IGNORECASE,
)
_NOT_TITLED = frozenset("the him her you them this that out work school college home and for was has had will who said our".split())
_FORE_AND_SURNAME = re.compile(r"\b(?P<first>[A-Za-z]{3,}) (?P<last>[a-z]{3,})\b")


def _titled(match: re.Match[str]) -> str:
    name = match["name"]
    return match[0] if name.lower() in _NOT_TITLED else match["title"] + match["gap"] + name[0].upper() + name[1:]


def _both(match: re.Match[str]) -> str:
    """A forename before a surname in a line of capitals, where one or both are words too: "ROSE BISHOP"."""
    first, last = match["first"].lower(), match["last"]
    if first not in lists.forenames() or last not in lists.word_surnames() or first in MONTHS or first in _MODAL:
        return match[0]
    return match["first"][0].upper() + match["first"][1:] + " " + last[0].upper() + last[1:]


_MODAL = frozenset(
    "will may can so in an see many general love man made long young mark grant chase bill drew sue art early".split()
)
_FIRST_OF_TWO = re.compile(r"\b([a-z]{3,})(?= [A-Z][a-z]+\b)")


def _first_of_two(match: re.Match[str]) -> str:
    """A forename that is a word too, before another name in a line of capitals."""
    word = match[0]
    return word[0].upper() + word[1:] if word in lists.forenames() and word not in _NEVER else word


def is_name_word(word: str) -> bool:
    """Whether a word in small letters is a forename and no word of English or place."""
    return word in lists.forenames() and word not in lists.words() and word not in lists.places()


def _is_possessive(small: str) -> bool:
    bare = small[:-1]
    return len(small) > 4 and bare in lists.forenames() and bare not in lists.words() and small not in lists.forenames()


def _base(word: str) -> str:
    small = word.lower()
    return small[:-2] if small.endswith("'s") else small


def _shouted(match: re.Match[str]) -> str:
    word = match[0]
    small = _base(word)
    if len(small) <= 3 and small not in lists.words() and small not in lists.forenames() and small not in lists.surnames():
        return word
    return word.lower() if small in lists.words() or small.replace("'", "") in lists.words() else word[0].upper() + word[1:].lower()


def _capitals(match: re.Match[str]) -> str:
    """A surname in capitals in an ordinary line; abbreviations stay."""
    word = match[0]
    small = _base(word)
    if len(word) < 4 and small not in lists.forenames():
        return word
    if small in lists.words():
        return word
    if small not in lists.forenames() and small not in lists.surnames():
        line, start, end = match.string, match.start(), match.end()
        beside_name = re.search(r"[A-Z][a-z'-]+(?: [A-Z]\.)? $|[a-z]-$", line[max(0, start - 20) : start]) or re.match(
            r", ?[A-Z][a-z]", line[end : end + 4]
        )
        if not beside_name:
            return word
    return word[0] + word[1:].lower()


def _small(match: re.Match[str]) -> str:
    word = match[0]
    if not word[0].islower():
        return word
    small = _base(word)
    # "mareks": in chats the apostrophe goes missing
    if len(small) > 2 and small not in lists.words() and (is_name_word(small) or (small.endswith("s") and _is_possessive(small))):
        return word[0].upper() + word[1:]
    return word


_PAIR = re.compile(r"\b(?P<first>[a-z]{2,}) (?=(?P<last>[a-z]{4,})(?:s)?\b)")


def _pairs(line: str) -> str:
    """A forename, though a word, before a surname that is none: "will bassett"."""
    letters = list(line)
    for match in _PAIR.finditer(line):
        first, last = match["first"], match["last"]
        # Behind what is a forename only, a surname may be a word that is seldom one: "mel cartwright"
        if (
            first in lists.forenames()
            and last in lists.surnames()
            and last not in (lists.frequent() if is_name_word(first) else lists.words())
            and last not in lists.forenames()
            and last not in lists.places()
        ):
            for place in (match.start("first"), match.start("last")):
                letters[place] = letters[place].upper()
    return "".join(letters)


def _names_after_cues(line: str) -> str:
    letters = list(line)
    for match in _AFTER_CUE.finditer(line):
        word = match["word"].lower()
        if len(word) == 2 and word in lists.words():
            continue
        if word in _DONE and re.match(r"(?:to|at|is|about|only)\b", match[0], re.IGNORECASE):
            continue
        if word in lists.forenames() and word not in _NEVER and word not in MONTHS:
            letters[match.end()] = letters[match.end()].upper()
    for match in _THEN_DOES.finditer(line):
        word = match["word"].lower()
        if word in lists.forenames() and word not in _NEVER and word not in MONTHS and word not in _THINGS:
            letters[match.start()] = letters[match.start()].upper()
    return "".join(letters)
