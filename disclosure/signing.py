"""What binds is signed by a person who has just said again who they are: a session left open is not enough."""

from allauth.account.decorators import reauthentication_required
from django.http import HttpRequest


@reauthentication_required  # type: ignore[untyped-decorator]
def require_fresh_sign_in(request: HttpRequest) -> None:
    """Go on only if the password or a factor was given again within minutes; else raise `ReauthenticationRequired`.

    On a page that leads to the question, and back. Ask after looking up what is to be signed: what isn't there is a 404.
    """
