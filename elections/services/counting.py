"""From the figures a teller types to the sealed result; then the next round or the end of the election."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts import audit
from accounts.errors import IllegalTransition, InvalidInput, NotReady, StaleVersion
from accounts.models import User
from congress.lifecycle import SITTING
from congress.models import Congress, Office
from congress.queries import electorate_of
from congress.services.preparing import lock as lock_congress
from documents.papers.numbering import format_number
from documents.services import papers
from elections import policies, queries
from elections.lifecycle import ROUND_LIFECYCLE, SEALED, SLATE_OPEN
from elections.minutes import tally_minutes
from elections.models import BallotRound, Candidate, Election, SealedResult, TallySheet
from elections.rules.decide import conclude as decide
from elections.rules.reading import read_case
from elections.services.slates import lock_round, move_round, tellers_on_slate

BLOCKING = ("rejected", "needs_ruling")
OVER = ("complete", "superior_appoints")


def case_of(ballot_round: BallotRound, congress: Congress, figures: Mapping[str, Any]) -> dict[str, Any]:
    """The case of the election engine: slate, frozen electorate and the typed ``ballots`` and ``votes``.

    Candidates are keyed by member id, because two people may share a name.
    """
    electorate = electorate_of(congress)
    return {
        "id": f"round-{ballot_round.pk}",
        "held_on": timezone.localdate(congress.opened_at).isoformat() if congress.opened_at else None,
        "regime": congress.regime,
        "office": ballot_round.election.office,
        "seats": ballot_round.seats,
        "ballot_round": ballot_round.number,
        "kind": ballot_round.kind,
        "electorate": {
            "summoned": electorate.summoned,
            "temporarily_elsewhere_absent": electorate.temporarily_elsewhere_absent,
            "exempt_absent": electorate.exempt_absent,
            "suspended_or_prosecuted": electorate.suspended_or_prosecuted,
            "excused_throughout": electorate.excused_throughout,
            "present": electorate.present,
        },
        "slate": [str(pk) for pk in ballot_round.candidates.values_list("member_id", flat=True)],
        "ballots": dict(figures["ballots"]),
        "votes": dict(figures["votes"]),
    }


def propose(ballot_round: BallotRound, congress: Congress, figures: Mapping[str, Any]) -> dict[str, Any]:
    """What the rules say of these figures, as the result of the election engine; writes nothing."""
    names = {str(one.member_id): one.shown_name for one in ballot_round.candidates.select_related("member")}
    case = read_case(case_of(ballot_round, congress, figures), names=names)
    result: dict[str, Any] = json.loads(json.dumps(decide(case, case.faults or ()).to_dict()))
    return result


def by_letter(findings: Iterable[Mapping[str, str]]) -> dict[str, list[str]]:
    """Letter on the tally sheet ("" for the whole) → what is wrong there and who does what next."""
    found: dict[str, list[str]] = {}
    for one in findings:
        found.setdefault(one["field"], []).append(" ".join(filter(None, (one["message"], one.get("next", "")))))
    return found


@transaction.atomic
def enter_count(
    round_id: int,
    *,
    figures: Mapping[str, Any],
    invalid_reasons: Sequence[Mapping[str, Any]] = (),
    note: str = "",
    actor: User,
    at: datetime,
) -> TallySheet:
    """Nhập kết quả kiểm phiếu. ``figures``: ``ballots`` and ``votes`` as the election engine reads them.

    Raises NotAllowed, IllegalTransition, NotReady (no tellers, a teller on the slate), or InvalidInput with
    every error the rules found, by letter of the tally sheet; then nothing is stored and the page keeps what was typed.
    """
    ballot_round, congress = lock_round(round_id)
    policies.can_enter_count(actor, ballot_round, congress).require()
    if congress.state != SITTING:
        raise IllegalTransition("Kết quả kiểm phiếu chỉ nhập khi đại hội đang diễn ra.")
    ROUND_LIFECYCLE.after("enter_count", state=ballot_round.state)
    require_tellers(ballot_round, congress)
    result = propose(ballot_round, congress, figures)
    errors = [finding for finding in result["findings"] if finding["level"] != "warning"]
    if result["status"] in BLOCKING or errors:
        raise InvalidInput(
            "Số liệu kiểm phiếu chưa khớp. Ban kiểm phiếu kiểm tra lại các điểm dưới đây.",
            fields=by_letter(errors),
        )
    reasons = [dict(one) for one in invalid_reasons if one.get("count")]
    _require_notes(result, reasons, note)
    sheet = ballot_round.sheets.create(
        number=ballot_round.sheets.count() + 1,
        entered_by=actor,
        entered_at=at,
        case=case_of(ballot_round, congress, figures),
        result=result,
        invalid_reasons=reasons,
        note=note.strip(),
    )
    move_round(ballot_round, "enter_count", at=at)
    ballot_round.save(update_fields=["state", "state_since"])
    audit.record("election.count_entered", ballot_round, actor=actor, at=at, number=sheet.number)
    return sheet


def _require_notes(result: Mapping[str, Any], reasons: Sequence[Mapping[str, Any]], note: str) -> None:
    """Invalid papers have their reasons (E-49, E-60); a warning has its explanation."""
    invalid = result["ballots"]["invalid"] or 0
    problems: dict[str, list[str]] = {}
    stated = sum(int(one["count"]) for one in reasons)
    if stated != invalid:
        problems["invalid_reasons"] = [
            f"Có {invalid} phiếu không hợp lệ nhưng đã ghi lý do cho {stated} phiếu. Ghi đủ lý do cho từng phiếu."
        ]
    warnings = [finding["message"] for finding in result["findings"] if finding["level"] == "warning"]
    if warnings and not note.strip():
        problems["note"] = [f"{' '.join(warnings)} Ghi giải trình của Ban kiểm phiếu vào ô này."]
    if problems:
        raise InvalidInput("Còn điểm phải giải trình trước khi trình trưởng ban kiểm phiếu.", fields=problems)


def require_tellers(ballot_round: BallotRound, congress: Congress) -> None:
    """Raise NotReady unless the congress has elected tellers with a head, none of them on the slate (E-27)."""
    gaps = []
    if not congress.officers.filter(office=Office.HEAD_TELLER).exists():
        gaps.append("Đại hội chưa bầu ban kiểm phiếu và trưởng ban. Biểu quyết bầu ban kiểm phiếu trước.")
    for name in tellers_on_slate(ballot_round):
        gaps.append(f"Đồng chí {name} vừa ở ban kiểm phiếu vừa có tên trong danh sách bầu. Thay người kiểm phiếu.")
    if gaps:
        raise NotReady("Chưa thể nhập kết quả kiểm phiếu.", gaps=gaps)


@transaction.atomic
def reject_count(round_id: int, *, reasons: str, actor: User, at: datetime) -> BallotRound:
    """Trưởng ban yêu cầu kiểm đếm lại; the entry stays readable and a new one follows."""
    ballot_round, congress = lock_round(round_id)
    policies.can_seal(actor, congress, newest_sheet(ballot_round)).require()
    ROUND_LIFECYCLE.after("reject_count", state=ballot_round.state)
    if not reasons.strip():
        raise InvalidInput("Ghi lý do kiểm đếm lại.", fields={"reasons": ["Ghi lý do kiểm đếm lại."]})
    move_round(ballot_round, "reject_count", at=at)
    ballot_round.save(update_fields=["state", "state_since"])
    audit.record("election.count_rejected", ballot_round, actor=actor, at=at, reasons=reasons.strip())
    return ballot_round


def newest_sheet(ballot_round: BallotRound) -> TallySheet | None:
    return ballot_round.sheets.order_by("-number").first()


def canonical(sheet: TallySheet, candidates: Sequence[Candidate]) -> str:
    """The sealed text: canonical JSON of what was counted, on whom, and what the rules concluded."""
    return json.dumps(
        {
            "round": sheet.round_id,
            "sheet": sheet.number,
            "names": {str(one.member_id): one.shown_name for one in candidates},
            "case": sheet.case,
            "result": sheet.result,
            "invalid_reasons": sheet.invalid_reasons,
            "note": sheet.note,
        },
        ensure_ascii=False,
        sort_keys=True,
        separators=(",", ":"),
    )


@transaction.atomic
def seal(round_id: int, *, sheet_number: int, actor: User, at: datetime) -> SealedResult:
    """Xác nhận và niêm phong: the head teller confirms the entry he looked at (``sheet_number``).

    Freezes the figures under their SHA-256, issues the counting minutes (F-10) and, when every seat is
    filled, concludes the election. Raises NotAllowed, IllegalTransition, StaleVersion or NotReady.
    """
    ballot_round, congress = lock_round(round_id)
    sheet = newest_sheet(ballot_round)
    policies.can_seal(actor, congress, sheet).require()
    ROUND_LIFECYCLE.after("seal", state=ballot_round.state)
    require_tellers(ballot_round, congress)
    if sheet is None or sheet.number != sheet_number:
        raise StaleVersion("Số liệu vừa được nhập lại. Xem lại bản mới trước khi niêm phong.", current=sheet)
    candidates = list(ballot_round.candidates.select_related("member"))
    content = canonical(sheet, candidates)
    move_round(ballot_round, "seal", at=at)
    ballot_round.save(update_fields=["state", "state_since"])
    sealed = ballot_round.seals.create(
        sheet=sheet,
        content=content,
        sha256=hashlib.sha256(content.encode()).hexdigest(),
        entered_by=sheet.entered_by,
        confirmed_by=actor,
        sealed_at=at,
    )
    _issue_minutes(sealed, congress, actor=actor, at=at)
    if sheet.result["status"] in OVER:
        election = ballot_round.election
        election.is_concluded, election.conclusion = True, _conclusion(sheet.result["status"])
        election.save(update_fields=["is_concluded", "conclusion"])
    audit.record("election.sealed", ballot_round, actor=actor, at=at, sha256=sealed.sha256)
    return sealed


def _conclusion(status: str) -> str:
    if status == "complete":
        return "Bầu đủ số lượng."
    return "Ba lần bầu không có người trúng cử; báo cáo cấp trên chỉ định bí thư."


def _issue_minutes(sealed: SealedResult, congress: Congress, *, actor: User, at: datetime) -> None:
    run = papers.congress_run(congress)
    number = papers.next_number(run)
    held_on = congress.held_on or timezone.localdate(at)
    notation = format_number(number, "BB", "ĐH")
    papers.issue(
        tally_minutes(sealed, congress, notation=notation, at=at),
        congress=congress,
        issuer=congress.organization,
        about=f"round:{sealed.round_id}",
        run=run,
        number=number,
        notation=notation.removeprefix("Số "),
        issued_on=held_on,
        actor=actor,
        at=at,
    )


def _lock_election(election_id: int) -> tuple[Election, Congress]:
    election = Election.objects.get(pk=election_id)
    congress = lock_congress(election.congress_id)
    locked = Election.objects.select_for_update().get(pk=election_id)
    locked.congress = congress
    return locked, congress


@transaction.atomic
def open_next_round(election_id: int, *, actor: User, at: datetime) -> BallotRound:
    """Bầu tiếp: among the tied for the last seats (E-53), or for the missing seats (E-55), as the congress decided."""
    election, congress = _lock_election(election_id)
    policies.can_prepare(actor, congress).require()
    last = queries.last_round(election)
    if congress.state != SITTING or election.is_concluded or last is None or last.state != SEALED:
        raise IllegalTransition("Chỉ bầu tiếp khi lần bỏ phiếu trước đã niêm phong mà chưa bầu đủ số lượng.")
    result = queries.sealed_results(election).get(round=last).sheet.result
    revote = result["status"] == "tie"
    following = election.rounds.create(
        number=last.number + 1,
        kind=BallotRound.Kind.TIE_REVOTE if revote else BallotRound.Kind.ORDINARY,
        seats=result["open_seats"],
        state=SLATE_OPEN,
        state_since=at,
    )
    keep = result["tied"] if revote else [pk for pk in result["votes"] if pk not in result["elected"]]
    for candidate in last.candidates.all():
        if str(candidate.member_id) in keep:
            following.candidates.create(member_id=candidate.member_id, source=candidate.source)
    audit.record("election.round_opened", following, actor=actor, at=at, seats=following.seats)
    return following


def require_concludable(election: Election, congress: Congress) -> None:
    """Raise IllegalTransition unless the last round is sealed, seats are open and the congress still sits."""
    last = queries.last_round(election)
    if congress.state != SITTING or election.is_concluded or last is None or last.state != SEALED:
        raise IllegalTransition("Chỉ kết thúc cuộc bầu khi lần bỏ phiếu cuối đã niêm phong.")


@transaction.atomic
def conclude(election_id: int, *, reasons: str, actor: User, at: datetime) -> Election:
    """Đại hội quyết định dừng bầu with seats open (E-55): recorded with the reason."""
    election, congress = _lock_election(election_id)
    policies.can_prepare(actor, congress).require()
    require_concludable(election, congress)
    if not reasons.strip():
        raise InvalidInput("Ghi quyết định của đại hội.", fields={"reasons": ["Ghi quyết định của đại hội."]})
    election.is_concluded, election.conclusion = True, reasons.strip()[:300]
    election.save(update_fields=["is_concluded", "conclusion"])
    audit.record("election.concluded", election, actor=actor, at=at, reasons=election.conclusion)
    return election
