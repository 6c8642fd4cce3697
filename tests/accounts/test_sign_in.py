"""Signing in: one answer for every failure, limits that hold strangers off and let the owner in, one event each."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.contrib.sessions.models import Session
from django.core.cache import caches
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.test import Client, RequestFactory
from django.urls import NoReverseMatch, reverse
from django.utils import timezone

from accounts import second_factor, services
from accounts.adapter import Adapter
from accounts.models import AuditEvent, User
from tests.accounts.conftest import NOON, PASSWORD

NEW = "đồng lúa chín vàng 31"


def try_to_sign_in(client: Client, username: str = "an", password: str = PASSWORD, address: str = "10.0.0.1"):
    return client.post("/dang-nhap/", {"login": username, "password": password}, REMOTE_ADDR=address)


def got_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def actions() -> list[str]:
    return list(AuditEvent.objects.order_by("sequence").values_list("action", flat=True))


def test_the_right_password_leads_home(an):
    answer = try_to_sign_in(Client())

    assert (answer.status_code, answer.url) == (302, "/")


def test_capital_letters_in_the_name_do_not_matter(an):
    client = Client()

    try_to_sign_in(client, username=" AN ")

    assert got_in(client)


def test_one_comes_back_to_the_page_asked_for(an):
    answer = Client().post("/dang-nhap/?next=/nhat-ky/", {"login": "an", "password": PASSWORD})

    assert answer.url == "/nhat-ky/"


def test_a_foreign_page_is_never_led_to(an):
    answer = Client().post("/dang-nhap/?next=https://evil.example/", {"login": "an", "password": PASSWORD})

    assert answer.url == "/"


def test_unknown_name_wrong_password_and_closed_account_answer_alike(an, make_user):
    make_user("binh", is_active=False)
    make_user("chi")

    pages = [
        try_to_sign_in(Client(), username, password)
        for username, password in [("khong-ai", PASSWORD), ("chi", "sai"), ("binh", PASSWORD)]
    ]

    assert {page.status_code for page in pages} == {200}
    texts = {page.context["form"].non_field_errors()[0] for page in pages}
    assert len(texts) == 1


def test_an_unknown_name_costs_as_much_hashing_as_a_known_one(an, settings, monkeypatch):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
    an.set_password(PASSWORD)
    an.save()
    hashed: list[str] = []
    for name in ("encode", "verify"):
        original = getattr(Argon2PasswordHasher, name)
        monkeypatch.setattr(
            Argon2PasswordHasher, name, lambda *a, _name=name, _do=original: hashed.append(_name) or _do(*a)
        )

    try_to_sign_in(Client(), "an", "sai")
    for_known = len(hashed)
    try_to_sign_in(Client(), "khong-ai", "sai")

    assert (for_known, len(hashed) - for_known) == (1, 1)


def test_passwords_are_kept_with_argon2():
    from config.settings import base

    assert base.PASSWORD_HASHERS[0] == "django.contrib.auth.hashers.Argon2PasswordHasher"
    assert base.PASSWORD_HASHERS[1:] == ["accounts.passwords.OneTimeArgon2"]


def test_nobody_signs_up_and_no_forgotten_password_is_mailed():
    for name in ("account_signup", "account_reset_password", "account_email"):
        with pytest.raises(NoReverseMatch):
            reverse(name)


# ---- the record ----


def test_each_of_signing_in_out_and_failing_leaves_one_event(an):
    client = Client()

    try_to_sign_in(client, password="sai")
    try_to_sign_in(client)
    client.post("/dang-xuat/")

    assert actions() == ["account.sign_in_failed", "account.signed_in", "account.signed_out"]


def test_a_password_typed_as_a_name_is_not_kept(db):
    try_to_sign_in(Client(), username="con-trau-27", password="x")

    (event,) = AuditEvent.objects.all()
    assert "con-trau-27" not in str(event.details) + event.subject_label


# ---- limits ----


def test_after_five_failures_from_one_address_even_the_right_password_waits(an):
    for _ in range(5):
        try_to_sign_in(Client(), password="sai")

    client = Client()
    answer = try_to_sign_in(client)

    assert not got_in(client)
    assert "Đã thử đăng nhập sai nhiều lần" in answer.content.decode()


def test_four_failures_do_not_yet_stop_the_owner(an):
    for _ in range(4):
        try_to_sign_in(Client(), password="sai")

    client = Client()
    try_to_sign_in(client)

    assert got_in(client)


def test_success_gives_its_own_count_back(an):
    for _ in range(12):
        client = Client()
        try_to_sign_in(client)

        assert got_in(client)


def test_strangers_at_one_address_do_not_stop_the_owner_at_another(an):
    for _ in range(20):
        try_to_sign_in(Client(), password="sai", address="10.9.9.9")

    client = Client()
    try_to_sign_in(client, address="10.0.0.1")

    assert got_in(client)


def test_fifty_addresses_never_get_in_and_the_owners_own_device_still_does(an):
    own = Client()
    try_to_sign_in(own)
    own.post("/dang-xuat/")

    for number in range(300):
        stranger = Client()
        try_to_sign_in(stranger, password="sai", address=f"10.1.0.{number % 50}")
    last = Client()
    try_to_sign_in(last, address="10.1.0.1")
    try_to_sign_in(own)

    assert not got_in(last)
    assert got_in(own)


def test_a_known_device_has_a_limit_of_its_own(an):
    own = Client()
    try_to_sign_in(own)
    own.post("/dang-xuat/")

    for _ in range(10):
        try_to_sign_in(own, password="sai")
    try_to_sign_in(own)

    assert not got_in(own)


def test_a_device_cookie_of_one_account_does_not_help_with_another(an, make_user):
    make_user("binh")
    device = Client()
    try_to_sign_in(device)
    device.post("/dang-xuat/")

    for _ in range(5):
        try_to_sign_in(device, username="binh", password="sai")
    try_to_sign_in(device, username="binh")

    assert not got_in(device)


def test_a_forged_device_cookie_is_no_known_device(an):
    client = Client()
    client.cookies["device"] = "eyJ1c2VyIjoxfQ:forged:forged"
    for _ in range(5):
        try_to_sign_in(client, password="sai")

    try_to_sign_in(client)

    assert not got_in(client)


def test_many_names_from_one_address_come_to_an_end(db, settings):
    settings.SIGN_IN_LIMITS = {**settings.SIGN_IN_LIMITS, "address": "10/15m/ip"}
    for number in range(10):
        try_to_sign_in(Client(), username=f"ten-{number}", password="sai")

    answer = try_to_sign_in(Client(), username="ten-moi", password="sai")

    assert "Đã thử đăng nhập sai nhiều lần" in answer.content.decode()


@pytest.mark.django_db(transaction=True)
def test_without_the_table_of_counters_nobody_gets_in(an, settings):
    settings.CACHES = {
        "default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "no_such_table"}
    }
    client = Client(raise_request_exception=False)

    try_to_sign_in(client)

    assert not got_in(client)


# ---- passwords handed over, sessions ended ----


def test_a_one_time_password_opens_only_the_page_that_replaces_it(db):
    _, one_time = services.create_user(username="binh", full_name="Trần Thị Bình", actor=None, at=timezone.now())
    client = Client()
    try_to_sign_in(client, "binh", one_time)

    assert client.get("/nhat-ky/").url == "/doi-mat-khau/"
    assert client.get("/nhat-ky/", headers={"hx-request": "true"}).headers["HX-Redirect"] == "/doi-mat-khau/"
    assert client.get("/doi-mat-khau/").status_code == 200

    answer = client.post("/doi-mat-khau/", {"oldpassword": one_time, "password1": NEW, "password2": NEW})
    assert answer.url == "/"
    assert client.get("/nhat-ky/").status_code == 200
    assert not User.objects.get(username="binh").must_change_password


def change_password(client: Client, **fields: str):
    return client.post("/doi-mat-khau/", {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW, **fields})


def test_changing_the_password_keeps_this_session_with_a_new_key_and_ends_the_others(an):
    here, elsewhere = Client(), Client()
    try_to_sign_in(here)
    try_to_sign_in(elsewhere)
    before = here.session.session_key

    change_password(here)

    assert here.get("/nhat-ky/").status_code == 200
    assert here.session.session_key != before
    assert elsewhere.get("/nhat-ky/").status_code == 302
    assert actions().count("account.password_changed") == 1


@pytest.mark.parametrize(
    ("fields", "field", "said"),
    [
        ({"oldpassword": "sai"}, "oldpassword", "Mật khẩu hiện tại chưa đúng."),
        ({"password2": "khác"}, "password2", "Hai lần nhập mật khẩu mới chưa giống nhau."),
        ({"password1": PASSWORD, "password2": PASSWORD}, "password1", "Mật khẩu mới trùng mật khẩu đang dùng."),
        ({"password1": "daihoichibo2025", "password2": "daihoichibo2025"}, "password1", "hay bị thử đầu tiên"),
        ({"password1": "", "password2": ""}, "password1", "Nhập mật khẩu mới."),
    ],
)
def test_a_password_that_will_not_do_is_told_at_its_field(signed_in, an, fields, field, said):
    answer = change_password(signed_in, **fields)

    assert said in answer.context["form"].errors[field][0]
    assert User.objects.get().password == an.password


def test_signing_in_gives_a_new_session_key_and_the_old_one_is_dead(an):
    client = Client()
    client.post("/tuy-chon/co-chu/", {"size": "large"})
    planted = client.session.session_key

    try_to_sign_in(client)

    assert client.session.session_key != planted
    assert not Session.objects.filter(session_key=planted).exists()


def test_a_closed_account_is_out_at_the_very_next_request(signed_in, an, make_user):
    services.deactivate_user(an.pk, actor=make_user("quan-tri"), at=NOON)

    assert signed_in.get("/nhat-ky/").status_code == 302


def test_a_reset_password_ends_every_session_and_replaces_the_old_one(signed_in, an, make_user):
    one_time = services.reset_password(an.pk, actor=make_user("quan-tri"), at=timezone.now())

    assert signed_in.get("/nhat-ky/").status_code == 302
    assert User.objects.get(pk=an.pk).check_password(one_time)
    assert User.objects.get(pk=an.pk).must_change_password


def test_ended_sessions_are_out_at_the_very_next_request(signed_in, an, make_user):
    services.end_sessions(an.pk, actor=make_user("quan-tri"), at=NOON)

    assert signed_in.get("/nhat-ky/").status_code == 302


def test_reauthentication_asks_for_the_password_again(signed_in):
    page = signed_in.get("/xac-nhan-mat-khau/?next=/nhat-ky/")
    wrong = signed_in.post("/xac-nhan-mat-khau/?next=/nhat-ky/", {"password": "sai"})
    right = signed_in.post("/xac-nhan-mat-khau/?next=/nhat-ky/", {"password": PASSWORD})

    assert (page.status_code, wrong.status_code, right.status_code) == (200, 200, 302)
    assert right.url == "/nhat-ky/"


# ---- ten thousand guesses (G17) ----


class Clock:
    """What the limiter takes for now, so that a day of guessing takes a second."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = 1_700_000_000.0
        monkeypatch.setattr("allauth.core.internal.ratelimit.time.time", lambda: self.now)


