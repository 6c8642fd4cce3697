"""Paper by paper: two people read one stack, differing papers are read again by both, doubts go to the board."""

from __future__ import annotations

import json
from collections.abc import Sequence
from html import unescape
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.errors import IllegalTransition, InvalidInput, NotAllowed
from accounts.models import User
from congress.services import sitting
from elections.minutes import tally_minutes
from elections.models import BoardRuling, Count, CountedPaper
from elections.services import agreement, counting, sealing, single_papers
from elections.standings import standing_of
from tests.factories import World, congress_at

pytestmark = pytest.mark.django_db

SIZE = 12


@pytest.fixture
def world() -> World:
    """The ledger is closed and the count by papers has begun."""
    world = congress_at("slate_fixed", members=SIZE, committee_seats=3)
    world.close_ledger()
    counting.start_count(world.round.pk, method=Count.Method.PAPERS, actor=world.teller, at=world.when(0, 14, 50))
    return world


def kept(world: World, *places: int, flaws: tuple[str, ...] = (), unclear: tuple[int, ...] = ()) -> dict[str, Any]:
    """A paper with the names at these places of the ballot left standing; those at ``unclear`` read as unclear."""
    slate = [str(pk) for pk in world.round.candidates.order_by("position").values_list("member_id", flat=True)]
    named = {"unclear": [slate[place] for place in unclear]} if unclear else {}
    return {"kept": [slate[place] for place in places], "flaws": list(flaws), **named}


def read(world: World, person: User, slips: dict[int, dict[str, Any]]) -> None:
    for slip, reading in slips.items():
        single_papers.write_paper(world.count.pk, slip=slip, reading=reading, actor=person, at=world.when(0, 15))


def send(world: World, person: User, *, revision: int = 1) -> None:
    single_papers.submit_papers(world.count.pk, revision=revision, actor=person, at=world.when(0, 15, revision))


def stack(world: World, **others: dict[str, Any]) -> dict[int, dict[str, Any]]:
    """Everybody votes for the first three, but for the papers given as ``p5=…``."""
    told = {int(name[1:]): reading for name, reading in others.items()}
    return {slip: told.get(slip, kept(world, 0, 1, 2)) for slip in range(1, SIZE + 1)}


def test_equal_stacks_make_the_proposal_from_their_sums(world):
    papers = stack(world, p5=kept(world, 0, 3), p7=kept(world, flaws=("signed",)))
    for person in world.typists:
        read(world, person, papers)
        send(world, person)

    sheet = world.round.sheets.get()
    assert sheet.case["ballots"] == {"issued": 12, "returned": 12, "valid": 11, "invalid": 1}
    assert list(sheet.case["votes"].values()) == [11, 10, 10, 1]
    assert [(one["code"], one["count"]) for one in sheet.invalid_reasons] == [("signed", 1)]


def test_only_the_papers_read_differently_are_read_again_and_from_blank(world):
    first, second = world.typists
    read(world, first, stack(world, p5=kept(world, 0, 3), p9=kept(world, 0)))
    read(world, second, stack(world, p5=kept(world, 1, 3)))
    send(world, first)
    send(world, second)

    assert standing_of(world.count, 1).slips == (5, 9)
    assert CountedPaper.objects.filter(reading={}).count() == 4
    with pytest.raises(IllegalTransition):
        read(world, first, {4: kept(world, 0)})
    with pytest.raises(InvalidInput):
        send(world, first, revision=2)


def test_reading_again_alike_ends_the_difference(world):
    first, second = world.typists
    read(world, first, stack(world, p5=kept(world, 0, 3)))
    read(world, second, stack(world))
    send(world, first)
    send(world, second)
    for person in (first, second):
        read(world, person, {5: kept(world, 0, 3)})
        assert world.round.state == "counting"
        send(world, person, revision=2)

    assert world.round.state == "counted"


