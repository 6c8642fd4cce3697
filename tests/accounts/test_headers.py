"""Every answer, whatever went wrong, tells the browser the same rules."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.core.cache import cache
from django.test import Client

from accounts.middleware import HEADERS

EXPECTED = {*HEADERS, "Content-Security-Policy"}
ANSWERS = [
    pytest.param("get", "/", {}, 302, id="sent to sign in"),
    pytest.param("get", "/dang-nhap/", {}, 200, id="page"),
    pytest.param("get", "/khong-co/", {}, 404, id="missing"),
    pytest.param("post", "/dang-nhap/", {"headers": {"sec-fetch-site": "cross-site"}}, 403, id="refused"),
    pytest.param("put", "/dang-nhap/", {}, 405, id="wrong method"),
    pytest.param("post", "/tuy-chon/co-chu/", {}, 422, id="not accepted"),
    pytest.param("get", "/", {"headers": {"host": "evil.example"}}, 400, id="wrong host"),
    pytest.param("get", "/dang-nhap", {}, 301, id="slash appended"),
    pytest.param("get", "/static/ui/mark.svg", {}, 200, id="static file"),
    pytest.param("post", "/bao-cao-csp/", {}, 204, id="nothing to say"),
]


@pytest.mark.parametrize(("method", "path", "more", "status"), ANSWERS)
def test_every_answer_carries_the_whole_set(db, method, path, more, status):
    answer = getattr(Client(raise_request_exception=False), method)(path, **more)

    assert answer.status_code == status
    assert EXPECTED - set(answer.headers) == set()


def test_an_answer_to_a_bug_carries_the_whole_set(signed_in, monkeypatch):
    signed_in.raise_request_exception = False
    monkeypatch.setattr("accounts.audit_trail.paths_read_by", lambda user: 1 / 0)

    answer = signed_in.get("/nhat-ky/")

    assert answer.status_code == 500
    assert EXPECTED - set(answer.headers) == set()


@pytest.mark.parametrize("path", ["/", "/nhat-ky/", "/doi-mat-khau/", "/khong-co/"])
def test_no_page_of_a_signed_in_person_is_stored(signed_in, path):
    assert "no-store" in signed_in.get(path).headers["Cache-Control"]


def test_the_content_policy_starts_from_nothing_and_knows_no_exception():
    policy = settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]

    assert policy["default-src"] == ["'none'"]
    assert policy["script-src"] == policy["style-src"] == ["'self'"]
    assert policy["frame-ancestors"] == policy["base-uri"] == ["'none'"]
    assert "unsafe" not in str(policy)


def test_cookies_are_closed_to_scripts_and_other_sites(an):
    client = Client()
    client.get("/dang-nhap/")
    client.post("/dang-nhap/", {"login": "an", "password": "con trâu giếng nước 27"})

    flags = {name: (bool(one["httponly"]), one["samesite"], one["path"]) for name, one in client.cookies.items()}

    assert flags == {name: (True, "Lax", "/") for name in ("sessionid", "csrftoken", "device")}


def test_a_browsers_report_is_counted_and_logged_on_one_line(db, caplog):
    cache.delete("csp_reports")
    body = '{"csp-report": {"blocked-uri": "inline\\nINFO forged", "document-uri": "http://x/", "other": "secret"}}'

    answer = Client().post("/bao-cao-csp/", body, content_type="application/csp-report")

    assert answer.status_code == 204
    assert cache.get("csp_reports") == 1
    (line,) = [record.getMessage() for record in caplog.records if record.name == "csp"]
    assert "inline" in line
    assert "\n" not in line
    assert "secret" not in line


@pytest.mark.parametrize("body", [b"", b"\xff\xfe", b"[]", b"[" * 16000, b'{"csp-report": 5}', b"x" * 100_000])
def test_a_report_that_is_none_does_no_harm(db, body):
    assert Client().post("/bao-cao-csp/", body, content_type="application/csp-report").status_code == 204


def test_reports_beyond_the_limit_are_not_counted(db):
    cache.delete("csp_reports")
    for _ in range(65):
        Client().post("/bao-cao-csp/", b"{}", content_type="application/csp-report")

    assert cache.get("csp_reports") == 60
