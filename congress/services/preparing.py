"""Preparing a congress and having it cleared (duyệt đại hội)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from accounts import audit, wording
from accounts.errors import IllegalTransition, InvalidInput, StaleVersion
from accounts.models import User
from accounts.roles import Role
from congress import policies, readiness
from congress.callings import Called, called_to
from congress.lifecycle import CLEARED, CONGRESS_LIFECYCLE, PREPARING, RATIFIED, STATE_NAMES
from congress.models import AssemblyKind, Attendance, ClearanceRequest, Congress
from congress.rules import regimes
from congress.rules.bases import Assembly
from congress.rules.convening import assembly_findings
from congress.services import milestones
from congress.services.telling import News, tell
from organizations.models import Organization

Outcome = ClearanceRequest.Outcome
DETAILS = (
    "kind",
    "ordinal",
    "planned_for",
    "place",
    "term_ends_on",
    "has_branch_committee",
    "committee_seats",
    "standing_seats",
    "has_deputy",
    "delegate_seats",
    "alternate_seats",
)
MOST_SEATS = 999
"""More than any congress elects to one body, and well within what the database can hold."""
NOBODY = {
    AssemblyKind.MEMBERS: "{name} chưa có đảng viên trong danh sách. Thêm đảng viên trước.",
    AssemblyKind.DELEGATES: "Chưa ghi đại biểu nào và {name} chưa có cấp ủy viên. Thêm đại biểu trước.",
    AssemblyKind.MEETING: "Đại hội chưa bầu được cấp ủy viên nào. Niêm phong kết quả bầu trước.",
}


def lock(congress_id: int) -> Congress:
    """The congress, locked until the caller's transaction ends."""
    return (
        Congress.objects.select_for_update(of=("self",))
        .select_related("organization", "authority", "plan__organization")
        .get(pk=congress_id)
    )


def move(congress: Congress, action: str, *, at: datetime, actor: User | None = None) -> None:
    """The only place that gives a congress its state; the caller holds the lock. Raises IllegalTransition.

    Its timeline follows: stations reached are done by ``actor``, those fallen back behind are open again.
    """
    ended_on = congress.organization.closed_on
    if ended_on is not None and congress.state != RATIFIED:  # a ratified one still gets its dossier together
        raise IllegalTransition(
            f"{congress.organization.name} kết thúc hoạt động từ {wording.day(ended_on)} nên đại hội này dừng lại "
            f"ở bước “{STATE_NAMES[congress.state]}”. Hồ sơ vẫn xem được."
        )
    congress.state = CONGRESS_LIFECYCLE.after(action, state=congress.state)
    congress.state_since = at
    congress.version += 1
    congress.save(update_fields=["state", "state_since", "version"])
    congress.steps.create(state=congress.state, entered_at=at)
    if actor is not None:
        milestones.settle(congress, actor=actor, at=at)


def require_before_sitting(congress: Congress) -> None:
    if congress.state not in (PREPARING, CLEARED):
        raise IllegalTransition(
            "Nội dung chuẩn bị chỉ sửa được khi đại hội đang chuẩn bị hoặc đã được duyệt mà chưa khai mạc. "
            "Muốn sửa, rút hồ sơ trình duyệt trước."
        )


def _refuse(field: str, problem: str) -> None:
    raise InvalidInput(problem, fields={field: [problem]})


def _check_branch_seats(seats: int | None, *, on: date) -> None:
    """E-16 — A chi ủy has at most seven members."""
    regime = regimes.in_force(on)
    most = regime.number("branch_committee_seats_at_most") or 7
    if seats and seats > most:
        _refuse("committee_seats", f"Chi ủy có tối đa {most} chi ủy viên ({regime.cite('E-16')}). Ghi lại số lượng.")


def _check_kind(congress: Congress, kind: str) -> None:
    """E-04 — A branch meets as a whole; a committee meeting is called from its congress and stays one."""
    if kind == congress.kind:
        return
    if kind != AssemblyKind.MEETING:
        for one in assembly_findings(Assembly(kind), is_branch=congress.organization.is_branch):
            _refuse("kind", f"{one.message} Chọn đại hội đảng viên.")
    if congress.is_meeting or kind == AssemblyKind.MEETING:
        _refuse("kind", "Hội nghị cấp ủy được triệu tập từ đại hội đã bầu cấp ủy. Mở trang đại hội đó.")
    if congress.state != PREPARING:
        _refuse("kind", "Đại hội đã được duyệt theo loại hình này. Xin cấp trên thu hồi ý kiến duyệt trước khi đổi.")


