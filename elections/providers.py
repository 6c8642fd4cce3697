"""Duties about elections: enter a count, seal it, send the signed minutes, report the result, ratify it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q, Subquery
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from accounts.roles import Role
from accounts.wording import day as day_in_words
from congress import readiness
from congress.clocks import complaints_until
from congress.duties import Duty
from congress.lifecycle import CLOSED, REPORTED, SITTING
from congress.models import Congress, Office, Officer
from congress.providers import EXAMINED, PREPARERS
from congress.queries import working_calendar
from congress.reach import exactly_at, holds_anywhere, roles_for, under
from elections import policies, queries, standings
from elections.lifecycle import COUNTED, COUNTING, SEALED, SLATE_FIXED, SLATE_OPEN
from elections.models import (
    BallotRound,
    Complaint,
    Count,
    OpinionBallot,
    Ratification,
    SealedResult,
    SignedSheet,
    TallySheet,
)
from elections.services import agreement
from elections.services.opinions import CONFIRMING


def to_count(user: User) -> Iterator[Duty]:
    """The board keeps the ledger and starts; two type; the head, who typed none of it, rules, confirms and seals."""
    if not holds_anywhere(user, Role.TELLER):
        return
    newest = TallySheet.objects.filter(round=OuterRef("pk")).order_by("-number")
    live = Count.objects.filter(round=OuterRef("pk"), state__in=[Count.State.ENTERING, Count.State.AGREED])
    rounds = (
        BallotRound.objects.filter(
            Q(election__congress__state=SITTING, state__in=(SLATE_FIXED, COUNTING, COUNTED)) | Exists(live),
            under(user, Role.TELLER, prefix="election__congress__organization__"),
            election__is_annulled=False,
        )
        .select_related("election__congress__organization")
        .annotate(entered_by=Subquery(newest.values("entered_by_id")[:1]))
        .order_by("state_since", "pk")
    )
    heads = set(
        Officer.objects.filter(office=Office.HEAD_TELLER, member__user=user).values_list("congress_id", flat=True)
    )
    for ballot in rounds:
        told = _count_duty_of(ballot, user, is_head=ballot.election.congress_id in heads)
        if told is not None:
            yield _round_duty(ballot, *told)


def _count_duty_of(ballot: BallotRound, user: User, *, is_head: bool) -> tuple[str, str, str] | None:
    """What this person of the board does now, its button and its page; None while others do."""
    board = reverse("elections:count", args=[ballot.pk])
    if ballot.state == SLATE_FIXED:
        return None if is_head else ("Ghi sổ phiếu, kiểm phiếu", "Đến trang kiểm phiếu", board)
    count = standings.live_count(ballot)
    if count is None:
        return None
    again = " lại" if ballot.state == SEALED else ""
    if count.state == Count.State.AGREED:
        confirms = is_head and ballot.entered_by != user.pk  # type: ignore[attr-defined]  # annotated above
        return (f"Xác nhận, niêm phong{again} kết quả", "Xác nhận kết quả", board) if confirms else None
    count.round = ballot
    typing = _types_now(count, user)
    if typing is not None:
        return (*typing, board)
    return _head_duty_of(count, ballot) if is_head else None


def _types_now(count: Count, user: User) -> tuple[str, str] | None:
    """What a seat of this count asks of this person, or that one is free for them; nobody's figures."""
    teams = standings.standings_of(count)
    mine = [(one, seat) for one in teams for seat in one.seats if seat.teller_id == user.pk]
    for standing, seat in mine:
        if not standing.waits_for(seat):
            return None
        if standing.entries[standing.seats.index(seat)] is not None:
            return "Nhập lại chỗ hai bản khác nhau khi kiểm phiếu", "Nhập lại"
        return "Nhập kết quả kiểm phiếu", "Nhập kết quả"
    if all(len(one.seats) == 2 for one in teams):
        return None
    may_sit = policies.can_enter_count(user, count.round, count.round.election.congress)
    return ("Nhập kết quả kiểm phiếu", "Nhận chỗ nhập") if may_sit else None


