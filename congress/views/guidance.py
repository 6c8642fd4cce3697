"""Pages of what goes down the tree: letters and messages with receipts, pilot congresses and their lessons."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from accounts.access import scoped, signed_in
from accounts.errors import InvalidInput, NotReady
from accounts.exporting import excel_url, wants_excel
from accounts.models import User
from accounts.sheets import xlsx_response
from accounts.web import number_of, perform, signed_in_user
from congress import paper_export, queries
from congress.forms.guidance import DoneForm, GuidanceForm, LessonForm, LessonLetterForm, ReviewForm
from congress.frame import frame
from congress.models import Congress, Guidance, GuidanceReceipt, Lesson, LessonDone, PilotReview
from congress.reach import READERS
from congress.scopes import CONGRESS, GUIDANCE, RECEIPT
from congress.services import guidance as services
from congress.views.plans import FORM_METHODS, PLANNERS, guiding_places, list_crumb
from organizations.models import Organization
from organizations.queries import acting_assignments, below
from organizations.scopes import ORGANIZATION

LIST = ("Văn bản chỉ đạo", "congress:guidance_list")
SHOWN_UNREAD = 30


def _posted(request: HttpRequest) -> Any:
    return request.POST if request.method == "POST" else None


def _own_receipts(user: User, guidance: Guidance) -> list[GuidanceReceipt]:
    places = [one.organization_id for one in acting_assignments(user) if one.role in READERS]
    return list(guidance.receipts.filter(organization__in=places).select_related("organization", "read_by"))


@signed_in("GET")
def guidance_list(request: HttpRequest) -> HttpResponse:
    """Văn bản chỉ đạo of one's own committees and those above, with how many have read."""
    found = queries.guidance_visible_to(signed_in_user(request)).annotate(
        sent=Count("receipts"), read=Count("receipts", filter=Q(receipts__read_at__isnull=False))
    )
    if wants_excel(request):
        return xlsx_response("Văn bản chỉ đạo", paper_export.guidance(found, on=timezone.localdate()))
    rows = [
        {
            "url": reverse("congress:guidance", args=[one.pk]),
            "cells": [
                {"text": one.notation or one.get_kind_display(), "note": one.organization.committee},
                one.subject,
                one.term_label,
                f"{one.issued_on:%-d/%-m/%Y}",
                f"{one.read}/{one.sent}" if one.sent else None,
            ],
        }
        for one in found
    ]
    context = {
        "columns": [
            {"label": "Văn bản"},
            {"label": "Trích yếu"},
            {"label": "Nhiệm kỳ"},
            {"label": "Ngày ban hành", "numeric": True},
            {"label": "Đã đọc", "numeric": True},
        ],
        "rows": rows,
        "places": guiding_places(request),
        "excel_url": excel_url(request),
        "crumbs": [list_crumb(), (LIST[0], request.path)],
    }
    return render(request, "congress/plans/guidance_list.html", context)


@scoped(GUIDANCE)
def guidance(request: HttpRequest, found: Guidance) -> HttpResponse:
    """One letter: for who received it, the button; for who sent it, who has read and who has done."""
    user = signed_in_user(request)
    own = _own_receipts(user, found)
    sends = any(found.organization.path.startswith(one.organization.path) for one in acting_assignments(user))
    receipts = found.receipts.aggregate(sent=Count("pk"), read=Count("pk", filter=Q(read_at__isnull=False)))
    unread = found.receipts.filter(read_at__isnull=True).select_related("organization")
    context = {
        "guidance": found,
        "own": own,
        "to_confirm": [one for one in own if one.read_at is None],
        "sends": sends,
        "receipts": receipts,
        "unread": list(unread[:SHOWN_UNREAD]) if sends else [],
        "more_unread": max(0, receipts["sent"] - receipts["read"] - SHOWN_UNREAD),
        "lessons": _lessons(found, own, receipts["sent"]),
        "crumbs": [list_crumb(), (LIST[0], reverse(LIST[1])), (found.notation or found.subject, request.path)],
    }
    return render(request, "congress/plans/guidance.html", context)


