"""What goes down the tree: letters, messages and lessons after a pilot congress, with who has read and who has done."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from accounts import audit, wording
from accounts.errors import InvalidInput
from accounts.models import User
from congress import policies
from congress.lifecycle import HELD
from congress.models import (
    Congress,
    Guidance,
    GuidanceKind,
    GuidanceReceipt,
    Lesson,
    LessonDone,
    PilotReview,
)
from congress.reach import READERS
from congress.rules.terms import check_term
from congress.services import milestones
from congress.services.preparing import lock
from congress.services.telling import News, tell
from organizations.models import Organization
from organizations.queries import below


@transaction.atomic
def send_guidance(
    organization_id: int,
    *,
    issued_on: date,
    subject: str,
    term_label: str,
    body: str,
    actor: User,
    at: datetime,
    kind: str = GuidanceKind.LETTER,
    notation: str = "",
    to: Sequence[int] | None = None,
) -> Guidance:
    """Gửi văn bản, thông báo xuống cấp dưới. ``to``: ids of bodies below, each with what lies below it; None: all.

    Raises NotAllowed, or InvalidInput naming the field.
    """
    organization = Organization.objects.select_for_update().get(pk=organization_id)
    policies.can_guide(actor, organization).require()
    problems = dict(check_term(term_label))
    notation = notation.strip()
    if kind == GuidanceKind.LETTER and not notation:
        problems["notation"] = ["Ghi số và ký hiệu của văn bản."]
    if issued_on > timezone.localdate(at):
        problems["issued_on"] = ["Ngày ban hành không thể sau hôm nay."]
    if notation and organization.guidance.filter(notation=notation, issued_on=issued_on).exists():
        problems["notation"] = ["Văn bản này đã có."]
    places = _places(organization, to)
    if to is not None and not places:
        problems["to"] = ["Chọn ít nhất một nơi nhận đang hoạt động."]
    if problems:
        raise InvalidInput("Văn bản chưa gửi được. Sửa các ô được nêu rồi gửi lại.", fields=problems)
    guidance = organization.guidance.create(
        kind=kind,
        notation=notation,
        issued_on=issued_on,
        subject=subject.strip(),
        body=body,
        term_label=term_label.strip(),
        recorded_by=actor,
    )
    GuidanceReceipt.objects.bulk_create(
        (GuidanceReceipt(guidance=guidance, organization_id=pk) for pk in places), batch_size=1000
    )
    _tell(guidance, places, at=at)
    audit.record("guidance.issued", guidance, actor=actor, at=at, about=guidance.subject, sent_to=len(places))
    return guidance


def _places(organization: Organization, to: Sequence[int] | None) -> list[int]:
    """Ids of the living bodies strictly below, narrowed to the chosen ones and what lies below them."""
    found = Organization.objects.filter(below(organization.path), closed_on__isnull=True).exclude(pk=organization.pk)
    if to is not None:
        chosen = Q(pk__in=())
        for path in found.filter(pk__in=to).values_list("path", flat=True):
            chosen |= below(path)
        found = found.filter(chosen)
    return list(found.order_by("path").values_list("pk", flat=True))


def _tell(guidance: Guidance, places: Sequence[int], *, at: datetime) -> None:
    """Who reads for several of the places is told once, at the one nearest to the root."""
    sentence = f"{guidance.organization.committee} gửi: {guidance.subject}"
    key, url = f"guidance:{guidance.pk}", f"/chi-dao/{guidance.pk}/"
    tell((News(place, key, sentence, url) for place in places), READERS, but=None, at=at)


@transaction.atomic
def confirm_read(receipt_id: int, *, actor: User, at: datetime) -> GuidanceReceipt:
    """Xác nhận đã đọc for the body that received it; the first who says so stays. Raises NotAllowed."""
    receipt = _receipt(receipt_id, actor)
    if receipt.read_at is None:
        receipt.read_at, receipt.read_by = at, actor
        receipt.save(update_fields=["read_at", "read_by"])
        audit.record("guidance.read", receipt.guidance, actor=actor, at=at, place=receipt.organization.name)
    return receipt


def _receipt(receipt_id: int, actor: User) -> GuidanceReceipt:
    """Locked, and answered for by this person."""
    receipt = (
        GuidanceReceipt.objects.select_for_update(of=("self",))
        .select_related("guidance", "organization")
        .get(pk=receipt_id)
    )
    policies.can_answer_for(actor, receipt.organization, READERS).require()
    return receipt


@transaction.atomic
def review_pilot(congress_id: int, *, held_on: date, participants: str, actor: User, at: datetime) -> PilotReview:
    """Ghi cuộc họp rút kinh nghiệm (F-20) of the committee whose pilot it is; written again, it is corrected.

    Raises NotAllowed, or InvalidInput when the congress is no pilot, has not met, or met later.
    """
    congress = lock(congress_id)
    level = congress.pilot_of or congress.authority
    policies.can_choose_pilot(actor, congress, level).require()
    if not congress.is_pilot:
        raise InvalidInput(f"{congress.name} không phải đại hội điểm. Chọn làm điểm trước khi rút kinh nghiệm.")
    if congress.state not in HELD or congress.held_on is None:
        raise InvalidInput("Rút kinh nghiệm ghi sau khi đại hội điểm bế mạc.")
    if not congress.held_on <= held_on <= timezone.localdate(at):
        problem = f"Ngày họp rút kinh nghiệm từ ngày đại hội ({wording.day(congress.held_on)}) đến hôm nay."
        raise InvalidInput(problem, fields={"held_on": [problem]})
    review, _ = PilotReview.objects.update_or_create(
        congress=congress,
        defaults={
            "organization": level,
            "held_on": held_on,
            "participants": participants.strip(),
            "recorded_by": actor,
        },
    )
    milestones.mark(congress.pk, "pilot_review", actor=actor, at=at)
    audit.record("pilot.reviewed", congress, actor=actor, at=at)
    return review


@transaction.atomic
def add_lesson(
    review_id: int,
    *,
    area: str,
    strengths: str,
    limits: str,
    action: str,
    applies_to_all: bool,
    owner: str,
    due_on: date | None,
    actor: User,
    at: datetime,
) -> Lesson:
    """Ghi một bài học of one area. Raises NotAllowed, or InvalidInput when nothing is said."""
    review = _review(review_id, actor)
    if not (strengths.strip() or limits.strip() or action.strip()):
        problem = "Ghi ít nhất một trong ba ô: ưu điểm, hạn chế, việc cần làm."
        raise InvalidInput(problem, fields={"action": [problem]})
    if applies_to_all and not action.strip():
        problem = "Bài học gửi cho mọi chi bộ phải nói rõ việc cần làm."
        raise InvalidInput(problem, fields={"action": [problem]})
    lesson = review.lessons.create(
        area=area,
        strengths=strengths.strip(),
        limits=limits.strip(),
        action=action.strip(),
        applies_to_all=applies_to_all,
        owner=owner.strip(),
        due_on=due_on,
    )
    audit.record("pilot.lesson_added", review.congress, actor=actor, at=at, area=lesson.get_area_display())
    return lesson


@transaction.atomic
def remove_lesson(lesson_id: int, *, actor: User, at: datetime) -> None:
    """Bỏ một bài học chưa gửi. Raises NotAllowed, or InvalidInput once the branches have it."""
    lesson = Lesson.objects.select_for_update().get(pk=lesson_id)
    review = _review(lesson.review_id, actor)
    if lesson.guidance_id is not None:
        raise InvalidInput("Bài học này đã gửi cho các chi bộ nên không bỏ được. Gửi thông báo đính chính nếu cần.")
    audit.record("pilot.lesson_removed", review.congress, actor=actor, at=at, area=lesson.get_area_display())
    lesson.delete()


def _review(review_id: int, actor: User) -> PilotReview:
    review = (
        PilotReview.objects.select_for_update(of=("self",)).select_related("organization", "congress").get(pk=review_id)
    )
    policies.can_choose_pilot(actor, review.congress, review.organization).require()
    return review


@transaction.atomic
def send_lessons(
    review_id: int, *, notation: str, issued_on: date, subject: str, body: str, actor: User, at: datetime
) -> Guidance:
    """Gửi các bài học chưa gửi thành việc của mọi tổ chức trực thuộc, with receipts.

    Raises NotAllowed, or InvalidInput when there is no lesson left to send.
    """
    review = _review(review_id, actor)
    waiting = list(review.lessons.filter(guidance__isnull=True, applies_to_all=True))
    if not waiting:
        raise InvalidInput("Không còn bài học nào chưa gửi. Ghi bài học áp dụng cho mọi chi bộ rồi gửi.")
    guidance = send_guidance(
        review.organization_id,
        kind=GuidanceKind.LESSONS,
        notation=notation,
        issued_on=issued_on,
        subject=subject,
        term_label=review.congress.term_label,
        body=body,
        actor=actor,
        at=at,
    )
    review.lessons.filter(pk__in=[one.pk for one in waiting]).update(guidance=guidance)
    return guidance


@transaction.atomic
def do_lesson(receipt_id: int, lesson_id: int, *, note: str, actor: User, at: datetime) -> LessonDone:
    """The body that received it says a lesson is carried out; said again, the note is corrected.

    Raises NotAllowed, or InvalidInput when that lesson did not come with it.
    """
    receipt = _receipt(receipt_id, actor)
    lesson = Lesson.objects.filter(pk=lesson_id, guidance=receipt.guidance_id).first()
    if lesson is None:
        raise InvalidInput(f"Bài học này không gửi đến {receipt.organization.name}.")
    done, _ = LessonDone.objects.update_or_create(
        lesson=lesson,
        organization=receipt.organization,
        defaults={"done_by": actor, "done_at": at, "note": note.strip()},
    )
    audit.record("guidance.lesson_done", receipt.guidance, actor=actor, at=at, place=receipt.organization.name)
    return done


def pilots_without_review(level: Organization) -> list[Congress]:
    """Held pilot congresses of that level that nobody has drawn lessons from yet."""
    return list(
        Congress.objects.filter(Q(pilot_of=level) | Q(pilot_of__isnull=True, authority=level), is_pilot=True)
        .filter(state__in=HELD, pilot_review__isnull=True)
        .select_related("organization")
    )
