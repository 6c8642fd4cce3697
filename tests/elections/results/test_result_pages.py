"""The result as people see it: bars, reasons, explanations, the seal that can be checked, the wall, both editions."""

from __future__ import annotations

import hashlib
import json
import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.errors import NotReady
from accounts.models import AuditEvent, User
from elections import editions
from elections.models import BallotRound, Count, SealedResult, WarningNote
from elections.services import counting, leaders, rounds, sealing, single_papers, slates
from tests.factories import World, congress_at

pytestmark = pytest.mark.django_db

FULL, TIED, OTHERS = [12, 11, 9, 3], [11, 9, 8, 8], [12, 3, 9, 11]


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(User.objects.get(pk=user.pk))
    return client


def counted(votes: list[int], **told: int) -> World:
    world = congress_at("slate_fixed", members=12, committee_seats=3)
    world.close_ledger(**told)
    counting.start_count(world.round.pk, actor=world.teller, at=world.when(0, 14, 50))
    returned = told.get("returned", 12)
    world.enter(world.figures(votes=votes) | {"returned": returned, "valid": returned})
    return world


def sealed(votes: list[int]) -> World:
    world = counted(votes)
    world.sealed()
    return world


def first(world: World) -> BallotRound:
    return world.elections[0].rounds.get(number=1)


def url(name: str, world: World, *more: int) -> str:
    return reverse(f"elections:{name}", args=[first(world).pk, *more])


def page(user: User, name: str, world: World) -> str:
    answer = signed_in(user).get(url(name, world))
    assert answer.status_code == 200
    return answer.content.decode()


def recounted(world: World, votes: list[int]) -> Count:
    """Both have typed the recount alike; it waits for its seal."""
    ballot = first(world)
    slate = [str(one.member_id) for one in ballot.candidates.order_by("position")]
    figures: dict[str, Any] = {"returned": 12, "valid": 12, "invalid": 0, "votes": dict(zip(slate, votes, strict=True))}
    again = counting.recount(ballot.pk, reasons="Có khiếu nại", actor=world.head_teller, at=world.when(0, 15, 30))
    for person in world.typists:
        counting.submit_entry(again.pk, figures=figures, actor=person, at=world.when(0, 15, 31))
    return again


def changed_figures(world: World) -> list[editions.Figure]:
    """Of the page that compares both editions."""
    (pair,) = signed_in(world.member_user).get(url("editions", world)).context["pairs"]
    return [one for one in pair["figures"] if one.is_changed]


# ---- the result ----


def test_each_name_and_the_base_say_why_with_article_and_document():
    world = sealed(FULL)
    seen = page(world.member_user, "proposal", world)

    assert seen.count("Vì sao?<span") == 5
    assert "12 phiếu trên cơ sở tính 12, quá một nửa (cần 7)." in seen
    assert "3 phiếu trên cơ sở tính 12, chưa quá một nửa (cần 7)." in seen
    assert "244-QĐ/TW" in seen
    assert "Cơ sở tính kết quả: triệu tập 12, không trừ ai." in seen


def test_the_elected_are_marked_by_a_word_in_picture_and_table():
    world = sealed(FULL)

    seen = page(world.member_user, "proposal", world)

    assert seen.count(" · trúng cử</text>") == 2 * 3  # the wide picture and the narrow one
    assert "quá một nửa: 7 phiếu" in seen
    assert "Xem bảng số liệu" in seen


def test_the_tied_are_told_apart_from_those_not_elected():
    world = sealed(TIED)

    context = signed_in(world.member_user).get(url("proposal", world)).context

    assert [(line["elected"], line["tied"]) for line in context["lines"]] == [
        (True, False),
        (True, False),
        (False, True),
        (False, True),
    ]
    assert "E-53" in [step["rule"] for step in context["lines"][2]["why"]]


def test_a_mark_that_is_not_counted_does_not_make_the_ballot_invalid():
    """Two names for two seats in a second round: agree, disagree, or neither on a valid ballot."""
    world = sealed([12, 5, 4, 3])
    election = world.elections[0]
    second = rounds.open_next_round(
        election.pk, in_favour=world.present(), actor=world.secretary, at=world.when(0, 15, 25)
    )
    second.candidates.order_by("-pk")[0].delete()
    world.slate_fixed()
    world.counting()
    figures = world.figures(votes=[10, 9])
    figures["votes"][str(world.slate()[1].pk)] = {"agree": 9, "disagree": 1}
    world.enter(figures)
    texts = {one["message"]: "Đại hội quyết định." for one in sealing.warnings_of(second.sheets.get())}
    sealing.explain_warnings(second.pk, sheet_number=1, texts=texts, actor=world.teller, at=world.when(0, 15, 5))
    world.sealed()

    context = signed_in(world.member_user).get(reverse("elections:proposal", args=[second.pk])).context

    assert context["two_levels"]
    assert [line["not_counted"] for line in context["lines"]] == [0, 2]
    assert context["result"]["ballots"]["invalid"] == 0