def test_one_persons_rereading_is_not_compared_before_the_other_has_sent(world):
    first, second = world.typists
    read(world, first, stack(world, p5=kept(world, 0, 3)))
    read(world, second, stack(world))
    send(world, first)
    send(world, second)
    read(world, first, {5: kept(world, 0, 3)})
    send(world, first, revision=2)

    assert standing_of(world.count, 1).slips == (5,)
    with pytest.raises(IllegalTransition):
        read(world, first, {5: kept(world, 0)})


def test_a_paper_in_doubt_waits_for_the_boards_ruling_with_its_legal_category(world):
    papers = stack(world, p3=kept(world, 0, flaws=("unclear",)))
    for person in world.typists:
        read(world, person, papers)
        send(world, person)
    assert world.round.state == "counting"
    (doubt,) = agreement.doubts_of(world.count, world.round, world.congress)
    assert (doubt.slip, doubt.question) == (3, "Phiếu không rõ bầu cho ai")

    with pytest.raises(InvalidInput) as refused:
        rule(world, verdict="invalid", category="", reason="")
    rule(world, verdict="invalid", category="marked", reason="Có dấu riêng ở góc phiếu")

    assert set(refused.value.fields) == {"category", "reason"}
    sheet = world.round.sheets.get()
    assert sheet.case["ballots"]["invalid"] == 1
    assert [one["code"] for one in sheet.invalid_reasons] == ["marked"]


def rule(world: World, *, verdict: str, category: str, reason: str, uncounted: Sequence[Any] = ()) -> BoardRuling:
    return single_papers.rule_on_paper(
        world.count.pk,
        slip=3,
        verdict=verdict,
        category=category,
        uncounted=uncounted,
        reason=reason,
        actor=world.head_teller,
        at=world.when(0, 15, 10),
    )


def test_a_ruling_of_valid_counts_the_marks(world):
    for person in world.typists:
        read(world, person, stack(world, p3=kept(world, 0, flaws=("stamp_missing",))))
        send(world, person)

    rule(world, verdict="valid", category="", reason="Ban kiểm phiếu phát phiếu này, quên đóng dấu")

    assert list(world.round.sheets.get().case["votes"].values()) == [12, 11, 11, 0]


def test_a_ruling_may_leave_one_name_out_of_a_paper_that_counts_otherwise(world):
    """Four names stand on paper 3, the line through the last is unclear: without it the paper is valid."""
    for person in world.typists:
        read(world, person, stack(world, p3=kept(world, 0, 1, 2, 3, flaws=("unclear",), unclear=(0, 1, 2, 3))))
        send(world, person)
    unclear, *_, first = list(world.round.candidates.order_by("-position"))
    told = {"category": "name_strike_unclear", "reason": "Gạch chưa hết tên", "world": world}

    for field, refused in (
        ("verdict", {"verdict": "valid", "category": ""}),
        ("uncounted", {"verdict": "valid"}),
        *(
            ("category", {"verdict": "valid", "category": category, "uncounted": [unclear.member_id]})
            for category in ("", "too_many", "name_no_box")
        ),
        ("uncounted", {"verdict": "invalid", "category": "marked", "uncounted": [unclear.member_id]}),
        ("uncounted", {"verdict": "valid", "uncounted": world.round.candidates.values_list("member_id", flat=True)}),
    ):
        with pytest.raises(InvalidInput) as refusal:
            rule(**told | refused)
        assert field in refusal.value.fields
    ruling = rule(verdict="valid", uncounted=[str(unclear.member_id)], **told)

    sheet = world.round.sheets.get()
    assert list(sheet.case["votes"].values()) == [12, 12, 12, 0]
    assert sheet.case["ballots"] == {"issued": 12, "returned": 12, "valid": 12, "invalid": 0}
    assert (ruling.uncounted, ruling.category) == ([unclear.member_id], "name_strike_unclear")
    seal = sealing.seal(world.round.pk, sheet_number=1, actor=world.head_teller, at=world.when(0, 15, 30))
    assert json.loads(seal.content)["rulings"][0]["uncounted"] == [unclear.member_id]
    (printed,) = tally_minutes(seal, world.congress, notation="Số 01-BB/ĐH", at=world.when(0, 16)).rulings
    assert printed.verdict == f"Hợp lệ, không tính cho đồng chí {unclear.shown_name}"
    assert first.shown_name not in printed.verdict
    assert printed.category == "nét gạch không xác định được là gạch tên hay để lại"
    head = Client()
    head.force_login(world.head_teller)
    page = unescape(head.get(reverse("elections:proposal", args=[seal.round_id])).content.decode())
    assert f"không tính cho đồng chí {unclear.shown_name} ({printed.category})" in page


