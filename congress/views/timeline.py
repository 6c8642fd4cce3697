"""Pages of the timeline of one congress, and of requests to deviate from the plan."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from accounts import wording
from accounts.access import scoped
from accounts.charts import Table
from accounts.decisions import Decision
from accounts.gantt import Gantt, Span, gantt
from accounts.models import User
from accounts.roles import Role
from accounts.web import perform, signed_in_user
from congress import policies, queries
from congress.deviation_letters import letter
from congress.forms.timeline import AnswerForm, DayForm, DeviationForm, DoneForm
from congress.frame import frame
from congress.lifecycle import COMPLETE, SUBMITTED
from congress.models import Congress, Deviation, Milestone
from congress.rules.timeline import HELD, bindings
from congress.scopes import CONGRESS, DEVIATION, MILESTONE
from congress.services import deviations as deviation_services
from congress.services import milestones
from congress.services import timeline as services
from congress.timeline import Judged, Line, agreed_for, day_of, emptied, judged, lines_of, rule_of

SCHEDULERS = (Role.SECRETARY, Role.CLERK, Role.COMMITTEE_STAFF, Role.APPROVER)
PREPARERS = (Role.SECRETARY, Role.CLERK)
FORM_METHODS = ("GET", "POST")
ANSWER_TONES = {"pending": "wait", "granted": "done", "refused": "stopped", "withdrawn": "todo"}
USUAL_LENGTH = timedelta(days=3)
TITLE = "Lộ trình đại hội"


def _crumb(congress: Congress) -> tuple[str, str]:
    return TITLE, reverse("congress:timeline", args=[congress.pk])


def _rows(congress: Congress) -> list[Milestone]:
    rows = list(congress.milestones.all())
    for row in rows:
        row.congress = congress
    return rows


@scoped(CONGRESS)
def timeline(request: HttpRequest, congress: Congress) -> HttpResponse:
    """Every step with who does it, until when, after what; the same as a picture; what was asked of the superior."""
    user, today = signed_in_user(request), timezone.localdate()
    rows = _rows(congress)
    lines = lines_of(congress, rows, queries.working_calendar(), today=today)
    may = policies.can_schedule(user, congress)
    may_move = may if congress.state != COMPLETE else Decision(False, "Hồ sơ đại hội đã hoàn tất.")
    day_reason = _day_reason(congress, user)
    context = frame(request, congress, "timeline", title=TITLE, crumbs=[(TITLE, "")]) | {
        "lines": lines,
        "may": may_move,
        "day_reason": day_reason,
        "held": any(line.key == HELD and line.milestone.done_on for line in lines),
        "may_prepare": policies.can_prepare(user, congress),
        "chart": picture_of(congress, lines, may=bool(may_move), may_day=not day_reason, today=today),
        "findings": _findings_of(congress, lines),
        "deviations": [(one, _station_title(rows, one), ANSWER_TONES[one.answer]) for one in _deviations(congress)],
        "late": sum(line.tone == "late" for line in lines),
        "done": sum(line.tone == "done" for line in lines),
    }
    return render(request, "congress/plans/timeline.html", context)


def _deviations(congress: Congress) -> list[Deviation]:
    return list(congress.deviations.select_related("asked_by", "answered_by"))


def _station_title(rows: Sequence[Milestone], deviation: Deviation) -> str:
    key = deviation.rule.partition(":")[2]
    return next((row.title for row in rows if row.key == key), deviation.rule)


def _findings_of(congress: Congress, lines: Sequence[Line]) -> list[tuple[Line, list[Judged]]]:
    """What breaks as things stand: the day of the congress and the days that people set."""
    found = []
    for line in lines:
        row = line.milestone
        chosen = row.planned_on is not None or row.key == HELD
        if row.done_on is None and chosen and line.day is not None:
            if broken := judged(congress, row.key, line.day):
                found.append((line, broken))
    return found


def picture_of(congress: Congress, lines: Sequence[Line], *, may: bool, may_day: bool, today: date) -> Gantt | None:
    """From what a step waits for to its own day; the ends of those not done can be dragged by who may move them.

    ``may_day``: the day of the congress itself, too.
    """
    days = {line.key: line.day for line in lines}
    spans = []
    for line in lines:
        if line.day is None:
            continue
        before = [days[key] for key in line.milestone.after if days.get(key)]
        start = max((day for day in before if day and day <= line.day), default=line.day - USUAL_LENGTH)
        movable = may and line.milestone.done_on is None and (may_day or line.key != HELD)
        url = reverse("congress:milestone_day", args=[line.milestone.pk]) if movable else ""
        spans.append(Span(line.milestone.title, start, line.day, line.tone, url=url))
    opening = days.get(HELD)
    days_in_force = queries.deadlines_of(congress.plan)
    opens, closes = days_in_force.get("window_opens"), days_in_force.get("window_closes")
    window = (opens.due_on, closes.due_on) if opens and closes else None
    crossing = [(today, "hôm nay")] + ([(opening, "đại hội")] if opening else [])
    return gantt(
        title=_finding(lines),
        note="Kéo chấm tròn, hoặc chọn bằng Tab rồi dùng mũi tên trái, phải, để xem thử ngày khác." if may else "",
        spans=spans,
        lines=crossing,
        window=window,
        table=Table(
            ("Bước", "Ai làm", "Ngày", "Trạng thái"),
            tuple(
                (line.milestone.title, line.owner, wording.day(line.day) if line.day else "–", line.state)
                for line in lines
            ),
        ),
    )


def _finding(lines: Sequence[Line]) -> str:
    done, late = sum(one.tone == "done" for one in lines), sum(one.tone == "late" for one in lines)
    return f"Đã xong {done}/{len(lines)} bước" + (f", {late} bước quá hạn" if late else ", không bước nào quá hạn")


@scoped(CONGRESS, *SCHEDULERS, methods=("POST",))
def lay_out(request: HttpRequest, congress: Congress) -> HttpResponse:
    """Lập lộ trình of a congress opened before there were timelines, or count it again."""
    services.lay_out(congress.pk, actor=signed_in_user(request), at=timezone.now())
    messages.success(request, "Đã lập lộ trình đại hội theo kế hoạch.")
    return redirect("congress:timeline", congress.pk)


# ---- one milestone ----


def _asked_day(request: HttpRequest) -> date | None:
    """The day in ``?ngay=`` as the picture hands it over."""
    form = DayForm({"day": request.GET.get("ngay", "")})
    return form.cleaned_data["day"] if form.is_valid() else None


@scoped(MILESTONE, *SCHEDULERS, methods=FORM_METHODS)
def milestone_day(request: HttpRequest, row: Milestone) -> HttpResponse:
    """Another day for one step: what it would break is said before anything is saved."""
    congress, user = row.congress, signed_in_user(request)
    wanted = _asked_day(request)
    is_opening = row.key == HELD
    given = milestones.opening_of(congress) if is_opening else day_of(row)
    form = DayForm(
        request.POST if request.method == "POST" else None, initial={"day": wanted or given}, is_opening=is_opening
    )
    empties = False
    if form.is_bound:

        def act(data: dict[str, Any]) -> None:
            services.set_day(row.pk, day=data["day"], accepted=form.accepted, actor=user, at=timezone.now())

        if perform(form, act):
            messages.success(request, _day_set(row, form.cleaned_data["day"]))
            return redirect("congress:timeline", congress.pk)
        wanted = _typed_day(form)
        empties = is_opening and not form.data.get("day", "").strip()
    broken = judged(congress, row.key, wanted) if wanted else emptied(congress) if empties else []
    context = frame(
        request, congress, "timeline", title=f"Ngày “{row.title}”", crumbs=[_crumb(congress), (row.title, "")]
    )
    context |= {
        "row": row,
        "form": form,
        "wanted": wanted,
        "broken": broken,
        "seen": [one.finding.code for one in broken if not one.stops],
        "empties": empties,
        "moves_others": is_opening,
        "agreed_for": agreed_for(congress) if is_opening else None,
        "reason": _why_not(row, user, broken),
        "ask_url": _ask_url(congress, row, wanted, broken) if policies.can_prepare(user, congress) else "",
        "fits": bool(wanted) and not broken,
    }
    return render(request, "congress/plans/milestone_day.html", context, status=422 if form.is_bound else 200)


def _day_set(row: Milestone, day: date | None) -> str:
    if day is None and row.key == HELD:
        return "Đã bỏ ngày đại hội; các bước chờ ngày mới hoặc theo hạn của kế hoạch."
    return f"Đã đặt ngày “{row.title}”."


def _day_reason(congress: Congress, user: User) -> str:
    """Why this person cannot move the day of the congress itself; "" when they can."""
    if not policies.can_prepare(user, congress):
        return congress.said("Ngày đại hội do bí thư, thư ký của chi bộ đặt. Đồng chí đổi được ngày các bước khác.")
    if congress.state == SUBMITTED:
        return "Hồ sơ đang trình duyệt nên ngày đại hội chưa đổi được. Muốn đổi, rút hồ sơ trình duyệt trước."
    return ""


def _why_not(row: Milestone, user: User, broken: Sequence[Judged]) -> str:
    """Why this person cannot save this day; "" when they can."""
    if row.done_on is not None:
        return f"Bước này đã xong ngày {wording.day(row.done_on)}."
    if row.key == HELD and (reason := _day_reason(row.congress, user)):
        return reason
    return "Ngày này trái quy định. Chọn ngày khác." if any(one.stops for one in broken) else ""


def _typed_day(form: DayForm) -> date | None:
    """The day as typed, although the service has refused it."""
    try:
        return form.fields["day"].clean(form.data.get("day", "")) or None
    except ValidationError:
        return None


def _ask_url(congress: Congress, row: Milestone, wanted: date | None, broken: Sequence[Judged]) -> str:
    if wanted is None or not any(one.may_deviate for one in broken):
        return ""
    query = urlencode({"buoc": row.key, "ngay": wanted.isoformat()})
    return f"{reverse('congress:ask_deviation', args=[congress.pk])}?{query}"


@scoped(MILESTONE, *SCHEDULERS, methods=FORM_METHODS)
def milestone_done(request: HttpRequest, row: Milestone) -> HttpResponse:
    """Ghi đã xong by hand, with the day and a note."""
    user = signed_in_user(request)
    form = DoneForm(request.POST if request.method == "POST" else None, initial={"on": timezone.localdate()})

    def act(data: dict[str, Any]) -> None:
        services.mark_done(row.pk, on=data["on"], note=data["note"], actor=user, at=timezone.now())

    if form.is_bound and perform(form, act):
        messages.success(request, f"Đã ghi xong “{row.title}”.")
        return redirect("congress:timeline", row.congress_id)
    congress = row.congress
    context = frame(
        request, congress, "timeline", title=f"Ghi xong “{row.title}”", crumbs=[_crumb(congress), (row.title, "")]
    )
    context |= {"form": form, "back_url": _crumb(congress)[1]}
    return render(request, "congress/plans/milestone_done.html", context, status=422 if form.is_bound else 200)


@scoped(MILESTONE, *SCHEDULERS, methods=("POST",))
def milestone_undone(request: HttpRequest, row: Milestone) -> HttpResponse:
    services.mark_undone(row.pk, actor=signed_in_user(request), at=timezone.now())
    messages.success(request, f"Đã ghi lại “{row.title}” chưa xong.")
    return redirect("congress:timeline", row.congress_id)


# ---- deviations ----


@scoped(CONGRESS, *PREPARERS, methods=FORM_METHODS)
def ask_deviation(request: HttpRequest, congress: Congress) -> HttpResponse:
    """Đề nghị làm khác kế hoạch: the letter is written already and edited before it goes."""
    user, rows = signed_in_user(request), _rows(congress)
    bindable = {row.key: row for row in rows if row.key in bindings()}
    rules = [(rule_of("window" if key == HELD else "deadline", key), row.title) for key, row in bindable.items()]
    key, wanted = request.GET.get("buoc", HELD), _asked_day(request)
    row = bindable.get(key)
    initial: dict[str, Any] = {"wanted_on": wanted}
    if row is not None:
        rule = rule_of("window" if key == HELD else "deadline", key)
        initial |= {"rule": rule, "letter": _letter(congress, row, rule, wanted)}
    form = DeviationForm(request.POST if request.method == "POST" else None, initial=initial, rules=rules)
    sent: list[Deviation] = []

    def act(data: dict[str, Any]) -> None:
        sent.append(deviation_services.ask(congress.pk, actor=user, at=timezone.now(), **data))

    if form.is_bound and perform(form, act):
        messages.success(request, f"Đã gửi đề nghị tới {congress.authority.committee}.")
        return redirect("congress:deviation", sent[0].pk)
    title = "Đề nghị làm khác kế hoạch"
    context = frame(request, congress, "timeline", title=title, crumbs=[_crumb(congress), (title, "")]) | {
        "form": form,
        "back_url": _crumb(congress)[1],
        "saved": f"deviation-of-{congress.pk}",
    }
    return render(request, "congress/plans/deviation_form.html", context, status=422 if form.is_bound else 200)


def _letter(congress: Congress, row: Milestone, rule: str, wanted: date | None) -> str:
    found = judged(congress, row.key, wanted) if wanted else []
    broken = [one.finding.message for one in found if one.finding.rule in rule]
    return letter(congress, rule=rule, title=row.title, broken=" ".join(broken), wanted_on=wanted)


@scoped(DEVIATION)
def deviation(request: HttpRequest, found: Deviation) -> HttpResponse:
    """The letter and its answer; prints clean."""
    user, congress = signed_in_user(request), found.congress
    may_answer = policies.can_answer_deviation(user, congress, found.asked_by_id)
    title = "Đề nghị làm khác kế hoạch"
    context = frame(request, congress, "timeline", title=title, crumbs=[_crumb(congress), (title, "")]) | {
        "deviation": found,
        "station": _station_title(_rows(congress), found),
        "tone": ANSWER_TONES[found.answer],
        "is_pending": found.answer == Deviation.Answer.PENDING,
        "may_answer": may_answer,
        "may_withdraw": policies.can_prepare(user, congress),
    }
    return render(request, "congress/plans/deviation.html", context)


@scoped(DEVIATION, Role.APPROVER, methods=FORM_METHODS, at="authority")
def answer_deviation(request: HttpRequest, found: Deviation) -> HttpResponse:
    """Trả lời đề nghị: đồng ý or not, with reasons."""
    user, congress = signed_in_user(request), found.congress
    policies.can_answer_deviation(user, congress, found.asked_by_id).require()
    form = AnswerForm(request.POST if request.method == "POST" else None)

    def act(data: dict[str, Any]) -> None:
        deviation_services.answer(
            found.pk, granted=data["granted"] == "yes", reasons=data["reasons"], actor=user, at=timezone.now()
        )

    if form.is_bound and perform(form, act):
        messages.success(request, "Đã trả lời đề nghị của chi bộ.")
        return redirect("congress:deviation", found.pk)
    title = "Trả lời đề nghị"
    own = ("Đề nghị", reverse("congress:deviation", args=[found.pk]))
    context = frame(request, congress, "timeline", title=title, crumbs=[_crumb(congress), own, (title, "")]) | {
        "form": form,
        "deviation": found,
        "station": _station_title(_rows(congress), found),
        "back_url": own[1],
    }
    return render(request, "congress/plans/deviation_answer.html", context, status=422 if form.is_bound else 200)


@scoped(DEVIATION, *PREPARERS, methods=("POST",))
def withdraw_deviation(request: HttpRequest, found: Deviation) -> HttpResponse:
    deviation_services.withdraw(found.pk, actor=signed_in_user(request), at=timezone.now())
    messages.success(request, "Đã rút đề nghị.")
    return redirect("congress:timeline", found.congress_id)