def test_who_typed_is_named_once_both_agree():
    world = counted(FULL)

    seen = page(world.head_teller, "proposal", world)

    assert f"{world.teller.full_name} và {world.head_teller.full_name}" in seen


# ---- explanations ----


def test_each_warning_is_explained_by_itself_before_the_seal():
    world = counted([11, 10, 9, 3], returned=11)
    ballot, client = first(world), signed_in(world.teller)
    (warning,) = sealing.warnings_of(ballot.sheets.get())
    assert "Giải trình từng điểm" in page(world.head_teller, "proposal", world)
    assert "Xác nhận và niêm phong kết quả" not in page(world.head_teller, "seal", world)
    events = AuditEvent.objects.count()

    empty = client.post(url("explain_warnings", world), {"sheet_number": "1", "text_1": " "})
    told = client.post(url("explain_warnings", world), {"sheet_number": "1", "text_1": "Một đồng chí về sớm."})

    assert (empty.status_code, told.status_code) == (422, 302)
    assert warning["message"] in empty.content.decode()
    assert [one.text for one in WarningNote.objects.all()] == ["Một đồng chí về sớm."]
    assert AuditEvent.objects.count() == events + 1
    assert "Một đồng chí về sớm." in page(world.head_teller, "seal", world)


@pytest.mark.parametrize("who", ["secretary", "member_user"])
def test_only_the_board_explains(who):
    world = counted([11, 10, 9, 3], returned=11)

    assert signed_in(getattr(world, who)).get(url("explain_warnings", world)).status_code == 403


def test_an_explanation_of_an_older_sheet_is_stale():
    world = counted([11, 10, 9, 3], returned=11)

    answer = signed_in(world.teller).post(url("explain_warnings", world), {"sheet_number": "7", "text_1": "Vì"})

    assert answer.status_code == 409
    assert not WarningNote.objects.exists()


def test_nothing_to_explain_is_said():
    world = counted(FULL)

    assert signed_in(world.teller).get(url("explain_warnings", world)).status_code == 409


# ---- the seal can be checked ----


def test_the_sealed_text_leaves_byte_for_byte_as_it_was_hashed():
    world = sealed(FULL)
    seal = SealedResult.objects.get()

    answer = signed_in(world.member_user).get(url("sealed_text", world, 1))
    told = page(world.member_user, "proposal", world)

    assert hashlib.sha256(answer.content).hexdigest() == seal.sha256
    assert f"sha256sum ket-qua-{seal.round_id}-ban-1.json" in told
    assert seal.sha256 in told
    content = json.loads(answer.content)
    assert content["ledger"]["printed"] == 12
    assert json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":")) == seal.content


def test_an_edition_that_is_not_there_is_missing():
    world = sealed(FULL)

    assert signed_in(world.member_user).get(url("sealed_text", world, 2)).status_code == 404
    assert signed_in(world.outsider).get(url("sealed_text", world, 1)).status_code == 404


def test_the_certificate_of_disposal_is_shown():
    world = congress_at("slate_fixed", members=12, committee_seats=3)
    world.close_ledger()
    counting.start_count(world.round.pk, method="papers", actor=world.teller, at=world.when(0, 14, 50))
    kept = [str(one.pk) for one in world.slate()[:3]]
    for person in world.typists:
        for slip in range(1, 13):
            reading = {"kept": kept, "flaws": []}
            single_papers.write_paper(world.count.pk, slip=slip, reading=reading, actor=person, at=world.when(0, 15))
        single_papers.submit_papers(world.count.pk, actor=person, at=world.when(0, 15))
    world.sealed()

    assert "Đã xóa 24 dòng số liệu đọc từng phiếu" in page(world.member_user, "proposal", world)


# ---- the wall ----


def test_the_wall_shows_the_sealed_result_and_nothing_to_press_but_the_way_back():
    world = sealed(FULL)

    seen = page(world.member_user, "wall", world)

    assert seen.count("wall-elected") == 3
    assert '<text x="58.33%"' in seen and ">Quá một nửa: 7 phiếu</text>" in seen
    assert seen.count("wall-need-edge") == 4
    assert "Bầu đủ số lượng: 3 đồng chí trúng cử." in seen
    assert seen.count("<a ") == 1
    assert "<form" not in seen
    assert "<button" not in seen
    assert 'hx-trigger="every 30s"' in seen


