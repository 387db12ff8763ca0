"""Check digits and structures that tell a number from a chance run of digits."""


def luhn(number: str) -> bool:
    """Payment cards and IMEIs (ISO/IEC 7812-1, annex B)."""
    total = 0
    for place, digit in enumerate(reversed(number)):
        value = int(digit) * (2 if place % 2 else 1)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


def nhs(number: str) -> bool:
    """Ten digits with the NHS number's modulus 11 check (NHS Data Dictionary, "NHS NUMBER")."""
    if len(number) != 10:
        return False
    check = 11 - sum(int(digit) * weight for digit, weight in zip(number, range(10, 1, -1), strict=False)) % 11
    return check != 10 and check % 11 == int(number[9])


def iban(text: str) -> bool:
    """Modulus 97 of an international account number (ISO 13616)."""
    moved = text[4:] + text[:4]
    return int("".join(str(int(letter, 36)) for letter in moved)) % 97 == 1


def uk_phone(text: str) -> bool:
    """Whether digits (with a leading + kept as 00) are a number of the UK's plan (Ofcom): 0 and nine or ten more."""
    national = text
    for prefix in ("0044", "44"):
        if text.startswith(prefix):
            national = "0" + text[len(prefix) :].removeprefix("0")
            break
    return national[:1] == "0" and len(national) in (10, 11) and national[1] in "1235789"