def _lessons(found: Guidance, own: list[GuidanceReceipt], sent: int) -> list[dict[str, Any]]:
    """Each lesson with how many have done it, and the form for each own body that has not."""
    lessons = list(found.lessons.annotate(count=Count("done")).select_related("review__congress__organization"))
    places = {one.organization_id: one for one in own if one.organization.is_branch}
    done = {
        (one.lesson_id, one.organization_id): one
        for one in LessonDone.objects.filter(lesson__in=lessons, organization__in=places).select_related("done_by")
    }
    return [
        {
            "lesson": lesson,
            "count": lesson.count,  # type: ignore[attr-defined]  # annotated above
            "own": [{"receipt": one, "done": done.get((lesson.pk, pk))} for pk, one in places.items()],
        }
        for lesson in lessons
    ]


@scoped(RECEIPT, *READERS, methods=("POST",), at="own")
def confirm_read(request: HttpRequest, receipt: GuidanceReceipt) -> HttpResponse:
    services.confirm_read(receipt.pk, actor=signed_in_user(request), at=timezone.now())
    messages.success(request, f"Đã ghi nhận {receipt.organization.name} đã đọc văn bản.")
    return redirect("congress:guidance", guidance_id=receipt.guidance_id)


@scoped(RECEIPT, *READERS, methods=("POST",), at="own")
def lesson_done(request: HttpRequest, receipt: GuidanceReceipt) -> HttpResponse:
    """Xác nhận đã thực hiện một bài học kèm văn bản."""
    form = DoneForm(request.POST)
    if not form.is_valid():
        raise InvalidInput("Chưa rõ bài học nào. Mở lại văn bản rồi bấm nút ở bài học đã làm.")
    services.do_lesson(
        receipt.pk,
        form.cleaned_data["lesson"],
        note=form.cleaned_data["note"],
        actor=signed_in_user(request),
        at=timezone.now(),
    )
    messages.success(request, f"Đã ghi {receipt.organization.name} thực hiện bài học này.")
    return redirect("congress:guidance", guidance_id=receipt.guidance_id)


@scoped(ORGANIZATION, *PLANNERS, methods=FORM_METHODS)
def send(request: HttpRequest, organization: Organization) -> HttpResponse:
    """Gửi văn bản, thông báo xuống cấp dưới: all of them or those chosen."""
    form = GuidanceForm(_posted(request), places=_choices(organization), initial={"issued_on": timezone.localdate()})
    done: list[Guidance] = []

    def act(data: dict[str, Any]) -> None:
        done.append(services.send_guidance(organization.pk, actor=signed_in_user(request), at=timezone.now(), **data))

    if form.is_bound and perform(form, act):
        messages.success(request, f"Đã gửi đến {done[0].receipts.count()} nơi. Trang này cho biết nơi nào đã đọc.")
        return redirect("congress:guidance", guidance_id=done[0].pk)
    back = reverse(LIST[1])
    context = {
        "title": "Gửi văn bản, thông báo",
        "lead": f"Của {organization.committee}. Nơi nhận được nhắc và xác nhận đã đọc.",
        "form": form,
        "submit_label": "Gửi văn bản",
        "cancel_url": back,
        "autosave": f"guidance-of-{organization.pk}",
        "crumbs": [list_crumb(), (LIST[0], back), ("Gửi văn bản", request.path)],
    }
    return render(request, "congress/plans/simple_form.html", context, status=422 if form.is_bound else 200)


def _choices(organization: Organization) -> list[tuple[int, str]]:
    """The bodies directly below; with few of them, theirs too, so that a single branch can be chosen."""
    found = Organization.objects.filter(below(organization.path), closed_on__isnull=True).exclude(pk=organization.pk)
    direct = found.filter(parent=organization)
    shown = found if found.count() <= 60 else direct
    return [(one.pk, f"{'— ' * (one.depth - organization.depth - 1)}{one.name}") for one in shown.order_by("path")]


# ---- pilot congresses ----


@scoped(CONGRESS, *PLANNERS, methods=FORM_METHODS)
def pilot_review(request: HttpRequest, congress: Congress) -> HttpResponse:
    """Rút kinh nghiệm sau đại hội điểm: the meeting, its lessons by area, and sending them to all branches."""
    known = PilotReview.objects.filter(congress=congress).first()
    form = ReviewForm(
        _posted(request),
        initial={
            "held_on": known.held_on if known else congress.held_on,
            "participants": known.participants if known else "",
        },
    )

    def act(data: dict[str, Any]) -> None:
        services.review_pilot(congress.pk, actor=signed_in_user(request), at=timezone.now(), **data)

    if form.is_bound and perform(form, act):
        messages.success(request, "Đã ghi cuộc họp rút kinh nghiệm. Ghi tiếp bài học theo từng lĩnh vực.")
        return redirect("congress:pilot_review", congress_id=congress.pk)
    context = _review_page(request, congress, known) | {"form": form}
    return render(request, "congress/pilot_review.html", context, status=422 if form.is_bound else 200)


