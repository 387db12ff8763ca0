"""How sure a proposal is, by what found it, in three steps: whoever decides looks longest at the last.

Not a figure: rules, lists and models are not measured on one scale, and a percentage would look as if they were.
"""

from collections.abc import Iterable

from redaction.models import Proposal

SURE, LIKELY, DOUBTFUL = "sure", "likely", "doubtful"
LEVELS = {SURE: "Sure", LIKELY: "Likely", DOUBTFUL: "Doubtful"}
_DOUBTFUL = {
    # One common name or a part of one, a word that only looks like a name, or one that only resembles a known name
    "name.first", "name.middle", "name.initials", "name.unknown", "everywhere.short", "everywhere.misspelt",
    # Words that are names of things as often as they are what they were taken for
    "address.spoken", "employer.small", "handle.mine",
}  # fmt: skip
_LIKELY = (
    "everywhere", "name.last", "name.given", "name.alias", "school", "employer", "surgery", "table", "vrm.suffix", "vrm.irish",
)  # fmt: skip


def of(source: str, rule: str) -> str:
    """The level of a proposal by its source and rule; empty for a box that a person drew."""
    if source == Proposal.Source.HAND:
        return ""
    if rule in _DOUBTFUL:
        return DOUBTFUL
    # A model's guess, ours or another supplier's, is one even where it is nearly always right
    return LIKELY if source == Proposal.Source.MODEL or rule.startswith(_LIKELY) else SURE


def least(levels: Iterable[str]) -> str:
    """The least sure of several; empty if there is none."""
    return max((level for level in levels if level), key=list(LEVELS).index, default="")
