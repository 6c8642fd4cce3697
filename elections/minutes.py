"""From what was counted to the data of papers: F-10, F-24, F-25."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.utils import timezone

from congress.models import Congress, Office
from congress.rules import regimes
from documents.letterheads import TO_SIGN, of_congress, of_tellers
from documents.models import IssuedPaper
from documents.papers.base import Person, Signature
from elections import queries
from elections.dropped import dropped_before, printed_otherwise, sentence_of, sentence_of_void, void_before
from elections.models import BallotRound, Candidate, ElectedOffice, OpinionBallot, SealedResult, TallySheet
from elections.papers import (
    CandidateLine,
    ChangedFigure,
    CitedMinutes,
    Corrigendum,
    DeductedPerson,
    Deduction,
    DoubtfulPaper,
    ExplainedWarning,
    InvalidReason,
    LedgerLine,
    OpinionLine,
    OpinionMinutes,
    ReasoningStep,
    Replacement,
    SealShown,
    TallyMinutes,
    Teller,
)
from elections.rules.papers import category_label
from elections.rulings import of_count as rulings_of
from elections.rulings import verdict_of
from elections.standings import handing_out
from organizations.models import Organization

OF_THE_COMMITTEE = (ElectedOffice.STANDING_COMMITTEE, ElectedOffice.SECRETARY, ElectedOffice.DEPUTY_SECRETARY)
"""Offices of a committee; in a branch they are called by the branch."""
COUNTED_OPINIONS = "Người kiểm phiếu xin ý kiến"
"""Who counted an opinion ballot is not recorded, so the name is written by hand, not guessed from who typed."""
DEDUCTIONS = (
    ("temporarily_elsewhere_absent", "Sinh hoạt tạm thời ở nơi khác, vắng mặt"),
    ("exempt_absent", "Được miễn công tác và sinh hoạt đảng, vắng mặt"),
    ("suspended_or_prosecuted", "Bị đình chỉ sinh hoạt đảng, khởi tố, truy tố, tạm giam"),
    ("excused_throughout", "Vắng mặt suốt đại hội có lý do chính đáng được cấp ủy triệu tập đồng ý"),
    ("convening_members_absent", "Ủy viên cấp ủy triệu tập vắng mặt suốt đại hội"),
    ("unreplaced_absent", "Đại biểu chính thức vắng mặt suốt đại hội, không có đại biểu dự khuyết thay"),
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


def body_of(office: str, organization: Organization) -> str:
    """Whose office it is: the branch's or the đảng bộ's; of a standing committee and leaders, the committee's."""
    if organization.is_branch or office not in OF_THE_COMMITTEE:
        return organization.name
    return organization.committee


def signed_by_board(congress: Congress) -> tuple[Signature, Signature]:
    """The head of the tellers on the left, the chair on the right."""
    head = _officer(congress, Office.HEAD_TELLER)
    return Signature(authority="T/M Ban kiểm phiếu", post="Trưởng ban", name=head), _chair(congress)


def _chair(congress: Congress) -> Signature:
    presidium = congress.officers.filter(office=Office.PRESIDIUM).exists()
    alone = "Chủ trì Hội nghị" if congress.is_meeting else "Chủ tịch Đại hội"
    return Signature(
        authority="T/M Đoàn Chủ tịch" if presidium else alone, post="", name=_officer(congress, Office.CHAIR)
    )


def _officer(congress: Congress, office: str) -> str:
    found = congress.officers.filter(office=office).select_related("member").first()
    return found.member.display_name if found else ""


def _day_of(congress: Congress, at: datetime) -> date:
    return congress.held_on or timezone.localdate(at)


def minutes_of(sealed: SealedResult) -> CitedMinutes | None:
    """How other papers cite the counting minutes of this edition; each seal issues its minutes once."""
    about = f"round:{sealed.round_id}"
    found = IssuedPaper.objects.filter(code=TallyMinutes.code, about=about, edition=sealed.edition).first()
    return CitedMinutes(number=found.notation, on=found.issued_on) if found else None


def day_of_minutes(sealed: SealedResult, congress: Congress, at: datetime) -> date:
    """The day of the vote; of a recount the day it was sealed, which may be a later one."""
    return timezone.localdate(at) if sealed.edition > 1 else _day_of(congress, at)


def _of_a_recount(sealed: SealedResult, at: datetime) -> dict[str, Any]:
    if sealed.edition == 1:
        return {}
    before = sealed.round.seals.get(edition=sealed.edition - 1)
    told = {"recounted_on": timezone.localdate(at), "recount_reason": sealed.reason or ""}
    return told | {"replaced": minutes_of(before)}


