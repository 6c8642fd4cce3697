"""The real machine. Nothing here has a default that would be a secret; what is missing is named and stops the start."""

import os

from django.core.exceptions import ImproperlyConfigured

REQUIRED = {
    "SECRET_KEY": "chuỗi bí mật, ít nhất 50 ký tự ngẫu nhiên",
    "DATABASE_URL": "postgres://người-dùng:mật-khẩu@máy/cơ-sở-dữ-liệu",
    "REDIS_URL": "redis://…",
    "ALLOWED_HOSTS": "tên miền của hệ thống, cách nhau bằng dấu phẩy",
}
missing = [f"{name} ({meaning})" for name, meaning in REQUIRED.items() if not os.environ.get(name, "").strip()]
if missing:
    raise ImproperlyConfigured(f"Chưa đặt biến môi trường: {'; '.join(missing)}.")

from config.settings.base import *  # noqa: E402, F403  (only after the environment is known to be complete)

DEBUG = False
SECRET_KEY = os.environ["SECRET_KEY"]
if len(SECRET_KEY) < 50 or len(set(SECRET_KEY)) < 10 or SECRET_KEY.startswith("chi-dung-"):
    raise ImproperlyConfigured("SECRET_KEY quá ngắn hoặc quá đơn giản: cần ít nhất 50 ký tự ngẫu nhiên.")
ALLOWED_HOSTS = [host.strip() for host in os.environ["ALLOWED_HOSTS"].split(",") if host.strip()]
if "*" in ALLOWED_HOSTS:
    raise ImproperlyConfigured("ALLOWED_HOSTS phải nêu từng tên miền, không nhận “*”.")

SECURE_SSL_REDIRECT = True
SECURE_HSTS_SECONDS = 2 * 365 * 24 * 3600
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True

SESSION_COOKIE_SECURE = True
SESSION_COOKIE_NAME = "__Host-session"
CSRF_COOKIE_SECURE = True
CSRF_COOKIE_NAME = "__Host-csrf"
TRUSTED_DEVICE_COOKIE = "__Host-device"

# Proxies of our own in front of the web server; only then may their headers be believed.
ALLAUTH_TRUSTED_PROXY_COUNT = int(os.environ.get("TRUSTED_PROXY_COUNT", "0"))
if ALLAUTH_TRUSTED_PROXY_COUNT:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"lines": {"()": "config.logs.JsonLines"}},
    "handlers": {"out": {"class": "logging.StreamHandler", "formatter": "lines"}},
    "root": {"handlers": ["out"], "level": "INFO"},
    "loggers": {
        "django": {"handlers": ["out"], "level": "INFO", "propagate": False},
        "weasyprint": {"level": "WARNING"},
        "fontTools": {"level": "WARNING"},
    },
}