def test_on_the_wall_a_bar_of_exactly_the_votes_needed_reaches_the_line():
    """Drawn before the pale edge of the line it would end short of it; longer bars keep the edge on top."""
    world = sealed([12, 7, 6, 3])
    seen = page(world.member_user, "wall", world)

    first, second, *_ = re.findall(r"<svg viewBox.*?</svg>", seen)

    assert first.index("wall-bar") < first.index("wall-need-edge") < first.index('"wall-need"')
    assert second.index("wall-need-edge") < second.index("wall-bar") < second.index('"wall-need"')


def test_the_wall_waits_for_the_seal():
    world = counted(FULL)

    assert signed_in(world.head_teller).get(url("wall", world)).status_code == 409


# ---- a recount ----


def test_the_head_counts_again_with_a_reason():
    world = sealed(FULL)
    client, events = signed_in(world.head_teller), AuditEvent.objects.count()

    missing = client.post(url("recount", world), {"reasons": "", "method": "totals", "teams": "1"})
    opened = client.post(url("recount", world), {"reasons": "Có khiếu nại", "method": "totals", "teams": "1"})

    assert (missing.status_code, opened["Location"]) == (422, url("count", world))
    assert first(world).counts.order_by("-number")[0].reason == "Có khiếu nại"
    assert AuditEvent.objects.count() == events + 1


def test_counting_again_asks_for_the_password_first(settings):
    world = sealed(FULL)
    client = signed_in(world.head_teller)
    settings.ACCOUNT_REAUTHENTICATION_TIMEOUT = -1

    answer = client.get(url("recount", world))

    assert answer["Location"].startswith(reverse("account_reauthenticate"))


@pytest.mark.parametrize("who", ["teller", "secretary", "member_user"])
def test_nobody_else_counts_again(who):
    world = sealed(FULL)

    assert signed_in(getattr(world, who)).get(url("recount", world)).status_code == 403


def test_an_unsealed_recount_is_seen_by_the_board_alone():
    world = sealed(FULL)
    recounted(world, OTHERS)

    everybody = page(world.member_user, "proposal", world)
    board = page(world.head_teller, "recounted", world)

    assert "3 (25,00 %)" in everybody
    assert "11 (91,67 %)" in everybody  # of the second name, as sealed
    assert "Đang kiểm đếm lại" in everybody
    assert "Kết quả kiểm đếm lại, chưa niêm phong" in board
    assert signed_in(world.secretary).get(url("recounted", world)).status_code == 403


def test_both_editions_stand_side_by_side_after_the_second_seal():
    world = sealed(FULL)
    recounted(world, OTHERS)
    client = signed_in(world.head_teller)
    assert client.get(url("seal", world)).status_code == 200

    assert client.post(url("seal", world), {"sheet_number": "2"}).status_code == 302

    seen = page(world.member_user, "editions", world)
    one, two = first(world).seals.order_by("edition")
    assert one.sha256 in seen
    assert two.sha256 in seen
    assert "Lý do kiểm đếm lại: Có khiếu nại" in seen
    assert [(one.label, one.old, one.new) for one in changed_figures(world)][:2] == [
        (one.sheet.round.candidates.get(position=2).shown_name, "11", "3"),
        (one.sheet.round.candidates.get(position=4).shown_name, "3", "11"),
    ]
    for edition, seal in ((1, one), (2, two)):
        answer = signed_in(world.member_user).get(url("sealed_text", world, edition))
        assert hashlib.sha256(answer.content).hexdigest() == seal.sha256


def test_who_seals_a_recount_sees_what_it_changes_and_whose_election_it_turns():
    world = sealed(FULL)
    first_seal = signed_in(world.head_teller)
    recounted(world, OTHERS)
    names = [one.shown_name for one in first(world).candidates.order_by("position")]

    context = first_seal.get(url("seal", world)).context

    changed = [(one.label, one.old, one.new) for one in context["pair"]["figures"] if one.is_changed]
    assert (names[1], "11", "3") in changed and (names[3], "3", "11") in changed
    assert (context["turn"].gone, context["turn"].come) == ([names[1]], [names[3]])


