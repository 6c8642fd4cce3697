"""Tìm kiếm: without tone marks, within what the person may see, in a constant number of queries."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.factories import congress_at, make_member

pytestmark = pytest.mark.django_db


def _search(client, user, text):
    client.force_login(user)
    return client.get(reverse("search"), {"q": text})


@pytest.mark.parametrize("text", ["Trần Thị Bình", "tran thi binh", "TRẦN THI", "  binh "])
def test_a_member_is_found_with_or_without_marks(client, text):
    world = congress_at("preparing")

    page = _search(client, world.secretary, text)

    assert "Trần Thị Bình (bịa)" in page.content.decode()


def test_names_of_another_branch_are_not_found(client):
    world = congress_at("preparing")
    make_member(world.outsider.assignments.get().organization, "Lò Văn Khác")

    assert "Lò Văn Khác" not in _search(client, world.secretary, "lo van").content.decode()
    assert "Lò Văn Khác" in _search(client, world.outsider, "lo van").content.decode()


@pytest.mark.parametrize("text", ["", "a", "<script>alert(1)</script>", "%", "_" * 300])
def test_any_text_is_answered(client, text):
    world = congress_at("preparing")

    page = _search(client, world.secretary, text)

    assert page.status_code == 200
    assert "<script>alert" not in page.content.decode()


def test_more_names_need_no_more_queries(client):
    world = congress_at("preparing")
    client.force_login(world.staff)
    client.get(reverse("search"), {"q": "van"})

    def queries():

        with CaptureQueriesContext(connection) as captured:
            client.get(reverse("search"), {"q": "van"})
        return len(captured)

    before = queries()
    for _ in range(5):
        make_member(world.branch, "Phan Văn Thêm")

    assert queries() == before
