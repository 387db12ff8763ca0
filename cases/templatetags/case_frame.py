"""The bar and the navigation on top of every page of a case."""

from typing import Any

from django import template

from accounts.ui import nav
from cases.models import Case

register = template.Library()

STATE_COLOURS = {
    Case.State.REPORTED: "blue",
    Case.State.INVESTIGATING: "blue",
    Case.State.EARLY_ADVICE: "purple",
    Case.State.SUBMITTED: "purple",
    Case.State.ACTION_PLAN: "orange",
    Case.State.CHARGED: "green",
    Case.State.POST_CHARGE: "green",
    Case.State.TRIAL: "green",
    Case.State.NFA: "grey",
    Case.State.CONCLUDED: "grey",
}


@register.inclusion_tag("components/case_frame.html", takes_context=True)
def case_frame(context: dict[str, Any]) -> dict[str, Any]:
    """Identity bar and navigation of `case` in the context; `tab` names the current tab where the path does not say it."""
    case, request = context["case"], context["request"]
    offences = [offence.code.title for offence in case.offences.select_related("code")]
    return {
        "case": case,
        "offence": offences[0] if offences else "",
        "more_offences": len(offences) - 1,
        "complainants": [person.label for person in case.people.all() if person.kind == "complainant"],
        "state_colour": STATE_COLOURS[case.state],
        "tabs": nav.case_tabs(request.user, case, request.path, context.get("tab", "")),
    }


@register.inclusion_tag("components/tag.html")
def case_state(case: Case) -> dict[str, str]:
    """The state of a case as a tag."""
    return {"text": case.get_state_display(), "colour": STATE_COLOURS[Case.State(case.state)]}