def _head_duty_of(count: Count, ballot: BallotRound) -> tuple[str, str, str] | None:
    """Both of every team have sent: papers in doubt wait for the ruling, or the sums do not fit the ledger."""
    congress = ballot.election.congress
    if agreement.doubts_of(count, ballot, congress):
        return "Ghi kết luận về phiếu nghi vấn khi", "Ghi kết luận", reverse("elections:rulings", args=[count.pk])
    sums = agreement.sums_of(count, ballot, congress)
    if sums is not None and sums.problems:
        page = reverse("elections:reject_count", args=[ballot.pk])
        return "Bỏ lần kiểm chưa khớp với sổ phiếu, kiểm đếm lại", "Bỏ lần kiểm này", page
    return None


def _round_duty(ballot: BallotRound, verb: str, button: str, page: str, *, since: datetime | None = None) -> Duty:
    title = str(ballot)
    return Duty(
        sentence=f"{verb} {title[:1].lower()}{title[1:]}",
        where=ballot.election.congress.name,
        button=button,
        url=page,
        since=since or ballot.state_since,
    )


def to_sign(user: User) -> Iterator[Duty]:
    """After the seal: the secretary sends the signed minutes, and somebody else reads six figures off it (E-60)."""
    if not holds_anywhere(user, Role.SECRETARY, Role.CLERK, Role.TELLER):
        return
    newer = SealedResult.objects.filter(round=OuterRef("round"), edition__gt=OuterRef("edition"))
    newest = SignedSheet.objects.filter(seal=OuterRef("pk")).order_by("-number")
    seals = (
        SealedResult.objects.filter(
            ~Exists(newer),
            under(user, Role.SECRETARY, Role.CLERK, Role.TELLER, prefix="round__election__congress__organization__"),
            round__election__congress__state__in=(SITTING, CLOSED),
            round__election__is_annulled=False,
        )
        .select_related("round__election__congress__organization", "round__election__congress__authority")
        .annotate(
            sent_by=Subquery(newest.values("uploaded_by_id")[:1]),
            sent_at=Subquery(newest.values("uploaded_at")[:1]),
            read_at=Subquery(newest.values("checked_at")[:1]),
        )
        .order_by("sealed_at", "pk")
    )
    for seal in seals:
        told = _sign_duty_of(seal, user)
        if told is not None:
            sentence, button, since = told
            page = reverse("elections:signed_sheets", args=[seal.round_id])
            yield replace(_round_duty(seal.round, sentence, button, page, since=since), due_on=_due_on(seal.round))


def _due_on(ballot: BallotRound) -> date | None:
    """The report waits for the signed minutes, so its clock is theirs (E-64)."""
    congress = ballot.election.congress
    if congress.state != CLOSED:
        return None
    clock = queries.report_clock(congress, today=timezone.localdate(), calendar=working_calendar())
    return clock.due_on if clock else None


def _sign_duty_of(seal: Any, user: User) -> tuple[str, str, datetime] | None:
    """``seal`` as annotated in ``to_sign``."""
    if seal.sent_at is None:
        roles = roles_for(user, seal.round.election.congress.organization.path, (Role.SECRETARY,))
        return ("Tải ảnh biên bản đã ký:", "Tải ảnh biên bản", seal.sealed_at) if roles else None
    if seal.read_at is None and seal.sent_by != user.pk:
        return "Đọc lại sáu số trên ảnh biên bản:", "Đọc lại sáu số", seal.sent_at
    return None


def to_report(user: User) -> Iterator[Duty]:
    """After the closing: what the dossier still lacks, then the request itself; seven working days (E-64)."""
    reach = under(user, *PREPARERS, prefix="organization__")
    found = Congress.objects.filter(reach, state=CLOSED).select_related("organization", "authority", "plan")
    congresses = list(found.order_by("closed_at", "pk")[: EXAMINED * 20])
    if not congresses:
        return
    today, calendar = timezone.localdate(), working_calendar()
    for number, congress in enumerate(congresses):
        clock = queries.report_clock(congress, today=today, calendar=calendar)
        duty = _report_duty(user, congress, look_closer=number < EXAMINED)
        if duty is not None:
            sentence, button, address = duty
            yield Duty(sentence, congress.name, button, address, congress.state_since, clock.due_on if clock else None)


