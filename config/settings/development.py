"""One machine, the embedded default: SQLite and a broker in a folder."""

from config.settings.base import *  # noqa: F403  (settings are layered by import)

DEBUG = False
SECRET_KEY = "chi-dung-de-phat-trien-khong-dung-cho-may-that"  # noqa: S105  (production refuses it)
ALLOWED_HOSTS = ["127.0.0.1", "localhost", "[::1]", "testserver"]
COMPONENTS_PAGE = True
SECOND_FACTOR_REQUIRED = False  # the accounts of the stories have no telephone; who sets it up is asked for it
DEMO_PASSWORD = "demo-dai-hoi"  # noqa: S105  (printed at every start)
