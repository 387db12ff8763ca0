"""WSGI entry point; `DJANGO_SETTINGS_MODULE` chooses web or portal."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.web")
application = get_wsgi_application()
