"""The real machine starts only with everything it needs, and then without one warning. Each in a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
COMPLETE = {
    "SECRET_KEY": "x7Kq2mZp9Rt4Wv1Yb6Nc3Hd8Jf5Lg0Qs-uEoAiPzXwMk_TnVrBh",
    "DATABASE_URL": "postgres://app@127.0.0.1:1/daihoi",
    "REDIS_URL": "redis://127.0.0.1:1/0",
    "ALLOWED_HOSTS": "daihoi.example.vn",
}


def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    of_the_tests = {*COMPLETE, "DJANGO_ALLOW_ASYNC_UNSAFE"}
    kept = {name: value for name, value in os.environ.items() if name not in of_the_tests}
    environment = {"DJANGO_SETTINGS_MODULE": "config.settings.production"} | environment
    return subprocess.run(
        [sys.executable, *arguments], cwd=ROOT, env=kept | environment, capture_output=True, text=True, timeout=120
    )


def python(code: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return run("-c", f"import django; django.setup(); from django.conf import settings; {code}", **environment)


@pytest.mark.parametrize("missing", sorted(COMPLETE))
def test_production_names_the_missing_variable_and_stops(missing):
    ended = run("manage.py", "check", **{name: value for name, value in COMPLETE.items() if name != missing})

    assert ended.returncode != 0
    assert missing in ended.stderr
    assert [name for name in COMPLETE if f"{name} (" in ended.stderr] == [missing]


def test_production_names_all_missing_variables_at_once():
    ended = run("manage.py", "check")

    assert [name for name in COMPLETE if name in ended.stderr] == list(COMPLETE)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SECRET_KEY", "ngan"),
        ("SECRET_KEY", "a" * 60),
        ("SECRET_KEY", "chi-dung-de-phat-trien-khong-dung-cho-may-that-0123456789-0123456789"),
        ("ALLOWED_HOSTS", "*"),
    ],
)
def test_production_refuses_values_that_protect_nothing(name, value):
    ended = run("manage.py", "check", **COMPLETE | {name: value})

    assert ended.returncode != 0
    assert name in ended.stderr


def test_the_deployment_check_is_clean_with_nothing_silenced():
    ended = run("manage.py", "check", "--deploy", "--fail-level", "WARNING", **COMPLETE)
    silenced = python("print(settings.SILENCED_SYSTEM_CHECKS)", **COMPLETE)

    assert (ended.returncode, ended.stderr) == (0, "")
    assert ended.stdout == "System check identified no issues (0 silenced).\n"
    assert silenced.stdout == "[]\n"


def test_every_cookie_of_production_is_bound_to_this_host_over_https():
    ended = python(
        "print(*sorted((settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME, settings.TRUSTED_DEVICE_COOKIE)),"
        " settings.SESSION_COOKIE_SECURE, settings.CSRF_COOKIE_SECURE, settings.SESSION_COOKIE_HTTPONLY,"
        " settings.CSRF_COOKIE_HTTPONLY, settings.SESSION_COOKIE_SAMESITE, settings.SESSION_COOKIE_DOMAIN)",
        **COMPLETE,
    )

    assert ended.stdout == "__Host-csrf __Host-device __Host-session True True True True Lax None\n"


def test_production_speaks_https_only_and_for_two_years():
    ended = python("print(settings.SECURE_SSL_REDIRECT, settings.SECURE_HSTS_SECONDS, settings.DEBUG)", **COMPLETE)

    assert ended.stdout == "True 63072000 False\n"


def test_headers_of_proxies_are_believed_only_when_there_are_some():
    show = "print(settings.SECURE_PROXY_SSL_HEADER)"

    assert python(show, **COMPLETE).stdout == "None\n"
    assert "HTTP_X_FORWARDED_PROTO" in python(show, **COMPLETE, TRUSTED_PROXY_COUNT="1").stdout


@pytest.mark.parametrize("settings", ["development", "test"])
def test_every_way_of_running_has_the_same_content_policy(settings):
    show = "print(sorted(settings.CONTENT_SECURITY_POLICY['DIRECTIVES'].items()))"

    told = python(show, DJANGO_SETTINGS_MODULE=f"config.settings.{settings}")

    assert told.stdout == python(show, **COMPLETE).stdout != ""


def test_an_address_without_a_policy_stops_the_web_server():
    ended = python(
        "from django.urls import path; from django.http import HttpResponse; import config.urls as urls;"
        "urls.urlpatterns.append(path('x/', lambda r: HttpResponse(), name='naked'));"
        "urls.check_every_url(urls.urlpatterns, urls.THIRD_PARTY)",
        DJANGO_SETTINGS_MODULE="config.settings.development",
    )

    assert ended.returncode != 0
    assert "naked (/x/)" in ended.stderr


def test_log_lines_are_json_whatever_a_person_typed():
    ended = python(
        "import logging; logging.getLogger('x').warning('a\\nINFO forged %s', 'đ')",
        **COMPLETE,
    )

    assert ended.stderr.count("\n") == 1
    assert '"message": "a\\nINFO forged đ"' in ended.stderr


def test_times_are_kept_in_utc_and_shown_in_hanoi():
    ended = python(
        "from django.db import connection; print(settings.USE_TZ, settings.TIME_ZONE, connection.timezone_name)",
        DJANGO_SETTINGS_MODULE="config.settings.development",
    )

    assert ended.stdout == "True Asia/Ho_Chi_Minh UTC\n"
