"""The web server's way in. The addresses are loaded at once: one without a policy stops the start here."""

import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.development")
application = get_wsgi_application()
get_resolver().url_patterns  # noqa: B018  (loading is the point)
