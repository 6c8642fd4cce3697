"""Duties about elections: enter a count, seal it, report the result, ratify it."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import OuterRef, Subquery
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
from elections import queries
from elections.lifecycle import COUNTED, SLATE_FIXED
from elections.models import BallotRound, Ratification, TallySheet


def to_count(user: User) -> Iterator[Duty]:
    """Tellers enter the figures; the head teller, who typed none of them, confirms and seals."""
    if not holds_anywhere(user, Role.TELLER):
        return
    newest = TallySheet.objects.filter(round=OuterRef("pk")).order_by("-number")
    rounds = (
        BallotRound.objects.filter(
            under(user, Role.TELLER, prefix="election__congress__organization__"),
            election__is_annulled=False,
            election__congress__state=SITTING,
            state__in=(SLATE_FIXED, COUNTED),
        )
        .select_related("election__congress__organization")
        .annotate(entered_by=Subquery(newest.values("entered_by_id")[:1]))
        .order_by("state_since", "pk")
    )
    heads = set(
        Officer.objects.filter(office=Office.HEAD_TELLER, member__user=user).values_list("congress_id", flat=True)
    )
    for ballot in rounds:
        is_head = ballot.election.congress_id in heads
        if is_head and ballot.state == COUNTED and ballot.entered_by != user.pk:
            yield _count_duty(ballot, "Xác nhận, niêm phong kết quả", "Xác nhận kết quả")
        elif not is_head and ballot.state == SLATE_FIXED:
            yield _count_duty(ballot, "Nhập kết quả kiểm phiếu", "Nhập kết quả")


def _count_duty(ballot: BallotRound, verb: str, button: str) -> Duty:
    title = str(ballot)
    return Duty(
        sentence=f"{verb} {title[:1].lower()}{title[1:]}",
        where=ballot.election.congress.name,
        button=button,
        url=reverse("elections:round", args=[ballot.pk]),
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
