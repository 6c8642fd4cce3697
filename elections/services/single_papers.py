"""A count paper by paper: what each of two people reads, what both read differently, what the board rules."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from accounts import audit
from accounts.errors import IllegalTransition, InvalidInput, StaleVersion
from accounts.models import User
from congress.models import Congress
from elections import policies
from elections.models import BallotRound, BoardRuling, Count, CountedPaper, CountEntry, CountSeat
from elections.rules.papers import (
    NAME_REASON_LABELS,
    REASON_LABELS,
    Doubt,
    Reason,
    ground_fits,
    name_reasons_possible,
)
from elections.services.agreement import agree_if_equal, doubts_of
from elections.services.counting import expected_papers, lock_count, require_entering, seat_of, store
from elections.services.proposing import propose
from elections.standings import InDoubt, differing_papers, papers_of, standing_of

UNCLEAR_ALONE = (
    "Chỉ được không tính cho đồng chí mà hai kiểm phiếu viên cùng đánh dấu “tên không rõ” và không bị gạch, để trống. "
    "Nếu tên không rõ chưa được đánh dấu, bỏ lần kiểm này rồi đọc lại phiếu."
)
ALL_COUNTS = "Phiếu này đọc rõ bầu cho ai nên không bỏ phiếu của riêng ai. Kết luận hợp lệ hoặc không hợp lệ cả phiếu."


@transaction.atomic
def write_paper(
    count_id: int, *, team: int = 1, slip: int, reading: Mapping[str, Any], actor: User, at: datetime
) -> CountedPaper:
    """Ghi một phiếu, or ghi lại while it is not sent or while it is one that the two people read differently.

    ``reading``: ``kept`` or ``marks``, and ``flaws``, as the election engine reads papers. Untimed and without an
    event: only sending the whole stack is recorded. Raises InvalidInput, IllegalTransition or NotAllowed.
    """
    count, ballot_round, congress = lock_count(count_id)
    policies.can_enter_count(actor, ballot_round, congress).require()
    require_entering(count)
    _require_papers(count)
    seat = seat_of(count, team, actor, at)
    if not 1 <= slip <= (count.ledger.returned or 0):
        raise InvalidInput(f"Thứ tự phiếu từ 1 đến {count.ledger.returned}, theo số phiếu thu về trong sổ phiếu.")
    standing = standing_of(count, seat.team)
    if seat.entries.exists() and not (standing.waits_for(seat) and slip in standing.slips):
        raise IllegalTransition(f"Phiếu {slip} đã gửi nên không sửa; chỉ nhập lại phiếu mà hai người ghi khác nhau.")
    faults = propose(ballot_round, congress, {"papers": [dict(reading)], "issued": count.ledger.issued})["findings"]
    wrong = [one["message"] for one in faults if one["level"] == "error" and one["field"].startswith("P")]
    if wrong:
        raise InvalidInput(" ".join(wrong), fields={"": wrong})
    paper, _ = seat.papers.update_or_create(slip=slip, defaults={"reading": dict(reading)})
    return paper


@transaction.atomic
def submit_papers(count_id: int, *, team: int = 1, revision: int = 1, actor: User, at: datetime) -> CountEntry:
    """Gửi tập phiếu: the papers this person has read, compared by place with those of the other.

    The entry keeps only the places that differ: sums of two sendings would tell what a single paper says.
    Raises InvalidInput while a place in the stack is missing, else as ``submit_entry``.
    """
    count, ballot_round, congress = lock_count(count_id)
    policies.can_enter_count(actor, ballot_round, congress).require()
    sent = CountEntry.objects.filter(seat__count=count, seat__teller=actor, revision=revision).first()
    if sent is not None:
        return sent
    require_entering(count)
    _require_papers(count)
    seat = seat_of(count, team, actor, at)
    last = seat.entries.order_by("-revision").first()
    standing = standing_of(count, seat.team)
    if revision != (last.revision + 1 if last else 1) or (last is not None and not standing.waits_for(seat)):
        raise StaleVersion("Trang này không còn mới. Mở lại trang kiểm phiếu để xem cần nhập gì.", current=last)
    papers = papers_of(seat)
    _require_whole_stack(papers, count)
    figures = {"differs": _set_apart(count, seat, revision)}
    return store(seat, figures, revision, count, ballot_round, congress, actor=actor, at=at)


def _set_apart(count: Count, seat: CountSeat, revision: int) -> list[int]:
    """The second of the two to send: places read differently, whose readings both have to type again from blank."""
    seats = list(count.seats.filter(team=seat.team))
    others = CountEntry.objects.filter(seat__in=seats, revision=revision).exclude(seat=seat)
    if len(seats) < 2 or not others.exists():
        return []
    differing = differing_papers(seats)
    CountedPaper.objects.filter(seat__in=seats, slip__in=differing).update(reading={})
    return differing


def _require_whole_stack(papers: Mapping[int, Any], count: Count) -> None:
    expected = expected_papers(count)
    last = max(papers, default=0) if expected is None else expected
    missing = [slip for slip in range(1, last + 1) if slip not in papers]
    if missing or not papers:
        listed = ", ".join(str(slip) for slip in missing[:20]) or "1"
        raise InvalidInput(f"Chưa nhập phiếu thứ {listed}. Nhập đủ {last or 1} phiếu rồi gửi.")


@transaction.atomic
def rule_on_paper(
    count_id: int,
    *,
    team: int = 1,
    slip: int,
    verdict: str,
    category: str = "",
    uncounted: Collection[str | int] = (),
    reason: str,
    actor: User,
    at: datetime,
) -> BoardRuling:
    """Ban kiểm phiếu kết luận on a paper in doubt (E-49), recorded by the head with its legal category.

    ``uncounted``: ids of members for whom a paper ruled valid does not count, while the rest of it does: of those
    whose names both people of the team read as unclear; no ruling takes away a vote that both read clearly. Then
    ``category`` says why these names do not count (``NameReason``).
    Raises InvalidInput, IllegalTransition or NotAllowed.
    """
    count, ballot_round, congress = lock_count(count_id)
    policies.can_head_the_board(actor, ballot_round, congress).require()
    require_entering(count)
    doubts = {one.slip: one for one in doubts_of(count, ballot_round, congress) if one.team == team}
    if slip not in doubts:
        raise IllegalTransition(f"Phiếu {slip} không phải phiếu chờ ban kiểm phiếu kết luận.")
    problems: dict[str, list[str]] = {}
    if verdict not in BoardRuling.Verdict.values:
        problems["verdict"] = ["Chọn hợp lệ hoặc không hợp lệ."]
    if verdict == BoardRuling.Verdict.INVALID and category not in REASON_LABELS:
        problems["category"] = ["Chọn căn cứ phiếu không hợp lệ."]
    elif verdict == BoardRuling.Verdict.INVALID:
        problems |= _why_not_on_this_ground(Reason(category), doubts[slip], ballot_round)
    left_out = sorted({int(pk) for pk in uncounted})
    if verdict == BoardRuling.Verdict.VALID:
        problems |= _why_not_for_names(category, left_out, doubts[slip])
    problems |= _why_not(left_out, verdict, doubts[slip], count, ballot_round, congress)
    if not reason.strip():
        problems["reason"] = ["Ghi lý do kết luận của ban kiểm phiếu để đưa vào biên bản."]
    if problems:
        raise InvalidInput("Còn thiếu nội dung kết luận.", fields=problems)
    ruling = count.rulings.create(
        team=team,
        slip=slip,
        question=doubts[slip].question[:300],
        verdict=verdict,
        category=category if left_out or verdict == BoardRuling.Verdict.INVALID else "",
        uncounted=left_out or None,
        reason=reason.strip()[:300],
        recorded_by=actor,
        recorded_at=at,
    )
    audit.record(
        "election.paper_ruled",
        ballot_round,
        actor=actor,
        at=at,
        verdict=ruling.get_verdict_display().lower(),
    )
    agree_if_equal(count, ballot_round, congress, at=at)
    return ruling


def _why_not_on_this_ground(ground: Reason, doubt: InDoubt, ballot_round: BallotRound) -> dict[str, list[str]]:
    """A ground that what both people read on the paper contradicts (E-47)."""
    if ground_fits(ground, doubt.paper, ballot_round.seats):
        return {}
    told = (
        f"Hai kiểm phiếu viên cùng đọc phiếu này không phải là phiếu {REASON_LABELS[ground]}. "
        "Chọn căn cứ khác; nếu đã đọc nhầm, bỏ lần kiểm này rồi đọc lại phiếu."
    )
    return {"category": [told]}


def _why_not_for_names(category: str, names: Sequence[int], doubt: InDoubt) -> dict[str, list[str]]:
    """What is wrong with the category of a paper ruled valid: it says why a name does not count, and only that."""
    if not names:
        told = "Chọn đồng chí không được tính, hoặc để trống căn cứ nếu phiếu được tính cho mọi đồng chí."
        return {"uncounted": [told]} if category in NAME_REASON_LABELS else {}
    if category not in name_reasons_possible(by_agreement="marks" in doubt.reading):
        return {"category": ["Chọn căn cứ không tính cho đồng chí đã chọn, trong nhóm “Không tính cho một đồng chí”."]}
    return {}


def _why_not(
    names: Sequence[int], verdict: str, doubt: InDoubt, count: Count, ballot_round: BallotRound, congress: Congress
) -> dict[str, list[str]]:
    """Why the board cannot rule so, by field: the rules read what counts on a paper that it calls valid."""
    if names and verdict != BoardRuling.Verdict.VALID:
        told = "Phiếu không hợp lệ thì không tính cho ai; chỉ chọn tên không tính khi kết luận phiếu hợp lệ."
        return {"uncounted": [told]}
    if verdict != BoardRuling.Verdict.VALID:
        return {}
    if set(names) - set(doubt.leavable):
        return {"uncounted": [UNCLEAR_ALONE if doubt.doubt == Doubt.UNCLEAR else ALL_COUNTS]}
    ruling = {"ruling": verdict, "uncounted": [str(pk) for pk in names]}
    found = propose(ballot_round, congress, {"papers": [{**doubt.reading, **ruling}], "issued": count.ledger.issued})
    wrong = [one["message"] for one in found["findings"] if one["level"] == "error" and one["field"].startswith("P")]
    if not wrong:
        return {}
    told = "Phiếu được tính như vậy thì không hợp lệ. Kết luận không hợp lệ, hoặc chọn lại những tên không tính."
    return {"uncounted" if names else "verdict": [told]}


def _require_papers(count: Count) -> None:
    if count.method != Count.Method.PAPERS:
        raise IllegalTransition("Lần kiểm phiếu này nhập theo tổng số, không nhập từng phiếu.")
