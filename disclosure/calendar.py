"""Days on which nothing is due: weekends and the bank holidays of England and Wales (Banking and Financial Dealings Act 1971)."""

import datetime as dt

_DAY = dt.timedelta(days=1)
# Proclaimed for one year, or moved in one
_EXTRA = frozenset(dt.date(*day) for day in [(2022, 6, 2), (2022, 6, 3), (2022, 9, 19), (2023, 5, 8), (2020, 5, 8)])
_MOVED = frozenset(dt.date(*day) for day in [(2022, 5, 30), (2020, 5, 4)])


def easter(year: int) -> dt.date:
    """Easter Sunday (the anonymous Gregorian algorithm)."""
    a, b, c = year % 19, year // 100, year % 100
    d, e = divmod(b, 4)
    g = (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    m = (32 + 2 * e + 2 * i - h - k) % 7
    n = (a + 11 * h + 22 * m) // 451
    month, day = divmod(h + m - 7 * n + 114, 31)
    return dt.date(year, month, day + 1)


def bank_holidays(year: int) -> frozenset[dt.date]:
    """The bank holidays of a year, with the days that stand for those at a weekend."""
    found = {easter(year) - 2 * _DAY, easter(year) + _DAY}
    found |= {_first_monday(dt.date(year, 5, 1)), _first_monday(dt.date(year, 5, 25)), _first_monday(dt.date(year, 8, 25))}
    for fixed in (dt.date(year, 1, 1), dt.date(year, 12, 25), dt.date(year, 12, 26)):
        day = fixed
        while day.weekday() > 4 or day in found:
            day += _DAY
        found.add(day)
    return frozenset((found - _MOVED) | {day for day in _EXTRA if day.year == year})


def _first_monday(start: dt.date) -> dt.date:
    return start + ((7 - start.weekday()) % 7) * _DAY


def is_working_day(day: dt.date) -> bool:
    """Neither a weekend nor a bank holiday."""
    return day.weekday() < 5 and day not in bank_holidays(day.year)


def due(start: dt.date, days: int) -> dt.date:
    """So many days after `start`; if that is no working day, the next one."""
    day = start + days * _DAY
    while not is_working_day(day):
        day += _DAY
    return day
