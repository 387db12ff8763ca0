"""What a document says about itself: form fields, e-mail headers, the senders of a chat."""

import re
from collections import Counter
from collections.abc import Iterator

from redaction.engine.detect import lists
from redaction.engine.shapes import Span

NAME = (
    r"(?:witness\s+)?statement\s+of|(?:full\s+|first\s+|last\s+|family\s+|given\s+|witness\s+|maiden\s+|account\s+|account\s+holder'?s?\s+|subscriber\s+"
    r"|patient\s+|client\s+|child'?s?\s+|contact\s+|display_?\s*)?names?(?:\(s\))?(?:\s+of\s+(?:your\s+|the\s+)?\w+)?|surname|fore-?names?(?:\(s\))?"
    r"|first\s+name\(?s?\)?|middle\s+names?|(?:any\s+)?other\s+names?[^:\n]{0,40}|a\.?k\.?a\.?|alias(?:es)?|known\s+as|nominal|next\s+of\s+kin|parent(?:\s+or\s+guardian)?"
    r"|guardian|mother|father|from|to|cc|bcc|victim|complainant|witness(?:es)?|suspect|suspect\s+name|patient|pt|client|child|subject|re|subscriber|customer"
    r"|registered\s+keeper|keeper|caller|informant|inf|signature(?:\s+witnessed\s+by)?|signed|solicitor|interpreter|intermediary|appropriate\s+adult"
    r"|nominated\s+person|person\s+interviewed|interviewee|others?\s+present|present|apologies|attended\s+by|seen\s+by|examiner|scientist"
    r"|crisis\s+worker|(?:allocated\s+)?social\s+worker|g\.?p\.?|doctor|nurse|head\s*teacher|tenant|landlord|contact|author|associates?"
    r"|siblings?|manager|line\s+manager|tutor|account\s+holder|passenger|driver|collected\s+by|returned\s+to|who\s+was\s+responsible[^:\n?]{0,20}\?"
    r"|accompanied\s+by|referred\s+by|thread\s+participants|participants"
)
_LABEL = re.compile(
    rf"(?:^|(?<=\n)|(?<=\s{{2}})|(?<=[\])|;]\s))[ ]{{0,20}}(?:\d{{1,2}}[.)]\s+)?(?P<label>{NAME})[ ]*[:?][ ]*(?P<value>[^\n]{{2,90}})",
    re.IGNORECASE,
)
_ADDRESS = re.compile(
    r"(?:^|(?<=\s{2}))[ ]{0,20}(?:\d{1,2}[.)]\s+)?(?:(?:(?!e-?mail|ip|web|mac)[a-z-]{2,15}\.?\s+){0,3}address(?:es)?(?:\s+(?:of|on)\s+\w+)?|addr?|lka|h/a|home|residence)"
    r"[ ]*:[ ]*(?P<value>[^\n]+(?:\n[ ]{2,}[^\n:]{2,60}(?=\n|$))*)",
    re.IGNORECASE | re.MULTILINE,
)
_WORK = re.compile(
    r"(?:^|(?<=\s{2}))[ ]{0,20}(?:school|college|employer|place\s+of\s+work|workplace|university)[ ]*:[ ]*(?P<value>[^\n]{3,70})",
    re.IGNORECASE | re.MULTILINE,
)
# The next field on the same line, or a gap of a form, ends a value.
_ENDS = re.compile(
    r"\s{2,}|\s+\((?!\s*[A-Z]['A-Za-z]+ [A-Z])|\.{3,}|_{3,}|\s+<|\s*[|;]|,\s+(?=\w+\s+(?:&|and)\s)|\s+(?:of|b\.|born)\s"
    r"|[\s,]+(?:age|aged|d\.?\s?o\.?\s?b|date(?:\s+of\s+birth)?|born|occupation|urn|address|tel(?:ephone)?|phone|mobile|e-?mail|page|signature|name"
    r"|nhs|no|ref|account|sort\s+code|badge|passport|licence|exhibit|police)\b",
    re.IGNORECASE,
)
# A value of an export in JSON
_JSON = re.compile(
    r'"(?:[a-z_]{0,20}_)?(?:name|author|sender|from|to|owner|contact|participant|title|first|last)"\s?:\s?"(?P<value>[^"\n{}:@\d]{2,60})"',
    re.IGNORECASE,
)
# What somebody is, before their name
_ROLE = re.compile(
    r"(?:driver|rider|passenger|customer|male|female|suspect|victim|witness|complainant|defendant|subject|client|patient|guest|tenant|landlord)\s+(?=[A-Z])",
    re.IGNORECASE,
)
_A_NAME = re.compile(r"[\"']?[A-Za-z][A-Za-z'.-]*(?:,?\s+[\"'(]?[A-Za-z][A-Za-z'.-]*[\"')]?){0,5}$")
_RANK = re.compile(
    r"^(?:W?PC|DC|DS|DI|DCI|PS|SGT|PCSO|INSP|DET|TDC|Police|Crown|HM|CPS|Unknown|N/?A|None|Not|Nil|Duty|Over)\b", re.IGNORECASE
)
_PSEUDONYM = re.compile(r"^(?:Complainant|Witness|Suspect|Defendant|Victim)\s+[A-Z0-9]{1,2}$", re.IGNORECASE)
_HEADER_NAME = re.compile(
    r"^(?:From|To|Cc|Bcc|Reply-To):[ ]*(?P<value>[^\n<@]{2,60}?)[ ]*(?:<|\[mailto:)", re.IGNORECASE | re.MULTILINE
)
_WHEN = r"\[?\d{1,4}[/.-]\d{1,2}[/.-]\d{2,4},?[ T]\d{1,2}:\d{2}(?::\d{2})?(?:\s?[ap]m)?(?:\s?UTC|Z)?\]?"
_SENDER = re.compile(
    rf"^(?:{_WHEN}(?:\s+[-\u2013])?|\d{{1,2}} [A-Z][a-z]{{2}} \d{{4}} (?:at )?\d{{1,2}}:\d{{2}} -|\[\d{{1,2}}:\d{{2}}(?::\d{{2}})?\])[ ]*"
    r"(?P<value>[^\n:\d\[\]<>|,;]{1,40}?)(?P<end>:|$)|"
    r"^(?P<value2>[^\n:\d\[\]<>|,;()]{2,30}?)[ ]?\(\d{1,2}:\d{2}(?::\d{2})?\):|"
    r"^(?P<value3>[A-Za-z][^\n:\d\[\]<>|,;().?!]{1,24}):[ ]",
    re.MULTILINE,
)
# In an extraction report the contact's name stands behind its number
_BEHIND_NUMBER = re.compile(
    r"(?:\+|\b0|\b44)\d[\d ]{8,13}\d[ \t]{1,4}\(?(?P<value>[A-Z][A-Za-z'. -]{1,30}?)(?=\s{2}|\)|[ \t]+\d{1,4}[/.-]\d|[ \t]*$)",
    re.MULTILINE,
)
_SIGNED = re.compile(
    r"(?:^|\n)[ ]{0,20}(?:(?:yours|kind|best|warm(?:est)?|many|with)?[ ]{0,20}(?:sincerely|respect(?:fully)?|faithfully|truly|regards|wishes|thanks)|regards|cheers|thanks|take care|love)"
    r"[ ]{0,20}[,.]?[ ]{0,20}\n(?:[ ]{0,20}\n){0,4}[ ]{0,20}(?P<value>[A-Z][^\n:;,@\d]{1,45})",
    re.IGNORECASE,
)
_ROLES = re.compile(
    r"^(?:q|a|operator|caller|interviewer|interviewee|officer|solicitor|witness|defendant|judge|clerk|police|me|you|unknown|system|them|agent"
    r"|note|date|time|subject|sent|to|from|cc|re|tel|fax|ref|dear|place|item|result|plan|action|page|station|exhibit|marker|address|text|queries"
    r"|contact|court|measure|school|child|email|e-mail|mobile|telephone|charge|present|apologies)$",
    re.IGNORECASE,
)


