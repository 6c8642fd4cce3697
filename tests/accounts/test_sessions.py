"""A session ends after half an hour without a page, and after twelve hours in any case."""

from __future__ import annotations

import pytest
from django.contrib.sessions.models import Session
from django.test import Client

from accounts import sessions


def is_in(client: Client) -> bool:
    return client.get("/nhat-ky/").status_code == 200


@pytest.fixture
def started(clock, an) -> Client:
    client = Client()
    client.force_login(an)
    return client


@pytest.mark.parametrize(
    ("idle", "still_in"),
    [
        pytest.param({"minutes": 29, "seconds": 59}, True, id="one second before half an hour"),
        pytest.param({"minutes": 30}, False, id="half an hour to the second"),
        pytest.param({"hours": 9}, False, id="long after"),
    ],
)
def test_half_an_hour_without_a_page_ends_the_session(started, clock, idle, still_in):
    assert is_in(started)

    clock.forward(**idle)

    assert is_in(started) is still_in


def test_every_page_starts_the_half_hour_anew(started, clock):
    for _ in range(10):
        clock.forward(minutes=29)
        assert is_in(started)


@pytest.mark.parametrize(
    ("last_step", "still_in"),
    [
        pytest.param({"minutes": 19, "seconds": 59}, True, id="one second before twelve hours"),
        pytest.param({"minutes": 20}, False, id="twelve hours to the second"),
    ],
)
def test_twelve_hours_end_the_session_however_busy_it_was(started, clock, last_step, still_in):
    for _ in range(35):
        clock.forward(minutes=20)
        assert is_in(started)

    clock.forward(**last_step)

    assert is_in(started) is still_in


def test_limits_are_settings(started, clock, settings):
    settings.SESSION_IDLE_SECONDS = 60

    clock.forward(seconds=60)

    assert not is_in(started)


def test_an_ended_session_is_removed_and_the_person_is_told(started, clock):
    key = started.session.session_key
    clock.forward(minutes=31)

    answer = started.get("/nhat-ky/", follow=True)

    assert answer.redirect_chain == [("/dang-nhap/?next=/nhat-ky/", 302)]
    assert "Phiên làm việc đã hết giờ" in answer.content.decode()
    assert not Session.objects.filter(session_key=key).exists()


def test_a_session_without_its_times_is_not_trusted(started):
    session = started.session
    del session[sessions.SIGNED_IN_AT]
    session.save()

    assert not is_in(started)


def test_pages_within_a_minute_write_the_session_once(started, clock):
    def writes() -> str:
        return Session.objects.get(session_key=started.session.session_key).session_data

    before = writes()
    clock.forward(seconds=59)
    is_in(started)
    within = writes()
    clock.forward(seconds=1)
    is_in(started)

    assert within == before
    assert writes() != before