def _check_details(congress: Congress, details: Mapping[str, Any], *, on: date) -> None:
    seats = details.get("committee_seats")
    if details.get("has_branch_committee") and not seats:
        raise InvalidInput(
            "Ghi số lượng chi ủy viên cần bầu.", fields={"committee_seats": ["Ghi số lượng chi ủy viên, tối đa 7."]}
        )
    if congress.organization.is_branch:
        _check_branch_seats(seats, on=on)
    for name, number in details.items():
        if name.endswith("_seats") and number and number > MOST_SEATS:
            _refuse(name, f"Số lượng cần bầu không quá {MOST_SEATS}, đang ghi {number}. Kiểm tra lại.")
    if details.get("alternate_seats") and not details.get("delegate_seats"):
        _refuse("delegate_seats", "Có đại biểu dự khuyết thì ghi cả số đại biểu chính thức cấp trên phân bổ.")
    _check_kind(congress, details.get("kind", congress.kind))


@transaction.atomic
def set_details(congress_id: int, *, version: int, actor: User, at: datetime, **details: Any) -> Congress:
    """Ghi thời gian, địa điểm, số lượng cần bầu … (``DETAILS``); another kind begins with an empty roll.

    Raises NotAllowed, IllegalTransition, StaleVersion (``version`` is not the stored one) or InvalidInput.
    """
    congress = lock(congress_id)
    policies.can_prepare(actor, congress).require()
    require_before_sitting(congress)
    if congress.version != version:
        raise StaleVersion(
            "Người khác vừa lưu nội dung này. Xem bản trên máy chủ rồi nhập lại phần của đồng chí.", current=congress
        )
    unknown = set(details) - set(DETAILS)
    if unknown:
        raise ValueError(f"not details of a congress: {unknown}")
    day = timezone.localdate(details.get("planned_for") or congress.planned_for or at)
    _check_details(congress, details, on=day)
    if details.get("kind", congress.kind) != congress.kind:
        congress.attendances.update(replaces=None)
        congress.attendances.all().delete()
    before = congress.planned_for
    for name, value in details.items():
        setattr(congress, name, value)
    if congress.organization.is_branch and not congress.has_branch_committee:
        congress.committee_seats = None
    congress.version += 1
    congress.save(update_fields=[*details, "committee_seats", "version"])
    milestones.lay_out([congress])
    audit.record("congress.details_set", congress, actor=actor, at=at)
    if congress.state == CLEARED and before is not None and before != congress.planned_for:
        _tell_moved(congress, before, actor=actor, at=at)
    return congress


def _tell_moved(congress: Congress, before: datetime, *, actor: User, at: datetime) -> None:
    """Whoever agreed to another day hears that it has moved; the record keeps both days."""
    days = [wording.moment(timezone.localtime(one)) if one else "chưa định" for one in (before, congress.planned_for)]
    audit.record("congress.moved_after_clearance", congress, actor=actor, at=at, old=days[0], new=days[1])
    news = News(
        congress.authority_id,
        key=f"moved:{congress.pk}:{congress.version}",
        sentence=f"{congress.name}, {congress.authority.name}: đã đổi thời gian sau khi được duyệt",
        url=reverse("congress:timeline" if not congress.is_meeting else "congress:detail", args=[congress.pk]),
        about_id=congress.organization_id,
        topic="Đổi thời gian đại hội đã được duyệt",
    )
    tell([news], (Role.COMMITTEE_STAFF, Role.APPROVER), but=actor.pk, at=at)


@transaction.atomic
def choose_pilot(congress_id: int, *, level_id: int, actor: User, at: datetime) -> Congress:
    """Chọn đại hội điểm of the level ``level_id`` (the deciding committee or one above it)."""
    congress = lock(congress_id)
    level = Organization.objects.get(pk=level_id)
    policies.can_choose_pilot(actor, congress, level).require()
    if not congress.organization.path.startswith(level.path):
        raise InvalidInput(f"{congress.organization.name} không thuộc {level.name}, không thể chọn làm điểm.")
    congress.is_pilot, congress.pilot_of = True, level
    congress.save(update_fields=["is_pilot", "pilot_of"])
    milestones.lay_out([congress])
    audit.record("congress.pilot_chosen", congress, actor=actor, at=at, level=level.committee)
    return congress


@transaction.atomic
def convene(congress_id: int, *, actor: User, at: datetime) -> int:
    """Triệu tập: make the roll from the people of the day (E-08, E-09); called again, it takes up changes.

    Suspended and prosecuted members are not called. Returns how many are called.
    """
    congress = lock(congress_id)
    policies.can_prepare(actor, congress).require()
    require_before_sitting(congress)
    called = called_to(congress)
    if not called:
        raise InvalidInput(NOBODY[AssemblyKind(congress.kind)].format(name=congress.organization.name))
    keep_roll(congress, called)
    audit.record("congress.convened", congress, actor=actor, at=at, called=len(called))
    return len(called)


def keep_roll(congress: Congress, called: Sequence[Called]) -> None:
    """Exactly these people on the roll; who was on it keeps presence and accepted absence."""
    gone = congress.attendances.exclude(member__in=[one.member for one in called])
    congress.attendances.filter(replaces__in=gone).update(replaces=None)
    gone.delete()
    known = {row.member_id: row for row in congress.attendances.all()}
    for one in called:
        row = known.get(one.member.pk) or Attendance(congress=congress, member=one.member)
        row.is_official, row.standing, row.mandate = one.is_official, one.standing, one.mandate
        row.save()


