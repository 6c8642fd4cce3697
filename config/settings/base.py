"""What every way of running shares. The environment is read in the settings and nowhere else."""

from __future__ import annotations

import os
from pathlib import Path

import dj_database_url

ROOT = Path(__file__).resolve().parent.parent.parent
VAR = Path(os.environ.get("VAR_DIR", ROOT / "var"))
REGIMES_DIR = Path(os.environ.get("REGIMES_DIR", VAR / "regimes"))  # regulations that an administrator added

INSTALLED_APPS = [
    "outbox",
    "accounts",
    "organizations",
    "congress",
    "documents",
    "elections",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_htmx",
    "crispy_forms",
    "crispy_bootstrap5",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "csp",
]

MIDDLEWARE = [
    "accounts.middleware.every_answer_carries_headers",
    "csp.middleware.CSPMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "accounts.middleware.nothing_is_kept_by_caches",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "accounts.middleware.SessionLimits",
    "accounts.middleware.acting_role",
    "accounts.middleware.SameOriginOnly",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "accounts.middleware.NewPasswordFirst",
    "accounts.middleware.SecondFactorFirst",
    "accounts.middleware.RefusalsBecomePages",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
AUTH_USER_MODEL = "accounts.User"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
COMPONENTS_PAGE = False
DEMO_PASSWORD = ""  # known to everybody where it is set; without it nobody signs in to the accounts of the stories

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [ROOT / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "accounts.context.shell",
            ],
        },
    },
]

# ---- signing in ----

AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher", "accounts.passwords.OneTimeArgon2"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "accounts.passwords.LongEnough", "OPTIONS": {"min_length": 10}},
    {"NAME": "accounts.passwords.NotAboutThePerson"},
    {"NAME": "accounts.passwords.NotCommon"},
]

ACCOUNT_ADAPTER = "accounts.adapter.Adapter"
ACCOUNT_FORMS = {"change_password": "accounts.forms.ChangePasswordForm", "login": "accounts.forms.SignInForm"}
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_EMAIL_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = False  # the cookie goes with the browser
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300
ACCOUNT_RATE_LIMITS = {"login": "120/m/ip", "change_password": "10/m/user", "reauthenticate": "10/m/user"}
# Failed sign-ins. "pair": one account from one address; "address": everything from one address; "account":
# one account from everywhere. A device its owner signed in on before has a count of its own ("device"),
# so that strangers can neither get in nor lock the owner out.
SIGN_IN_LIMITS = {"pair": "5/15m/key", "address": "100/15m/ip", "account": "30/1h/key", "device": "10/15m/key"}
TRUSTED_DEVICE_DAYS = 90

# Second factor: required of the roles that seal, ratify or grant. Secrets are encrypted with the first of the keys;
# without any they come from SECRET_KEY. Tries of codes: "stranger" from devices its owner never signed in on.
SECOND_FACTOR_REQUIRED = True
SECOND_FACTOR_GRACE_DAYS = int(os.environ.get("SECOND_FACTOR_GRACE_DAYS", "7"))
SECOND_FACTOR_SINCE = os.environ.get("SECOND_FACTOR_SINCE", "")  # 2026-03-01: nobody's days of grace began before
SECOND_FACTOR_KEYS = [key for key in os.environ.get("SECOND_FACTOR_KEYS", "").split(",") if key]
SECOND_FACTOR_LIMITS = {"stranger": "5/15m/key,30/1d/key", "device": "10/15m/key,60/1d/key"}
ONE_TIME_PASSWORD_DAYS = int(os.environ.get("ONE_TIME_PASSWORD_DAYS", "30"))  # unused for longer, it opens nothing
SLIP_FILE_HOURS = int(os.environ.get("SLIP_FILE_HOURS", "72"))  # printed slips of accounts lie so long, encrypted
MFA_ADAPTER = "accounts.factor_adapter.Adapter"
MFA_FORMS = {"authenticate": "accounts.forms.CodeForm", "reauthenticate": "accounts.forms.CodeAgainForm"}
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "Đại hội chi bộ"
MFA_TOTP_TOLERANCE = 1  # clocks of telephones half a minute wrong; a code still counts once
MFA_ALLOW_UNVERIFIED_EMAIL = True  # nobody's address is verified: there may be no mail server
TRUSTED_DEVICE_COOKIE = "device"

SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_IDLE_SECONDS = 60 * int(os.environ.get("SESSION_IDLE_MINUTES", "30"))
SESSION_COOKIE_AGE = 3600 * int(os.environ.get("SESSION_ABSOLUTE_HOURS", "12"))
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

# Counters of the sign-in limits stand in the database: a lost Redis opens nothing, and without the
# database nobody signs in at all.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "cache",
        "OPTIONS": {"MAX_ENTRIES": 1_000_000},
    },
}

