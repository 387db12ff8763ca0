"""Who may read in the portal and, where a force lets them, endorse. There is nothing else to permit."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec

import rules
from django.conf import settings
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


@rules.predicate
def endorsed_here(user: User, obj: Any) -> bool:
    """The force lets prosecutors endorse in the portal; the database role may do it only then too."""
    return bool(settings.PORTAL_ENDORSEMENTS)


rules.add_perm("portal.view", shared_with_area)
rules.add_perm("portal.endorse", shared_with_area & endorsed_here)


def prosecutors_only(
    view: Callable[Concatenate[HttpRequest, P], HttpResponseBase],
) -> Callable[Concatenate[HttpRequest, P], HttpResponseBase]:
    """A page for those who `prosecutes`; checked at each request, since a role may end during a session."""

    @login_required
    @wraps(view)
    def checked(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        return view(request, *args, **kwargs) if prosecutes(request.user) else refuse(request)

    return checked
