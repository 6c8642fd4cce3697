"""Two tellers at two browsers: by totals, paper by paper with the keyboard alone, without network, a tie again.

What a paper costs is reported: keystrokes and seconds of each way to count, printed and kept for the report.
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from time import monotonic
from typing import Any

import pytest
from django.conf import settings
from django.urls import reverse
from playwright.sync_api import Page, expect

from accounts.models import User
from accounts.roles import Role
from elections.models import CountedPaper, CountEntry
from elections.services import counting, rounds, sealing, single_papers, slates
from elections.standings import standing_of
from tests.browser.floors import axe_complaints, reflow_complaints, target_complaints
from tests.factories import PASSWORD, World, congress_at, make_user

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PAPERS = 24
SEED = 24
PRESS_A_KEY = """
(code) => document.body.dispatchEvent(
  new KeyboardEvent("keydown", { key: "Process", code, bubbles: true, cancelable: true })
)
"""

PATIENCE = 30_000
"""Milliseconds that a busy machine may take for what a person waits for."""
expect.set_options(timeout=PATIENCE)

PageAs = Callable[..., Page]


@dataclass
class Typist:
    """A person at the keyboard of one browser; every key is counted, the mouse is not touched."""

    page: Page
    keys: int = 0
    on_figures: int = 0
    """Of these, the keys of figures and papers; the others lead from page to page."""

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)
            self.keys += 1

    def type(self, text: str) -> None:
        self.press(*text)

    def tab_to(self, selector: str, most: int = 80) -> None:
        """Goes on with Tab until the control has the focus."""
        for _ in range(most):
            if self.page.evaluate("(selector) => document.activeElement.matches(selector)", selector):
                return
            self.press("Tab")
        raise AssertionError(f"Tab does not lead to {selector}")


def board_of_three(*, members: int = PAPERS, seats: int = 3) -> World:
    """Two tellers who type, a head who does not; the slate is fixed."""
    world = congress_at("sitting", members=members, committee_seats=seats)
    second = world.members[-4]
    second.user = make_user(Role.TELLER, world.branch, full_name=second.full_name)
    second.save(update_fields=["user"])
    people = {"head_teller": [world.members[-1].pk], "teller": [world.members[-2].pk, second.pk]}
    world._elect("tellers", people, world.when(0, 14, 20))
    world.slate_fixed()
    return world


def tellers(world: World) -> tuple[User, User]:
    return world.teller, world.members[-4].user


def counting_by(method: str, **more: int) -> World:
    world = board_of_three(**more)
    world.close_ledger()
    counting.start_count(world.round.pk, method=method, actor=world.teller, at=world.when(0, 14, 50))
    return world


def board_page(world: World) -> str:
    return reverse("elections:count", args=[world.round.pk])


def sheet_of(world: World, votes: Sequence[int]) -> list[str]:
    """G, H, K and the names as the fields of the page follow one another."""
    return [str(PAPERS), str(PAPERS), "0", *map(str, votes)]


def type_sheet(typist: Typist, figures: Sequence[str]) -> None:
    """Field after field with Tab, then Enter."""
    typist.tab_to("[name=returned]")
    before = typist.keys
    for figure in figures[:-1]:
        typist.type(figure)
        typist.press("Tab")
    typist.type(figures[-1])
    typist.press("Enter")
    typist.on_figures += typist.keys - before


def report(record: Callable[[str, object], None], way: str, typists: Sequence[Typist], seconds: float) -> None:
    times = PAPERS * len(typists)
    told: dict[str, object] = {"way": way, "papers": PAPERS}
    told["keys_per_paper"] = round(sum(one.on_figures for one in typists) / times, 2)
    told["keys_per_paper_with_the_way_there"] = round(sum(one.keys for one in typists) / times, 2)
    told["machine_seconds_per_paper"] = round(seconds / PAPERS / len(typists), 3)
    record(f"counting {way}", json.dumps(told))
    print(json.dumps(told))


# ---- by totals ----


def test_two_tellers_count_24_papers_by_totals_and_type_again_what_differs(page_as: PageAs, record_property):
    world = counting_by("totals")
    typists = [Typist(page_as(person)) for person in tellers(world)]
    sheets = [(24, 20, 18, 10), (24, 21, 18, 9)]
    started = monotonic()
    for typist, votes in zip(typists, sheets, strict=True):
        typist.page.goto(board_page(world))
        typist.tab_to("main .btn-primary")
        typist.press("Enter")
        typist.page.wait_for_url("**/nhap/")
        type_sheet(typist, sheet_of(world, votes))
        typist.page.wait_for_url("**/kiem-phieu/")

    first, second = (typist.page for typist in typists)
    expect(second.locator("#tinh-hinh").get_by_text("Khác nhau ở ô L2, L4: cả hai nhập lại.")).to_be_visible()
    expect(
        first.locator("#tinh-hinh").get_by_text("Khác nhau ở ô L2, L4: cả hai nhập lại.")
    ).to_be_visible()  # by itself
    for typist in typists:
        typist.tab_to("main .entries .btn-primary")
        typist.press("Enter")
        typist.page.wait_for_url("**/nhap/")
        fields = typist.page.locator("main input[inputmode=numeric]")
        assert [fields.nth(n).input_value() for n in range(fields.count())] == ["", ""]
        typist.tab_to("main input[inputmode=numeric]")
        typist.type("20")
        typist.press("Tab")
        typist.type("10")
        typist.press("Enter")
        typist.page.wait_for_url("**/kiem-phieu/")
    expect(second.get_by_text("Hai bản khớp nhau.").first).to_be_visible()
    report(record_property, "totals", typists, monotonic() - started)

    assert world.round.state == "counted"
    assert list(world.round.sheets.get().case["votes"].values()) == [24, 20, 18, 10]


# ---- by papers ----


def box_of_papers(world: World) -> list[tuple[int, ...]]:
    """What is struck out on each paper: mostly one name, now and then two, once nobody."""
    dice = random.Random(SEED)  # noqa: S311  (a fixed choice, not a secret)
    names = range(1, len(world.slate()) + 1)
    papers = [tuple(sorted(dice.sample(names, dice.choice((1, 1, 1, 2))))) for _ in range(PAPERS - 1)]
    return [*papers, ()]


def type_paper(typist: Typist, struck: Sequence[int]) -> None:
    keys = [*(f"Numpad{name}" for name in struck or (0,)), "NumpadEnter"]
    typist.press(*keys)
    typist.on_figures += len(keys)


def send_papers(typist: Typist) -> None:
    """From the line of progress to the button, and once more in the question."""
    typist.tab_to("[data-papers-send] .btn-primary")
    typist.press("Enter")
    typist.tab_to("[data-papers-ask-send]")
    typist.press("Enter")
    typist.page.wait_for_url("**/kiem-phieu/")


def test_two_tellers_count_24_papers_one_by_one_with_the_keyboard_alone(page_as: PageAs, record_property):
    world = counting_by("papers")
    papers = box_of_papers(world)
    misread = {5: (2,), 17: (1, 3)}
    typists = [Typist(page_as(person)) for person in tellers(world)]
    started = monotonic()
    for place, typist in enumerate(typists):
        page = typist.page
        page.goto(board_page(world))
        typist.tab_to("main .btn-primary")
        typist.press("Enter")
        page.wait_for_url("**/tung-phieu/")
        for slip, struck in enumerate(papers, start=1):
            expect(page.locator("[data-papers-slip]")).to_have_text(f"Phiếu {slip}")
            type_paper(typist, misread.get(slip, struck) if place else struck)
        expect(page.get_by_text(f"đã ghi {PAPERS}/{PAPERS} phiếu", exact=True)).to_be_visible()
        send_papers(typist)
    assert standing_of(world.count, 1).slips == tuple(misread)

    for typist in typists:
        page = typist.page
        expect(page.locator("#tinh-hinh").get_by_text("Khác nhau ở phiếu 5, 17: cả hai nhập lại.")).to_be_visible()
        typist.tab_to("main .entries .btn-primary")
        typist.press("Enter")
        page.wait_for_url("**/tung-phieu/")
        for slip in misread:
            expect(page.locator("[data-papers-slip]")).to_have_text(f"Phiếu {slip}")
            assert page.locator("[data-papers-form] input:checked").count() == 0
            type_paper(typist, papers[slip - 1])
        expect(page.get_by_text("đã ghi 2/2 phiếu", exact=True)).to_be_visible()
        send_papers(typist)
    report(record_property, "papers", typists, monotonic() - started)

    assert world.round.state == "counted"
    valid = [struck for struck in papers if 0 < len(world.slate()) - len(struck) <= 3]
    expected = [sum(place not in struck for struck in valid) for place in range(1, len(world.slate()) + 1)]
    assert list(world.round.sheets.get().case["votes"].values()) == expected
    assert not CountedPaper.objects.filter(slip__isnull=False).exists()


def until_sent(page: Page) -> None:
    """Until this machine keeps no paper any longer. (The page itself may not evaluate what a test would wait for.)"""
    started = monotonic()
    while page.evaluate("Object.keys(localStorage).length"):
        assert monotonic() - started < PATIENCE / 1000, "papers stay on this machine"
        page.wait_for_timeout(50)


def reading(world: World, page: Page) -> list[str]:
    """Names struck out on the paper that is shown."""
    numbers = page.locator("[data-papers-row]:has(input:checked)")
    return [str(numbers.nth(n).get_attribute("data-papers-row")) for n in range(numbers.count())]


@pytest.fixture
def at_papers(page_as: PageAs) -> tuple[World, Page]:
    world = counting_by("papers", members=12)
    page = page_as(world.teller)
    page.goto(reverse("elections:papers", args=[world.count.pk]))
    return world, page


def test_a_vietnamese_input_method_changes_no_figure(at_papers):
    """Telex and VNI hand the page the key "Process"; where the key is stays as it was."""
    world, page = at_papers

    for code in ("Digit2", "Numpad4", "Digit4", "Enter"):
        page.evaluate(PRESS_A_KEY, code)

    expect(page.locator("[data-papers-slip]")).to_have_text("Phiếu 2")
    until_sent(page)
    kept = CountedPaper.objects.get().reading["kept"]
    assert kept == [str(one.pk) for place, one in enumerate(world.slate(), start=1) if place != 2]


def test_a_paper_on_which_nothing_was_typed_is_not_an_empty_paper(at_papers):
    _, page = at_papers

    page.keyboard.press("Enter")
    page.keyboard.press("Enter")

    expect(page.locator("[data-papers-slip]")).to_have_text("Phiếu 1")
    expect(page.get_by_text("Chưa gạch tên nào.")).to_be_visible()
    page.keyboard.press("0")
    page.keyboard.press("Enter")
    expect(page.locator("[data-papers-slip]")).to_have_text("Phiếu 2")
    until_sent(page)


def test_backspace_goes_back_to_the_paper_before_and_enter_on_to_the_first_unread(at_papers):
    world, page = at_papers
    for keys in (("1", "Enter"), ("2", "Enter"), ("3", "Enter"), ("Backspace", "Backspace")):
        for key in keys:
            page.keyboard.press(key)
    expect(page.locator("[data-papers-slip]")).to_have_text("Phiếu 2")
    assert reading(world, page) == ["2"]

    for key in ("2", "4", "Enter"):
        page.keyboard.press(key)

    expect(page.locator("[data-papers-slip]")).to_have_text("Phiếu 4")
    expect(page.get_by_text("Đã ghi lại phiếu 2. Trở lại phiếu 4, phiếu chưa ghi.")).to_be_visible()
    until_sent(page)
    assert CountedPaper.objects.filter(slip=2).get().reading["kept"] == [str(one.pk) for one in world.slate()[:3]]


def test_enter_pressed_once_too_often_sends_nothing_and_sending_is_asked_once(at_papers):
    world, page = at_papers
    for _ in range(12):
        page.keyboard.press("1")
        page.keyboard.press("Enter")
    expect(page.get_by_text("đã ghi 12/12 phiếu", exact=True)).to_be_visible()
    until_sent(page)

    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    expect(page.locator("[data-papers-review]")).to_be_focused()
    page.locator("[data-papers-send] .btn-primary").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog", name="Gửi tập phiếu?")).to_contain_text("Đã ghi 12 phiếu.")
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog", name="Gửi tập phiếu?")).to_be_hidden()

    assert not CountEntry.objects.exists()
    assert CountedPaper.objects.count() == 12
    page.locator("[data-papers-send] .btn-primary").click()
    page.locator("[data-papers-ask-send]").click()
    page.wait_for_url("**/kiem-phieu/")
    assert CountEntry.objects.count() == 1


def test_flaws_have_their_keys_and_the_question_mark_lists_all(at_papers):
    _, page = at_papers

    page.keyboard.press("?")
    shown = page.get_by_role("dialog", name="Phím khi kiểm từng phiếu")
    expect(shown).to_be_visible()
    page.keyboard.press("Escape")
    expect(shown).to_be_hidden()
    for key in ("1", "NumpadMultiply", "Numpad3", "Enter"):
        page.keyboard.press(key)

    expect(page.locator("[data-papers-slip]")).to_have_text("Phiếu 2")
    until_sent(page)
    assert CountedPaper.objects.get().reading["flaws"] == ["signed"]


def test_a_key_held_down_counts_once(at_papers):
    _, page = at_papers
    page.keyboard.down("1")
    page.keyboard.down("1")
    page.keyboard.up("1")
    page.keyboard.down("Enter")
    page.keyboard.down("Enter")
    page.keyboard.down("Enter")
    page.keyboard.up("Enter")

    expect(page.locator("[data-papers-slip]")).to_have_text("Phiếu 2")
    until_sent(page)


def test_without_network_nothing_is_lost_and_everything_is_sent_afterwards(at_papers, watch):
    world, page = at_papers
    watch.expected += ["net::ERR_INTERNET_DISCONNECTED", "net::ERR_FAILED"]
    page.keyboard.press("1")
    page.keyboard.press("Enter")
    until_sent(page)

    page.context.set_offline(True)
    for name in ("2", "3", "4"):
        page.keyboard.press(name)
        page.keyboard.press("Enter")
    expect(page.get_by_text("3 phiếu chưa lên máy chủ")).to_be_visible()
    assert CountedPaper.objects.count() == 1
    page.context.set_offline(False)

    until_sent(page)
    assert sorted(CountedPaper.objects.values_list("slip", flat=True)) == [1, 2, 3, 4]


def test_papers_kept_on_the_machine_outlive_a_closed_page(at_papers, watch):
    _, page = at_papers
    watch.expected += ["net::ERR_INTERNET_DISCONNECTED", "net::ERR_FAILED"]
    page.route("**/tung-phieu/", lambda route: route.abort() if route.request.method == "POST" else route.continue_())
    for name in ("2", "3"):
        page.keyboard.press(name)
        page.keyboard.press("Enter")
    expect(page.get_by_text("2 phiếu chưa lên máy chủ")).to_be_visible()
    page.unroute("**/tung-phieu/")

    page.reload()

    expect(page.locator("[data-papers-slip]")).to_have_text("Phiếu 3")
    until_sent(page)
    assert CountedPaper.objects.count() == 2


def test_a_session_that_ended_keeps_the_papers_until_the_person_is_back(at_papers, page_as):
    world, page = at_papers
    session = page.context.cookies()
    page.keyboard.press("1")
    page.keyboard.press("Enter")
    until_sent(page)
    page.context.clear_cookies(name=settings.SESSION_COOKIE_NAME)

    page.keyboard.press("2")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Phiên làm việc đã hết")).to_be_visible()
    page.context.add_cookies(session)
    page.reload()

    until_sent(page)
    assert CountedPaper.objects.count() == 2


# ---- drafts of the sheet ----


@pytest.fixture
def at_sheet(page_as: PageAs) -> tuple[World, Page]:
    world = counting_by("totals", members=12)
    page = page_as(world.teller)
    page.goto(reverse("elections:entry", args=[world.count.pk]))
    return world, page


def test_a_sheet_half_typed_survives_a_power_cut(at_sheet):
    _, page = at_sheet
    page.locator("[name=returned]").fill("12")
    page.get_by_text("đã lưu trên máy này").wait_for()

    page.reload()

    assert page.locator("[name=returned]").input_value() == "12"


def test_a_draft_never_comes_up_in_another_count(at_sheet):
    world, page = at_sheet
    page.locator("[name=returned]").fill("7")
    page.get_by_text("đã lưu trên máy này").wait_for()
    counting.drop_count(world.count.pk, reasons="Đếm lại", actor=world.head_teller, at=world.when(0, 15))
    counting.start_count(world.round.pk, actor=world.teller, at=world.when(0, 15, 5))

    page.goto(reverse("elections:entry", args=[world.count.pk]))

    assert page.locator("[name=returned]").input_value() == ""
    page.goto(board_page(world))
    assert page.evaluate("Object.keys(localStorage)") == []


def test_a_session_that_ended_on_sending_keeps_the_figures(at_sheet):
    world, page = at_sheet
    for name, figure in (("returned", "12"), ("valid", "12"), ("invalid", "0")):
        page.locator(f"[name={name}]").fill(figure)
    for place, one in enumerate(world.slate()):
        page.locator(f"[name=votes_{one.pk}]").fill("12" if place < 3 else "0")
    page.context.clear_cookies(name=settings.SESSION_COOKIE_NAME)

    page.get_by_role("button", name="Gửi bản nhập").click()
    page.get_by_label("Tên đăng nhập").fill(world.teller.username)
    page.get_by_label("Mật khẩu").fill(PASSWORD)
    page.get_by_role("button", name="Đăng nhập").click()
    page.wait_for_url("**/nhap/")

    assert page.locator("[name=returned]").input_value() == "12"
    page.get_by_role("button", name="Gửi bản nhập").click()
    page.wait_for_url("**/kiem-phieu/")
    assert CountEntry.objects.count() == 1
    assert page.evaluate("Object.keys(localStorage)") == []


def test_a_double_click_sends_one_entry(at_sheet):
    world, page = at_sheet
    for name, figure in (("returned", "12"), ("valid", "12"), ("invalid", "0")):
        page.locator(f"[name={name}]").fill(figure)
    for place, one in enumerate(world.slate()):
        page.locator(f"[name=votes_{one.pk}]").fill("12" if place < 3 else "0")

    page.get_by_role("button", name="Gửi bản nhập").dblclick()
    page.wait_for_url("**/kiem-phieu/")
    page.go_back()
    page.wait_for_load_state()
    page.goto(board_page(world))

    assert CountEntry.objects.count() == 1


# ---- a tie and its revote ----


def test_a_tie_is_voted_on_again_and_counted_by_two_at_two_browsers(page_as: PageAs):
    world = counting_by("totals", members=PAPERS)
    pages = [page_as(person) for person in tellers(world)]
    count_at(pages, world, [24, 20, 14, 14])
    assert world.round.sheets.get().result["status"] == "tie"
    sealing.seal(world.round.pk, sheet_number=1, actor=world.head_teller, at=world.when(0, 15, 20))

    rounds.open_next_round(
        world.elections[0].pk, in_favour=world.present(), actor=world.secretary, at=world.when(0, 15, 30)
    )
    slates.fix_slate(world.round.pk, in_favour=world.present(), actor=world.secretary, at=world.when(0, 15, 35))
    ledger, _ = pages
    ledger.goto(reverse("elections:ledger", args=[world.round.pk]))
    for name, figure in (("printed", "24"), ("issued", "24"), ("unused", "0"), ("spoiled", "0"), ("returned", "24")):
        ledger.locator(f"[name={name}]").fill(figure)
    ledger.get_by_role("button", name="Đóng sổ phiếu").click()
    ledger.get_by_role("link", name="Bắt đầu kiểm phiếu").click()
    ledger.get_by_role("button", name="Bắt đầu kiểm phiếu").click()
    ledger.wait_for_url("**/kiem-phieu/")
    count_at(pages, world, [13, 11])

    result = world.round.sheets.get().result
    assert result["status"] == "complete"
    assert result["elected"] == [str(world.slate()[0].pk)]


def count_at(pages: Sequence[Page], world: World, votes: Sequence[int]) -> None:
    """Both type the same."""
    for page in pages:
        page.goto(reverse("elections:entry", args=[world.count.pk]))
        for name, figure in (("returned", PAPERS), ("valid", PAPERS), ("invalid", 0)):
            page.locator(f"[name={name}]").fill(str(figure))
        for member, figure in zip(world.slate(), votes, strict=True):
            page.locator(f"[name=votes_{member.pk}]").fill(str(figure))
        page.get_by_role("button", name="Gửi bản nhập").click()
        page.wait_for_url("**/kiem-phieu/")


# ---- how it looks ----


LOOKS: list[dict[str, Any]] = [
    {"viewport": {"width": 1280, "height": 800}},
    {"viewport": {"width": 320, "height": 640}, "has_touch": True},
]


@pytest.mark.parametrize("look", LOOKS, ids=["desk", "phone"])
@pytest.mark.parametrize("size", ["normal", "largest"])
def test_the_pages_of_tellers_hold_the_floors(page_as: PageAs, look, size):
    by_totals, by_papers = counting_by("totals", members=12), counting_by("papers", members=12)
    open_ledger = board_of_three(members=12)
    User.objects.update(text_size=size, high_contrast=size == "largest")
    pages = [
        (open_ledger, "ledger", open_ledger.round.pk),
        (by_totals, "count", by_totals.round.pk),
        (by_totals, "entry", by_totals.count.pk),
        (by_papers, "papers", by_papers.count.pk),
    ]
    found = {}
    for world, name, pk in pages:
        page = page_as(User.objects.get(pk=world.teller.pk), **look)
        page.goto(reverse(f"elections:{name}", args=[pk]))
        complaints = [*axe_complaints(page), *reflow_complaints(page)]
        if look.get("has_touch"):
            complaints += target_complaints(page)
        if complaints:
            found[name] = complaints
        page.context.close()

    assert found == {}


def test_offline_the_sheet_is_held_back_and_goes_once_there_is_a_network(at_sheet, watch):
    world, page = at_sheet
    watch.expected += ["net::ERR_INTERNET_DISCONNECTED"]
    for name, figure in (("returned", "12"), ("valid", "12"), ("invalid", "0")):
        page.locator(f"[name={name}]").fill(figure)
    for place, one in enumerate(world.slate()):
        page.locator(f"[name=votes_{one.pk}]").fill("12" if place < 3 else "0")

    page.context.set_offline(True)
    page.get_by_role("button", name="Gửi bản nhập").click()
    expect(page.get_by_text("Mất mạng. Số liệu còn trên máy này; bấm gửi lại khi có mạng.")).to_be_visible()
    assert page.locator("[name=returned]").input_value() == "12"
    page.context.set_offline(False)
    page.get_by_role("button", name="Gửi bản nhập").click()
    page.wait_for_url("**/kiem-phieu/")

    assert CountEntry.objects.count() == 1


# ---- one machine, several people; one person, several machines ----


def test_the_drafts_of_another_person_go_from_a_shared_machine(at_sheet):
    _, page = at_sheet
    page.evaluate("localStorage.setItem('nhap:999999:kiem-1-999999-1', '{}')")
    page.locator("[name=returned]").fill("12")
    page.get_by_text("đã lưu trên máy này").wait_for()

    page.reload()

    assert page.locator("[name=returned]").input_value() == "12"
    (key,) = page.evaluate("Object.keys(localStorage)")
    assert "999999" not in key


def test_a_paper_that_waited_asks_before_it_replaces_a_newer_reading(at_papers, watch):
    world, page = at_papers
    watch.expected += ["net::ERR_INTERNET_DISCONNECTED", "net::ERR_FAILED", "412"]
    page.route("**/tung-phieu/", lambda route: route.abort() if route.request.method == "POST" else route.continue_())
    page.keyboard.press("1")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Chưa gửi được 1 phiếu")).to_be_visible()
    kept = [str(one.pk) for one in world.slate()]
    single_papers.write_paper(
        world.count.pk,
        slip=1,
        reading={"kept": [kept[0], kept[2], kept[3]], "flaws": []},
        actor=world.teller,
        at=world.when(0, 15),
    )

    page.unroute("**/tung-phieu/")

    expect(page.get_by_text("Phiếu 1 đã được ghi khác ở máy khác")).to_be_visible()
    assert reading(world, page) == ["2"]
    assert CountedPaper.objects.get().reading["kept"] == [kept[0], kept[2], kept[3]]
    for key in ("2", "1", "Enter"):
        page.keyboard.press(key)
    until_sent(page)
    expect(page.locator("[data-papers-slip]")).to_have_text("Phiếu 2")
    assert CountedPaper.objects.get().reading["kept"] == kept[1:]


def test_what_was_not_sent_is_no_longer_said_once_it_is(at_papers, watch):
    _, page = at_papers
    watch.expected += ["net::ERR_INTERNET_DISCONNECTED", "net::ERR_FAILED"]
    page.context.set_offline(True)
    page.keyboard.press("1")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Chưa gửi được 1 phiếu")).to_be_visible()

    page.context.set_offline(False)

    until_sent(page)
    expect(page.get_by_text("Chưa gửi được")).to_have_count(0)


def test_backspace_takes_a_refusal_away_before_it_goes_back(at_papers):
    _, page = at_papers
    for key in ("1", "Enter", "9"):
        page.keyboard.press(key)
    expect(page.get_by_text("Trên phiếu chỉ có 4 người.")).to_be_visible()

    page.keyboard.press("Backspace")

    expect(page.get_by_text("Trên phiếu chỉ có 4 người.")).to_have_count(0)
    expect(page.locator("[data-papers-slip]")).to_have_text("Phiếu 2")
    page.keyboard.press("Backspace")
    expect(page.locator("[data-papers-slip]")).to_have_text("Phiếu 1")
    until_sent(page)


def test_on_a_small_laptop_the_ballot_and_the_first_field_are_in_view(at_papers, at_sheet):
    for (_, page), what in ((at_papers, ".ballot-names"), (at_sheet, "main input[inputmode=numeric]")):
        page.set_viewport_size({"width": 1366, "height": 768})
        page.reload()

        place = page.locator(what).first.bounding_box()

        assert page.evaluate("window.scrollY") == 0
        assert place["y"] >= 0
        assert place["y"] + place["height"] <= 768, what
