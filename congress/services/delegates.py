"""The roll of a delegate congress: who was elected below, official or alternate, and who stands in for whom (E-14)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from accounts import audit
from accounts.errors import IllegalTransition, InvalidInput
from accounts.models import User
from congress import alerts, freezes, policies
from congress.callings import as_called, members_in_reach
from congress.lifecycle import CLEARED, PREPARING, SITTING
from congress.models import Attendance, Congress
from congress.services.preparing import lock, require_before_sitting
from congress.services.sitting import tell_alerts

Mandate = Attendance.Mandate
CHOSEN = (Mandate.OFFICIAL, Mandate.ALTERNATE)
"""What those below elect; the convening committee comes by itself."""


def require_of_delegates(congress: Congress) -> None:
    """Raise IllegalTransition unless delegates come to this congress."""
    if not congress.is_of_delegates:
        raise IllegalTransition(
            f"{congress.name} không phải đại hội đại biểu nên danh sách lập từ đảng viên, không ghi đại biểu."
        )


@transaction.atomic
def summon_delegates(congress_id: int, mandates: Mapping[int, str], *, actor: User, at: datetime) -> int:
    """Ghi đại biểu: member id → ``Mandate`` (official or alternate). Returns how many were new on the roll.

    Raises NotAllowed, IllegalTransition (no delegate congress, or it has opened), or InvalidInput with every
    person who may not be a delegate: not of an organization below, probationary, suspended (E-09, E-11).
    """
    congress = lock(congress_id)
    policies.can_prepare(actor, congress).require()
    require_of_delegates(congress)
    require_before_sitting(congress)
    if not mandates or any(mandate not in CHOSEN for mandate in mandates.values()):
        raise InvalidInput("Chọn đồng chí và ghi là đại biểu chính thức hoặc dự khuyết.")
    members = {member.pk: member for member in members_in_reach(congress).filter(pk__in=mandates)}
    called = {one.member.pk: one for one in as_called(congress, members.values())}
    wrong = [_why_not(pk, members, called) for pk in mandates if pk not in called or not called[pk].is_official]
    if wrong:
        raise InvalidInput(" ".join(wrong), fields={"": wrong})
    known = {line.member_id: line for line in congress.attendances.all()}
    for pk, mandate in mandates.items():
        line = known.get(pk) or Attendance(congress=congress, member_id=pk)
        line.is_official, line.standing, line.mandate = True, called[pk].standing, mandate
        if mandate != Mandate.ALTERNATE:
            line.replaces = None
        line.save()
    names = ", ".join(members[pk].full_name for pk in mandates)
    audit.record("congress.delegates_summoned", congress, actor=actor, at=at, names=names, count=len(mandates))
    return len(set(mandates) - set(known))


def _why_not(pk: int, members: Mapping[int, object], called: Mapping[int, object]) -> str:
    if pk not in members:
        return "Có người không thuộc các tổ chức đảng trực thuộc. Tải lại trang rồi chọn lại."
    if pk not in called:
        return f"Đồng chí {members[pk]} đang bị đình chỉ sinh hoạt hoặc khởi tố nên không được triệu tập."
    return f"Đồng chí {members[pk]} là đảng viên dự bị nên không là đại biểu."


@transaction.atomic
def dismiss_delegate(attendance_id: int, *, actor: User, at: datetime) -> None:
    """Bỏ một người ghi nhầm khỏi danh sách đại biểu, before the opening; the convening committee stays."""
    line = Attendance.objects.select_related("member").get(pk=attendance_id)
    congress = lock(line.congress_id)
    policies.can_prepare(actor, congress).require()
    require_of_delegates(congress)
    require_before_sitting(congress)
    if line.mandate == Mandate.EX_OFFICIO:
        raise InvalidInput(
            f"Đồng chí {line.member} là ủy viên cấp ủy triệu tập nên là đại biểu đương nhiên. Vắng thì ghi vắng mặt."
        )
    congress.attendances.filter(replaces=line).update(replaces=None)
    line.delete()
    audit.record("congress.delegate_dismissed", congress, actor=actor, at=at, name=str(line.member))


@transaction.atomic
def replace_delegate(attendance_id: int, *, delegate_id: int | None, actor: User, at: datetime) -> Attendance:
    """Ghi đại biểu dự khuyết (``attendance_id``) thay đại biểu chính thức vắng mặt (line ``delegate_id``), or nobody.

    Raises NotAllowed, IllegalTransition, or InvalidInput: only an alternate, for an official delegate who is absent
    and whom nobody replaces yet (E-14).
    """
    line = Attendance.objects.select_related("member").get(pk=attendance_id)
    congress = lock(line.congress_id)
    policies.can_run(actor, congress).require()
    require_of_delegates(congress)
    if congress.state not in (PREPARING, CLEARED, SITTING):
        raise IllegalTransition("Danh sách đại biểu đã chốt khi đại hội bế mạc.")
    freezes.require_open(congress, freezes.ROLL)
    before = alerts.of(congress)
    delegate = _absent_delegate(congress, line, delegate_id) if delegate_id is not None else None
    line.replaces, line.marked_by, line.marked_at = delegate, actor, at
    line.save(update_fields=["replaces", "marked_by", "marked_at"])
    audit.record(
        "congress.delegate_replaced",
        congress,
        actor=actor,
        at=at,
        name=str(line.member),
        delegate=str(delegate.member) if delegate else "không ai",
    )
    tell_alerts(congress, before, actor=actor, at=at)
    return line


def _absent_delegate(congress: Congress, line: Attendance, delegate_id: int) -> Attendance:
    delegate = congress.attendances.select_related("member").filter(pk=delegate_id).first()
    problem = ""
    if line.mandate != Mandate.ALTERNATE:
        problem = f"Đồng chí {line.member} không phải đại biểu dự khuyết nên không thay ai."
    elif delegate is None or delegate.mandate != Mandate.OFFICIAL:
        problem = "Chọn đại biểu chính thức vắng mặt để thay."
    elif delegate.presence != Attendance.Presence.ABSENT:
        problem = f"Đồng chí {delegate.member} chưa được điểm danh vắng mặt. Điểm danh trước rồi ghi người thay."
    elif congress.attendances.filter(replaces=delegate).exclude(pk=line.pk).exists():
        problem = f"Đã có đại biểu dự khuyết thay đồng chí {delegate.member}. Chọn đại biểu khác."
    if problem:
        raise InvalidInput(problem, fields={"delegate": [problem]})
    assert delegate is not None  # noqa: S101  (asked above)
    return delegate
