"""The portal as it runs, but for static files: nothing has been collected."""

import os

from config.settings.base import STORAGES
from config.settings.portal import *  # noqa: F403

EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
EMAIL_FILE_PATH = os.environ["TEST_MAIL"]

STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
# for a browser: found where they lie
WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = True