# ---- what every answer says to the browser ----

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
        "base-uri": ["'none'"],
        "report-uri": "/bao-cao-csp/",
    },
}
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

SQLITE_OPTIONS = {
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": (
        "PRAGMA journal_mode=WAL;PRAGMA synchronous=NORMAL;PRAGMA cache_size=-20000;"
        "PRAGMA recursive_triggers=ON;"  # INSERT OR REPLACE fires the triggers that refuse a DELETE
    ),
}


def database(url: str) -> dict[str, object]:
    """Settings of one database; SQLite gets WAL and IMMEDIATE, PostgreSQL lasting, checked connections."""
    parsed = dict(dj_database_url.parse(url))
    if parsed["ENGINE"] == "django.db.backends.sqlite3":
        parsed["OPTIONS"] = SQLITE_OPTIONS
    else:
        parsed["CONN_MAX_AGE"] = 60
        parsed["CONN_HEALTH_CHECKS"] = True
    return parsed


DATABASES = {"default": database(os.environ.get("DATABASE_URL", f"sqlite:///{VAR / 'db.sqlite3'}"))}

# Mail is optional: without a host every reminder is read on the page alone.
EMAIL_HOST = os.environ.get("EMAIL_HOST", "")
EMAIL_PORT = int(os.environ.get("EMAIL_PORT", "25"))
EMAIL_HOST_USER = os.environ.get("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD = os.environ.get("EMAIL_HOST_PASSWORD", "")
EMAIL_USE_TLS = os.environ.get("EMAIL_USE_TLS", "") == "1"
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = os.environ.get("EMAIL_FROM", "dai-hoi-chi-bo@localhost")
SITE_ADDRESS = os.environ.get("SITE_ADDRESS", "http://127.0.0.1:8000")

LANGUAGE_CODE = "vi"
TIME_ZONE = "Asia/Ho_Chi_Minh"
USE_I18N = True
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = VAR / "static"
STATICFILES_DIRS = [ROOT / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
WHITENOISE_ALLOW_ALL_ORIGINS = False
MEDIA_ROOT = VAR / "files"

DATA_UPLOAD_MAX_NUMBER_FIELDS = 2_000  # 300 branches in one table, five fields each

CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"

# The row in the outbox is the promise; the broker only carries ids and may lose them.
REDIS_URL = os.environ.get("REDIS_URL", "")
OUTBOX_LEASE_SECONDS = float(os.environ.get("OUTBOX_LEASE_SECONDS", "90"))  # longer than the longest job
OUTBOX_SWEEP_SECONDS = float(os.environ.get("OUTBOX_SWEEP_SECONDS", "15"))
REMIND_SECONDS = float(os.environ.get("REMIND_SECONDS", "900"))
FORGET_SECONDS = 3600.0
PERIODIC_TASKS = {
    "outbox.tasks.sweep": OUTBOX_SWEEP_SECONDS,
    "congress.tasks.remind": REMIND_SECONDS,
    "organizations.tasks.forget_files": FORGET_SECONDS,
    "documents.tasks.forget_lists": FORGET_SECONDS,
}

BROKER_OF_REDIS = {
    "visibility_timeout": 3600,
    "socket_connect_timeout": 2,
    "socket_timeout": 2,
    "socket_keepalive": True,
    "max_retries": 1,  # of one attempt to publish: a page must not wait for the broker
    "interval_start": 0,
    "interval_step": 0.1,
    "interval_max": 0.1,
}
BROKER_IN_A_FOLDER = {
    "data_folder_in": str(VAR / "broker" / "in"),
    "data_folder_out": str(VAR / "broker" / "in"),  # what one process writes another reads
    "processed_folder": str(VAR / "broker" / "processed"),
    "control_folder": str(VAR / "broker" / "control"),
    "polling_interval": 0.1,
}

CELERY_BROKER_URL = REDIS_URL or "folder://localhost"
CELERY_BROKER_TRANSPORT_OPTIONS = BROKER_OF_REDIS if REDIS_URL else BROKER_IN_A_FOLDER
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
CELERY_BROKER_CHANNEL_ERROR_RETRY = True  # a Redis that is full or may not write is as good as gone, and comes back
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_SERIALIZER = "json"
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_SOFT_TIME_LIMIT = 60
CELERY_TASK_TIME_LIMIT = 75  # below the lease: a job is not taken over while it may still be running
CELERY_WORKER_POOL = "prefork" if REDIS_URL else "solo"
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_MAX_TASKS_PER_CHILD = 200
CELERY_WORKER_ENABLE_REMOTE_CONTROL = False  # nobody who reaches the broker may steer a worker
CELERY_WORKER_SEND_TASK_EVENTS = False
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TIMEZONE = TIME_ZONE
