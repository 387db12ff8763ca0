"""Sessions of the portal, in the portal's own table (`SESSION_ENGINE`)."""

from django.contrib.sessions.backends.db import SessionStore as DatabaseSession

from portal.models import PortalSession


class SessionStore(DatabaseSession):
    """As Django's, over `PortalSession`."""

    @classmethod
    def get_model_class(cls) -> type[PortalSession]:
        return PortalSession
