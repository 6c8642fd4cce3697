"""The congress in session: roll, opening, card votes, officers, what happened, closing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from accounts import audit
from accounts.errors import IllegalTransition, InvalidInput
from accounts.models import User
from congress import alerts, freezes, policies, queries, readiness
from congress.electorates import Roll, representation_of
from congress.lifecycle import CLEARED, CLOSED, CONGRESS_LIFECYCLE, PREPARING, SITTING
from congress.models import Attendance, CardVote, Congress, Office, Officer, Proceeding
from congress.rules import regimes
from congress.rules.bases import Assembly
from congress.rules.convening import Matter, elected_in, inspection_findings, programme_findings
from congress.rules.majority import MORE_THAN_HALF
from congress.rules.quorum import quorum, representation_step
from congress.services.preparing import lock, move
from organizations.models import MemberStanding

Presence = Attendance.Presence
Subject = CardVote.Subject


def require_sitting(congress: Congress, what: str) -> None:
    """Raise IllegalTransition unless the congress is in session; ``what`` begins the sentence."""
    if congress.state != SITTING:
        raise IllegalTransition(congress.said(f"{what} chỉ ghi được khi đại hội đang diễn ra. Khai mạc đại hội trước."))


def require_recording(congress: Congress) -> None:
    """Raise IllegalTransition unless proceedings may be written."""
    if congress.state not in (CLEARED, SITTING, CLOSED):
        late = "Diễn biến đại hội ghi được từ khi đại hội đã được duyệt đến khi lập xong biên bản."
        raise IllegalTransition(congress.said(late))


def _require_roll_open(congress: Congress) -> None:
    if congress.state not in (PREPARING, CLEARED, SITTING):
        raise IllegalTransition(f"Danh sách có mặt đã chốt khi {congress.word} bế mạc.")
    freezes.require_open(congress, freezes.ROLL)


def _mark(row: Attendance, presence: str, congress: Congress, *, actor: User, at: datetime) -> None:
    """Presence of one line with who marked it; who was there for a part of the sitting keeps the time of coming."""
    if row.presence == presence:
        return
    row.presence, row.marked_by, row.marked_at = presence, actor, at
    if presence == Presence.PRESENT:
        row.arrived_at = row.arrived_at or at
    elif congress.state != SITTING:
        row.arrived_at = None
    if presence != Presence.ABSENT:
        row.reason, row.excused_by, row.excused_at = "", None, None
        row.accepted_by = row.accepted_on = None
    if presence != Presence.PRESENT:
        row.takes_ballot = None


def tell_alerts(congress: Congress, before: Sequence[alerts.Alert], *, actor: User, at: datetime) -> None:
    """Record what the change of the roll calls for; the sealed results stay as they are (U-22)."""
    for alert in alerts.new_since(before, congress):
        audit.record("congress.alerted", congress, actor=actor, at=at, about=f"{alert.title}. {alert.text}")


@transaction.atomic
def take_roll(congress_id: int, presences: Mapping[int, str], *, actor: User, at: datetime) -> int:
    """Điểm danh: attendance id → ``Presence`` value; lines not given stay as they are. Returns those present.

    Before the opening and during the sitting, between two votes. Someone with an accepted absence who arrives
    loses it (E-13); earlier results stay, and where one would end otherwise that is recorded (U-22).
    """
    congress = lock(congress_id)
    policies.can_run(actor, congress).require()
    _require_roll_open(congress)
    before = alerts.of(congress)
    rows = {row.pk: row for row in congress.attendances.select_related("member").select_for_update(of=("self",))}
    for pk, presence in presences.items():
        row = rows.get(pk)
        if row is None or presence not in Presence.values:
            raise InvalidInput("Danh sách điểm danh đã thay đổi. Tải lại trang rồi điểm danh lại.")
        _mark(row, presence, congress, actor=actor, at=at)
        row.save()
    present = sum(row.presence == Presence.PRESENT for row in rows.values())
    absent = [row.member.full_name for row in rows.values() if row.presence == Presence.ABSENT]
    audit.record(
        "congress.roll_taken",
        congress,
        actor=actor,
        at=at,
        present=present,
        called=len(rows),
        absent=", ".join(absent) or "không",
    )
    tell_alerts(congress, before, actor=actor, at=at)
    return present


@transaction.atomic
def excuse_absence(
    attendance_id: int,
    *,
    reason: str,
    accepted_by: str = "",
    accepted_on: date | None = None,
    actor: User,
    at: datetime,
) -> Attendance:
    """Chấp nhận vắng mặt suốt đại hội (E-13): who of the convening committee accepted it and on what day (U-04).

    ``actor`` writes down what others accepted; without ``accepted_by`` pages and papers say that nobody has written it.
    """
    row = Attendance.objects.select_related("member").get(pk=attendance_id)
    congress = lock(row.congress_id)
    policies.can_prepare(actor, congress).require()
    _require_roll_open(congress)
    if not reason.strip():
        raise InvalidInput("Ghi lý do vắng mặt.", fields={"reason": ["Ghi lý do, ví dụ “đi công tác nước ngoài”."]})
    if accepted_on is not None and accepted_on > timezone.localdate(at):
        told = "Ngày chấp nhận không thể sau hôm nay. Ghi ngày cấp ủy chấp nhận lý do vắng mặt."
        raise InvalidInput(told, fields={"accepted_on": [told]})
    _mark(row, Presence.ABSENT, congress, actor=actor, at=at)
    row.reason, row.arrived_at = reason.strip(), None
    row.excused_by, row.excused_at = actor, at
    row.accepted_by, row.accepted_on = accepted_by.strip()[:200] or None, accepted_on
    row.save()
    audit.record("congress.absence_excused", congress, actor=actor, at=at, name=str(row.member), reason=row.reason)
    return row


@transaction.atomic
def choose_ballot(attendance_id: int, *, takes_ballot: bool, actor: User, at: datetime) -> Attendance:
    """Ghi đồng chí được miễn sinh hoạt có nhận phiếu bầu hay không (U-19): the secretary chooses, it is recorded."""
    row = Attendance.objects.select_related("member").get(pk=attendance_id)
    congress = lock(row.congress_id)
    policies.can_run(actor, congress).require()
    _require_roll_open(congress)
    if row.standing != MemberStanding.Kind.EXEMPT or row.presence != Presence.PRESENT:
        raise InvalidInput(
            f"Chỉ chọn cho đồng chí được miễn công tác và sinh hoạt đang có mặt. Điểm danh đồng chí {row.member} trước."
        )
    before = alerts.of(congress)
    row.takes_ballot, row.marked_by, row.marked_at = takes_ballot, actor, at
    row.save(update_fields=["takes_ballot", "marked_by", "marked_at"])
    audit.record(
        "congress.ballot_chosen",
        congress,
        actor=actor,
        at=at,
        name=str(row.member),
        choice="có nhận phiếu, tham gia biểu quyết" if takes_ballot else "không nhận phiếu, không tham gia biểu quyết",
    )
    tell_alerts(congress, before, actor=actor, at=at)
    return row


@transaction.atomic
def open_sitting(congress_id: int, *, opened_at: datetime, actor: User, at: datetime) -> Congress:
    """Khai mạc: papers approved, slates prepared, roll taken, quorum met (E-10); stamps the regime of the day.

    Raises NotAllowed, IllegalTransition, NotReady with every gap, or InvalidInput.
    """
    congress = lock(congress_id)
    policies.can_run(actor, congress).require()
    CONGRESS_LIFECYCLE.after("open_sitting", state=congress.state)
    problem = ""
    if opened_at > at:
        problem = "Giờ khai mạc không thể sau lúc này."
    elif timezone.localdate(opened_at) < timezone.localdate(congress.state_since):
        cleared_on = timezone.localdate(congress.state_since)
        why = "cấp ủy yêu cầu bầu lại" if congress.sitting_number else "đại hội được duyệt"
        problem = f"Ngày khai mạc không thể trước ngày {why} ({cleared_on:%d/%m/%Y})."
    if problem:
        raise InvalidInput(problem, fields={"opened_at": [problem]})
    readiness.require(congress, readiness.OPENING)
    regime = regimes.in_force(timezone.localdate(opened_at))
    electorate = queries.electorate_of(congress)
    result = quorum(electorate, regime)
    if not result.met:
        raise InvalidInput(
            f"Chưa đủ điều kiện khai mạc: có mặt {result.present} {congress.voter}, "
            f"cần ít nhất {result.needed} (hai phần ba của {result.base}). {regime.cite('E-10')}."
        )
    sent = representation_of(congress, regime)
    if sent is not None and not sent.met:
        raise InvalidInput(f"Chưa đủ điều kiện khai mạc. {representation_step(sent, regime).text}")
    congress.opened_at, congress.regime, congress.resolution_base = opened_at, regime.code, electorate.resolution_base
    congress.closed_at, congress.sitting_number = None, congress.sitting_number + 1
    congress.save(update_fields=["opened_at", "regime", "resolution_base", "closed_at", "sitting_number"])
    move(congress, "open_sitting", actor=actor, at=at)
    audit.record("congress.opened", congress, actor=actor, at=at, present=electorate.present, regime=regime.code)
    return congress


def count_cards(
    congress: Congress,
    subject: str,
    text: str,
    *,
    in_favour: int,
    against: int = 0,
    abstained: int = 0,
    actor: User,
    at: datetime,
) -> CardVote:
    """The row of one card vote, for a caller that holds the lock, has asked its policy and records its own event.

    Adopted by more than half of the resolution base (E-12, E-20); the vote keeps the base with the people behind
    it. Raises InvalidInput when the cards do not add up to those present.
    """
    snapshot = queries.electorate_snapshot(congress)
    present, base = snapshot["present"], snapshot["resolution_base"]
    total, people = in_favour + against + abstained, congress.voter.removesuffix(" chính thức")
    if total != present:
        raise InvalidInput(
            f"Tổng số thẻ là {total} (tán thành {in_favour}, không tán thành {against}, ý kiến khác {abstained}) "
            f"nhưng có mặt {present} {congress.voter}. Đếm lại thẻ hoặc cập nhật điểm danh.",
            fields={"in_favour": [f"Ba số cộng lại phải bằng {present} {people} có mặt."]},
        )
    if base <= 0 or in_favour > base:
        raise InvalidInput(
            f"Cơ sở biểu quyết là {base} nên chưa ghi được kết quả biểu quyết. "
            "Kiểm tra lại điểm danh và diện của đảng viên."
        )
    return congress.card_votes.create(
        subject=subject,
        text=text,
        in_favour=in_favour,
        against=against,
        abstained=abstained,
        base=base,
        electorate=snapshot,
        adopted=MORE_THAN_HALF.is_met(in_favour, base=base),
        sitting=congress.sitting_number,
        taken_at=at,
        recorded_by=actor,
    )


@transaction.atomic
def record_card_vote(
    congress_id: int,
    *,
    subject: str,
    text: str,
    in_favour: int,
    against: int = 0,
    abstained: int = 0,
    actor: User,
    at: datetime,
) -> CardVote:
    """Ghi kết quả biểu quyết giơ thẻ on anything but people and slates.

    Raises NotAllowed, IllegalTransition or InvalidInput.
    """
    congress = lock(congress_id)
    policies.can_run(actor, congress).require()
    require_sitting(congress, "Kết quả biểu quyết")
    _refuse_bodies_that_there_are_none_of(congress, text)
    vote = count_cards(
        congress, subject, text, in_favour=in_favour, against=against, abstained=abstained, actor=actor, at=at
    )
    audit.record(
        "congress.card_vote", congress, actor=actor, at=at, about=vote.text, in_favour=vote.in_favour, base=vote.base
    )
    return vote


def _refuse_bodies_that_there_are_none_of(congress: Congress, text: str) -> None:
    """E-18, E-26 — Raise InvalidInput where the text elects a board that this congress has not."""
    matters = elected_in(text)
    found = [
        *programme_findings(matters, Assembly(congress.kind)),
        *inspection_findings(is_branch=congress.organization.is_branch, elects_inspection=Matter.INSPECTION in matters),
    ]
    if found:
        told = [f"{one.message} {one.next}" for one in found]
        raise InvalidInput(" ".join(told), fields={"text": told})


OFFICES_OF = {
    Subject.PRESIDIUM: (Office.CHAIR, Office.PRESIDIUM),
    Subject.CLERK: (Office.CLERK,),
    Subject.TELLERS: (Office.HEAD_TELLER, Office.TELLER),
}
"""Subject of the card vote → the offices it fills."""


@transaction.atomic
def elect_officers(
    congress_id: int,
    *,
    subject: str,
    members: Mapping[str, Sequence[int]],
    in_favour: int,
    against: int = 0,
    abstained: int = 0,
    actor: User,
    at: datetime,
) -> CardVote:
    """Bầu đoàn chủ tịch, thư ký, ban kiểm phiếu by card vote; a new vote replaces the former people.

    ``members``: ``Office`` value → member ids. Tellers are official members present (E-27); a presidium and a
    tellers' board have one head each. When the cards do not adopt the list nobody is recorded.
    """
    congress = lock(congress_id)
    policies.can_run(actor, congress).require()
    require_sitting(congress, "Người điều hành đại hội")
    if subject == Subject.TELLERS:
        freezes.require_open(congress, freezes.TELLERS)
    offices = OFFICES_OF[Subject(subject)]
    chosen = [(office, pk) for office in offices for pk in members.get(office, ())]
    present = {line.member_id: line.member for line in Roll(congress).taking_part}
    if not members.get(offices[0]):
        raise InvalidInput(
            congress.said(f"Chọn đồng chí làm {offices[0].label.lower()}."),
            fields={offices[0].value: [congress.said(f"Chọn đồng chí làm {offices[0].label.lower()}.")]},
        )
    ids = [pk for _, pk in chosen]
    if len(set(ids)) != len(ids):
        raise InvalidInput("Một đồng chí được chọn hai lần trong cùng danh sách. Bỏ bớt một lần.")
    if any(pk not in present for pk in ids):
        raise InvalidInput(f"Người được bầu phải là {congress.voter} có mặt. Cập nhật điểm danh hoặc chọn người khác.")
    barred = freezes.barred_tellers(congress) if subject == Subject.TELLERS else {}
    if wrong := [barred[pk] for pk in ids if pk in barred]:
        raise InvalidInput(" ".join(wrong), fields={"": wrong})
    called = {office: congress.said(Office(office).label.lower()) for office in offices}
    names = ", ".join(f"{present[pk].full_name} ({called[office]})" for office, pk in chosen)
    vote = count_cards(
        congress,
        subject,
        f"{congress.said(Subject(subject).label)}: {names}"[:300],
        in_favour=in_favour,
        against=against,
        abstained=abstained,
        actor=actor,
        at=at,
    )
    if vote.adopted:
        congress.officers.filter(office__in=offices).delete()
        Officer.objects.bulk_create(Officer(congress=congress, member_id=pk, office=office) for office, pk in chosen)
    audit.record(
        "congress.officers_elected", congress, actor=actor, at=at, about=vote.text, in_favour=in_favour, base=vote.base
    )
    return vote


@transaction.atomic
def record_proceeding(
    congress_id: int, *, kind: str, person: str, post: str, text: str, actor: User, at: datetime
) -> Proceeding:
    """Ghi diễn biến for the congress minutes: guests, reports read, discussion, guidance."""
    congress = lock(congress_id)
    policies.can_run(actor, congress).require()
    require_recording(congress)
    entry = congress.proceedings.create(
        kind=kind,
        person=person.strip(),
        post=post.strip(),
        text=text,
        sitting=congress.sitting_of_entries,
        recorded_by=actor,
    )
    audit.record(
        "congress.proceeding", congress, actor=actor, at=at, kind=entry.get_kind_display(), person=entry.person
    )
    return entry


@transaction.atomic
def remove_proceeding(proceeding_id: int, *, actor: User, at: datetime) -> None:
    """Xóa một dòng diễn biến ghi nhầm, before the results are reported."""
    entry = Proceeding.objects.get(pk=proceeding_id)
    congress = lock(entry.congress_id)
    policies.can_run(actor, congress).require()
    if congress.state not in (CLEARED, SITTING, CLOSED):
        raise IllegalTransition("Đại hội đã báo cáo kết quả, diễn biến không sửa được nữa.")
    entry.delete()
    audit.record(
        "congress.proceeding_removed", congress, actor=actor, at=at, person=entry.person, about=entry.text[:80]
    )


def _whole_minute(moment: datetime) -> datetime:
    """Closings are typed to the minute: the one that the last seal fell in is late enough."""
    return moment.replace(second=0, microsecond=0)


@transaction.atomic
def close_sitting(congress_id: int, *, closed_at: datetime, actor: User, at: datetime) -> Congress:
    """Bế mạc: every election concluded, the resolution adopted. Raises NotReady with every gap."""
    congress = lock(congress_id)
    policies.can_run(actor, congress).require()
    CONGRESS_LIFECYCLE.after("close_sitting", state=congress.state)
    problem = None
    if closed_at > at:
        problem = "Giờ bế mạc không thể sau lúc này."
    elif congress.opened_at is not None and closed_at <= congress.opened_at:
        problem = "Giờ bế mạc phải sau giờ khai mạc."
    elif (last := freezes.last_act(congress)) is not None and closed_at < _whole_minute(last):
        moment = timezone.localtime(last)
        problem = f"Kết quả bầu cử niêm phong lúc {moment:%H:%M ngày %d/%m/%Y}; giờ bế mạc phải sau đó."
    if problem:
        raise InvalidInput(problem, fields={"closed_at": [problem]})
    readiness.require(congress, readiness.CLOSING)
    congress.closed_at = closed_at
    congress.save(update_fields=["closed_at"])
    move(congress, "close_sitting", actor=actor, at=at)
    audit.record("congress.closed", congress, actor=actor, at=at)
    return congress


def expect_new_sitting(congress: Congress) -> None:
    """After a refusal the congress meets again, with a fresh roll call and fresh officers; the caller holds the lock.

    What the last sitting recorded stays: its card votes, its proceedings, its minutes.
    """
    congress.attendances.update(
        presence=Presence.UNKNOWN, reason="", excused_by=None, excused_at=None, arrived_at=None, takes_ballot=None
    )
    congress.attendances.update(replaces=None, marked_by=None, marked_at=None, accepted_by=None, accepted_on=None)
    congress.officers.all().delete()


@transaction.atomic
def complete_dossier(congress_id: int, *, actor: User, at: datetime) -> Congress:
    """Hoàn tất hồ sơ đại hội. Raises NotReady while something is missing."""
    congress = lock(congress_id)
    policies.can_complete_dossier(actor, congress).require()
    CONGRESS_LIFECYCLE.after("complete_dossier", state=congress.state)
    readiness.require(congress, readiness.DOSSIER)
    move(congress, "complete_dossier", actor=actor, at=at)
    audit.record("congress.dossier_completed", congress, actor=actor, at=at)
    return congress


@transaction.atomic
def reopen_dossier(congress_id: int, *, actor: User, at: datetime) -> Congress:
    """Mở lại hồ sơ, by the deciding committee."""
    congress = lock(congress_id)
    policies.can_reopen_dossier(actor, congress).require()
    move(congress, "reopen_dossier", actor=actor, at=at)
    audit.record("congress.dossier_reopened", congress, actor=actor, at=at)
    return congress
