"""The pages of the tellers, from the ledger to two equal entries, as plain forms without scripts."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse

from accounts.models import AuditEvent, User
from accounts.roles import Role
from documents.models import IssuedPaper
from elections import dropped, printing
from elections.forms.counting import EntryForm
from elections.models import BallotLedger, BoardRuling, Count, CountedPaper, CountEntry, SealedResult
from elections.papers import Ballot, TallySheetPaper
from elections.rules.papers import REASON_LABELS, reasons_possible
from elections.services import ballots, counting, ledgers
from elections.standings import papers_of, standing_of
from tests.factories import World, congress_at, make_user

pytestmark = pytest.mark.django_db


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(User.objects.get(pk=user.pk))
    return client


def page(answer: Any) -> str:
    """Its text without tags, as it is read."""
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


def on_round(name: str, world: World) -> str:
    return reverse(f"elections:{name}", args=[world.round.pk])


def on_count(name: str, world: World) -> str:
    return reverse(f"elections:{name}", args=[world.count.pk])


def committee(stage: str) -> World:
    """Twelve members elect three of four."""
    return congress_at(stage, members=12, committee_seats=3)


def typed(world: World, figures: dict[str, Any], revision: int = 1) -> dict[str, str]:
    """The fields of the tally sheet."""
    data = {name: str(figures[name]) for name in ("returned", "valid", "invalid") if figures.get(name) is not None}
    for pk, entry in figures["votes"].items():
        if isinstance(entry, dict):
            data |= {f"agree_{pk}": str(entry["agree"]), f"disagree_{pk}": str(entry["disagree"])}
        else:
            data[f"votes_{pk}"] = str(entry)
    data |= {f"reason_{code}": str(papers) for code, papers in figures.get("invalid_reasons", {}).items()}
    return data | {"revision": str(revision)}


# ---- the ledger ----

LEDGER = {"printed": "14", "issued": "12", "unused": "1", "spoiled": "1", "returned": "12"}


def test_the_ledger_is_kept_bit_by_bit_and_closes_when_it_adds_up():
    world = committee("slate_fixed")
    client = signed_in(world.teller)

    first = client.post(on_round("ledger", world), {"printed": "14", "issued": "", "returned": ""})
    kept = world.round.ledgers.get()
    assert (first.status_code, kept.printed, kept.issued, kept.closed_at) == (302, 14, None, None)
    assert 'value="14"' in client.get(on_round("ledger", world)).content.decode()

    last = client.post(on_round("ledger", world), LEDGER | {"close": "1"})

    kept.refresh_from_db()
    assert last.status_code == 302
    assert kept.closed_at is not None
    assert "Bắt đầu kiểm phiếu" in page(client.get(on_round("ledger", world)))


def test_a_ledger_that_does_not_add_up_says_everything_at_once_and_stays_open():
    world = committee("slate_fixed")

    answer = signed_in(world.teller).post(
        on_round("ledger", world),
        {"printed": "20", "issued": "13", "unused": "1", "spoiled": "1", "returned": "15", "close": "1"},
    )

    said = page(answer)
    assert answer.status_code == 422
    assert "In 20 phiếu, nhưng phát ra 13 cộng chưa dùng 1 cộng hỏng 1 là 15 phiếu." in said
    assert "Phát ra 13 phiếu nhưng chỉ có 12 đảng viên chính thức có mặt." in said
    assert "Thu về 15 phiếu nhưng chỉ phát ra 13 phiếu." in said
    assert 'value="20"' in answer.content.decode()
    assert not world.round.ledgers.exists()


@pytest.mark.rule("E-43")
def test_other_papers_printed_than_the_file_has_are_explained_before_the_ledger_closes():
    """The file has eight papers for six people, the ledger seven; why goes under the seal and into the minutes."""
    world = congress_at("slate_fixed")
    ballots.print_ballots(world.round.pk, reserve=2, actor=world.secretary, at=world.when(0, 14, 35))
    client, url = signed_in(world.teller), on_round("ledger", world)
    said, why = "Sổ ghi in 7 phiếu, tệp phiếu đã lập có 8 phiếu: lệch 1 phiếu.", "In lại một phiếu mờ (bịa)"
    seven = {"printed": "7", "issued": "6", "unused": "1", "spoiled": "0", "returned": "6", "close": "1"}

    refused = client.post(url, seven)
    open_still = world.round.ledgers.filter(closed_at__isnull=False).exists()
    closed = client.post(url, seven | {"printed_note": why})

    assert refused.status_code == 422
    assert said in " ".join(refused.context["form"].errors["printed"])
    assert not open_still
    assert closed.status_code == 302
    kept = world.round.ledgers.get()
    assert (kept.printed_against, kept.printed_note) == (8, why)
    assert f"Ban kiểm phiếu giải trình: {why}" in client.get(url).content.decode()
    with pytest.raises(DatabaseError), transaction.atomic():
        BallotLedger.objects.filter(pk=kept.pk).update(printed_note="Khác")
    assert dropped.printed_otherwise(kept) == said


def test_the_note_on_papers_printed_is_printed_in_the_minutes_and_sealed():
    world = congress_at("slate_fixed")
    ballots.print_ballots(world.round.pk, reserve=3, actor=world.secretary, at=world.when(0, 14, 35))
    ledgers.keep_ledger(
        world.round.pk,
        figures={"printed": 8, "issued": 6, "spoiled": 0, "unused": 2, "returned": 6},
        printed_note="Một phiếu hỏng khi in (bịa)",
        close=True,
        actor=world.teller,
        at=world.when(0, 14, 40),
    )
    counting.start_count(world.round.pk, actor=world.teller, at=world.when(0, 14, 50))
    for step in ("counted", "sealed"):
        getattr(world, step)()

    (first, *_) = IssuedPaper.objects.get(code="F-10").data["warnings"]
    assert first["message"].startswith("Sổ ghi in 8 phiếu, tệp phiếu đã lập có 9 phiếu")
    assert first["text"] == "Một phiếu hỏng khi in (bịa)"
    assert "Một phiếu hỏng khi in" in SealedResult.objects.get().content


def test_a_blank_of_the_ledger_is_no_zero():
    world = committee("slate_fixed")

    answer = signed_in(world.teller).post(on_round("ledger", world), LEDGER | {"spoiled": "", "close": "1"})

    assert answer.status_code == 422
    assert not world.round.ledgers.exists()


def test_the_head_makes_a_closed_ledger_void_with_a_reason_and_it_stays_readable():
    world = committee("slate_fixed")
    world.close_ledger()
    head, url = signed_in(world.head_teller), on_round("void_ledger", world)
    assert head.post(url, {"reasons": " ", "votes_again": "no"}).status_code == 422
    assert head.post(url, {"reasons": "Ghi nhầm"}).status_code == 422
    assert signed_in(world.teller).post(url, {"reasons": "Ghi nhầm", "votes_again": "no"}).status_code == 403

    assert head.post(url, {"reasons": "Ghi nhầm số phiếu in", "votes_again": "no"}).status_code == 302

    said = page(signed_in(world.teller).get(on_round("ledger", world)))
    assert "ghi sai, đã hủy và lập lại sổ: Ghi nhầm số phiếu in" in said
    assert "Đóng sổ phiếu" in said


def test_papers_of_a_vote_held_again_are_told_apart_and_those_of_a_ledger_only_written_wrong_are_not():
    world = committee("slate_fixed")
    first = ballots.print_ballots(world.round.pk, reserve=2, actor=world.teller, at=world.when(0, 14, 35))
    world.close_ledger()
    head, url = signed_in(world.head_teller), on_round("void_ledger", world)

    assert head.post(url, {"reasons": "Ghi nhầm", "votes_again": "no"}).status_code == 302
    assert list(ballots.in_use(world.round)) == [first]
    world.close_ledger()
    assert "phát phiếu lần 2" in page(head.get(url))
    assert head.post(url, {"reasons": "Thiếu tên trên phiếu", "votes_again": "yes"}).status_code == 302

    assert list(ballots.out_of_use(world.round)) == [first]
    second = ballots.print_ballots(world.round.pk, reserve=2, actor=world.teller, at=world.when(0, 14, 45))
    sheet = ballots.print_tally_sheet(world.round.pk, actor=world.teller, at=world.when(0, 14, 45))
    assert second.pk != first.pk and "phát lần 2" in second.title
    for paper, kind in ((second, Ballot), (sheet, TallySheetPaper)):
        assert kind.from_dict(paper.data).subject_parts[-1] == "(phát phiếu lần 2)"
    assert not [one for one in Ballot.from_dict(first.data).subject_parts if "phát phiếu" in one]
    assert "phát phiếu lần 2, cần bầu" in page(head.get(on_round("ledger", world)))


def test_the_ledger_knows_what_was_made_to_be_printed_by_whom_and_says_what_differs():
    world = committee("slate_fixed")
    client = signed_in(world.teller)
    assert "Tệp phiếu đã lập để in" not in page(client.get(on_round("ledger", world)))
    for reserve in (2, 5):
        ballots.print_ballots(world.round.pk, reserve=reserve, actor=world.teller, at=world.when(0, 14, 35))

    answer = client.get(on_round("ledger", world))
    before, offered = page(answer), answer.context["form"]["printed"].value()
    client.post(on_round("ledger", world), LEDGER | {"printed": "30", "issued": "12"})
    after = page(client.get(on_round("ledger", world)))

    assert "Tệp phiếu đã lập để in: 31 phiếu." in before
    assert f"14 phiếu, {world.teller} lập lúc" in before and f"17 phiếu, {world.teller} lập lúc" in before
    assert client.get(on_round("ledger", world)).context["form"]["printed"].value() == 30
    assert offered == 31
    assert "Sổ ghi in 30 phiếu, tệp phiếu đã lập có 31 phiếu: lệch 1 phiếu." in after
    assert "Đã phát 12 trên 31 phiếu đã lập tệp, còn 19 phiếu chưa phát." in after
    ballots.print_ballots(
        world.round.pk, reserve=2, large=True, other_size_void=True, actor=world.teller, at=world.when(0, 14, 36)
    )
    mixed = page(client.get(on_round("ledger", world)))
    assert "hai cỡ chữ" in mixed and "lệch" not in mixed


# ---- the start ----


def test_counting_by_papers_is_offered_from_ten_voters_and_the_reason_stands_beside_it_below():
    many, few = committee("slate_fixed"), congress_at("slate_fixed")
    for world in (many, few):
        world.close_ledger()
    start = signed_in(few.teller).get(on_round("start_count", few))

    assert "Chỉ có 6 người bầu, dưới 10 người thì chỉ kiểm theo số tổng hợp" in page(start)
    assert re.search(r'id="cach-tung-phieu" disabled', start.content.decode())
    assert "Chỉ có" not in page(signed_in(many.teller).get(on_round("start_count", many)))
    forced = signed_in(few.teller).post(on_round("start_count", few), {"method": "papers", "teams": "1"})
    assert forced.status_code == 422
    assert few.round.state == "slate_fixed"


@pytest.mark.parametrize("method", ["totals", "papers"])
def test_the_count_starts_as_chosen(method):
    world = committee("slate_fixed")
    world.close_ledger()

    answer = signed_in(world.teller).post(on_round("start_count", world), {"method": method, "teams": "1"})

    assert answer.status_code == 302
    assert (world.round.state, world.count.method, world.count.teams) == ("counting", method, 1)


def test_more_teams_than_people_are_refused():
    world = committee("slate_fixed")
    world.close_ledger()

    answer = signed_in(world.teller).post(on_round("start_count", world), {"method": "totals", "teams": "2"})

    assert answer.status_code == 422
    assert "tối đa 1 tổ" in page(answer)


# ---- by totals ----


@pytest.fixture
def world() -> World:
    return committee("counting")


def test_screen_and_printed_sheet_have_the_same_boxes_in_the_same_order(world):
    sheet = printing.tally_sheet(world.round, world.congress, ballots=12)
    form = EntryForm(slate=[(one.pk, one.display_name) for one in world.slate()], layout="strike_out")

    labels = [form.fields[name].label for name in form.fields]

    printed = [f"{box.letter}. {box.label}" for box in sheet.boxes]
    printed += [f"{letter}. {name}" for letter, name, _ in sheet.names]
    printed += [reason.label[:1].upper() + reason.label[1:] for reason in sheet.reasons]
    assert labels == printed
    shown = page(signed_in(world.teller).get(on_count("entry", world)))
    boxes = shown[shown.index(" 1. Phiếu ") : shown.index(" 3. Lý do phiếu không hợp lệ ")]
    assert re.findall(r" ([A-Z]\d*)\. ", boxes) == [one.partition(".")[0] for one in printed[:7]]
    assert f"phát ra {world.count.ledger.issued} phiếu (ô E của sổ phiếu)" in shown
    for told in (sheet.how, shown):
        assert "Ô có ký hiệu mà không có phiếu nào thì ghi 0" in told
        assert "riêng lý do nào không có phiếu thì để trống" in told


@pytest.mark.parametrize(("names", "by_agreement"), [(4, False), (1, True), (3, True)])
def test_every_kind_of_ballot_has_each_reason_that_its_papers_can_have(names, by_agreement):
    found = set(reasons_possible(names, by_agreement=by_agreement))

    assert ("too_many" in found) is (not by_agreement)
    assert ("nobody" in found) is (names > 1)
    assert ("no_box" in found) is (names == 1)
    assert found <= set(REASON_LABELS)


def test_two_equal_sheets_lead_to_the_proposal(world):
    first, second = (signed_in(person) for person in world.typists)

    assert first.post(on_count("entry", world), typed(world, world.figures())).status_code == 302
    assert "Đồng chí đã gửi. Chờ người nhập thứ hai." in page(first.get(on_round("count", world)))
    assert second.post(on_count("entry", world), typed(world, world.figures())).status_code == 302

    assert world.round.state == "counted"
    assert "Hai bản khớp nhau." in page(first.get(on_round("count", world)))


def test_nobody_is_shown_anything_of_the_other_persons_figures(world):
    first, second = (signed_in(person) for person in world.typists)
    sheet, board = on_count("entry", world), on_round("count", world)
    before = page(second.get(sheet))

    first.post(sheet, typed(world, world.figures(votes=[11, 9, 7, 5])))

    assert page(second.get(sheet)) == before
    for url in (board, on_round("count_standing", world)):
        figures = re.sub(r"[0-9]+[:/][0-9/]+", "", page(second.get(url)).partition("2. Hai người nhập")[2])
        assert not re.search(r"\b(11|9|7)\b", figures)


def test_where_two_differ_only_these_fields_are_asked_again_and_empty(world):
    first, second = (signed_in(person) for person in world.typists)
    first.post(on_count("entry", world), typed(world, world.figures(votes=[12, 11, 10, 3])))
    second.post(on_count("entry", world), typed(world, world.figures(votes=[12, 10, 10, 3])))
    pk = world.slate()[1].pk

    for client in (first, second):
        assert "Khác nhau ở ô L2: cả hai nhập lại." in page(client.get(on_round("count", world)))
        again = client.get(on_count("entry", world)).content.decode()
        assert set(re.findall(r'name="((?:votes|returned|valid|invalid|reason)[^"]*)"', again)) == {f"votes_{pk}"}
        assert not re.search(rf'name="votes_{pk}"[^>]*value="\d', again)
    first.post(on_count("entry", world), {f"votes_{pk}": "11", "revision": "2"})
    assert "Đồng chí đã nhập lại. Chờ người kia nhập lại." in page(first.get(on_round("count", world)))
    second.post(on_count("entry", world), {f"votes_{pk}": "11", "revision": "2"})

    assert world.round.state == "counted"


def test_a_reason_that_differs_is_asked_again_alone(world):
    first, second = (signed_in(person) for person in world.typists)
    one = world.figures(invalid=1)
    other = world.figures(invalid=1) | {"invalid_reasons": {"marked": 1}}
    first.post(on_count("entry", world), typed(world, one))
    second.post(on_count("entry", world), typed(world, other))

    again = first.get(on_count("entry", world)).content.decode()
    assert set(re.findall(r'name="((?:votes|returned|valid|invalid|reason)[^"]*)"', again)) == {
        "reason_signed",
        "reason_marked",
    }
    for client in (first, second):
        client.post(on_count("entry", world), {"reason_signed": "0", "reason_marked": "1", "revision": "2"})

    assert world.round.state == "counted"
    assert world.round.sheets.get().invalid_reasons[0]["code"] == "marked"


def test_blank_unreadable_and_wrong_figures_come_at_once_and_nothing_is_stored(world):
    data = typed(world, world.figures(votes=[40, 11, 10, 3])) | {"returned": "13", "invalid": "", "valid": "6a"}

    answer = signed_in(world.teller).post(on_count("entry", world), data)

    said = page(answer)
    assert answer.status_code == 422
    assert "Ô K: chưa ghi số phiếu không hợp lệ. Không có thì ghi 0." in said
    assert "Ô H: số phiếu hợp lệ chỉ ghi bằng chữ số từ 0 đến 9" in said
    assert "13" in said
    assert 'value="40"' in answer.content.decode()
    assert not CountEntry.objects.exists()


@pytest.mark.parametrize("figure", ["６", "6a", "-6", "6.0", "1 2", "99999999", "٦", "1e3"])
def test_a_figure_that_is_no_plain_number_is_refused_and_shown_back(world, figure):
    answer = signed_in(world.teller).post(
        on_count("entry", world), typed(world, world.figures()) | {"returned": figure}
    )

    said = page(answer)
    assert answer.status_code == 422
    assert f"Ô G: số phiếu thu về chỉ ghi bằng chữ số từ 0 đến 9 và không quá 9.999.999, đang là “{figure}”." in said
    assert f'value="{figure}"' in answer.content.decode()


def test_sending_the_same_sheet_again_is_one_entry_and_no_error(world):
    client, data = signed_in(world.teller), typed(world, world.figures())
    client.post(on_count("entry", world), data)
    events = AuditEvent.objects.count()

    again = client.post(on_count("entry", world), data)

    assert again.status_code == 302
    assert CountEntry.objects.count() == 1
    assert AuditEvent.objects.count() == events


def test_a_second_tab_with_other_figures_is_told_that_the_first_was_sent(world):
    client = signed_in(world.teller)
    client.post(on_count("entry", world), typed(world, world.figures()))

    other = client.post(on_count("entry", world), typed(world, world.figures(votes=[11, 11, 11, 2])))

    assert other.status_code == 409
    assert "Đồng chí đã gửi bản nhập với số liệu khác." in page(other)


def test_a_retyped_field_pressed_twice_is_one_entry(world):
    first, second = (signed_in(person) for person in world.typists)
    first.post(on_count("entry", world), typed(world, world.figures(votes=[12, 11, 10, 3])))
    second.post(on_count("entry", world), typed(world, world.figures(votes=[12, 10, 10, 3])))
    again = {f"votes_{world.slate()[1].pk}": "11", "revision": "2"}

    codes = [first.post(on_count("entry", world), again).status_code for _ in range(2)]

    assert codes == [302, 302]
    assert CountEntry.objects.filter(revision=2).count() == 1


def test_the_draft_of_an_entry_belongs_to_one_person_count_and_revision(world):
    first, second = (signed_in(person) for person in world.typists)
    key = re.compile(r'data-autosave="([^"]+)"')
    keys = {key.search(client.get(on_count("entry", world)).content.decode())[1] for client in (first, second)}
    first.post(on_count("entry", world), typed(world, world.figures(votes=[12, 11, 10, 3])))
    second.post(on_count("entry", world), typed(world, world.figures(votes=[12, 10, 10, 3])))
    later = key.search(first.get(on_count("entry", world)).content.decode())[1]

    assert len(keys | {later}) == 3
    saved = set(re.findall(r'data-draft-saved="([^"]+)"', first.get(on_round("count", world)).content.decode()))
    assert saved & keys
    assert later not in saved


@pytest.mark.parametrize("who", ["secretary", "clerk", "approver", "member_user"])
def test_others_do_not_type(world, who):
    assert signed_in(getattr(world, who)).get(on_count("entry", world)).status_code == 403


def test_what_refreshes_itself_leaves_nobody_signed_in_and_asks_as_background(world):
    shown = signed_in(world.teller).get(on_round("count", world)).content.decode()

    assert 'hx-headers=\'{"X-Background": "1"}\'' in shown
    assert Client().get(on_round("count_standing", world), headers={"X-Background": "1"}).status_code == 401


def test_who_sends_a_differing_sheet_is_told_so_at_once(world):
    first, second = (signed_in(person) for person in world.typists)
    assert "Đồng chí chờ người nhập thứ hai" in page(
        first.post(on_count("entry", world), typed(world, world.figures(votes=[12, 11, 10, 3])), follow=True)
    )

    told = page(second.post(on_count("entry", world), typed(world, world.figures(votes=[12, 10, 10, 3])), follow=True))

    assert "Đã gửi. Hai bản nhập khác nhau ở ô L2; cả hai đếm lại, nhập lại đúng chỗ ấy." in told
    assert "chờ người nhập thứ hai" not in told


def test_what_is_read_out_is_not_the_sentence_of_the_list(world):
    shown = signed_in(world.teller).get(on_round("count_standing", world)).content.decode()

    spoken = re.search(r'innerHTML:#tinh-hinh-noi">([^<]+)<', shown)[1]
    assert shown.count(spoken) == 1
    assert spoken == "Tình hình vừa thay đổi: còn chỗ nhập chờ đồng chí nhận."
    assert "Còn thiếu 2 người nhập." not in spoken


def test_a_third_person_finds_no_form_where_the_team_is_full(two_teams):
    world = two_teams
    counting.drop_count(world.count.pk, reasons="Đếm lại", actor=world.head_teller, at=world.when(0, 15))
    world.round.refresh_from_db()
    counting.start_count(world.round.pk, teams=1, actor=world.teller, at=world.when(0, 15, 5))
    people = [world.teller, *(member.user for member in world.members[5:8])]
    for person in people[:2]:
        counting.take_seat(world.count.pk, team=1, actor=person, at=world.when(0, 15, 10))

    answer = signed_in(people[2]).get(on_count("entry", world))

    assert answer.status_code == 409
    assert "Tổ 1 đã đủ hai người nhập" in page(answer)
    assert 'name="returned"' not in answer.content.decode()


# ---- by papers ----


def by_papers(*, seats: int = 3) -> World:
    world = congress_at("slate_fixed", members=12, committee_seats=seats)
    world.close_ledger()
    counting.start_count(world.round.pk, method="papers", actor=world.teller, at=world.when(0, 14, 50))
    return world


def paper(world: World, slip: int, *, struck: tuple[int, ...] = (3,), **more: Any) -> dict[str, Any]:
    """One ballot on which these places of the list are struck out."""
    slate = world.slate()
    return {"slip": str(slip), **{f"struck_{slate[place].pk}": "on" for place in struck}, **more}


def test_papers_are_written_one_by_one_without_scripts_and_sent_together():
    world = by_papers()
    for person in world.typists:
        client = signed_in(person)
        for slip in range(1, 13):
            assert f"Phiếu {slip} " in page(client.get(on_count("papers", world)))
            assert client.post(on_count("papers", world), paper(world, slip)).status_code == 302
        assert "Đã đọc hết" in page(client.get(on_count("papers", world)))
        assert client.post(on_count("submit_papers", world), {"revision": "1"}).status_code == 302

    assert world.round.state == "counted"
    votes = world.round.sheets.get().result["votes"]
    assert list(votes.values()) == [12, 12, 12, 0]


def test_who_corrects_an_earlier_paper_is_told_which_one_comes_now():
    """Back to where the reading stopped; while reading on, nothing need be said."""
    world = by_papers()
    client, url = signed_in(world.teller), on_count("papers", world)
    first, second = (client.post(url, paper(world, slip), follow=True) for slip in (1, 2))
    assert "Đã ghi lại" not in page(first) + page(second)

    again = page(client.post(url, paper(world, 1, struck=(2,)), follow=True))

    assert "Đã ghi lại phiếu 1. Trở lại phiếu 3, phiếu chưa ghi." in again


def test_a_paper_sent_by_the_page_itself_is_answered_in_json():
    world = by_papers()
    client, url = signed_in(world.teller), on_count("papers", world)

    good = client.post(url, paper(world, 1), headers={"Accept": "application/json"})
    untouched = client.post(url, paper(world, 2, struck=()), headers={"Accept": "application/json"})
    outside = client.post(url, paper(world, 13), headers={"Accept": "application/json"})

    assert (good.status_code, good.json()["slip"]) == (200, 1)
    assert untouched.status_code == outside.status_code == 422
    assert "Không gạch ai" in untouched.json()["errors"][0]
    assert CountedPaper.objects.count() == 1


def test_writing_the_same_paper_again_keeps_one():
    world = by_papers()
    client = signed_in(world.teller)

    for struck in ((3,), (3,), (2,)):
        client.post(on_count("papers", world), paper(world, 1, struck=struck))

    (reading,) = papers_of(world.count.seats.get()).values()
    assert len(reading["kept"]) == 3
    assert str(world.slate()[2].pk) not in reading["kept"]


def test_a_paper_that_waited_on_one_machine_does_not_overwrite_a_newer_reading():
    world = by_papers()
    client, url, as_json = signed_in(world.teller), on_count("papers", world), {"Accept": "application/json"}
    first = client.post(url, paper(world, 1) | {"over": "null"}, headers=as_json)
    heard = json.dumps(first.json()["read"])
    newer = client.post(url, paper(world, 1, struck=(2,)) | {"over": heard}, headers=as_json)

    late = client.post(url, paper(world, 1, struck=(1,)) | {"over": heard}, headers=as_json)
    lost_answer = client.post(url, paper(world, 1, struck=(2,)) | {"over": heard}, headers=as_json)

    assert (newer.status_code, late.status_code, lost_answer.status_code) == (200, 412, 200)
    assert late.json()["newer"] == newer.json()["read"]
    assert str(world.slate()[2].pk) not in CountedPaper.objects.get().reading["kept"]


@pytest.mark.parametrize("over", ["", "nothing", "[1]", pytest.param("[" * 100_000, id="nested")])
def test_what_a_page_never_heard_of_counts_as_unseen(over):
    world = by_papers()
    client, url = signed_in(world.teller), on_count("papers", world)
    client.post(url, paper(world, 1))

    answer = client.post(url, paper(world, 1, struck=(2,)) | {"over": over}, headers={"Accept": "application/json"})

    assert answer.status_code == 412


def test_only_papers_read_differently_are_read_again_and_blank():
    world = by_papers()
    for place, person in enumerate(world.typists):
        client = signed_in(person)
        for slip in range(1, 13):
            struck = (2,) if place and slip in (5, 9) else (3,)
            client.post(on_count("papers", world), paper(world, slip, struck=struck))
        client.post(on_count("submit_papers", world), {"revision": "1"})
    assert standing_of(world.count, 1).slips == (5, 9)

    for person in world.typists:
        client = signed_in(person)
        assert "Khác nhau ở phiếu 5, 9: cả hai nhập lại." in page(client.get(on_round("count", world)))
        again = client.get(on_count("papers", world))
        assert "Phiếu 5 " in page(again)
        assert "checked" not in again.content.decode()
        assert client.post(on_count("papers", world), paper(world, 1)).status_code == 409
        for slip in (5, 9):
            client.post(on_count("papers", world), paper(world, slip))
        client.post(on_count("submit_papers", world), {"revision": "2"})

    assert world.round.state == "counted"


def test_a_paper_in_doubt_waits_for_the_heads_ruling_with_its_category_and_reason():
    world = by_papers()
    for person in world.typists:
        client = signed_in(person)
        for slip in range(1, 13):
            more = {"flaws": "unclear"} if slip == 4 else {}
            client.post(on_count("papers", world), paper(world, slip, **more))
        client.post(on_count("submit_papers", world), {"revision": "1"})
    head = signed_in(world.head_teller)
    assert world.round.state == "counting"
    assert "1 phiếu chờ ban kiểm phiếu kết luận" in page(head.get(on_round("count", world)))
    asked = page(head.get(on_count("rulings", world)))
    assert "Phiếu 4: phiếu không rõ bầu cho ai" in asked
    assert "Căn cứ (bắt buộc khi kết luận không hợp lệ)" in asked
    assert "Kết luận hợp lệ thì phiếu được tính đúng như hai đồng chí đã đọc" in asked
    ruling = {"team": "1", "slip": "4", "verdict": "invalid", "category": "", "reason": "Nét gạch không hết tên"}
    assert head.post(on_count("rulings", world), ruling).status_code == 422
    assert signed_in(world.teller).post(on_count("rulings", world), ruling).status_code == 403

    assert head.post(on_count("rulings", world), ruling | {"category": "marked"}).status_code == 302

    assert BoardRuling.objects.get().category == "marked"
    assert world.round.state == "counted"
    assert world.round.sheets.get().result["ballots"]["invalid"] == 1


def test_a_ballot_without_surplus_is_read_by_its_two_boxes():
    world = congress_at("slate_fixed", members=12)
    world.close_ledger()
    counting.start_count(world.round.pk, method="papers", actor=world.teller, at=world.when(0, 14, 50))
    (member,) = world.slate()
    client, url = signed_in(world.teller), on_count("papers", world)
    marks = [{f"agree_{member.pk}": "on"}, {f"disagree_{member.pk}": "on"}]
    marks += [{f"agree_{member.pk}": "on", f"disagree_{member.pk}": "on"}, {"untouched": "on"}, {}]

    codes = [client.post(url, {"slip": str(slip), **one}).status_code for slip, one in enumerate(marks, start=1)]

    assert codes == [302, 302, 302, 302, 422]
    read = [reading["marks"][str(member.pk)] for reading in papers_of(world.count.seats.get()).values()]
    assert read == ["agree", "disagree", "both", "none"]


def test_a_count_by_totals_takes_no_papers_and_the_other_way_round(world):
    client = signed_in(world.teller)
    assert client.get(on_count("papers", world)).status_code == 409

    other = by_papers()
    assert signed_in(other.teller).get(on_count("entry", other)).status_code == 409
    assert Count.objects.count() == 2


# ---- several teams ----


@pytest.fixture
def two_teams() -> World:
    """Four tellers beside the head, two teams counting."""
    world = congress_at("sitting", members=12, committee_seats=3)
    more = world.members[5:8]
    for member in more:
        member.user = make_user(Role.TELLER, world.branch, full_name=member.full_name)
        member.save(update_fields=["user"])
    board = [world.members[-2].pk, *(member.pk for member in more)]
    world._elect("tellers", {"head_teller": [world.members[-1].pk], "teller": board}, world.when(0, 14, 20))
    world.slate_fixed()
    world.close_ledger()
    counting.start_count(world.round.pk, teams=2, actor=world.teller, at=world.when(0, 14, 50))
    return world


def test_everybody_chooses_a_team_and_the_sheets_are_added_up(two_teams):
    world = two_teams
    people = [world.teller, *(member.user for member in world.members[5:8])]
    whole = world.figures()["votes"]
    for place, person in enumerate(people):
        client, team, papers = signed_in(person), place // 2 + 1, (7, 5)[place // 2]
        assert f"Nhập cho tổ {team}" in page(client.get(on_round("count", world)))
        assert client.get(on_count("entry", world)).status_code == 302  # first the team is chosen
        assert client.post(on_count("take_seat", world), {"team": str(team)}).status_code == 302
        assert f"Tổ {team}." in page(client.get(on_count("entry", world)))
        figures = {"returned": papers, "valid": papers, "invalid": 0}
        votes = {pk: papers if count else 0 for pk, count in whole.items()}
        assert client.post(on_count("entry", world), typed(world, {**figures, "votes": votes})).status_code == 302

    assert world.round.state == "counted"
    assert list(world.round.sheets.get().result["votes"].values()) == [12, 12, 12, 0]


def test_the_head_does_not_type_where_the_board_has_others(two_teams):
    head = signed_in(two_teams.head_teller)

    assert head.get(on_count("entry", two_teams)).status_code == 403
    assert "Trưởng ban kiểm phiếu xác nhận kết quả nên không nhập số liệu." in page(
        head.get(on_round("count", two_teams))
    )
    assert "Bỏ lần kiểm này, kiểm đếm lại" in page(head.get(on_round("count", two_teams)))


@pytest.mark.parametrize("team", ["", "0", "3", "x", "²", "99999"])
def test_a_team_that_is_none_is_refused(two_teams, team):
    answer = signed_in(two_teams.teller).post(on_count("take_seat", two_teams), {"team": team})

    assert answer.status_code == 422
    assert not two_teams.count.seats.exists()
