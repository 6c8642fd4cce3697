"""The tests: the database comes from DATABASE_URL, everything else is as in production where it can be."""

from config.settings.base import *  # noqa: F403  (settings are layered by import)

SECRET_KEY = "chi-dung-trong-kiem-thu"
ALLOWED_HOSTS = ["127.0.0.1", "localhost", "testserver"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