@pytest.mark.parametrize("name", ["recounted", "seal"])
def test_before_the_seal_of_a_recount_the_head_reads_who_would_no_longer_be_elected_and_what_rested_on_it(name):
    world = sealed(FULL)
    client = signed_in(world.head_teller)
    recounted(world, OTHERS)
    names = [one.shown_name for one in first(world).candidates.order_by("position")]
    leader = world.elections[1].rounds.get(number=1)
    leader.candidates.get_or_create(member_id=first(world).candidates.order_by("position")[1].member_id)

    seen = client.get(url(name, world)).content.decode()

    assert f"Đồng chí {names[1]} đang trúng cử theo bản 1, theo kết quả này thì không trúng cử." in seen
    assert f"Đồng chí {names[3]} chưa trúng cử theo bản 1, theo kết quả này thì trúng cử." in seen
    assert "Từng số liệu, cũ và mới" in seen
    assert f'<a href="{reverse("elections:round", args=[leader.pk])}">{leader}</a>' in seen


def test_while_a_recount_goes_on_the_page_of_the_count_does_not_call_it_sealed():
    world = sealed(FULL)
    assert "Đang kiểm đếm lại" not in page(world.head_teller, "count", world)
    recounted(world, OTHERS)

    seen = page(world.head_teller, "count", world)

    assert seen.count("Đang kiểm đếm lại") == 2
    assert "Đã niêm phong" not in seen
    assert "Xem kết quả kiểm đếm lại" in seen
    assert "Đã niêm phong kết quả" not in page(world.head_teller, "recounted", world)


@pytest.mark.rule("E-53")
@pytest.mark.parametrize("name", ["round", "overview"])
def test_after_a_tie_the_next_step_is_the_revote(name):
    world = sealed(TIED)
    where = first(world).pk if name == "round" else world.congress_id

    seen = signed_in(world.secretary).get(reverse(f"elections:{name}", args=[where])).content.decode()

    assert "mở lần bầu lại giữa những người bằng phiếu, ở trang kết quả" in seen
    assert "bầu tiếp hoặc dừng bầu" not in seen


def test_the_first_seal_compares_with_nothing():
    assert "pair" not in signed_in((world := counted(FULL)).head_teller).get(url("seal", world)).context


def test_sealing_asks_for_a_board_without_anybody_of_the_slate():
    """However the row came there, after the count began."""
    world = counted(FULL)
    candidate = first(world).candidates.order_by("position")[0].member
    world.congress.officers.create(office="teller", member=candidate)

    with pytest.raises(NotReady) as refusal:
        sealing.seal(first(world).pk, sheet_number=1, actor=world.head_teller, at=world.when(0, 15, 20))

    assert candidate.full_name in refusal.value.gaps[0]


def test_a_result_counted_once_has_one_edition_to_read():
    world = sealed(FULL)

    assert "chưa kiểm đếm lại lần nào" in page(world.member_user, "editions", world)


def test_a_recount_that_is_given_up_leaves_the_sealed_result():
    world = sealed(FULL)
    recounted(world, OTHERS)
    client = signed_in(world.head_teller)
    assert "Bỏ lần kiểm đếm lại" in page(world.head_teller, "proposal", world)

    answer = client.post(url("reject_count", world), {"reasons": "Đã rút khiếu nại"}, follow=True)

    assert "Kết quả đã niêm phong giữ nguyên." in answer.content.decode()
    assert first(world).state == "sealed"
    assert signed_in(world.head_teller).get(url("recounted", world)).context["sealed"].edition == 1


# ---- a planned leader who is not elected ----


@pytest.mark.rule("E-57")
@pytest.mark.parametrize(("planned", "missing"), [(0, False), (3, True)])
def test_a_planned_leader_who_is_not_in_the_new_committee_stops_the_next_election(planned, missing):
    world = congress_at("cleared", members=12, committee_seats=3)
    slates.set_up_elections(world.congress_id, actor=world.secretary, at=world.when(-9))
    leaders.plan_leader(
        world.elections[1].pk, member_id=world.members[planned].pk, actor=world.secretary, at=world.when(-9)
    )
    for step in ("sitting", "slate_fixed", "counting"):
        getattr(world, step)()
    world.enter(world.figures(votes=FULL))
    world.sealed()

    seen = page(world.secretary, "proposal", world)

    assert ("Dừng bầu chức danh lãnh đạo, báo cáo cấp trên" in seen) is missing
    if missing:
        assert world.members[planned].full_name in seen
        waiting = signed_in(world.secretary).get(reverse("elections:round", args=[world.elections[1].rounds.get().pk]))
        hints = [one["hint"] for group in waiting.context["groups"] for one in group["tasks"]]
        assert any("chưa kiểm chứng" in hint for hint in hints) and "chưa kiểm chứng" in seen