@pytest.mark.parametrize(
    ("flaw", "unclear", "told"),
    [
        ("stamp_missing", (), "đọc rõ bầu cho ai"),
        ("unclear", (), "cùng đánh dấu “tên không rõ”"),
        ("unclear", (1,), "cùng đánh dấu “tên không rõ”"),
    ],
)
def test_the_head_takes_no_vote_away_that_both_read_clearly(world, flaw, unclear, told):
    for person in world.typists:
        read(world, person, stack(world, p3=kept(world, 0, 1, flaws=(flaw,), unclear=unclear)))
        send(world, person)
    first, *_, struck = world.round.candidates.order_by("position").values_list("member_id", flat=True)

    for name in (first, struck):
        with pytest.raises(InvalidInput) as refused:
            rule(world, verdict="valid", category="", reason="Không tính", uncounted=[name])
        assert told in " ".join(refused.value.fields["uncounted"])

    assert not BoardRuling.objects.exists()


@pytest.mark.rule("E-47")
def test_a_ruling_on_a_ground_that_both_readings_contradict_is_refused(world):
    for person in world.typists:
        read(world, person, stack(world, p3=kept(world, 0, 1, 2, flaws=("unclear",), unclear=(1,))))
        send(world, person)

    for ground in ("too_many", "nobody"):
        with pytest.raises(InvalidInput) as refused:
            rule(world, verdict="invalid", category=ground, reason="Gạch không rõ")
        assert "cùng đọc phiếu này không phải là phiếu" in " ".join(refused.value.fields["category"])

    assert rule(world, verdict="invalid", category="ruled_invalid", reason="Gạch không rõ").category == "ruled_invalid"


def test_two_people_who_name_different_unclear_names_read_the_paper_again(world):
    for person, name in zip(world.typists, (0, 1), strict=True):
        read(world, person, stack(world, p3=kept(world, 0, 1, flaws=("unclear",), unclear=(name,))))
        send(world, person)

    assert standing_of(world.count, 1).slips == (3,)


def test_the_form_of_a_paper_names_the_unclear_names_and_the_ruling_offers_them_alone(world):
    names = list(world.round.candidates.order_by("position").values_list("member_id", flat=True))
    address = reverse("elections:papers", args=[world.count.pk])
    for person in world.typists:
        client = Client()
        client.force_login(person)
        take = counting.take_seat(world.count.pk, team=1, actor=person, at=world.when(0, 15))
        told = client.post(address, {"slip": 3, f"struck_{names[3]}": "on", f"unclear_{names[1]}": "on"})
        assert told.status_code == 302
        assert take.papers.get().reading["unclear"] == [str(names[1])]
        assert take.papers.get().reading["flaws"] == ["unclear"]
        read(world, person, {slip: one for slip, one in stack(world).items() if slip != 3})
        send(world, person)
    head = Client()
    head.force_login(world.head_teller)

    page = head.get(reverse("elections:rulings", args=[world.count.pk])).content.decode()

    assert "để lại, tên không rõ" in page
    assert f'name="uncounted" value="{names[1]}"' in page
    assert f'name="uncounted" value="{names[0]}"' not in page
    assert '<optgroup label="Không tính cho một đồng chí">' in page and 'value="name_strike_unclear"' in page
    assert 'value="name_no_box"' not in page


