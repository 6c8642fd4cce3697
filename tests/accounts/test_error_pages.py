"""Pages that say no: what happened and what to do, and nothing about what was asked for."""

import re

import pytest
from django.template.loader import render_to_string
from django.test import Client

pytestmark = pytest.mark.django_db


def without_token(answer):
    return re.sub(rb'value="[A-Za-z0-9]{64}"', b"", answer.content)


def test_a_missing_page_is_the_same_whatever_was_asked_for():
    client = Client()

    first, second = client.get("/khong-co/1/"), client.get("/khong-co/2/?q=bi-mat")

    assert (first.status_code, second.status_code) == (404, 404)
    assert without_token(first) == without_token(second)
    assert "Không tìm thấy trang này" in first.content.decode()


def test_a_page_left_open_too_long_says_so():
    answer = Client(enforce_csrf_checks=True).post("/dang-nhap/", {"login": "an", "password": "x"})

    assert answer.status_code == 403
    assert "Trang này đã mở quá lâu" in answer.content.decode()


def test_the_page_of_a_failing_server_needs_neither_request_nor_context():
    assert "Máy chủ đang gặp trục trặc" in render_to_string("500.html")


def test_a_refusal_lists_what_is_missing_with_the_way_to_close_it():
    page = render_to_string(
        "errors/refused.html",
        {
            "status": 409,
            "message": "Đại hội chưa khai mạc được.",
            "gaps": [{"text": "Đảng ủy chưa duyệt đại hội", "url": "/duyet/"}, "Chưa có đề án nhân sự"],
            "back_url": "/dai-hoi/1/",
        },
    )

    assert '<a href="/duyet/">Đảng ủy chưa duyệt đại hội</a>' in page
    assert "<li>Chưa có đề án nhân sự</li>" in page
    assert '<a class="btn btn-primary" href="/dai-hoi/1/">Quay lại trang trước</a>' in page
