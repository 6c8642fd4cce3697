"""Duties about elections: enter a count, seal it, report the result, ratify it."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Exists, OuterRef, Q, Subquery
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from accounts.roles import Role
from congress import readiness
from congress.duties import Duty
from congress.lifecycle import CLOSED, SITTING
from congress.models import Congress, Office, Officer
from congress.providers import EXAMINED, PREPARERS
from congress.queries import working_calendar
from congress.reach import exactly_at, holds_anywhere, roles_for, under
from elections import policies, queries, standings
from elections.lifecycle import COUNTED, COUNTING, SLATE_FIXED
from elections.models import BallotRound, Count, Ratification, TallySheet
from elections.services import agreement


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
            yield _count_duty(ballot, *told)


def _count_duty_of(ballot: BallotRound, user: User, *, is_head: bool) -> tuple[str, str] | None:
    """What this person of the board does now and its button; None while others do."""
    if ballot.state == SLATE_FIXED:
        return None if is_head else ("Ghi sổ phiếu, kiểm phiếu", "Đến trang kiểm phiếu")
    count = standings.live_count(ballot)
    if count is None:
        return None
    if count.state == Count.State.AGREED:
        confirms = is_head and ballot.entered_by != user.pk  # type: ignore[attr-defined]  # annotated above
        return ("Xác nhận, niêm phong kết quả", "Xác nhận kết quả") if confirms else None
    count.round = ballot
    if _types_now(count, user):
        return "Nhập kết quả kiểm phiếu", "Nhập kết quả"
    if is_head and agreement.doubts_of(count, ballot, ballot.election.congress):
        return "Ghi kết luận về phiếu nghi vấn khi", "Ghi kết luận"
    return None


def _types_now(count: Count, user: User) -> bool:
    """Whether a seat of this count waits for this person, or is free for them."""
    teams = standings.standings_of(count)
    for standing in teams:
        for seat in standing.seats:
            if seat.teller_id == user.pk:
                return standing.waits_for(seat)
    is_free = any(len(one.seats) < 2 for one in teams)
    return is_free and bool(policies.can_enter_count(user, count.round, count.round.election.congress))


def _count_duty(ballot: BallotRound, verb: str, button: str) -> Duty:
    title = str(ballot)
    return Duty(
        sentence=f"{verb} {title[:1].lower()}{title[1:]}",
        where=ballot.election.congress.name,
        button=button,
        url=reverse("elections:count", args=[ballot.pk]),
        since=ballot.state_since,
    )


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


DUTIES = (to_count, to_report, to_ratify)
