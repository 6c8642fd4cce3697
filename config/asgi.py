"""The same for an asynchronous server; the product runs under WSGI (see docs/decisions)."""

import os

from django.core.asgi import get_asgi_application
from django.urls import get_resolver

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.development")
application = get_asgi_application()
get_resolver().url_patterns  # noqa: B018  (loading is the point)
