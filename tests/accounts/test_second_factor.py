"""The second factor: each code once, few guesses, required of who seals, ratifies or grants, and a way back."""

from __future__ import annotations

import re
import time
from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from django.core.management import CommandError, call_command
from django.test import Client, RequestFactory
from django.utils import timezone

from accounts import second_factor
from accounts.errors import IllegalTransition, InvalidInput, NotAllowed
from accounts.models import AuditEvent, User
from accounts.web import step_up
from tests.accounts.conftest import NOON, PASSWORD, HeldRole, Place

SET_UP, CODE, AGAIN = "/xac-thuc-hai-buoc/cai-dat/", "/dang-nhap/ma-xac-thuc/", "/xac-nhan-ma/"
PLACE = Place("1/", "Đảng bộ")


class Phone:
    """An authenticator app whose clock the test turns."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = time.time() // 30 * 30 + 10
        self.secret = ""
        monkeypatch.setattr(totp.time, "time", lambda: self.now)

    def later(self, seconds: int = 30) -> Phone:
        self.now += seconds
        return self

    def code(self, behind: int = 0) -> str:
        return totp.format_hotp_value(totp.hotp_value(self.secret, int(self.now) // 30 - behind))


@pytest.fixture
def phone(monkeypatch) -> Phone:
    return Phone(monkeypatch)


def sign_in(client: Client, username: str = "an"):
    return client.post("/dang-nhap/", {"login": username, "password": PASSWORD})


def set_up(client: Client, phone: Phone) -> list[str]:
    """Sets it up as the page says; the printed codes."""
    page = client.get(SET_UP).content.decode()
    phone.secret = re.search(r"factor-key\">([A-Z2-7 ]+)<", page)[1].replace(" ", "")
    answer = client.post(SET_UP, {"code": phone.code()})
    return [code.replace(" ", "") for code in answer.context["codes"]]


@pytest.fixture
def enrolled(an, phone) -> list[str]:
    client = Client()
    sign_in(client)
    codes = set_up(client, phone)
    client.post("/dang-xuat/")
    return codes


def actions() -> list[str]:
    return list(AuditEvent.objects.order_by("sequence").values_list("action", flat=True))


def got_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


# ---- setting up ----


def test_the_key_is_shown_as_picture_and_text_and_stored_encrypted(an, phone):
    client = Client()
    sign_in(client)

    page = client.get(SET_UP).content.decode()
    phone.secret = re.search(r"factor-key\">([A-Z2-7 ]+)<", page)[1].replace(" ", "")
    kept = dict(client.session.items())
    client.post(SET_UP, {"code": phone.code()})
    row = Authenticator.objects.get(type="totp")

    assert 'src="data:image/svg+xml;base64,' in page
    assert phone.secret not in str(kept) + str(row.data)
    assert actions()[-1] == "account.factor_set_up"


def test_a_wrong_first_code_turns_nothing_on_and_keeps_the_key(an, phone):
    client = Client()
    sign_in(client)
    first = client.get(SET_UP).context["key"]

    answer = client.post(SET_UP, {"code": "000000"})

    assert answer.status_code == 422
    assert answer.context["key"] == first
    assert not second_factor.has(an)


def test_ten_printed_codes_are_shown_once(an, phone):
    client = Client()
    sign_in(client)

    codes = set_up(client, phone)
    page = client.get("/xac-thuc-hai-buoc/").content.decode()

    assert len(set(codes)) == 10
    assert "10/10" in page
    assert not any(code in page for code in codes)


def test_setting_up_asks_for_the_password_when_it_was_given_long_ago(an, clock):
    client = Client()
    sign_in(client)
    clock.forward(minutes=6)

    assert client.get(SET_UP).url.startswith("/xac-nhan-mat-khau/?next=")


# ---- signing in ----


def test_the_password_alone_opens_nothing(enrolled, phone):
    client = Client()

    answer = sign_in(client)

    assert answer.url == CODE
    assert not got_in(client)
    assert client.get("/nhat-ky/").url.startswith("/dang-nhap/")
    client.post(CODE, {"code": phone.later().code()})
    assert got_in(client)
    assert actions()[-1] == "account.signed_in"


@pytest.mark.parametrize("behind", [-1, 0, 1])
def test_a_clock_half_a_minute_wrong_is_borne(enrolled, phone, behind):
    client = Client()
    sign_in(client)

    client.post(CODE, {"code": phone.later(90).code(behind)})

    assert got_in(client)


@pytest.mark.parametrize("behind", [-2, 2])
def test_a_clock_a_minute_wrong_is_not(enrolled, phone, behind):
    client = Client()
    sign_in(client)

    answer = client.post(CODE, {"code": phone.later(90).code(behind)})

    assert not got_in(client)
    assert "Mã chưa đúng hoặc đã dùng" in answer.content.decode()
    assert actions()[-1] == "account.code_refused"


def test_a_code_counts_once_and_so_does_every_one_before_it(an, enrolled, phone):
    phone.later(90)

    assert second_factor.accept(an, phone.code())
    assert not second_factor.accept(an, phone.code())
    assert not second_factor.accept(an, phone.code(behind=1))
    assert second_factor.accept(an, phone.later().code())


def test_the_code_that_set_it_up_is_used_up(an, enrolled, phone):
    assert not second_factor.accept(an, phone.code())


def test_a_printed_code_counts_once_however_it_is_spaced(an, enrolled, phone):
    client = Client()
    sign_in(client)

    client.post(CODE, {"code": f"{enrolled[3][:4]} {enrolled[3][4:]}"})

    assert got_in(client)
    assert actions()[-1] == "account.signed_in_by_printed_code"
    assert not second_factor.accept(an, enrolled[3])
    assert second_factor.codes_left(an) == 9


def test_a_closed_account_is_told_that_the_code_is_wrong(an, enrolled, phone):
    client = Client()
    sign_in(client)
    User.objects.filter(pk=an.pk).update(is_active=False)

    client.post(CODE, {"code": phone.later().code()})

    assert not got_in(client)


# ---- guesses ----


def test_after_five_wrong_codes_even_the_right_one_waits_and_the_owners_device_does_not(an, enrolled, phone):
    owner = Client()
    sign_in(owner)
    owner.post(CODE, {"code": phone.later().code()})
    owner.post("/dang-xuat/")
    stranger = Client()
    sign_in(stranger)

    for guess in range(6):
        stranger.post(CODE, {"code": f"{guess:06}"})
    answer = stranger.post(CODE, {"code": phone.later().code()})
    sign_in(owner)
    owner.post(CODE, {"code": phone.later().code()})

    assert not got_in(stranger)
    assert "Đã thử đăng nhập sai nhiều lần" in answer.content.decode()
    assert got_in(owner)


def test_of_any_number_of_guesses_five_are_looked_at(an, enrolled, phone):
    request = RequestFactory().post("/")

    looked_at = sum(second_factor.count_try(request, an) is not None for _ in range(100))

    assert looked_at == 5


# ---- before what cannot be undone ----


def asked(client: Client, path: str = "/viec/") -> str:
    request = RequestFactory().get(path)
    request.session, request.user = client.session, User.objects.get(username="an")
    answer = step_up(request)
    return "" if answer is None else answer.url


def test_a_fresh_code_is_asked_for_again_after_five_minutes(an, enrolled, phone, monkeypatch):
    client = Client()
    sign_in(client)
    client.post(CODE, {"code": phone.later().code()})

    assert asked(client) == ""
    phone.later(301)
    assert asked(client) == "/xac-nhan-ma/?next=%2Fviec%2F"
    used = phone.code()
    client.post(AGAIN, {"code": used, "next": "/viec/"})
    assert asked(client) == ""
    phone.later(301)
    second = client.post(AGAIN, {"code": used})
    assert "Mã chưa đúng" in second.content.decode()
    assert asked(client) != ""


def test_the_password_does_not_stand_in_for_the_code(an, enrolled, phone):
    client = Client()
    sign_in(client)
    client.post(CODE, {"code": phone.later().code()})
    phone.later(301)

    client.post("/xac-nhan-mat-khau/", {"password": PASSWORD})

    assert asked(client) == "/xac-nhan-ma/?next=%2Fviec%2F"


def test_a_printed_code_before_such_a_step_is_an_event(an, enrolled, phone):
    client = Client()
    sign_in(client)
    client.post(CODE, {"code": phone.later().code()})

    client.post(AGAIN, {"code": enrolled[0]})

    assert actions()[-1] == "account.printed_code_used"
    assert AuditEvent.objects.order_by("-sequence")[0].details["left"] == 9


def test_where_it_is_required_the_way_of_who_has_none_leads_to_setting_it_up(an, settings, signed_in):
    settings.SECOND_FACTOR_REQUIRED = True

    assert asked(signed_in) == "/xac-thuc-hai-buoc/cai-dat/?next=%2Fviec%2F"


# ---- led to it at the sign-in ----


@pytest.mark.parametrize(
    ("role", "led"),
    [
        ("system_administrator", True),
        ("committee_staff", True),
        ("approver", True),
        ("secretary", True),
        ("teller", True),
        ("clerk", False),
        ("drafter", False),
        ("member", False),
    ],
)
def test_who_seals_ratifies_or_grants_is_led_to_set_it_up(an, held, settings, role, led):
    settings.SECOND_FACTOR_REQUIRED = True
    held[an.pk] = [HeldRole(1, role, PLACE)]
    client = Client()
    sign_in(client)

    answer = client.get("/nhat-ky/")

    assert (answer.status_code == 302) is led
    assert not led or answer.url == f"{SET_UP}?next=/nhat-ky/".replace("next=/nhat-ky/", "next=%2Fnhat-ky%2F")


def test_it_may_be_put_off_for_some_days_and_no_longer(an, held, settings, clock):
    settings.SECOND_FACTOR_REQUIRED = True
    held[an.pk] = [HeldRole(1, "approver", PLACE)]
    User.objects.update(joined_at=NOON)
    clock.forward(days=6)
    client = Client()
    sign_in(client)

    answer = client.post("/xac-thuc-hai-buoc/de-sau/", {"next": "/nhat-ky/"})

    assert answer.url == "/nhat-ky/"
    assert client.get("/nhat-ky/").status_code == 200
    clock.forward(days=1)
    again = Client()
    sign_in(again)
    assert again.post("/xac-thuc-hai-buoc/de-sau/").status_code == 409
    assert again.get("/nhat-ky/").status_code == 302
    assert "Đã hết thời gian để sau" in again.get(SET_UP).content.decode()


def test_who_has_set_it_up_works_on(an, held, settings, phone):
    settings.SECOND_FACTOR_REQUIRED = True
    held[an.pk] = [HeldRole(1, "approver", PLACE)]
    client = Client()
    sign_in(client)

    set_up(client, phone)

    assert client.get("/nhat-ky/").status_code == 200


def test_the_days_of_grace_begin_with_the_installation_asking(an, held, settings):
    settings.SECOND_FACTOR_SINCE = "2026-03-10"
    User.objects.update(joined_at=NOON)
    an.refresh_from_db()

    assert second_factor.days_of_grace(an, on=NOON.date() + timedelta(days=14)) == 1


# ---- other telephones, other people ----


def test_another_telephone_needs_the_old_one_and_ends_it(an, enrolled, phone):
    client = Client()
    sign_in(client)
    client.post(CODE, {"code": phone.later().code()})
    old = phone.secret

    set_up(client, phone.later())
    phone.later()

    assert phone.secret != old
    assert second_factor.accept(an, phone.code())
    assert not second_factor.accept(an, enrolled[0])
    assert actions()[-1] == "account.factor_changed"
    phone.later(301)
    assert client.get(SET_UP).url.startswith(AGAIN)


def test_new_printed_codes_end_the_old_ones(an, enrolled, phone):
    client = Client()
    sign_in(client)
    client.post(CODE, {"code": phone.later().code()})

    page = client.post("/xac-thuc-hai-buoc/ma-du-phong/")

    fresh = page.context["codes"]
    assert second_factor.accept(an, fresh[0])
    assert not second_factor.accept(an, enrolled[0])


def test_it_is_turned_off_by_who_does_not_need_it_only(an, enrolled, held, settings):
    settings.SECOND_FACTOR_REQUIRED = True
    held[an.pk] = [HeldRole(1, "approver", PLACE)]
    with pytest.raises(IllegalTransition):
        second_factor.turn_off(an.pk, at=NOON)
    held[an.pk] = [HeldRole(1, "member", PLACE)]

    second_factor.turn_off(an.pk, at=NOON)

    assert not Authenticator.objects.exists()


def test_a_lost_telephone_is_reset_by_somebody_else_and_every_session_ends(an, enrolled, make_user, phone):
    client = Client()
    sign_in(client)
    client.post(CODE, {"code": phone.later().code()})
    superior = make_user("chi", full_name="Cấp Trên")

    with pytest.raises(NotAllowed):
        second_factor.reset(an.pk, actor=an, at=NOON)
    second_factor.reset(an.pk, actor=superior, at=NOON)

    assert client.get("/nhat-ky/").status_code == 302
    assert not Authenticator.objects.exists()
    with pytest.raises(IllegalTransition):
        second_factor.reset(an.pk, actor=superior, at=NOON)


def test_the_last_administrator_comes_back_by_the_command_line(an, enrolled):
    call_command("reset_second_factor", "an", verbosity=0)

    assert not second_factor.has(an)
    assert actions()[-1] == "account.factor_reset"
    for name in ("an", "khong-ai"):
        with pytest.raises(CommandError):
            call_command("reset_second_factor", name)


def test_keys_are_changed_without_losing_a_telephone(an, enrolled, phone, settings):
    settings.SECOND_FACTOR_KEYS = ["khóa mới", settings.SECRET_KEY]

    call_command("rotate_second_factor_keys")
    settings.SECOND_FACTOR_KEYS = ["khóa mới"]

    assert second_factor.accept(an, phone.later().code())
    assert second_factor.accept(an, enrolled[0])


def test_a_wrong_first_code_is_refused_by_the_service_too(an):
    with pytest.raises(InvalidInput):
        second_factor.set_up(an.pk, second_factor.new_secret(), "abc", at=timezone.now())
