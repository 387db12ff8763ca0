"""The web application, its workers, beat and the sequencer."""

from config import env
from config.settings.base import *  # noqa: F403

ROOT_URLCONF = "config.urls"

# Identities of complainants and others are encrypted with the first key; all are tried to read. The portal has none.
IDENTITY_KEYS = env.keys("IDENTITY_KEYS")
