"""Who may read in the portal. There is nothing else to permit."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec

import rules
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponseBase

from accounts.models import User
from portal.adapters import refuse
from portal.models import SharedCase, prosecutes

P = ParamSpec("P")


@rules.predicate
def shared_with_area(user: User, obj: Any) -> bool:
    """The object belongs to a case shared with the person's own CPS area."""
    case_id = obj.pk if isinstance(obj, SharedCase) else obj.case_id
    return prosecutes(user) and SharedCase.objects.visible_to(user).filter(pk=case_id).exists()


rules.add_perm("portal.view", shared_with_area)


def prosecutors_only(
    view: Callable[Concatenate[HttpRequest, P], HttpResponseBase],
) -> Callable[Concatenate[HttpRequest, P], HttpResponseBase]:
    """A page for those who `prosecutes`; checked at each request, since a role may end during a session."""

    @login_required
    @wraps(view)
    def checked(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        return view(request, *args, **kwargs) if prosecutes(request.user) else refuse(request)

    return checked
