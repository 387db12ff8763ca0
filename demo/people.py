"""The invented people of the demonstration case, and which of their details its files hold.

Nobody here exists: telephone numbers are from the ranges that Ofcom keeps for drama, e-mail addresses from example.com
and example.org, NHS numbers from the 999 test range (with a valid check digit), postcodes are in no use.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

CRIME_NUMBER = "45/123456/26"
URN = "45AB1234526"


@dataclass(frozen=True)
class Person:
    """Somebody in the case, with all that a police record would hold."""

    role: str
    forenames: str
    surname: str
    born: date
    address: str
    telephone: str
    email: str
    nhs_number: str = ""
    handle: str = ""

    @property
    def name(self) -> str:
        """As it stands in running text."""
        return f"{self.forenames} {self.surname}"

    @property
    def born_text(self) -> str:
        """DD/MM/YYYY."""
        return f"{self.born:%d/%m/%Y}"


@dataclass(frozen=True)
class Planted:
    """One identifier that a file holds: whose (`role`), what it is (category code) and how it stands there."""

    role: str
    code: str
    text: str


def nhs_number(first_nine: str) -> str:
    """Nine digits with their check digit (modulus 11), spaced as the NHS prints it; an error if none is valid."""
    check = 11 - sum(int(digit) * weight for digit, weight in zip(first_nine, range(10, 1, -1), strict=True)) % 11
    if check == 10:
        raise ValueError(f"{first_nine} has no valid check digit")
    digits = first_nine + str(check % 11)
    return f"{digits[:3]} {digits[3:6]} {digits[6:]}"


COMPLAINANT = Person(
    role="complainant",
    forenames="Marianne",
    surname="Thistlewood",
    born=date(1997, 3, 14),
    address="14 Larkspur Close, Wexcombe, Surrey, GU99 4QX",
    telephone="07700 900461",
    email="marianne.thistlewood@example.com",
    nhs_number=nhs_number("999214738"),
    handle="@mari_thistle",
)
WITNESS = Person(
    role="witness",
    forenames="Daniel",
    surname="Fairbrass",
    born=date(1995, 11, 2),
    address="Flat 3, 88 Station Parade, Wexcombe, Surrey, GU99 1DB",
    telephone="07700 900872",
    email="dan.fairbrass@example.org",
)
THIRD_PARTY = Person(
    role="third_party",
    forenames="Priya",
    surname="Venkatesan",
    born=date(1996, 7, 21),
    address="5 Mill Rise, Wexcombe, Surrey, GU99 2HH",
    telephone="020 7946 0358",
    email="priya.v@example.com",
)
SUSPECT = Person(
    role="suspect",
    forenames="Gareth",
    surname="Pemberley",
    born=date(1993, 1, 30),
    address="27 Quarry Lane, Wexcombe, Surrey, GU99 7TS",
    telephone="07700 900219",
    email="gpemberley@example.org",
)
PEOPLE = (COMPLAINANT, WITNESS, THIRD_PARTY, SUSPECT)
