"""docs/lint-rules.md, made from the rules, so that it can't say anything else."""

from pathlib import Path

from disclosure.lint import Rule, rules

PATH = Path(__file__).parents[2] / "docs" / "lint-rules.md"

_HEAD = """# What the lint asks of a description

Made from `disclosure/lint/rules.toml` by `manage.py lint_rules_doc`; change it there. The words that rules know are in
`disclosure/lint/words.toml`. Neither needs a change of code.

A finding either **stops** a schedule (it does not go to the supervisor and is not certified), or **asks for a reason** (the author
mends the words or says why they stand; the reason is kept with the row). Findings are shown while typing, on the schedule's page,
and are looked for again as it is sent to the supervisor and as it is certified.

To try other texts: `manage.py lint_descriptions FILE.csv --context CASE.json --json`. The file has the columns `id`, `schedule`
(MG6C, MG6D, SDC, MG6E) and `description`. Each row gets its findings and one verdict: `stop`, `warn` (a reason is asked for) or
`pass`. The context is optional; without it, rules that compare with the case find nothing. With the labels `verdict`, `rule` and
`set_aside` beside them, `--measure` prints precision and recall for each rule.

```json
{
  "today": "2026-11-24",
  "offence_from": "2026-10-31",
  "exhibits": ["AB/1", "AB/2", "CD/1"],
  "people": ["Complainant A", "HOLLIS, Daniel"],
  "complainants": [
    {"names": ["Full Name"], "aliases": ["account name"], "addresses": ["14 Osier Row, Wexcombe, WX4 2QT"],
     "phones": ["07700 900461"], "emails": ["name@example.org"], "date_of_birth": "1997-03-14", "nhs": "943 476 5919",
     "other": ["workplace or school"]}
  ],
  "mg6d": [{"exhibit": "PO/1", "description": "Words of the MG6D row", "sensitivity_reason": "Why it is sensitive"}]
}
```

| Rule | On | What follows |
|---|---|---|
"""


def text() -> str:
    """The whole page."""
    lines = [
        f"| [{rule.id}](#{rule.id}) {rule.title} | {', '.join(rule.schedules)} | {_follows(rule)} |" for rule in rules().values()
    ]
    return _HEAD + "\n".join(lines) + "\n" + "".join(_section(rule) for rule in rules().values())


def _follows(rule: Rule) -> str:
    return "stops certification" if rule.stops else "asks for a reason"


def _section(rule: Rule) -> str:
    lines = [
        f"\n## {rule.id}\n",
        f"{rule.title}: {_follows(rule)} of {', '.join(rule.schedules)}.\n",
        f"- **Message**: {rule.says}",
        f"- **Write instead**: {rule.instead}",
        f"- **Source**: {rule.source}",
    ]
    if rule.field != "description":
        lines.append(
            f"- Read in the column “{rule.field.replace('_', ' ')}”; a CSV file has none, so `lint_descriptions` leaves it out."
        )
    if rule.restricted:
        lines.append("- Shown only to those who may see the MG6D.")
    if rule.patterns:
        lines += ["- **Looks for** (regular expressions, without regard to case):\n", "```text"]
        lines += [*rule.patterns, "```"]
    return "\n".join(lines) + "\n"
