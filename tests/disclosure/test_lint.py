"""The lint's rules, on 250 descriptions of which half were set aside before the rules were written, and one by one."""

import datetime as dt
import io
import json
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from disclosure import lint
from disclosure.lint import Context, document, tables
from disclosure.lint.context import ContextError, from_data, from_file

DATA = Path(__file__).parent.parent / "data"
GOOD = "Pocket notebook entries of DC 2208 dated 01/11/2026, 4 pages, recording the arrest of the suspect and his reply to caution"


def context(**known: object) -> Context:
    return from_data({"today": "2026-11-24", "offence_from": "2026-10-31"} | known)


def found(text: str, schedule: str = "MG6C", **known: object) -> set[str]:
    return {finding.rule.id for finding in lint.check(text, schedule, context(**known))}


@pytest.mark.parametrize("set_aside", [True, False])
def test_stopping_rules_find_what_they_should_and_little_else(set_aside: bool) -> None:
    rows = tables.read(DATA / "descriptions.csv")
    assert len(rows) >= 200
    assert sum(row.set_aside for row in rows) == len(rows) // 2
    scores = tables.measure(rows, from_file(DATA / "descriptions_case.json"), set_aside=set_aside)
    assert scores[0].recall >= 0.95
    assert scores[0].precision >= 0.90


def test_the_page_of_rules_is_current() -> None:
    call_command("lint_rules_doc", check=True)
    page = document.PATH.read_text(encoding="utf-8")
    for rule in lint.rules().values():
        assert rule.id in page
        assert rule.source in page
        assert rule.instead in page


def test_every_rule_has_a_way_to_find_something() -> None:
    from disclosure.lint.checks import CHECKS

    elsewhere = {"duplicate", "no-location", "no-sensitivity-reason"}
    for rule in lint.rules().values():
        assert rule.id in CHECKS or rule.patterns or rule.id in elsewhere, rule.id


def test_a_description_that_says_enough_passes() -> None:
    assert found(GOOD) == set()


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("", "empty"),
        ("...", "empty"),
        ("MG11", "form-number"),
        ("Form MG 11 (T)", "form-number"),
        ("DOC_0032.pdf", "file-name"),
        ("IMG 0047", "file-name"),
        (r"C:\Users\export\chat", "file-name"),
        ("BWV and CAD", "acronym-alone"),
        ("officer’s notes", "says-too-little"),
        ("phone download", "says-too-little"),
        ("Statement of PC 3310 dated 02/11/2026, 3 pages", "says-too-little"),
        (GOOD.replace("DC 2208", "a registered informant"), "covert"),
        (GOOD + "; see MG6D item 2", "sensitive-mentioned"),
        (GOOD + ", which may undermine the prosecution case", "disclosure-view"),
        (GOOD.replace("01/11/2026", "31/11/2026"), "date-impossible"),
        (GOOD.replace("01/11/2026", "02/12/2026"), "date-impossible"),
        (GOOD + " at 25:10", "date-impossible"),
        (GOOD + " from 05/11/2026 to 01/11/2026", "date-impossible"),
        (GOOD.replace("01/11/2026", "01/11/2006"), "date-outside"),
        (GOOD.replace("the suspect", "his friend") + ", telephone 07700 900822", "personal-details"),
        (GOOD + " of exhibit AB1", "exhibit-unknown"),
        (GOOD.replace(" dated 01/11/2026", ""), "no-date"),
        (GOOD.replace(", 4 pages", ""), "no-length"),
        ("Typed summary dated 16/11/2026, 3 pages, of enquiries made at inns and taxi ranks, all without result", "no-author"),
        (GOOD + " etc.", "vague-words"),
        (GOOD + " at the SARC", "acronym"),
        (GOOD + " after an intelligence report", "intelligence"),
    ],
)
def test_each_rule_finds_its_own(text: str, rule: str) -> None:
    assert rule in found(text)


@pytest.mark.parametrize(
    "text",
    [
        GOOD.replace("DC 2208", "the dog handler"),
        GOOD + " near the surveillance cameras of the car park",
        GOOD + ", held at Wexcombe police station, store 3",
        GOOD + " between 23:10 and 24:00",
        GOOD + "; no sensitive subjects were raised",
        GOOD + " of exhibit AB/1",
        GOOD + ". The suspect's number is 07700 900118",
        GOOD.replace("dated 01/11/2026", "undated"),
    ],
)
def test_what_only_looks_like_it_is_let_through(text: str) -> None:
    assert found(text, exhibits=["AB/1"]) == set()


IDENTITY = {
    "names": ["Rose Anne Okonjo-Field"],
    "aliases": ["@rosie_okj"],
    "addresses": ["Flat 3, 14 Osier Row, Wexcombe WX4 2QT"],
    "phones": ["+44 7700 900461"],
    "emails": ["r.okonjo@example.org"],
    "date_of_birth": "1997-03-14",
    "nhs": "9434765919",
    "other": ["Harbour Books"],
}


