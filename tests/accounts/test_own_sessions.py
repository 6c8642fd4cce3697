"""Which sessions a person has: listed with their device, ended one by one or all but this one."""

from __future__ import annotations

import pytest
from django.contrib.sessions.models import Session
from django.test import Client

from accounts import services, sessions
from accounts.models import AuditEvent, SignIn
from tests.accounts.conftest import PASSWORD

WINDOWS = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/120.0 Safari/537.36"
PAGE = "/phien-dang-nhap/"


def signed_in_on(browser: str = WINDOWS, username: str = "an") -> Client:
    client = Client(headers={"user-agent": browser})
    client.post("/dang-nhap/", {"login": username, "password": PASSWORD})
    return client


def is_in(client: Client) -> bool:
    return client.get(PAGE).status_code == 200


@pytest.mark.parametrize(
    ("browser", "device"),
    [
        (WINDOWS, "Chrome trên Windows"),
        (WINDOWS + " Edg/120.0", "Edge trên Windows"),
        (WINDOWS + " coc_coc_browser/110", "Cốc Cốc trên Windows"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) Version/17.0 Safari/604.1", "Safari trên iPhone"),
        ("Mozilla/5.0 (Linux; Android 14) Chrome/120.0 Mobile Safari/537.36", "Chrome trên Android"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:120.0) Firefox/120.0", "Firefox trên Linux"),
        ("curl/8.0", "Trình duyệt khác"),
        ("", "Trình duyệt khác"),
    ],
)
def test_a_browser_is_named_as_people_name_it(browser, device):
    assert sessions.device_of(browser) == device


def test_every_living_session_is_listed_with_its_device_and_this_one_is_marked(an):
    here, telephone = signed_in_on(), signed_in_on("Mozilla/5.0 (Linux; Android 14) Chrome/120.0")

    found = here.get(PAGE).context["sessions"]

    assert [(one.device, one.is_this) for one in found] == [
        ("Chrome trên Windows", True),
        ("Chrome trên Android", False),
    ]
    assert telephone.get(PAGE).context["sessions"][0].device == "Chrome trên Android"


def test_one_session_is_ended_at_its_very_next_request(an):
    here, lost = signed_in_on(), signed_in_on()
    other = next(one for one in here.get(PAGE).context["sessions"] if not one.is_this)

    here.post(f"{PAGE}ket-thuc/", {"session": other.pk})

    assert is_in(here)
    assert not is_in(lost)
    assert AuditEvent.objects.order_by("-sequence")[0].action == "account.session_ended"


def test_this_session_and_sessions_of_others_are_not_ended_here(an, make_user):
    make_user("binh")
    here, stranger = signed_in_on(), signed_in_on(username="binh")
    own = SignIn.objects.get(user=an)
    theirs = SignIn.objects.exclude(user=an).get()

    for chosen in (own.pk, theirs.pk, 0, "x", ""):
        assert here.post(f"{PAGE}ket-thuc/", {"session": chosen}).status_code == 422

    assert is_in(here)
    assert is_in(stranger)


def test_all_other_sessions_end_and_this_one_goes_on_under_a_new_key(an):
    here, one, two = signed_in_on(), signed_in_on(), signed_in_on()
    before = here.session.session_key

    here.post(f"{PAGE}ket-thuc-cac-phien-khac/")

    assert here.session.session_key != before
    assert len(here.get(PAGE).context["sessions"]) == 1
    assert [is_in(client) for client in (here, one, two)] == [True, False, False]


def test_a_session_is_followed_through_its_new_keys_and_forgotten_when_it_ends(an):
    here = signed_in_on()
    new = "đồng lúa chín vàng 31"

    here.post("/tuy-chon/vai-tro/", {"assignment": ""})
    here.post("/doi-mat-khau/", {"oldpassword": PASSWORD, "password1": new, "password2": new})
    listed = [one.is_this for one in here.get(PAGE).context["sessions"]]
    here.post("/dang-xuat/")

    assert listed == [True]
    assert not SignIn.objects.exists()


def test_sessions_that_died_are_not_listed_and_go_with_the_next_sign_in(an, clock):
    signed_in_on()
    clock.forward(minutes=31)
    asleep = signed_in_on()

    assert [one.is_this for one in asleep.get(PAGE).context["sessions"]] == [True]
    Session.objects.exclude(session_key=asleep.session.session_key).delete()
    signed_in_on()
    assert SignIn.objects.count() == 2


def test_a_raised_epoch_takes_them_off_the_list(an):
    signed_in_on()
    services.end_sessions_of(an)
    here = signed_in_on()

    assert len(here.get(PAGE).context["sessions"]) == 1
