"""Mở lại danh sách asks on a page of its own."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from tests.factories import congress_at

pytestmark = pytest.mark.django_db


def test_a_list_is_opened_again_only_after_a_look_at_what_is_given_up():
    world = congress_at("slate_fixed")
    client, url = Client(), reverse("elections:reopen_slate", args=[world.round.pk])
    client.force_login(User.objects.get(pk=world.secretary.pk))

    page = client.get(url).content.decode()
    sure = client.post(url, follow=True).content.decode()

    assert "phiếu đã in, đã phát không dùng nữa" in page
    assert "Biểu quyết chốt" in page
    assert "Sổ phiếu" in page
    assert "Đã mở lại danh sách" in sure
    assert client.get(url).status_code == 409