def _report_duty(user: User, congress: Congress, *, look_closer: bool) -> tuple[str, str, str] | None:
    if not look_closer:
        return "Hoàn thiện hồ sơ kết quả đại hội", "Mở đại hội", reverse("congress:detail", args=[congress.pk])
    missing = readiness.gaps(congress, readiness.REPORTING)
    if missing:
        gap = missing[0]
        return gap.sentence.rstrip("."), gap.action, reverse(gap.url_name, kwargs=gap.kwargs)
    if Role.SECRETARY not in roles_for(user, congress.organization.path, PREPARERS):
        return None
    address = reverse("elections:ratification", args=[congress.pk])
    return "Trình đề nghị chuẩn y kết quả bầu cử", "Trình đề nghị chuẩn y", address


def to_ratify(user: User) -> Iterator[Duty]:
    """Dossiers at the approver's own committee, each with its fifteen working days (E-65); not one's own."""
    places = exactly_at(user, Role.APPROVER)
    if not places:
        return
    pending = (
        Ratification.objects.filter(outcome=Ratification.Outcome.PENDING, congress__authority__in=places)
        .exclude(submitted_by=user)
        .select_related("congress__organization", "submission")
    )
    for one in pending.order_by("submitted_at", "pk"):
        yield Duty(
            sentence=f"Xem xét chuẩn y kết quả bầu cử của {one.congress.organization.name}",
            where=f"{one.congress.name}, Tờ trình số {one.submission.notation}",
            button="Xem hồ sơ chuẩn y",
            url=reverse("elections:ratification", args=[one.congress_id]),
            since=one.submitted_at,
            due_on=one.decide_by,
        )


def opinions_to_confirm(user: User) -> Iterator[Duty]:
    """Somebody else entered the count of an opinion ballot while the congress sits; not for those above (E-38)."""
    places = exactly_at(user, *CONFIRMING)
    if not places:
        return
    waiting = (
        OpinionBallot.objects.filter(
            confirmed_at__isnull=True,
            round__state=SLATE_OPEN,
            round__election__is_annulled=False,
            round__election__congress__state=SITTING,
            round__election__congress__organization__in=places,
        )
        .exclude(entered_by=user)
        .select_related("round__election__congress__organization")
        .order_by("entered_at", "pk")
    )
    for one in waiting:
        page = reverse("elections:opinions", args=[one.round_id])
        yield _round_duty(one.round, "Xác nhận phiếu xin ý kiến của", "Xem lại", page, since=one.entered_at)


def to_conclude_complaints(user: User) -> Iterator[Duty]:
    """Complaints in time wait for the deciding committee, and its decision for them (E-65, E-67).

    No text read gives their end a day of its own: what stands beside is until when such complaints are received.
    """
    places = exactly_at(user, Role.COMMITTEE_STAFF, Role.APPROVER)
    if not places:
        return
    waiting = Complaint.objects.filter(
        settled_on=None, congress__state__in=(CLOSED, REPORTED), congress__authority__in=places
    ).select_related("congress__organization", "congress__authority")
    calendar = working_calendar() if waiting else None
    for one in waiting.order_by("recorded_at", "pk"):
        until = complaints_until(one.congress, calendar)
        if until is not None and one.received_on > until:
            continue
        receiving = f"; đơn nhận đến hết ngày {day_in_words(until)} (Điều 33)" if until else ""
        received = day_in_words(one.received_on)
        yield Duty(
            sentence=f"Xác minh, kết luận đơn về bầu cử nhận ngày {received}; kết luận rồi mới chuẩn y",
            where=f"{one.congress.name}{receiving}",
            button="Ghi kết luận",
            url=reverse("elections:complaints", args=[one.congress_id]),
            since=one.recorded_at,
        )


DUTIES = (to_count, opinions_to_confirm, to_report, to_sign, to_ratify, to_conclude_complaints)
