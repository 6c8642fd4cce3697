"""The tests: the database comes from DATABASE_URL, everything else is as in production where it can be."""

import os

from config.settings.base import *  # noqa: F403  (settings are layered by import)
from config.settings.base import DATABASES
from config.settings.base import INSTALLED_APPS as APPS

INSTALLED_APPS = [*APPS, "tests.flushing"]
SECRET_KEY = "chi-dung-trong-kiem-thu"  # noqa: S105  (production refuses it)
ALLOWED_HOSTS = ["127.0.0.1", "localhost", "testserver"]
COMPONENTS_PAGE = True
SECOND_FACTOR_REQUIRED = False  # tests of the second factor turn it on
DEMO_PASSWORD = "demo-dai-hoi"  # noqa: S105  (printed at every start)
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.MD5PasswordHasher",
    "accounts.passwords.OneTimeArgon2",
]  # the tests of sign-in take Argon2 back
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True

PREPARED = os.environ.get("PREPARED_DATABASE", "")
"""A database (on SQLite a file) with all tables and nothing else, which every process of the tests copies."""
if PREPARED:
    DATABASES["default"]["TEST"] = {"TEMPLATE": PREPARED}