def find(text: str) -> Iterator[Span]:
    """Fields with a name, an address, a school or an employer in a plain text."""
    for match in _LABEL.finditer(text):
        yield from _name(text, match.start("value"), match["value"], match["label"])
    for match in _HEADER_NAME.finditer(text):
        yield from _name(text, match.start("value"), match["value"], "header")
    for match in _BEHIND_NUMBER.finditer(text):
        if _like_name(match["value"]):
            yield from _name(text, match.start("value"), match["value"], "contact row")
    for match in _SIGNED.finditer(text):
        yield from _name(text, match.start("value"), match["value"], "signature")
    for match in _ADDRESS.finditer(text):
        value = re.split(r"\s{3,}(?=\S+\s*\S*:)|\s+(?:Tel|Mobile|DOB)\b", match["value"].rstrip())[0].rstrip(" .,;")
        sure = "ddr" in match[0][: match.start("value") - match.start()].lower()
        if len(value) > 4 and re.search(r"[A-Za-z]{2}", value) and "@" not in value and (sure or re.search(r"\d|,", value)):
            yield Span(match.start("value"), match.start("value") + len(value), "ADDR", "field", "field.address")
    for match in _WORK.finditer(text):
        value = re.split(r"\s{2,}|[(;|]", match["value"])[0].rstrip(" .,;")
        if len(value) > 2 and not re.match(r"(?:n/?a|none|not|unknown)\b", value, re.IGNORECASE):
            yield Span(match.start("value"), match.start("value") + len(value), "WRK", "field", "field.work")
    for match in _JSON.finditer(text):
        if _like_name(match["value"]):
            yield Span(match.start("value"), match.end("value"), "TPN", "field", "field.json")
    yield from _senders(text)


