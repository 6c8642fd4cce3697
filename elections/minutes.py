"""From sealed results to the data of papers: F-10, and the elections section of F-11."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from django.utils import timezone

from congress.models import CardVote, Congress, Office
from congress.rules import regimes
from documents.letterheads import TO_SIGN, of_tellers
from documents.papers import congress_minutes as f11
from documents.papers.base import Person, Signature
from elections import queries
from elections.models import BallotRound, Candidate, Election, SealedResult
from elections.papers import CandidateLine, Deduction, InvalidReason, ReasoningStep, TallyMinutes, Teller
from elections.papers.offices import OFFICES

DEDUCTIONS = (
    ("temporarily_elsewhere_absent", "Sinh hoạt tạm thời ở nơi khác, vắng mặt"),
    ("exempt_absent", "Được miễn công tác và sinh hoạt đảng, vắng mặt"),
    ("suspended_or_prosecuted", "Bị đình chỉ sinh hoạt đảng, khởi tố, truy tố, tạm giam"),
    ("excused_throughout", "Vắng mặt suốt đại hội có lý do chính đáng được cấp ủy triệu tập đồng ý"),
)


def names_on(candidates: Sequence[Candidate]) -> dict[int, Person]:
    """Member id → the name as printed; two people of one name are told apart by the year of birth."""
    same = Counter(one.shown_name for one in candidates)
    return {
        one.member_id: Person(
            name=one.shown_name,
            note=f"sinh năm {one.shown_birth_year}" if same[one.shown_name] > 1 and one.shown_birth_year else "",
        )
        for one in candidates
    }


def regulation_name(code: str) -> str:
    """The election regulation as papers cite it, with its number and date."""
    regulation = regimes.by_code(code).regulation
    return f"Quy chế bầu cử trong Đảng ban hành kèm theo {regulation.title}" if code else ""


def tally_minutes(sealed: SealedResult, congress: Congress, *, notation: str, at: datetime) -> TallyMinutes:
    """Biên bản kiểm phiếu of one sealed round: every figure as sealed."""
    ballot_round, sheet = sealed.round, sealed.sheet
    result, electorate = sheet.result, sheet.case["electorate"]
    candidates = list(ballot_round.candidates.select_related("member"))
    names = names_on(candidates)
    held_on = congress.held_on or timezone.localdate(at)
    tellers = list(congress.officers.filter(office__in=[Office.HEAD_TELLER, Office.TELLER]).select_related("member"))
    tellers.sort(key=lambda one: one.office != Office.HEAD_TELLER)
    chair = congress.officers.filter(office=Office.CHAIR).select_related("member").first()
    presidium = congress.officers.filter(office=Office.PRESIDIUM).exists()
    finished = timezone.localtime(at)
    return TallyMinutes(
        letterhead=of_tellers(congress, number=notation, on=held_on),
        draft_mark=TO_SIGN,
        organization_name=congress.organization.name,
        term=congress.term_label,
        congress_name=congress.name,
        held_on=held_on,
        finished_at=finished.time().replace(second=0, microsecond=0) if finished.date() == held_on else None,
        venue=congress.place,
        regulation=regulation_name(result["regime"]),
        office=ballot_round.election.office,
        kind=ballot_round.kind,
        ballot_round=ballot_round.number,
        seats=ballot_round.seats,
        ballot=result["layout"],
        summoned=electorate["summoned"],
        present=electorate["present"],
        deductions=tuple(Deduction(reason=text, count=electorate[key]) for key, text in DEDUCTIONS if electorate[key]),
        base=result["base"],
        needed=result["needed"],
        **{key: result["ballots"][key] for key in ("issued", "returned", "valid", "invalid")},
        invalid_reasons=tuple(
            InvalidReason(reason=one["reason"], count=int(one["count"])) for one in sheet.invalid_reasons
        ),
        tellers=tuple(
            Teller(name=one.member.display_name, role="Trưởng ban" if one.office == Office.HEAD_TELLER else "Ủy viên")
            for one in tellers
        ),
        lines=tuple(_line(one, names[one.member_id], result) for one in candidates),
        status=result["status"],
        open_seats=result["open_seats"],
        remarks=tuple(one.text for one in sheet.notes.all()),
        reasoning=tuple(
            ReasoningStep(rule=step["rule"], text=step["text"], citation=step["citation"])
            for step in result["reasoning"]
        ),
        signatures=(
            Signature(authority="T/M Ban kiểm phiếu", post="Trưởng ban", name=tellers[0].member.display_name),
            Signature(
                authority="T/M Đoàn Chủ tịch" if presidium else "Chủ tịch Đại hội",
                post="",
                name=chair.member.display_name if chair else "",
            ),
        ),
    )


def _line(candidate: Candidate, person: Person, result: dict) -> CandidateLine:  # type: ignore[type-arg]  # plain JSON
    key = str(candidate.member_id)
    votes = result["votes"][key]
    agreed = queries.votes_for(votes)
    disagreed = votes["disagree"] if isinstance(votes, dict) else 0
    return CandidateLine(
        name=person.name,
        note=person.note,
        votes=agreed,
        disagree=disagreed,
        not_counted=result["ballots"]["valid"] - agreed - disagreed if isinstance(votes, dict) else 0,
        elected=key in result["elected"],
        tied=key in result["tied"],
    )


def election_records(congress_id: int) -> tuple[f11.ElectionRecord, ...]:
    """Every sealed round of the congress's current elections, in order, for the congress minutes."""
    congress = Congress.objects.select_related("organization").get(pk=congress_id)
    return tuple(
        _record(election, seal, congress)
        for election in queries.current_elections(congress)
        for seal in queries.sealed_results(election)
    )


def _record(election: Election, seal: SealedResult, congress: Congress) -> f11.ElectionRecord:
    ballot_round, result = seal.round, seal.sheet.result
    candidates = list(ballot_round.candidates.select_related("member"))
    names = names_on(candidates)
    tellers = congress.officers.filter(office__in=[Office.HEAD_TELLER, Office.TELLER]).select_related("member")
    again = f" (lần {ballot_round.number})" if ballot_round.number > 1 else ""

    def of(source: str) -> tuple[Person, ...]:
        return tuple(names[one.member_id] for one in candidates if one.source == source)

    return f11.ElectionRecord(
        title=f"Bầu {OFFICES[election.office].body} {congress.organization.name}{again}",
        seats=ballot_round.seats,
        proposed=of(Candidate.Source.COMMITTEE),
        nominated=of(Candidate.Source.NOMINATED),
        standing=of(Candidate.Source.STOOD),
        slate=tuple(names[one.member_id] for one in candidates),
        slate_vote=_slate_vote(ballot_round, congress),
        tellers=tuple(Person(name=one.member.display_name) for one in tellers),
        base=result["base"],
        **{key: result["ballots"][key] for key in ("issued", "returned", "valid", "invalid")},
        results=tuple(
            f11.ResultLine(
                name=names[one.member_id].name,
                note=names[one.member_id].note,
                votes=queries.votes_for(result["votes"][str(one.member_id)]),
                elected=str(one.member_id) in result["elected"],
            )
            for one in candidates
        ),
    )


def _slate_vote(ballot_round: BallotRound, congress: Congress) -> f11.CardVote | None:
    if ballot_round.fixed_vote is None:
        return None
    vote: CardVote = ballot_round.fixed_vote
    return f11.CardVote(agree=vote.in_favour, disagree=vote.against, other=vote.abstained, base=vote.base)
