"""A committee meets (hội nghị cấp ủy): from its congress to the decision, and when that congress is counted again."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import timedelta
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.errors import IllegalTransition, NotReady
from accounts.models import User
from congress import readiness
from congress.models import Congress
from congress.services import meetings, preparing, sitting
from documents.models import IssuedPaper
from documents.papers import layouts, registry
from documents.papers.base import Paper
from documents.rendering import paper_html
from documents.services import minutes
from documents.uploads import PDF, Upload
from elections import editions, queries
from elections.conflicts import Slate
from elections.models import Election, SealedResult
from elections.papers import OpinionMinutes, TallyMinutes
from elections.rules.signed_paper import key_figures
from elections.services import annulling, counting, leaders, ratifying, rounds, sealing, signed_sheets, slates
from organizations.models import Member, Post
from organizations.queries import posts_on
from tests.assemblies import (
    HELD_ON,
    Place,
    close,
    details,
    elected,
    everybody_present,
    give_accounts,
    open_with_board,
    vote,
    when,
    with_committee_elected,
)
from tests.factories import SIGNED_PAPER

pytestmark = pytest.mark.django_db

SWAPPED = [12, 11, 10, 9, 1, 8]
"""The sixth of the slate in the place of the fifth."""


def now(congress: Congress) -> Congress:
    return Congress.objects.get(pk=congress.pk)


def called(*, standing: int = 0, planned: int | None = None) -> tuple[Place, Congress, Congress]:
    """The congress is closed, its committee called; ``planned``: who is foreseen as bí thư."""
    place, congress = with_committee_elected()
    close(place, congress)
    meeting = meetings.call_meeting(congress.pk, actor=place.secretary, at=when(0, 17))
    details(place, meeting, standing_seats=standing or None)
    slates.set_up_elections(meeting.pk, actor=place.secretary, at=when(0, 17))
    if planned is not None:
        post = meeting.elections.get(office="secretary")
        leaders.plan_leader(post.pk, member_id=place.members[planned].pk, actor=place.secretary, at=when(0, 17))
    return place, congress, meeting


def opened(place: Place, meeting: Congress, *, board: slice = slice(3, 5)) -> None:
    people = place.members
    give_accounts(place, people[board])
    everybody_present(place, meeting)
    open_with_board(place, meeting, chair=people[0], clerk=people[1], board=people[board])


def signed(place: Place, congress: Congress) -> None:
    """The signed minutes of every seal, sent by one person and read by another."""
    for seal in queries.newest_seals(congress):
        picture = Upload(SIGNED_PAPER, "bien-ban.pdf", PDF)
        at = {"at": when(0, 17, 30)}
        sheet = signed_sheets.upload_signed_sheet(seal.round_id, upload=picture, actor=place.secretary, **at)
        signed_sheets.read_signed_sheet(
            seal.round_id,
            edition=seal.edition,
            number=sheet.number,
            read=key_figures(seal.sheet.result),
            actor=place.tellers[0],
            **at,
        )


def decided(place: Place, congress: Congress) -> None:
    """Minutes, report, decision."""
    signed(place, congress)
    minutes.issue_congress_minutes(congress.pk, actor=place.secretary, at=when(0, 18))
    ratifying.report_results(congress.pk, actor=place.secretary, at=when(2))
    ratifying.ratify(
        congress.pk,
        issued_on=HELD_ON + timedelta(days=9),
        signer_name="Phạm Văn Duyệt (bịa)",
        signer_post="Bí thư",
        actor=place.approver,
        at=when(9),
    )


def count_again(place: Place, election: Election, votes: list[int], *, board: list[Member]) -> SealedResult:
    give_accounts(place, board)
    ballot, head = election.rounds.get(), place.tellers[1]
    again = counting.recount(ballot.pk, reasons="Có khiếu nại", actor=head, at=when(0, 19))
    enter(place, again.pk, election, votes)
    return sealing.seal(ballot.pk, sheet_number=ballot.sheets.count(), actor=head, at=when(0, 19, 20))


def enter(place: Place, count_id: int, election: Election, votes: list[int]) -> None:
    ballot = election.rounds.get()
    slate = [str(one.member_id) for one in ballot.candidates.order_by("position")]
    named = dict(zip([str(one.pk) for one in place.members], votes, strict=False))
    figures: dict[str, Any] = {"returned": 12, "valid": 12, "invalid": 0, "votes": {pk: named[pk] for pk in slate}}
    for person in place.tellers:
        counting.submit_entry(count_id, figures=figures, actor=person, at=when(0, 19, 10))


def gaps(congress: Congress, step: str) -> list[str]:
    return [one.sentence for one in readiness.gaps(now(congress), step)]


# ---- the whole way ----


@pytest.mark.rule("E-65")
@pytest.mark.rule("E-17")
def test_a_meeting_elects_its_standing_committee_and_leaders_who_are_ratified():
    place, _, meeting = called(standing=2)
    people = place.members
    standing, secretary = meeting.elections.order_by("pk")
    for member in people[:3]:
        slates.nominate(standing.rounds.get().pk, member_id=member.pk, actor=place.secretary, at=when(0, 17))
    opened(place, meeting)

    assert elected(vote(place, standing, people[:3], votes=[5, 5, 0])) == people[:2]
    assert elected(vote(place, secretary, [people[1]])) == [people[1]]
    close(place, meeting)
    decided(place, meeting)

    stored = now(meeting)
    assert stored.state == "ratified"
    request, decision = (paper.data for paper in stored.papers.filter(code__in=["F-17", "F-18"]).order_by("code"))
    assert [one["name"] for one in request["committee"]] == [one.display_name for one in people[:2]]
    assert request["secretary"]["name"] == decision["secretary"]["name"] == people[1].display_name
    assert request["assembly"] == "hội nghị"
    held = posts_on(place.committee, on=HELD_ON + timedelta(days=9))
    assert {(row.member_id, row.post) for row in held} == {(people[1].pk, Post.SECRETARY)}
    client = Client()
    client.force_login(User.objects.get(pk=place.secretary.pk))
    assert "Đã chuẩn y" in client.get(reverse("elections:ratification", args=[meeting.pk])).content.decode()


# ---- the planned leader (E-57) ----


@pytest.mark.rule("E-57")
def test_a_planned_leader_who_is_not_in_the_committee_stops_the_meeting_for_certain():
    """He stood at the congress and was not elected: he is on its roll, not on that of the meeting."""
    place, _, meeting = called(planned=5)
    opened(place, meeting)

    (finding,) = Slate(meeting.elections.get().rounds.get()).planned_findings()

    assert finding.code == "W703"
    assert finding.certainty == ""
    assert "chưa kiểm chứng" not in finding.message


# ---- the congress is counted again ----


@pytest.mark.rule("E-15")
def test_after_a_recount_who_is_no_longer_of_the_committee_does_not_lead_it():
    place, congress, meeting = called()
    people = place.members
    opened(place, meeting, board=slice(2, 4))
    (secretary,) = meeting.elections.all()
    vote(place, secretary, [people[4]])
    close(place, meeting)
    committee = congress.elections.get()

    count_again(place, committee, SWAPPED, board=people[-2:])

    assert [one.member for one in queries.without_ground(Election.objects.get(pk=secretary.pk))] == [people[4]]
    assert [one.election_id for one in editions.shaken_by_recount(committee.rounds.get())] == [secretary.pk]
    assert any("không còn đủ điều kiện" in one for one in gaps(meeting, readiness.REPORTING))
    with pytest.raises(NotReady):
        ratifying.report_results(meeting.pk, actor=place.secretary, at=when(2))
    annulling.annul_by_superior(secretary.pk, reasons="Công văn 05-CV (bịa)", actor=place.secretary, at=when(1))
    assert not any("không còn đủ điều kiện" in one for one in gaps(meeting, readiness.REPORTING))


@pytest.mark.rule("E-15")
def test_before_it_meets_the_roll_is_made_again_after_a_recount():
    place, congress, meeting = called()
    committee = congress.elections.get()
    count_again(place, committee, SWAPPED, board=place.members[-2:])
    told = "Danh sách triệu tập không đúng với kết quả bầu ban chấp hành."
    assert told in gaps(meeting, readiness.OPENING)

    preparing.convene(meeting.pk, actor=place.secretary, at=when(0, 20))

    assert told not in gaps(meeting, readiness.OPENING)
    assert {row.member for row in meeting.attendances.all()} == {*place.members[:4], place.members[5]}


@pytest.mark.rule("E-15")
def test_while_the_committee_is_counted_again_nobody_votes_or_reports_at_its_meeting():
    place, congress, meeting = called()
    people = place.members
    opened(place, meeting)
    (secretary,) = meeting.elections.all()
    ballot = secretary.rounds.get()
    slates.nominate(ballot.pk, member_id=people[0].pk, actor=place.secretary, at=when(0, 14, 20))
    give_accounts(place, people[-2:])
    committee = congress.elections.get()
    again = counting.recount(committee.rounds.get().pk, reasons="Khiếu nại", actor=place.tellers[1], at=when(0, 19))

    with pytest.raises(IllegalTransition, match="đang được kiểm đếm lại"):
        slates.fix_slate(ballot.pk, in_favour=5, actor=place.secretary, at=when(0, 19, 5))
    assert any("chưa xong sau kiểm đếm lại" in one for one in gaps(meeting, readiness.CLOSING))

    enter(place, again.pk, committee, [12, 11, 10, 9, 8, 1])
    sealing.seal(committee.rounds.get().pk, sheet_number=2, actor=place.tellers[1], at=when(0, 19, 20))
    assert slates.fix_slate(ballot.pk, in_favour=5, actor=place.secretary, at=when(0, 19, 30)).state == "slate_fixed"
    with pytest.raises(IllegalTransition, match="đang bỏ phiếu hoặc kiểm phiếu trên kết quả này"):
        counting.recount(committee.rounds.get().pk, reasons="Lần nữa", actor=place.tellers[1], at=when(0, 20))


@pytest.mark.rule("E-15")
def test_once_the_meeting_has_reported_its_congress_is_not_counted_again():
    place, congress, meeting = called()
    opened(place, meeting)
    vote(place, meeting.elections.get(), [place.members[0]])
    close(place, meeting)
    signed(place, meeting)
    minutes.issue_congress_minutes(meeting.pk, actor=place.secretary, at=when(0, 18))
    ratifying.report_results(meeting.pk, actor=place.secretary, at=when(2))
    give_accounts(place, place.members[-2:])

    with pytest.raises(IllegalTransition, match="đã báo cáo cấp trên"):
        counting.recount(
            congress.elections.get().rounds.get().pk, reasons="Khiếu nại", actor=place.tellers[1], at=when(3)
        )


# ---- what its papers call it ----


def told_by(paper: Paper, layout: str = "HD36_2018") -> str:
    """What is printed, without the styles."""
    html = paper_html(paper, layouts.layout(layout))
    return " ".join(unescape(re.sub(r"<style.*?</style>|<[^>]+>", " ", html, flags=re.DOTALL)).split())


def as_of_a_congress(told: str) -> list[str]:
    """Where it is called a congress, with the words around; the plan above it is one of congresses."""
    told = told.replace("Đại hội các chi bộ trực thuộc", "")
    return re.findall(".{0,40}đại hội.{0,40}", told, flags=re.IGNORECASE)


def test_no_paper_of_a_meeting_calls_it_a_congress():
    """A short vote and one that is complete, ballots, sheets, a recount, the minutes, the request, the decision."""
    place, _, meeting = called(standing=2)
    people = place.members
    standing, secretary = meeting.elections.order_by("pk")
    for member in people[:3]:
        slates.nominate(standing.rounds.get().pk, member_id=member.pk, actor=place.secretary, at=when(0, 17))
    opened(place, meeting)
    away = meeting.attendances.get(member=people[2])
    sitting.excuse_absence(away.pk, reason="Công tác (bịa)", actor=place.secretary, at=when(0, 14, 6))
    vote(place, standing, people[:3], votes=[4, 2, 2])
    rounds.conclude(standing.pk, reasons="Để khuyết.", in_favour=4, actor=place.secretary, at=when(0, 15, 30))
    slates.nominate(secretary.rounds.get().pk, member_id=people[0].pk, actor=place.secretary, at=when(0, 15, 31))
    vote(place, secretary, [people[0]])
    close(place, meeting)
    decided(place, meeting)

    papers = list(IssuedPaper.objects.filter(congress=meeting).order_by("pk"))
    found = {paper.code: told_by(registry.get(paper.code).from_dict(paper.data), paper.layout) for paper in papers}

    assert set(found) == {"F-10", "F-11", "F-17", "F-18"}
    assert {code: as_of_a_congress(told) for code, told in found.items()} == dict.fromkeys(found, [])
    assert "Hội nghị bế mạc hồi" in found["F-11"] and "Cấp ủy viên được triệu tập: " in found["F-11"]
    assert next(paper.title for paper in papers if paper.code == "F-11").startswith("Biên bản hội nghị")
    assert "Vắng mặt suốt hội nghị có lý do chính đáng" in found["F-10"].replace("vắng", "Vắng")
    assert "1. Cấp ủy viên tham gia bầu cử" in found["F-10"]
    for word in (" khóa cũ", "Đoàn Chủ tịch"):
        assert word not in found["F-11"]


@pytest.mark.parametrize("status", ["complete", "tie", "tie_again", "short"])
def test_the_minutes_of_a_count_say_whose_decision_is_next(status):
    example = TallyMinutes.from_dict(json.loads(Path("elections/papers/examples/F-10.json").read_text()))
    lines = tuple(replace(one, elected=False, tied=status.startswith("tie")) for one in example.lines)
    told = {"lines": lines, "open_seats": 2, "status": status} if status != "complete" else {}
    board, chair = example.signatures
    signed = {"signatures": (board, replace(chair, authority="Chủ trì Hội nghị"))}
    minutes = replace(example, electors="meeting", congress_name="Hội nghị lần thứ nhất", **told, **signed)

    assert as_of_a_congress(" ".join([minutes.opening, minutes.adopted, minutes.outcome, minutes.ending])) == []
    assert ("chủ trì Hội nghị" in minutes.outcome) == (status != "complete")
    assert "Đại hội" in replace(minutes, electors="members").ending


def test_the_minutes_of_an_opinion_ballot_leave_a_tie_to_the_meeting():
    example = json.loads(Path("elections/papers/examples/F-24.json").read_text())
    signed = [example["signatures"][0], {"authority": "Chủ trì Hội nghị", "name": "Phạm Thị Ánh (bịa)"}]
    example["lines"] = [one | {"joins": False, "tied": True} for one in example["lines"]]
    minutes = OpinionMinutes.from_dict(example | {"assembly": "Hội nghị", "signatures": signed})

    assert as_of_a_congress(" ".join([*minutes.outcome, minutes.ending])) == []
    assert "Chủ trì Hội nghị báo cáo để Hội nghị quyết định." in " ".join(minutes.outcome)