def _review_page(request: HttpRequest, congress: Congress, known: PilotReview | None) -> dict[str, Any]:
    lessons = list(known.lessons.select_related("guidance").order_by("pk")) if known else []
    areas = [
        {"label": label, "lessons": [one for one in lessons if one.area == area]} for area, label in Lesson.Area.choices
    ]
    title, crumbs = "Rút kinh nghiệm đại hội điểm", [("Rút kinh nghiệm", "")]
    context = frame(request, congress, "overview", title=title, crumbs=crumbs)
    return context | {
        "review": known,
        "areas": [one for one in areas if one["lessons"]],
        "to_send": sum(one.guidance_id is None and one.applies_to_all for one in lessons),
    }


@scoped(CONGRESS, *PLANNERS, methods=FORM_METHODS)
def add_lesson(request: HttpRequest, congress: Congress) -> HttpResponse:
    """Ghi một bài học."""
    review = _review_of(congress)
    form = LessonForm(_posted(request))

    def act(data: dict[str, Any]) -> None:
        services.add_lesson(review.pk, actor=signed_in_user(request), at=timezone.now(), **data)

    return _step(request, congress, form, act, title="Ghi bài học", submit="Ghi bài học", said="Đã ghi bài học.")


@scoped(CONGRESS, *PLANNERS, methods=FORM_METHODS)
def send_lessons(request: HttpRequest, congress: Congress) -> HttpResponse:
    """Gửi các bài học thành việc của mọi chi bộ."""
    review = _review_of(congress)
    form = LessonLetterForm(
        _posted(request),
        initial={
            "subject": f"Thống nhất một số nội dung sau đại hội điểm {congress.organization.name}",
            "issued_on": timezone.localdate(),
        },
    )

    def act(data: dict[str, Any]) -> None:
        services.send_lessons(review.pk, actor=signed_in_user(request), at=timezone.now(), **data)

    said = "Đã gửi bài học đến các chi bộ. Trang văn bản cho biết nơi nào đã đọc, đã làm."
    return _step(request, congress, form, act, title="Gửi bài học cho các chi bộ", submit="Gửi bài học", said=said)


def _review_of(congress: Congress) -> PilotReview:
    review = PilotReview.objects.filter(congress=congress).first()
    if review is None:
        raise NotReady(f"Chưa ghi cuộc họp rút kinh nghiệm của {congress.name}. Ghi cuộc họp trước, bài học ghi sau.")
    return review


def _step(
    request: HttpRequest, congress: Congress, form: Any, act: Any, *, title: str, submit: str, said: str
) -> HttpResponse:
    back = reverse("congress:pilot_review", args=[congress.pk])
    if form.is_bound and perform(form, act):
        messages.success(request, said)
        return redirect(back)
    context = {
        "title": title,
        "lead": congress.name,
        "form": form,
        "submit_label": submit,
        "cancel_url": back,
        "autosave": f"{request.resolver_match.url_name if request.resolver_match else ''}-{congress.pk}",
        "crumbs": [
            ("Đại hội", reverse("congress:list")),
            (congress.organization.name, reverse("congress:detail", args=[congress.pk])),
            ("Rút kinh nghiệm", back),
            (title, request.path),
        ],
    }
    return render(request, "congress/plans/simple_form.html", context, status=422 if form.is_bound else 200)


@scoped(CONGRESS, *PLANNERS, methods=("POST",))
def remove_lesson(request: HttpRequest, congress: Congress) -> HttpResponse:
    chosen = number_of(request.POST.get("lesson", ""))
    lesson = Lesson.objects.filter(review__congress=congress, pk=chosen).first()
    if lesson is None:
        raise InvalidInput("Bài học này không còn ở đại hội điểm. Mở lại trang rút kinh nghiệm để xem các bài học.")
    services.remove_lesson(lesson.pk, actor=signed_in_user(request), at=timezone.now())
    messages.success(request, "Đã bỏ bài học.")
    return redirect("congress:pilot_review", congress_id=congress.pk)