def _name(text: str, start: int, value: str, label: str) -> Iterator[Span]:
    """Names that a field's value begins with, several if commas or "and" join them."""
    label = re.sub(r"\s+", " ", label.lower())
    ending = _ENDS.search(value)
    if ending:
        value = value[: ending.start()]
    if role := _ROLE.match(value):
        value, start = value[role.end() :], start + role.end()
    lead = len(value) - len(value.lstrip(" \"'"))
    value, start = value[lead:].rstrip(" .,;\"'"), start + lead
    if len(value) < 2 or _RANK.match(value) or _PSEUDONYM.match(value) or not _A_NAME.match(value):
        return
    words = re.findall(r"[A-Za-z]+", value.lower())
    common = [word for word in words if word in lists.words() and word not in lists.forenames() and not lists.is_surname(word)]
    if label in ("header", "signature", "statement of") and not any(word in lists.frequent() for word in common):
        common = []  # somebody's own name may be a word that is rare
    if len(common) * 2 > len(words) or not any(letter.isupper() for letter in value) or (len(words) > 4 and common):
        return
    if (
        label in ("re", "subject", "from", "to", "present", "contact", "child", "client", "mother", "father", "victim", "witness")
        and common
    ):
        return
    yield Span(start, start + len(value), "TPN", "field", f"field.{re.sub('[^a-z]+', '_', label)[:40]}")


def _senders(text: str) -> Iterator[Span]:
    """Who writes in a chat: before each message's colon, or behind its time."""
    found: list[tuple[int, str, bool]] = []
    for match in _SENDER.finditer(text):
        group = "value" if match["value"] else "value2" if match["value2"] else "value3"
        value = match[group].strip()
        words = value.split()
        if not words or len(words) > 4 or _ROLES.match(value) or _RANK.match(value) or value.lower().endswith((" at", " is")):
            continue
        found.append((match.start(group), value, group != "value3"))
    often = Counter(value for _, value, _ in found)
    plain_senders = {value for _, value, timed in found if not timed and often[value] > 2}
    for start, value, timed in found:
        if re.search(r"end-to-end|created group|was added|changed the", value):
            continue
        if timed or (value in plain_senders and _like_name(value)):
            yield Span(start, start + len(value), "TPN", "field", "field.sender")


def _like_name(value: str) -> bool:
    words = re.findall(r"[A-Za-z]+", value.lower())
    return any(word in lists.forenames() or word in lists.surnames() or word not in lists.words() for word in words)