def tally_minutes(sealed: SealedResult, congress: Congress, *, notation: str, at: datetime) -> TallyMinutes:
    """Biên bản kiểm phiếu of one sealed round: every figure as sealed, with the annex that explains them."""
    ballot_round, sheet = sealed.round, sealed.sheet
    result, electorate = sheet.result, sheet.case["electorate"]
    candidates = list(ballot_round.candidates.select_related("member"))
    names = names_on(candidates)
    held_on = _day_of(congress, at)
    tellers = list(congress.officers.filter(office__in=[Office.HEAD_TELLER, Office.TELLER]).select_related("member"))
    tellers.sort(key=lambda one: one.office != Office.HEAD_TELLER)
    finished, written_on = timezone.localtime(at), day_of_minutes(sealed, congress, at)
    return TallyMinutes(
        letterhead=of_tellers(congress, number=notation, on=written_on),
        draft_mark=TO_SIGN,
        organization_name=body_of(ballot_round.election.office, congress.organization),
        term=congress.term_label,
        congress_name=congress.name,
        held_on=held_on,
        finished_at=finished.time().replace(second=0, microsecond=0) if finished.date() == written_on else None,
        venue=congress.place,
        regulation=regulation_name(result["regime"]),
        office=ballot_round.election.office,
        kind=ballot_round.kind,
        ballot_round=ballot_round.number,
        seats=ballot_round.seats,
        ballot=result["layout"],
        electors=congress.kind,
        summoned=electorate["summoned"],
        present=electorate["present"],
        deductions=tuple(_deductions(electorate, ballot_round.electorate or {}, congress)),
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
        reasoning=tuple(_step(step, congress) for step in result["reasoning"]),
        replacements=tuple(
            Replacement(delegate=one["delegate"], alternate=one["alternate"])
            for one in (ballot_round.electorate or {}).get("replacements", ())
        ),
        signatures=signed_by_board(congress),
        **_of_a_recount(sealed, at),
        **_of_the_count(sheet, {pk: one.shown for pk, one in names.items()}),
    )


def _as_it_is_called(text: str, congress: Congress) -> str:
    """Sentences of the rules speak of a congress."""
    return congress.said(text) if congress.is_meeting else text


def _step(step: Mapping[str, str], congress: Congress) -> ReasoningStep:
    text = _as_it_is_called(step["text"], congress)
    return ReasoningStep(rule=step["rule"], text=text, citation=step["citation"], certainty=step.get("certainty", ""))


def _deductions(figures: Mapping[str, Any], frozen: Mapping[str, Any], congress: Congress) -> Iterator[Deduction]:
    """Each class taken out of the base; its people as they were kept with the vote (``electorate_snapshot``)."""
    people = {one["figure"]: one["people"] for one in frozen.get("deductions", ())}
    for key, reason in DEDUCTIONS:
        if number := figures.get(key, 0):
            yield Deduction(
                reason=_as_it_is_called(reason, congress),
                count=number,
                people=tuple(_deducted(person) for person in people.get(key, ())),
            )


def _deducted(person: Mapping[str, Any]) -> DeductedPerson:
    ground = ", ".join(filter(None, (person.get("ground"), person.get("note"))))
    when = person.get("accepted_at")
    return DeductedPerson(
        name=person["name"],
        ground=ground,
        accepted_by=person.get("accepted_by") or "",
        accepted_on=_day(when) if when else None,
    )


def _day(moment: str) -> date:
    """The day of an ISO moment in Vietnam; a plain day as it is."""
    if len(moment) <= len("2026-01-01"):
        return date.fromisoformat(moment)
    return timezone.localdate(datetime.fromisoformat(moment))


def _of_the_count(sheet: TallySheet, names: Mapping[int, str]) -> dict[str, Any]:
    """Ledger, rulings on papers in doubt, counts that were dropped, explanations of warnings."""
    count = sheet.count
    warnings = tuple(ExplainedWarning(message=one.message, text=one.text) for one in sheet.notes.order_by("pk"))
    if count is None:
        return {"warnings": warnings}
    ledger = count.ledger
    if beside := printed_otherwise(ledger):
        warnings = (ExplainedWarning(message=beside, text=ledger.printed_note or ""), *warnings)
    again = handing_out(sheet.round, ledger)
    figures = {name: getattr(ledger, name) for name in ("printed", "issued", "spoiled", "unused", "returned")}
    return {
        "warnings": warnings,
        "dropped": tuple(sentence_of(one, names) for one in dropped_before(count)),
        "void_ledgers": tuple(sentence_of_void(one) for one in void_before(ledger)),
        "ledger": LedgerLine(**figures, handing_out=again) if None not in figures.values() else None,
        "rulings": tuple(
            DoubtfulPaper(
                question=one.question,
                verdict=verdict_of(one, names),
                category=category_label(one.category),
                reason=one.reason,
            )
            for one in rulings_of(count)
        ),
    }


