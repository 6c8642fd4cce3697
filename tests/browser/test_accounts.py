"""Signing in with two factors, own sessions, links and slips in a real browser; their pages hold the floors."""

from __future__ import annotations

import re
import time
from datetime import timedelta

import pytest
from allauth.mfa.totp.internal import auth as totp
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page

from accounts import second_factor
from accounts.models import AuditEvent, SignIn, User
from accounts.roles import Role
from elections.models import SealedResult
from organizations import services
from organizations.models import SlipBatch
from organizations.services import slips
from organizations.services.slips import Wanted
from tests.browser import floors
from tests.browser.conftest import PHONE
from tests.factories import PASSWORD, World, congress_at, make_tree, make_user

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


class Phone:
    """An authenticator app; ``codes`` are taken from ever later half minutes, as the product wants them."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.ahead = 0
        self.secret = ""
        real = time.time
        monkeypatch.setattr(totp.time, "time", lambda: real() + self.ahead)

    def next_code(self) -> str:
        self.ahead += 60
        return self.code()

    def code(self) -> str:
        return totp.format_hotp_value(totp.hotp_value(self.secret, int(totp.time.time()) // 30))


@pytest.fixture
def phone(monkeypatch) -> Phone:
    return Phone(monkeypatch)


def sign_in(page: Page, user: User) -> None:
    page.goto("/dang-nhap/")
    page.get_by_label("Tên đăng nhập").fill(user.username)
    page.get_by_label("Mật khẩu", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Đăng nhập").click()


def enrol(page: Page, phone: Phone) -> list[str]:
    """From the page that sets it up to work going on; the printed codes."""
    phone.secret = page.locator(".factor-key").inner_text().replace(" ", "")
    page.get_by_label("Mã trên điện thoại").fill(phone.next_code())
    page.get_by_role("button", name="Bật xác thực hai bước").click()
    codes = [code.replace(" ", "") for code in page.locator(".printed-codes li").all_inner_texts()]
    page.get_by_role("link", name="Đã in, làm việc tiếp").click()
    return codes


def answer(page: Page, code: str) -> None:
    page.get_by_label("Mã xác thực").fill(code)
    page.get_by_role("button", name=re.compile("Xác nhận bằng mã|Đăng nhập")).click()


def sealed(world: World) -> bool:
    return SealedResult.objects.filter(round__election__congress_id=world.congress_id).exists()


def test_the_head_teller_enrols_and_seals_with_a_code_that_counts_once(visitor, phone, settings):
    settings.SECOND_FACTOR_REQUIRED = True
    world = congress_at("counted", members=12, committee_seats=3)
    sign_in(visitor, world.head_teller)

    assert visitor.get_by_role("heading", name="Cài đặt xác thực hai bước").is_visible()
    enrol(visitor, phone)
    used = phone.code()
    phone.ahead += 400
    visitor.goto(reverse("elections:seal", args=[world.round.pk]))
    answer(visitor, used)
    assert visitor.get_by_text("Mã chưa đúng hoặc đã dùng").first.is_visible()
    assert not sealed(world)
    answer(visitor, phone.next_code())
    visitor.get_by_role("button", name="Xác nhận và niêm phong kết quả").click()
    visitor.get_by_text("Đã niêm phong kết quả.").first.wait_for()

    assert sealed(world)


def test_a_printed_code_opens_once(visitor, open_browser, phone):
    user = make_user(Role.COMMITTEE_STAFF, make_tree().committee)
    sign_in(visitor, user)
    visitor.goto(reverse("mfa_activate_totp"))
    codes = enrol(visitor, phone)
    first, second = open_browser().new_page(), open_browser().new_page()

    sign_in(first, user)
    answer(first, codes[0])
    sign_in(second, user)
    answer(second, codes[0])

    assert first.get_by_role("heading", name="Việc cần làm").first.is_visible()
    assert second.get_by_text("Mã chưa đúng hoặc đã dùng").first.is_visible()
    answer(second, codes[1])
    assert second.get_by_role("heading", name="Việc cần làm").first.is_visible()


def test_an_administrator_makes_accounts_without_scripts(open_browser, settings):
    tree = make_tree(branches=2)
    staff = make_user(Role.COMMITTEE_STAFF, tree.committee)
    page = open_browser(java_script_enabled=False).new_page()
    sign_in(page, staff)

    page.goto(reverse("organizations:make_accounts", args=[tree.committee.pk]))
    name = tree.branches[0].name
    page.get_by_label(f"Lập tài khoản cho {name}").check()
    page.get_by_label(f"Họ và tên, {name}").fill("Đỗ Thị Ánh")
    page.get_by_role("button", name="Lập các tài khoản đã chọn").click()

    assert page.get_by_text("Đã lập 1 tài khoản").is_visible()
    assert page.get_by_text("Chưa đăng nhập").is_visible()
    assert SlipBatch.objects.get().slips.get().assignment.user.username.startswith("anh.dt.")


# ---- the floors ----


PAGES = {
    "mfa_activate_totp",
    "mfa_authenticate",
    "mfa_index",
    "mfa_reauthenticate",
    "organizations:end_sessions",
    "organizations:hand_over",
    "organizations:links",
    "organizations:make_accounts",
    "organizations:own_links",
    "organizations:reset_second_factor",
    "organizations:revoke_link",
    "organizations:revoke_slip",
    "organizations:slip_batch",
    "organizations:slips_handed_over",
    "organizations:take_slips",
    "own_sessions",
    "print_new_codes",
    "turn_off_second_factor",
}
"""Seen by the test below, in a world of their own."""


def complaints_of(page: Page) -> list[str]:
    found = [*floors.axe_complaints(page)]
    page.set_viewport_size(PHONE)
    found += floors.target_complaints(page)
    page.set_viewport_size({"width": 320, "height": 640})
    return [*found, *floors.reflow_complaints(page)]


def test_their_pages_hold_the_floors(visitor, page_as, phone):
    tree = make_tree(branches=2)
    staff, secretary = make_user(Role.COMMITTEE_STAFF, tree.committee), make_user(Role.SECRETARY, tree.branches[1])
    now = timezone.now()
    held = secretary.assignments.get().pk
    link, _ = services.make_link("wall", tree.committee.pk, "Phòng họp tầng 2", actor=staff, at=now)
    row = [Wanted(tree.branch.pk, "Đỗ Thị Ánh", "anh.dt")]
    batch = slips.make_accounts(tree.committee.pk, row, actor=staff, at=now, address="http://vidu.vn/")
    slips.keep_file(batch, b"%PDF")
    kept = second_factor.new_secret()
    phone.secret = second_factor.shown(secretary, kept)[1].replace(" ", "")
    second_factor.set_up(secretary.pk, kept, phone.next_code(), at=now)
    of_staff = {
        "mfa_activate_totp": (),
        "organizations:end_sessions": (held,),
        "organizations:hand_over": (held,),
        "organizations:links": (tree.committee.pk,),
        "organizations:make_accounts": (tree.committee.pk,),
        "organizations:own_links": (),
        "organizations:reset_second_factor": (held,),
        "organizations:revoke_link": (link.pk,),
        "organizations:revoke_slip": (batch.slips.get().pk,),
        "organizations:slip_batch": (batch.pk,),
        "organizations:slips_handed_over": (batch.pk,),
        "organizations:take_slips": (batch.pk,),
        "own_sessions": (),
    }
    found: dict[str, list[str]] = {}

    for name, args in of_staff.items():
        page = page_as(staff, has_touch=True)
        page.goto(reverse(name, args=args))
        found[name] = complaints_of(page)
        page.context.close()
    sign_in(visitor, secretary)
    found["mfa_authenticate"] = complaints_of(visitor)
    answer(visitor, phone.next_code())
    for name in ("mfa_index", "print_new_codes", "turn_off_second_factor"):
        visitor.goto(reverse(name))
        found[name] = complaints_of(visitor)
    phone.ahead += 400
    visitor.goto(reverse("mfa_reauthenticate"))
    found["mfa_reauthenticate"] = complaints_of(visitor)

    assert set(found) == PAGES
    assert {name: texts for name, texts in found.items() if texts} == {}


def test_a_session_elsewhere_is_ended_from_here(visitor, open_browser):
    user = make_user(Role.COMMITTEE_STAFF, make_tree().committee)
    sign_in(visitor, user)
    elsewhere = open_browser().new_page()
    sign_in(elsewhere, user)

    visitor.goto(reverse("own_sessions"))
    visitor.get_by_role("button", name=re.compile("^Kết thúc phiên")).click()
    elsewhere.goto(reverse("own_sessions"))

    assert elsewhere.get_by_role("heading", name="Đăng nhập").is_visible()
    assert SignIn.objects.count() == 1
    assert AuditEvent.objects.filter(action="account.session_ended").exists()
    assert timezone.now() - SignIn.objects.get().started_at < timedelta(minutes=5)