@transaction.atomic
def submit_for_clearance(congress_id: int, *, actor: User, at: datetime) -> ClearanceRequest:
    """Trình duyệt đại hội. Raises NotAllowed, IllegalTransition, or NotReady with every gap."""
    congress = lock(congress_id)
    policies.can_submit(actor, congress).require()
    CONGRESS_LIFECYCLE.after("submit_for_clearance", state=congress.state)
    readiness.require(congress, readiness.CLEARANCE)
    move(congress, "submit_for_clearance", actor=actor, at=at)

    request = congress.clearances.create(number=congress.clearances.count() + 1, submitted_by=actor, submitted_at=at)
    audit.record("congress.submitted", congress, actor=actor, at=at, number=request.number)
    return request


def _decide(
    congress: Congress, outcome: str, *, of: str, actor: User, at: datetime, reasons: str = ""
) -> ClearanceRequest:
    """Close the newest request whose outcome is ``of``."""
    request = congress.clearances.select_for_update().filter(outcome=of).order_by("-number").first()
    if request is None:
        raise IllegalTransition("Hồ sơ trình duyệt này đã được xử lý. Tải lại trang để xem kết quả.")
    request.outcome, request.reasons = outcome, reasons
    request.decided_by, request.decided_at = actor, at
    if outcome == Outcome.CLEARED:
        request.cleared_for = congress.planned_for
    request.save(update_fields=["outcome", "reasons", "decided_by", "decided_at", "cleared_for"])
    return request


def _require_reasons(reasons: str) -> str:
    if not reasons.strip():
        raise InvalidInput(
            "Ghi lý do để chi bộ biết cần làm gì.", fields={"reasons": ["Ghi lý do để chi bộ biết cần làm gì."]}
        )
    return reasons.strip()


def pending_request(congress: Congress) -> ClearanceRequest | None:
    return congress.clearances.filter(outcome=Outcome.PENDING).first()


@transaction.atomic
def withdraw_submission(congress_id: int, *, actor: User, at: datetime) -> Congress:
    """Chi bộ rút hồ sơ trình duyệt to go on preparing."""
    congress = lock(congress_id)
    policies.can_submit(actor, congress).require()
    move(congress, "withdraw_submission", actor=actor, at=at)
    _decide(congress, Outcome.WITHDRAWN, of=Outcome.PENDING, actor=actor, at=at)
    audit.record("congress.submission_withdrawn", congress, actor=actor, at=at)
    return congress


@transaction.atomic
def return_for_changes(congress_id: int, *, reasons: str, actor: User, at: datetime) -> Congress:
    """Trả lại hồ sơ trình duyệt with reasons."""
    congress = lock(congress_id)
    policies.can_clear(actor, congress, pending_request(congress)).require()
    CONGRESS_LIFECYCLE.after("return_for_changes", state=congress.state)
    reasons = _require_reasons(reasons)
    move(congress, "return_for_changes", actor=actor, at=at)
    _decide(congress, Outcome.RETURNED, of=Outcome.PENDING, actor=actor, at=at, reasons=reasons)
    audit.record("congress.returned", congress, actor=actor, at=at, reasons=reasons)
    return congress


@transaction.atomic
def clear(congress_id: int, *, actor: User, at: datetime, reasons: str = "") -> Congress:
    """Duyệt đại hội: agree that it be held. Raises NotAllowed, IllegalTransition or NotReady (papers)."""
    congress = lock(congress_id)
    policies.can_clear(actor, congress, pending_request(congress)).require()
    CONGRESS_LIFECYCLE.after("clear", state=congress.state)
    readiness.require(congress, readiness.CLEARING)
    move(congress, "clear", actor=actor, at=at)
    _decide(congress, Outcome.CLEARED, of=Outcome.PENDING, actor=actor, at=at, reasons=reasons.strip())
    audit.record("congress.cleared", congress, actor=actor, at=at)
    return congress


@transaction.atomic
def revoke_clearance(congress_id: int, *, reasons: str, actor: User, at: datetime) -> Congress:
    """Thu hồi ý kiến duyệt before the opening, with reasons."""
    congress = lock(congress_id)
    cleared = congress.clearances.filter(outcome=Outcome.CLEARED).order_by("-number").first()
    policies.can_clear(actor, congress, cleared).require()
    CONGRESS_LIFECYCLE.after("revoke_clearance", state=congress.state)
    reasons = _require_reasons(reasons)
    move(congress, "revoke_clearance", actor=actor, at=at)
    _decide(congress, Outcome.REVOKED, of=Outcome.CLEARED, actor=actor, at=at, reasons=reasons)
    audit.record("congress.clearance_revoked", congress, actor=actor, at=at, reasons=reasons)
    return congress
