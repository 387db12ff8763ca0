"""Identifiers that can be told by their form, for the UK. Each rule has a name, a category code and, where it has one, a check."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from redaction.engine.detect import checks, lists
from redaction.engine.detect.text import digits
from redaction.engine.shapes import Span


@dataclass(frozen=True, slots=True)
class Rule:
    """A pattern whose group "it" (or whole match) is proposed, if its check agrees and its context stands nearby."""

    name: str
    code: str
    pattern: re.Pattern[str]
    check: Callable[[str], bool] | None = None
    context: re.Pattern[str] | None = None
    before: int = 80
    after: int = 20


def _rule(
    name: str,
    code: str,
    pattern: str,
    check: Callable[[str], bool] | None = None,
    context: str = "",
    *,
    exact: bool = False,
) -> Rule:
    """`exact`: capitals and small letters count in the pattern; in the context they never do."""
    near = re.compile(context, re.IGNORECASE) if context else None
    flags = re.VERBOSE if exact else re.VERBOSE | re.IGNORECASE
    return Rule(name, code, re.compile(pattern, flags), check, near)


MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?)"
)
DATE = rf"""(?:[\dOlI]{{1,2}}\s?[./-]\s?\d{{1,2}}\s?[./-]\s?(?:\d{{4}}|\d{{2}})\b
    |\d{{1,2}}[-/\s]{MONTH}[-/\s](?:\d{{4}}|\d{{2}})\b
    |\d{{4}}-\d{{2}}-\d{{2}}
    |\d{{1,2}}(?:st|nd|rd|th)?\s+(?:of\s+)?{MONTH}\.?,?\s+(?:\d{{4}}|'?\d{{2}}\b)
    |{MONTH}\.?\s+\d{{1,2}}(?:st|nd|rd|th)?,?\s+\d{{4}})"""
# How a date of birth is written where it is called one: also in six figures, parted by spaces, with a Roman month, misread
_BORN = r"""(?:\d{1,2}[ ./-][ivx]{1,4}[ ./-](?:\d{4}|\d{2})\b|(?<!\d)(?:0[1-9]|[12]\d|3[01])(?:0[1-9]|1[0-2])(?:19|20)?\d{2}(?!\d)
    |\d{1,2}[ ]\d{1,2}[ ](?:(?:19|20)\d{2}|\d{2})\b|[\dOlI]{1,2}[./-][\dOlI]{1,2}[./-](?:[\dOlI]{4}|[\dOlI]{2})\b)"""
_NOT_NI = r"(?!BG|GB|NK|KN|TN|NT|ZZ)"
POSTCODE = r"\b(?:GIR\s?0AA|BFPO[ ]?\d{1,4}|[A-Z]{1,2}\d[A-Z\d]?\s{0,2}\d[ABD-HJLNP-UW-Z]{2})\b"


def _is_phone(text: str) -> bool:
    return checks.uk_phone(("00" if text.lstrip("( ").startswith("+") else "") + digits(text))


def _is_foreign_phone(text: str) -> bool:
    return 8 <= len(digits(text)) <= 15 and not _is_phone(text)


def _spoken_phone(text: str) -> bool:
    return len(re.findall(r"[a-z]+", text.lower())) >= 6


def _is_card(text: str) -> bool:
    number = digits(text)
    if "\n" in text and not re.fullmatch(r"\d{4}(?:\s\d{4}){3}", text):
        return False  # broken over a line only between its fours
    # of the numbers that begin with 3 those of 15 digits are American Express's (else an IMEI), those of 14 Diners Club's
    begins = {15: ("34", "37"), 14: ("30", "36", "38", "39")}.get(len(number), ("35", "4", "5", "6", "2"))
    return 13 <= len(number) <= 19 and number.startswith(begins) and checks.luhn(number)


def _is_licence(text: str) -> bool:
    """Month 1 to 12 (50 more for a woman) and a day that exists."""
    number = re.sub(r"\s", "", text)
    month, day = int(number[6:8]) % 50, int(number[8:10])
    return 1 <= month <= 12 and 1 <= day <= 31


def _is_school(text: str) -> bool:
    """A name before the kind of school, not just "the School" or "High School"."""
    own = [word for word in re.findall(r"[A-Za-z']+", text) if word.lower() not in _SCHOOL_WORDS]
    return bool(own)


_SCHOOL_WORDS = frozenset(
    """
    the school college academy nursery university sixth form primary secondary high grammar infant infants junior juniors
    comprehensive community pre preschool from head of and my her his our at year a
    """.split()
)


def _is_employer(text: str) -> bool:
    words = [word.lower() for word in re.findall(r"[A-Za-z']+", text)]
    if words[0] == "the":
        words = words[1:]
    return bool(words) and words[0] not in (
        "home",
        "away",
        "there",
        "here",
        "with",
        "from",
        "night",
        "nights",
        "night-time",
        "monday",
        "tuesday",
        "wednesday",
        "thursday",
        "friday",
        "saturday",
        "sunday",
        "mr",
        "mrs",
        "ms",
        "miss",
        "dr",
    )


_NOT_WORKPLACES = frozenset(
    """
    home the moment all time times once night nights that this my his her their a an least last first work weekend
    weekends minute present him me them us
    """.split()
)


def _is_small_school(text: str) -> bool:
    """A school in small letters has a word of its own before the kind."""
    return any(word not in lists.words() for word in text.split()[:-1])


def _is_small_employer(text: str) -> bool:
    words = text.split()
    if words[0] in _NOT_WORKPLACES and not (words[0] == "the" and len(words) > 1 and words[1] not in _NOT_WORKPLACES):
        return False
    return any(word not in lists.words() or word in _BRANDS for word in words)


_BRANDS = frozenset(
    """
    tesco asda sainsburys aldi lidl boots greggs costa starbucks mcdonalds kfc nandos wetherspoons spoons primark argos
    barclays lloyds natwest halifax santander hsbc uber amazon hermes evri subway dominos superdrug wilko morrisons
    waitrose nike jd next zara
    """.split()
)


_CHAINS = _BRANDS - {"amazon", "apple", "monzo", "uber", "zara"} | {
    "sainsbury's",
    "nando's",
    "mcdonald's",
    "wetherspoon's",
    "domino's",
}


def _is_handle(text: str) -> bool:
    """Letters with a digit, dot or underscore inside that make no time, size or reference."""
    return bool(re.search(r"[a-z]{3}", text, re.IGNORECASE) and re.search(r"[\d_.]", text)) and not re.fullmatch(
        r"\d+[a-z]{1,3}|[A-Z]{1,4}\d+|(?:[a-z]\.)+[a-z]?|\w+\.(?:pdf|jpe?g|png|docx?|xlsx?|mp[34]|com|uk|org|net)",
        text,
        re.IGNORECASE,
    )


def _is_vrm(text: str) -> bool:
    """Not a call sign or grade and the next word ("NC14 AND")."""
    return not re.search(r"\s", text) or text[-3:].lower() not in lists.words()


_VEHICLE = (
    r"\breg|\bv\.?r\.?m|\bvehicle|\bveh\b|\bcar\b|\bvan\b|\btaxi\b|\bplate|\btransit\b|\bdrives\b|\bdrove\b|\bdriving\b|\bkeeper\b|\bindex\b"
    r"|\b(?:audi|bmw|citroen|fiat|ford|honda|hyundai|kia|land\srover|mercedes|nissan|peugeot|renault|seat|skoda|toyota|vauxhall|volvo|vw|volkswagen)\b"
)


def _is_iban(text: str) -> bool:
    return checks.iban(re.sub(r"\s", "", text).upper())


def _is_police(text: str) -> bool:
    return text.lower().endswith(".police.uk")


def _is_not_police(text: str) -> bool:
    return not _is_police(text)


_EMAIL = r"(?<![\w.+%'-])[\w.+%'-]{1,64}@(?:[\w-]+\.)+[a-z]{2,}\b"
RULES: tuple[Rule, ...] = (
    _rule("email.police", "OPS", _EMAIL, _is_police),
    _rule("email", "EML", _EMAIL, _is_not_police),
    _rule("email.said", "EML", r"\b[a-z0-9_-]{2,30}(?:[ ](?:dot|underscore|dash)[ ][a-z0-9_-]{1,30}){0,3}[ ]at[ ][a-z0-9-]{2,30}[ ]dot[ ](?:co[ ]dot[ ]uk|com|net|org|uk)\b"),
    _rule("phone.uk", "TEL", r"(?<![\w/.])(?:\+\s?44|0044|\(?0)(?:[ \t().-]{0,3}\d){9,11}(?!\d)", _is_phone),
    _rule("phone.grouped", "TEL", r"(?<![\w/.-])\(?0[1-37]\d{2,3}\)?[ -]\d{3}[ -]\d{3,4}(?![\w/-])"),
    _rule("phone.misread", "TEL", r"(?<![\w/.])[Oo0][127](?:[ ]?[\dOoIl]){9}(?!\w)", lambda t: len(digits(t)) > 5),
    _rule("phone.extension", "TEL", r"\b(?:extn?|extension)\.?[ ]?(?:no\.?[ ]?)?:?[ ]?(?P<it>\d{2,6})\b", None, r"\d{3}"),
    _rule("phone.44", "TEL", r"(?<![\w/.-])44(?:[1237]\d{9}|[12]\d{8})(?![\w-])"),
    _rule("phone.spoken", "TEL", r"\b(?:(?:oh|zero|nought)\W+)(?:(?:oh|zero|nought|one|two|three|four|five|six|seven|eight|nine|double|triple|treble|hundred|ten|eleven|twelve"
          r"|\w+teen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)\b[\s,-]*){5,}\b", _spoken_phone),
    _rule("phone.abroad", "TEL", r"(?<![\w/.])\+(?:[ ().-]{0,2}\d){8,15}(?!\d)", _is_foreign_phone),
    _rule("nhs", "NHS", r"(?<![\d-])\d{3}[\s-]?\d{3}[\s-]?\d{4}(?![\d-])", lambda t: checks.nhs(digits(t)),
          r"\bNHS\b|\bhealth\s+number|\bpatient"),
    _rule("ni", "NI", rf"\b(?:QQ|{_NOT_NI}[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z])\s?\d{{2}}\s?\d{{2}}\s?\d{{2}}\s?[A-D]\b"),
    _rule("ni.named", "NI", r"\b(?:NI(?:NO)?|national\s+insurance)\b(?:\s+(?:no|num|number))?\W{0,4}(?:(?:is|was)\s+)?(?P<it>[A-Z]{2}\s?\d{2}[\s-]?\d{2}[\s-]?\d{2}(?:\s?[A-D])?)\b"),
    _rule("dob", "DOB", rf"(?:\bd\.?\s?o\.?\s?b\.?|\bdate\s+of\s+birth|\bbirth\s?date|\bborn(?:\s+on)?|\bbirthday(?:\s+is)?(?:\s+\d{{1,2}}\s+[a-z]{{3,9}})?"
          rf"|\bdate\s+and\s+place\s+of\s+birth|\bb\.?(?=\s?\d))\W{{0,40}}(?:(?:is|was|the)\s+)?(?P<it>{DATE}|{_BORN})"),
    _rule("dob.year", "DOB", r"\b(?:born(?:[ ]in)?|(?<![.\w])b\.|y\.?o\.?b\.?)[ ]?:?[ ]?(?P<it>'\d{2}|(?:19|20)\d{2})\b(?![./-]\d)"),
    _rule("dob.named", "DOB", r"(?:\b(?:of(?=\s+birth)|[A-Z][A-Z'-]{1,30}\s+[A-Z][A-Z'-]{1,30}|DETAILS\s+[A-Z '-]{1,40}),?)\s+(?P<it>(?:0?[1-9]|[12]\d|3[01])[./-](?:0?[1-9]|1[0-2])"
          r"[./-](?:19[3-9]\d|20(?:0\d|1[0-6])))\b", exact=True),
    _rule("dob.after", "DOB", rf"\b(?P<it>{DATE})\s*\(?(?:d\.?o\.?b\b|date\s+of\s+birth)"),
    _rule("passport", "ID", r"\b(?P<it>(?:\d{3}[ ]?\d{3}[ ]?\d{3}|[A-Z]{1,2}\d{6,8}))\b", None, r"\bpassport"),
    _rule("pnc", "ID", r"(?<![\w/.-])\d{2}/\d{4,7}[A-Z](?![\w/-])", exact=True),
    _rule("cro", "ID", r"(?<![\w/.-])\d{4,6}/\d{2}[A-Z](?![\w/-])", exact=True),
    _rule("imsi", "ID", r"\b\d{15}\b", None, r"\bIMSI|\bICCID"),
    _rule("number.named", "ID", r"\b(?:GMC|NMC|LAC\s+no|hosp(?:ital)?\s+(?:no|number)|badge\s+no|SWE\s+no|PNC(?:\s?ID)?|CRO|driver\s+(?:no|number)|visa\s+(?:no|number)|BRP(?:\s+no)?|student\s+(?:no|id|number)|membership\s+(?:no|number)"
          r"|(?:payroll|staff|employee|personnel|service|army|unit|clinic)\s+(?:no|number|id)|(?:client|patient|resident|service\s+user)\s+(?:no|number|id|code)|NRPSI|HCPC|mosaic|liquidlogic|share\s+code|(?:identity|ID)\s+card(?:\s+no)?)"
          r"\b\.?(?:\s+no\.?)?\s*:?\s*(?:(?:is|was)\s+)?(?P<it>(?:[A-Z]{1,4}[\s/-]?)?\d(?:[\d/-]*\d)?[A-Z]?(?:[ ][A-Z\d]{3}(?=[ \n]|$)){0,2})\b", lambda t: len(digits(t)) > 1),
    _rule("nurse", "ID", r"\b\d{2}[A-L]\d{4}[A-Z]\b", None, r"\bNMC|\bnurse|\bmidwife|\bPIN\b", exact=True),
    _rule("chi", "NHS", r"\bCHI\b(?:\s+(?:no|number))?\W{0,3}(?P<it>[0-3]\d[01]\d{3}[ ]?\d{4})(?!\d)"),
    _rule("licence", "ID", r"\b[A-Z9]{5}\s?\d{6}\s?[A-Z9]{2}\s?\d\s?[A-Z]{2}\b", _is_licence),
    _rule("iban", "FIN", r"\b[A-Z]{2}\d{2}(?:\s?[A-Z0-9]{4}){2,7}(?:\s?[A-Z0-9]{1,3})?\b", _is_iban),
    _rule("card", "FIN", r"(?<![\d+-])\d(?:[\s-]?\d){12,18}(?![\d-])", _is_card),
    _rule("sortcode", "FIN", r"(?<![\d/-])\d{2}[ -]\d{2}[ -]\d{2}(?![\d/-])", None, r"\bsort\s?code|\baccount|\ba/c\b|\bs/c\b|\bbank|\brefund|\bpaid|\bpayment|\bsavings"),
    _rule("sortcode.dotted", "FIN", r"\b(?:sort\s?code|s/c)\W{0,4}(?P<it>\d{2}[ .-]?\d{2}[ .-]?\d{2})(?!\d)"),
    _rule("sortcode.account", "FIN", r"(?<![\d/-])\d{2}-\d{2}-\d{2}[ ,/]{1,4}\d{8}(?![\d/-])"),
    _rule("sortcode.plain", "FIN", r"(?<![\d/-])\d{6}[ ,/]{1,3}\d{8}(?![\d/-])", None, r"\bsort\s?code|\baccount|\ba/c\b|\bsavings|\bbank"),
    _rule("account", "FIN", r"(?<![\d/-])\d{8}(?![\d/-])", None, r"\baccount|\ba/c\b|\bacc(?:\.|\s+no)|\bsort\s?code|(?<!\d)\d\d-\d\d-\d\d(?!\d)"),
    _rule("vrm", "VRM", r"\b[A-Z]{2}\d{2}[ \n]?[A-Z]{3}\b", _is_vrm, exact=True),
    _rule("vrm.prefix", "VRM", r"\b[A-HJ-NP-Y][ ]?\d{1,3}[ ]?[A-Z]{3}\b", _is_vrm, exact=True),
    _rule("vrm.spaced", "VRM", r"\b[A-Z]{2}[ -]\d{2}[ -]?[A-Z]{3}\b", _is_vrm, exact=True),
    _rule("vrm.irish", "VRM", r"\b[A-Z]{1,2}[IZ][A-Z]?[ ]?\d{2,4}\b", None, _VEHICLE, exact=True),
    _rule("vrm.northern", "VRM", r"\b[A-Z]{3}[ ]?\d{3,4}\b", None, _VEHICLE, exact=True),
    _rule("vrm.republic", "VRM", r"(?<![\w/-])\d{2,3}-[A-Z]{1,2}-\d{1,6}(?![\w/-])", None, _VEHICLE, exact=True),
    _rule("vrm.partial", "VRM", r"\b[A-Z]{2}\d{2}[ ]?(?=[A-Z]{0,2}[?*_])[A-Z?*_]{2,3}", None, _VEHICLE, exact=True),
    _rule("vrm.misread", "VRM", r"\b[A-Z]{2}(?:\d[OI]|[OI]\d)[ ]?[A-Z]{3}\b", _is_vrm, _VEHICLE, exact=True),
    _rule("vrm.lower", "VRM", r"\b[a-z]{2}\d{2}[ ]?[a-z]{3}\b", _is_vrm, r"\breg\b|\bplate|\bregistration|\bnumber\splate", exact=True),
    _rule("vrm.suffix", "VRM", r"\b[A-Z]{3}\s?\d{1,3}[A-Y]\b", None, _VEHICLE, exact=True),
    _rule("vrm.named", "VRM", r"(?:\bregistration(?:\s+(?:number|plate|mark))?|\breg(?:\.|\s+no\.?)?|\bvrm|\bindex"
          r"|\bnumber\s?plate)\W{1,4}(?:(?:is|was|of)\s+)?(?P<it>(?=[A-Z]*\d)[A-Z0-9]{2,4}\s?[A-Z0-9]{1,4})\b"),
    _rule("postcode", "ADDR", POSTCODE, exact=True),
    _rule("postcode.lower", "ADDR", POSTCODE.replace("A-Z", "a-z").replace("ABD-HJLNP-UW-Z", "abd-hjlnp-uw-z"), None,
          r"\baddress|\bpost\s?code|\blives?\b|\broad|\bstreet|\bavenue|\blane", exact=True),
    _rule("handle", "SOC", r"(?<![\w.@/])@(?P<it>[a-z_][\w.]{2,29})(?<!\.)\b"),
    _rule("handle.mine", "SOC", r"\b(?:mine'?s?|his|hers|my[ ](?:user|snap|insta)|add[ ]me)[ ](?:is[ ])?(?P<it>[a-z]+[\w.]*[\d_.][\w.]*[a-z\d])\b(?![@])", _is_handle),
    _rule("handle.named", "SOC", r"\b(?:snap(?:chat)?|insta(?:gram)?|tik\s?tok|twitter|telegram|discord|whatsapp|wechat|signal|facebook|kik|(?:his|her|my|user|the)\s+ID)"
          r"(?:\s+(?:name|handle|user(?:\s?name)?|account|id))?\s*(?::|-\s|\bis\b|\bas\b|@)\s*[\"'@]?"
          r"(?P<it>(?=[\w.-]*[\d_.]|[a-z])[a-z0-9_][\w.-]{2,29}(?<!\.))"),
    _rule("handle.profile", "SOC", r"(?:\b(?:snap(?:chat)?|insta(?:gram)?|tik\s?tok|twitter|telegram|discord|facebook|kik|user\s?name|handle|profile|friend\s+request|account|add\s+me)\b"
          r"[^\n]{0,50}?|\()[\"'(]?(?P<it>(?=[\w.]*[a-z])(?=[\w.]*[\d_.])[a-z0-9_]+[\w.]{2,28}\w)[\"')]?(?=[\s,;.\"')]|$)", _is_handle),
    _rule("handle.sender", "SOC", r"(?<=[\d:]{5})(?:[ ]?(?:UTC|Z|GMT|[AaPp][Mm]))?\]?[ ]*[-,|]?[ ]+(?P<it>(?=[\w.]{0,28}[\d_.]\w)[a-z][\w.]{3,28}[a-z\d_])(?=[ ]{2,}|[ ]?:[ ]|[ ]?[,|])", _is_handle, exact=True),
    _rule("handle.said", "SOC", r"(?<![\w.@/])(?P<it>[a-z]{2,15}(?:[a-z.]{0,15}_[a-z.]{0,15}\d{0,6}|\d{0,4}_\d{1,6}|[._]?[a-z]{1,15}\d{2,4})[a-z]{0,2})(?![\w@/.-])", _is_handle,
          r"\bsnap|\binsta|\btik\s?tok|\big\b|\bhandle|\buser\s?name|\badd\s(?:me|him|her|us)|\bprofile", exact=True),
    _rule("ip", "OTH", r"(?<![\d.])(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)\.){3}(?:25[0-5]|2[0-4]\d|1?\d?\d)(?!\.?\d)"),
    _rule("imei", "ID", r"(?<!\d)\d{2}[\s-]?\d{6}[\s-]?\d{6}[\s-]?\d(?!\d)", lambda t: checks.luhn(digits(t)), r"\bIMEI"),
    _rule("coordinates", "LOC", r"(?<![\d.])-?\d{1,2}\.\d{4,}\s?,\s?-?\d{1,3}\.\d{4,}(?![\d.])"),
    _rule("what3words", "LOC", r"///[a-z]+\.[a-z]+\.[a-z]+"),
    _rule("school", "WRK", r"\b(?:[Tt]he[ ])?(?:(?:The|St\.?|Saint|C[ ](?:of|OF)[ ]E|(?!(?:AT|IN|TO|FROM|AND|IS|OF)\b)[A-Z][A-Za-z'-]{1,30})[ ]+(?:of[ ]+|and[ ]+)?){1,5}(?:School|SCHOOL|College|Academy|Nursery|University|Pre-?school|Sixth[ ]Form|Playgroup|Kindergarten)\b"
          r"(?:[ ]of[ ][A-Z][a-z]+)?", _is_school, exact=True),
    _rule("school.short", "WRK", r"\b(?:Year[ ]\d{1,2}[ ]at[ ])?(?:[A-Z][A-Za-z'-]{1,30}[ ]){1,3}(?:Primary|Infants?|Juniors?|High|Grammar|Comp|Comprehensive|Acad\b\.?|Sixth[ ]Form|Academy)(?=[\s,.;)]|$)", _is_school, exact=True),
    _rule("school.welsh", "WRK", r"\bYsgol(?:[ ][A-Z][A-Za-z'-]{1,30}){1,3}", exact=True),
    _rule("surgery", "WRK", r"\b(?:[Tt]he[ ])?(?:(?:The|St\.?|[A-Z][A-Za-z'-]{1,30})[ ]){1,4}(?:(?:Dental|Medical|Health|Veterinary|Family|Group)[ ])?(?:Surgery|Practice|Medical[ ]Centre|Health[ ]Centre|(?:Care|Nursing|Residential|Children's|Rest)[ ]Homes?|NURSING[ ]HOME|CARE[ ]HOME|Care[ ]Horne|Dental[ ]Care|Law[ ]Centre|Day[ ]Nursery|Health[ ]Trust|NHS[ ](?:Foundation[ ])?Trust|Infirmary|Pharmacy"
          r"|Refuge|Women's[ ]Aid|Youth[ ]Project|Bakery|Nails|Takeaway|Lets|Lettings)\b(?:[ ](?:Ltd|Limited))?", exact=True),
    _rule("employer", "WRK", r"\b(?i:work(?:s|ed|ing)?(?:[ ](?:nights|days|evenings|part[- ]time|full[- ]time|shifts|late|with[ ](?:me|her|him)))?(?:[ ]w[ ]\w+)?[ ](?:at|for)|employed[ ](?:by|at|as[ ]an?[ ][a-z ]{3,30}[ ](?:by|at|with))"
          r"|(?:trained|studied|studies|studying|volunteers?|volunteered|teaches|taught)[ ](?:at|with|for)|works?[ ]@|Works|job[ ](?:at|with)|shift[ ](?:at|in)|manager[ ](?:of|at)|(?:adviser|barista|nurse|cleaner|chef|waitress|receptionist|driver|assistant|teacher|chambermaid|machinist)[ ](?:with|at|for)|moving[ ]to|my[ ]employer,"
          r"|her[ ]employer,|his[ ]employer,|works[ ]+at|occupation:[^\n,]{3,40},|her[ ]work[ ]\()[ ]*(?P<it>(?:[Tt]he[ ]|THE[ ])?(?:[A-Z][A-Za-z'&-]{1,30})(?:[ ](?:&[ ]|(?<!LLP[ ])(?<!Ltd[ ])and[ ]|of[ ])?(?!(?:IN|AND|AS|ON|AT|BUT|WHO|WHERE|WITH|FOR|THE|SO|HE|SHE|IS|WAS)\b)[A-Z][A-Za-z'&-]{1,30}){0,4})", _is_employer, exact=True),
    _rule("employer.small", "WRK", r"\b(?:works?|working|worked|job|shift)\b(?:[ ](?:w|with|nights)(?:[ ]\w+)?)?(?:[ ](?:at|for|in))[ ](?P<it>(?:the[ ])?[a-z']{3,}(?:[ ](?:on[ ])?(?:the[ ])?[a-z']{3,}){0,2})(?=[,.;?!\n]|$|[ ](?:and|n|but|with|til|on[ ]\w+day)\b)",
          _is_small_employer, exact=True),
    _rule("company", "WRK", r"\b(?:[A-Z][A-Za-z'&-]{1,30}[ ](?:&[ ]|and[ ])?){1,5}(?:Ltd|Limited|LTD|LIMITED|PLC|plc|LLP|CIC)\b\.?", exact=True),
    _rule("company.kind", "WRK", r"\b(?:[A-Z][A-Za-z'&-]{1,30}[ ](?:&[ ]|and[ ])?){1,4}(?:Staffing|Recruitment|Homecare|Haulage|Logistics|Minicabs|Cabs|Taxis|Deli|Tyres|Vets|Salads|Regiment|Battalion)\b(?:[ ](?:Ltd|LLP))?", _is_employer, exact=True),
    _rule("company.brand", "WRK", r"(?:(?i:\b(?:at|for|from))|@)[ ](?P<it>(?i:"
          + "|".join(sorted(_CHAINS)) + r"))(?=[ ](?:at|til|till|on|then|today|tomorrow|tonight|x|n|and|but|so|since|in|til)\b|[,.;?!\n)]|$)", None, r"\bwork|\bjob\b|\bshift|\bsick\b|\brota\b|\bboss\b|\bis\s(?:this|that|she|he)\b", exact=True),
    _rule("wages", "WRK", r"\b(?:BGC|FPI|BACS|CR)[ ]{1,12}(?P<it>[A-Z][A-Za-z&' -]{2,40}?)[ ]{1,12}(?:WAGES?|SALARY|PAYROLL|PAY)\b", exact=True),
    _rule("university.short", "WRK", r"\b(?:[A-Z][A-Za-z]{2,20}[ ]){1,2}(?:(?:MET|Met|Metropolitan)[ ])?(?:UNI|Uni)\b", _is_school, exact=True),
    _rule("school.small", "WRK", r"\b(?:at|to|from|went|go|goes|in)[ ](?P<it>(?:the[ ])?[a-z']{3,20}(?:[ ][a-z']{2,20}){0,2}?[ ](?:college|school|academy|high|primary|sixth[ ]form))\b", _is_small_school, exact=True),
    _rule("university", "WRK", r"\bUniversity\s+of\s+(?:the\s+)?[A-Z][a-z]+(?:\s+[A-Z][a-z]+)?\b", exact=True),
)  # fmt: skip


def find(text: str) -> Iterator[Span]:
    """Spans in a plain text (see `text.plain`) by every rule."""
    for rule in RULES:
        group = "it" if "it" in rule.pattern.groupindex else 0
        for match in rule.pattern.finditer(text):
            start, end = match.span(group)
            if rule.check and not rule.check(match[group]):
                continue
            if rule.context and not rule.context.search(text[max(0, start - rule.before) : end + rule.after]):
                continue
            yield Span(start, end, rule.code, "pattern", rule.name)