@pytest.fixture
def in_memory(settings):
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "guesses"}}
    caches["default"].clear()


def looked_at(let_through: Callable[[HttpRequest], bool], clock: Clock, *, guesses: int, over: float) -> int:
    """How many of the guesses, from five hundred addresses in turn, came as far as being compared."""
    requests = [RequestFactory().post("/dang-nhap/", REMOTE_ADDR=f"10.2.{n // 250}.{n % 250}") for n in range(500)]
    passed = 0
    for number in range(guesses):
        clock.now += over / guesses
        passed += let_through(requests[number % 500])
    return passed


@pytest.mark.once
def test_of_ten_thousand_guessed_passwords_in_an_hour_thirty_are_compared(an, in_memory, monkeypatch):
    adapter, clock = Adapter(), Clock(monkeypatch)

    def tried(request):
        try:
            adapter.pre_authenticate(request, username="an")
        except ValidationError:
            return False
        return True

    assert 0 < looked_at(tried, clock, guesses=10_000, over=3599) <= 30


@pytest.mark.once
def test_of_ten_thousand_guessed_codes_in_a_day_thirty_are_compared(an, in_memory, monkeypatch):
    clock = Clock(monkeypatch)

    found = looked_at(
        lambda request: second_factor.count_try(request, an) is not None, clock, guesses=10_000, over=86_399
    )

    assert 0 < found <= 30