def test_only_the_head_records_rulings(world):
    for person in world.typists:
        read(world, person, stack(world, p3=kept(world, 0, flaws=("unclear",))))
        send(world, person)

    with pytest.raises(NotAllowed):
        single_papers.rule_on_paper(
            world.count.pk, slip=3, verdict="valid", reason="x", actor=world.teller, at=world.when(0, 15)
        )


def test_places_in_the_stack_are_forgotten_once_both_agree(world):
    for person in world.typists:
        read(world, person, stack(world))
        send(world, person)

    assert CountedPaper.objects.count() == 2 * SIZE
    assert not CountedPaper.objects.exclude(slip=None).exists()


def test_the_papers_are_gone_with_the_seal_and_a_certificate_says_so(world):
    ballot = world.round
    for person in world.typists:
        read(world, person, stack(world))
        send(world, person)

    sealed = sealing.seal(ballot.pk, sheet_number=1, actor=world.head_teller, at=world.when(0, 15, 20))

    assert not CountedPaper.objects.exists()
    assert (sealed.disposal.rows, sealed.disposal.certified_by) == (2 * SIZE, world.head_teller)
    assert "papers" not in sealed.content


def test_the_papers_of_a_dropped_count_are_gone_too(world):
    read(world, world.teller, stack(world))

    counting.drop_count(world.count.pk, reasons="Đếm lại", actor=world.head_teller, at=world.when(0, 15, 5))

    assert not CountedPaper.objects.exists()


@pytest.mark.parametrize(("members", "offered"), [(9, False), (10, True)])
def test_below_ten_voters_only_totals_are_offered(members, offered):
    world = congress_at("slate_fixed", members=members, committee_seats=3)
    world.close_ledger()

    def start() -> Count:
        return counting.start_count(
            world.round.pk, method=Count.Method.PAPERS, actor=world.teller, at=world.when(0, 14, 50)
        )

    if offered:
        assert start().method == "papers"
        return
    with pytest.raises(InvalidInput) as refused:
        start()
    assert "method" in refused.value.fields


@pytest.mark.parametrize(
    "reading",
    [
        {"kept": ["0"], "flaws": []},
        {"kept": None, "flaws": []},
        {"marks": {}, "flaws": []},
        {"flaws": ["torn"], "kept": []},
        {},
    ],
)
def test_a_paper_that_is_none_of_this_ballot_is_refused(world, reading):
    with pytest.raises(InvalidInput):
        read(world, world.teller, {1: reading})

    assert not CountedPaper.objects.exists()


@pytest.mark.parametrize("slip", [0, -1, SIZE + 1])
def test_a_place_outside_the_stack_is_refused(world, slip):
    with pytest.raises(InvalidInput):
        read(world, world.teller, {slip: kept(world, 0)})


def test_a_recount_asks_the_base_of_the_vote_whether_papers_may_be_read():
    """Nine voted; a tenth who came later makes no electorate of ten out of that vote."""
    world = congress_at("sitting", members=10, committee_seats=3)
    row = world.congress.attendances.get(member=world.members[5])
    sitting.excuse_absence(row.pk, reason="Đi công tác", actor=world.secretary, at=world.when(0, 14, 20))
    ballot = world.round
    for step in (world.slate_fixed, world.counting, world.counted, world.sealed):
        step()
    sitting.take_roll(world.congress_id, {row.pk: "present"}, actor=world.secretary, at=world.when(0, 15, 30))

    with pytest.raises(InvalidInput) as refused:
        counting.recount(
            ballot.pk, reasons="Có khiếu nại", method="papers", actor=world.head_teller, at=world.when(0, 15, 40)
        )

    assert "method" in refused.value.fields