@pytest.mark.parametrize(
    "words",
    [
        "Ms OKONJO", "okonjo", "Rose's", "rosie_okj", "14 Osier Row", "osier row", "wx42qt", "07700-900-461", "0044 7700 900461",
        "r.okonjo", "14 March 1997", "14/03/97", "943 476 5919", "harbour books",
    ],
)  # fmt: skip
def test_a_complainant_is_found_however_written(words: str) -> None:
    assert "complainant-identity" in found(f"{GOOD} and {words}", complainants=[IDENTITY])


@pytest.mark.parametrize(
    "words", ["a rose on the table", "the field", "Wexcombe", "flat 3", "07700 900118", "14 March 1998", "a row"]
)
def test_ordinary_words_are_no_complainant(words: str) -> None:
    assert "complainant-identity" not in found(f"{GOOD} and {words}", complainants=[IDENTITY])


def test_what_is_found_of_a_complainant_is_not_repeated() -> None:
    (finding,) = lint.check(f"{GOOD} and Ms Okonjo", "MG6C", context(complainants=[IDENTITY]))
    assert "konjo" not in str(finding).lower()


SECRET = {
    "exhibit": "PO/1",
    "description": "Log of 12/11/2026, kept from the flat above the launderette in Tannery Street",
}


def test_words_of_the_mg6d_are_found_where_they_matter() -> None:
    told = GOOD + ", and keys of the flat over the launderette"
    assert "mg6d-revealed" in found(told, mg6d=[SECRET])
    assert "mg6d-revealed" in found(GOOD + ", copied from PO/1", mg6d=[SECRET])
    assert "mg6d-near" in found(GOOD + " in Tannery Close", mg6d=[SECRET])
    assert not found(told, "MG6D", mg6d=[SECRET])
    assert not found(told)
    assert not found(GOOD, mg6d=[SECRET])


def test_words_that_every_row_has_give_nothing_away() -> None:
    secret = {"description": "Report of 05/11/2026 that the suspect boasts at the Blue Anchor"}
    rows = [("MG6C", f"{GOOD} near the Blue Anchor, part {number}") for number in range(30)]
    findings = lint.check_all(rows, context(mg6d=[secret]))
    assert not any("mg6d" in finding.rule.id for row in findings for finding in row)
    assert "mg6d-revealed" in found(f"{GOOD} near the Blue Anchor", mg6d=[secret])


def test_the_later_of_two_like_rows_is_found() -> None:
    first, second, other = lint.check_all([("MG6C", GOOD), ("MG6C", GOOD.upper() + "."), ("MG6C", GOOD + " twice")], context())
    assert not first
    assert "duplicate" in {finding.rule.id for finding in second}
    assert not other


def run(*arguments: str) -> str:
    out = io.StringIO()
    call_command("lint_descriptions", *arguments, stdout=out)
    return out.getvalue()


def test_the_command_gives_each_row_one_verdict(tmp_path: Path) -> None:
    file, case = tmp_path / "descriptions.csv", tmp_path / "case.json"
    thin = GOOD.replace(", 4 pages", "")
    lines = ["id,schedule,description", "a,MG6C,MG11", f'b,mg6c,"{GOOD}"', f'c,MG6C,"{thin}"']
    file.write_text("\n".join(lines), encoding="utf-8-sig")
    case.write_text('{"today": "2026-11-24"}')
    rows = json.loads(run(str(file), "--context", str(case), "--json"))["rows"]
    assert [(row["id"], row["verdict"]) for row in rows] == [("a", "stop"), ("b", "pass"), ("c", "warn")]
    (finding,) = rows[0]["findings"]
    assert finding["rule"] == "form-number"
    assert finding["instead"]
    assert finding["source"]
    assert "a: stop" in run(str(file))


def test_the_command_prints_precision_and_recall_of_each_rule() -> None:
    printed = run(str(DATA / "descriptions.csv"), "--context", str(DATA / "descriptions_case.json"), "--measure")
    assert "Set aside before the rules were written" in printed
    for rule in lint.rules():
        assert printed.count(f"\n{rule} ") == 2


def test_the_command_says_what_is_wrong_with_its_files(tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.csv"
    wrong.write_text("id,words\n1,MG11\n")
    with pytest.raises(CommandError, match="needs the columns"):
        run(str(wrong))
    wrong.write_text("id,schedule,description\n1,MG99,Words\n")
    with pytest.raises(CommandError, match="is not a schedule"):
        run(str(wrong))
    with pytest.raises(CommandError, match="can't be read"):
        run(str(tmp_path / "none.csv"))
    with pytest.raises(ContextError, match="not a date"):
        from_data({"today": "yesterday"})


def test_no_text_takes_long() -> None:
    """Patterns that backtrack would hang here."""
    for text in ("a " * 4000, "AB/" * 2600, "14 " * 2600, "x" * 8000, "(" * 8000, "1/1/1/" * 1300, "A1 " * 2600):
        lint.check(text, "MG6C", Context(today=dt.date(2026, 11, 24), mg6d=("a b c",), exhibits=frozenset({"AB/1"})))
