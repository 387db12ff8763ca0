"""The CPS portal: its own process, address, sessions and database role (docs/architecture.md, decision 10)."""

from csp.constants import NONE, SELF

from config.settings.base import *  # noqa: F403
from config.settings.base import BASE_DIR, CACHES, CONTENT_SECURITY_POLICY, COOKIE_PREFIX, SPECTACULAR_SETTINGS, TEMPLATES

ROOT_URLCONF = "config.portal_urls"
SERVICE_NAME = "Digital evidence (RASSO): CPS portal"

# A table of its own: who broke into the portal must not find the sessions of police officers there
SESSION_ENGINE = "portal.sessions"
SESSION_COOKIE_NAME = f"{COOKIE_PREFIX}portal_session"
CSRF_COOKIE_NAME = f"{COOKIE_PREFIX}portal_csrf"
CACHES["default"]["KEY_PREFIX"] = "portal"

# Pages of other rooms that say something else here
TEMPLATES[0]["DIRS"] = [BASE_DIR / "templates" / "portal" / "instead", BASE_DIR / "templates"]
TEMPLATES[0]["OPTIONS"]["context_processors"] += ["portal.frame.police"]  # type: ignore[index]

ACCOUNT_ADAPTER = "portal.adapters.PortalAccountAdapter"
# Nothing is uploaded here: no hashing in WebAssembly, no address of the store
CONTENT_SECURITY_POLICY["DIRECTIVES"] |= {"script-src": [SELF], "connect-src": [SELF], "worker-src": [NONE]}
# No identity is decrypted here, so no key is here
IDENTITY_KEYS: list[bytes] = []

SPECTACULAR_SETTINGS |= {
    "TITLE": "Digital evidence (RASSO): CPS portal",
    "DESCRIPTION": "Cases shared with a CPS area: submitted schedules, released copies, who did what. Read only.",
}