def corrigendum(
    old_seal: SealedResult, new_seal: SealedResult, congress: Congress, *, notation: str, at: datetime
) -> Corrigendum:
    """Biên bản đính chính of a recount: every figure of the newer seal that is not what it was."""
    ballot_round, recounted_on = new_seal.round, timezone.localdate(at)
    return Corrigendum(
        letterhead=of_tellers(congress, number=notation, on=recounted_on),
        draft_mark=TO_SIGN,
        organization_name=body_of(ballot_round.election.office, congress.organization),
        term=congress.term_label,
        congress_name=congress.name,
        recounted_on=recounted_on,
        office=ballot_round.election.office,
        ballot_round=ballot_round.number,
        reason=new_seal.reason or "",
        changes=tuple(_changes(old_seal.sheet, new_seal.sheet, ballot_round)),
        old=_seal_shown(old_seal),
        new=_seal_shown(new_seal),
        corrected=minutes_of(old_seal),
        replacing=minutes_of(new_seal),
        signatures=signed_by_board(congress),
    )


def _seal_shown(seal: SealedResult) -> SealShown:
    people = [seal.entered_by, *([seal.second_by] if seal.second_by else [])]
    return SealShown(
        edition=seal.edition,
        sealed_on=timezone.localdate(seal.sealed_at),
        entered_by=tuple(one.full_name for one in people),
        confirmed_by=seal.confirmed_by.full_name,
        sha256=seal.sha256,
    )


BALLOT_FIGURES = (
    ("issued", "Số phiếu phát ra"),
    ("returned", "Số phiếu thu về"),
    ("valid", "Số phiếu hợp lệ"),
    ("invalid", "Số phiếu không hợp lệ"),
)
RESULT_FIGURES = (
    ("base", "Căn cứ tính kết quả"),
    ("needed", "Số phiếu cần để trúng cử"),
    ("open_seats", "Số lượng còn thiếu"),
)


def _changes(old: TallySheet, new: TallySheet, ballot_round: BallotRound) -> Iterator[ChangedFigure]:
    names = {str(pk): one.shown for pk, one in names_on(list(ballot_round.candidates.select_related("member"))).items()}
    before, after = old.result, new.result
    pairs = [(label, before["ballots"][key], after["ballots"][key]) for key, label in BALLOT_FIGURES]
    for pk, name in names.items():
        pairs += _vote_pairs(name, before["votes"][pk], after["votes"][pk])
    pairs += [(label, before[key], after[key]) for key, label in RESULT_FIGURES]
    for what, key in (("Trúng cử", "elected"), ("Bằng phiếu, phải bầu lại", "tied")):
        gone = ", ".join(names[pk] for pk in before[key] if pk not in after[key])
        come = ", ".join(names[pk] for pk in after[key] if pk not in before[key])
        pairs.append((f"{what} (chỉ ghi người thay đổi)", gone or "–", come or "–"))
    yield from (ChangedFigure(label=label, old=str(was), new=str(now)) for label, was, now in pairs if was != now)


def _vote_pairs(name: str, old: Any, new: Any) -> list[tuple[str, int, int]]:
    if not isinstance(new, dict):
        return [(f"Số phiếu bầu đồng chí {name}", old, new)]
    words = {"agree": "đồng ý", "disagree": "không đồng ý"}
    return [(f"Số phiếu {words[key]} với đồng chí {name}", old[key], new[key]) for key in words]


def opinion_minutes(opinion: OpinionBallot, congress: Congress, *, notation: str, at: datetime) -> OpinionMinutes:
    """Biên bản kiểm phiếu xin ý kiến of a confirmed opinion ballot; called before anybody leaves the slate."""
    ballot_round, held_on, finished = opinion.round, _day_of(congress, at), timezone.localtime(at)
    candidates = [one for one in _in_order(ballot_round) if str(one.member_id) in opinion.support]
    names = names_on(candidates)
    return OpinionMinutes(
        letterhead=of_congress(congress, number=notation, on=held_on),
        draft_mark=TO_SIGN,
        organization_name=body_of(ballot_round.election.office, congress.organization),
        term=congress.term_label,
        congress_name=congress.name,
        held_on=held_on,
        finished_at=finished.time().replace(second=0, microsecond=0) if finished.date() == held_on else None,
        office=ballot_round.election.office,
        number=opinion.number,
        seats=ballot_round.seats,
        regulation=regulation_name(congress.regime),
        **{key: getattr(opinion, key) for key in ("issued", "returned", "valid", "invalid")},
        lines=tuple(
            OpinionLine(
                name=names[one.member_id].name,
                note=names[one.member_id].note,
                source=one.source,
                support=opinion.support[str(one.member_id)],
                joins=str(one.member_id) in opinion.joining,
                tied=str(one.member_id) in opinion.tied,
            )
            for one in candidates
        ),
        entered_by=opinion.entered_by.full_name,
        confirmed_by=opinion.confirmed_by.full_name if opinion.confirmed_by else "",
        signatures=(
            Signature(authority=COUNTED_OPINIONS),
            _chair(congress),
        ),
        assembly=congress.word.capitalize(),
    )


def _in_order(ballot_round: BallotRound) -> list[Candidate]:
    """By name, as the slate will be ordered once it is fixed (E-39)."""
    return list(ballot_round.candidates.select_related("member").order_by(*queries.BALLOT_ORDER))


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
