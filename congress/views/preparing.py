"""Pages on which a congress is prepared, its roll called, and its clearance asked for and given."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from accounts.access import scoped
from accounts.errors import InvalidInput, StaleVersion
from accounts.roles import Role
from accounts.web import perform, signed_in_user
from accounts.wording import day as day_in_words
from accounts.wording import moment as moment_in_words
from congress import policies, queries, readiness
from congress.callings import calling_day, members_in_reach
from congress.clocks import clocks_of
from congress.forms.preparing import ClearForm, DetailsForm, ExcuseForm, ReasonsForm, stored_details
from congress.frame import frame, section_label
from congress.lifecycle import CLEARED, CONGRESS_LIFECYCLE, PREPARING, SITTING, SUBMITTED
from congress.models import AssemblyKind, Attendance, Congress
from congress.rules import regimes
from congress.rules.convening import size_findings
from congress.scopes import ATTENDANCE, CONGRESS
from congress.services import preparing as services
from congress.services import sitting as sitting_services
from congress.services.delegates import CHOSEN
from congress.timing import timing_of
from organizations.models import MemberStanding, Organization
from organizations.queries import acting_assignments

PREPARERS = (Role.SECRETARY, Role.CLERK)
PILOT_CHOOSERS = (Role.COMMITTEE_STAFF, Role.APPROVER)
FORM = ("GET", "POST")
Presence = Attendance.Presence
CALLING = (PREPARING, CLEARED, SITTING)
"""States in which the roll is called."""


def posted(request: HttpRequest) -> Any:
    return request.POST if request.method == "POST" else None


def label_of(action: str) -> str:
    """The words of a life cycle's button."""
    return next(row.label for row in CONGRESS_LIFECYCLE.rows if row.action == action)


def regime_of(congress: Congress) -> regimes.Regime:
    """The texts in force on the day of the congress: opened, else planned, else today."""
    return regimes.in_force(timezone.localdate(congress.opened_at or congress.planned_for))


# ---- details ----


def _in_words(congress: Congress) -> list[dict[str, str]]:
    """The details as they are stored, for people to read."""
    planned = congress.planned_for
    number = "Hội nghị lần thứ" if congress.is_meeting else "Đại hội lần thứ"
    rows = [
        (number, str(congress.ordinal or "chưa ghi")),
        ("Thời gian", moment_in_words(timezone.localtime(planned)) if planned else "chưa ghi"),
        ("Địa điểm", congress.place or "chưa ghi"),
        *([("Cấp ủy đương nhiệm hết nhiệm kỳ", day_in_words(congress.term_ends_on))] if congress.term_ends_on else []),
        *_elected_in_words(congress),
    ]
    return [{"label": label, "value": value} for label, value in rows]


def _elected_in_words(congress: Congress) -> list[tuple[str, str]]:
    """What is elected there, as far as it is known."""
    deputy = ("Phó bí thư", "Bầu phó bí thư" if congress.has_deputy else "Không bầu phó bí thư")
    quota = [("Đại biểu dự đại hội cấp trên", _quota(congress))] if congress.delegate_seats else []
    if congress.is_meeting:
        seats = congress.standing_seats
        return [("Ban thường vụ", f"Bầu {seats} ủy viên" if seats else "Không bầu ban thường vụ"), deputy]
    if congress.organization.is_branch:
        elects = congress.has_branch_committee
        committee = f"Bầu chi ủy, {congress.committee_seats} chi ủy viên" if elects else "Không bầu chi ủy"
        return [("Chi ủy", committee), deputy, *quota]
    kind = ("Loại hình", congress.get_kind_display())
    seats = congress.committee_seats
    return [kind, ("Ban chấp hành", f"Bầu {seats} ủy viên" if seats else "chưa ghi số lượng"), *quota]


def _quota(congress: Congress) -> str:
    alternates = f", {congress.alternate_seats} dự khuyết" if congress.alternate_seats else ""
    return f"Bầu {congress.delegate_seats} chính thức{alternates}"


def _threshold_warning(congress: Congress, official: int) -> str:
    """E-15 — said, never refused: who counts on the day is known on the day."""
    if not congress.organization.is_branch:
        return ""
    found = size_findings(official, planned=congress.has_branch_committee, regime=regime_of(congress))
    return " ".join(f"{one.message} {one.next}" for one in found)


def _official_members(congress: Congress) -> int:
    day = calling_day(congress)
    return sum(member.is_official(day) for member in members_in_reach(congress))


@scoped(CONGRESS, *PREPARERS, methods=FORM)
def details(request: HttpRequest, congress: Congress) -> HttpResponse:
    """Thời gian, địa điểm, số lượng bầu; a stale save shows both texts and loses neither."""
    official = _official_members(congress)
    form = DetailsForm(posted(request), initial=stored_details(congress), congress=congress, official=official)
    status = 200
    context: dict[str, Any] = {}

    def act(_: dict[str, Any]) -> None:
        services.set_details(congress.pk, actor=signed_in_user(request), at=timezone.now(), **form.details)

    if request.method == "POST":
        try:
            if perform(form, act):
                messages.success(request, "Đã ghi thời gian, địa điểm và số lượng bầu.")
                return redirect("congress:detail", congress.pk)
            status = 422
        except StaleVersion as refusal:
            stored: Congress = refusal.current  # type: ignore[assignment]  # what set_details puts there
            form.data = typed = request.POST.copy()
            typed["version"] = str(stored.version)
            status, context = 409, {"refusal": str(refusal), "theirs": _in_words(stored)}
    title = "Thời gian, địa điểm, số lượng bầu"
    context |= frame(request, congress, "overview", title=title, crumbs=[(title, "")]) | {
        "form": form,
        "warning": _threshold_warning(congress, official),
        "timing": [f"{one.message} {one.next}" for one in timing_of(congress)],
        "clocks": clocks_of(congress),
        "closed": "" if congress.state in (PREPARING, CLEARED) else _closed_reason(congress),
        "back": reverse("congress:detail", args=[congress.pk]),
        "autosave": f"congress-{congress.pk}-details",
    }
    return render(request, "congress/details_form.html", context, status=status)


def _closed_reason(congress: Congress) -> str:
    if congress.state == SUBMITTED:
        return "Hồ sơ đang trình duyệt. Muốn sửa, rút hồ sơ trình duyệt trước."
    return "Đại hội đã khai mạc, nội dung chuẩn bị không sửa được nữa."


def pilot_levels(request: HttpRequest, congress: Congress) -> list[Organization]:
    """The committees above the congress at which the person may choose pilots, nearest first."""
    user = signed_in_user(request)
    held = {
        one.organization_id: one.organization
        for one in acting_assignments(user)
        if one.role in PILOT_CHOOSERS and congress.organization.path.startswith(one.organization.path)
    }
    return sorted(held.values(), key=lambda one: -one.depth)


@scoped(CONGRESS, *PILOT_CHOOSERS, methods=("POST",))
def pilot(request: HttpRequest, congress: Congress) -> HttpResponse:
    """Chọn làm đại hội điểm of the nearest committee the person works for."""
    level = pilot_levels(request, congress)[0]
    services.choose_pilot(congress.pk, level_id=level.pk, actor=signed_in_user(request), at=timezone.now())
    messages.success(request, f"Đã chọn làm đại hội điểm của {level.committee}.")
    return redirect("congress:detail", congress.pk)


# ---- the roll ----


def _roll_rows(congress: Congress, chosen: dict[int, str] | None = None) -> list[dict[str, Any]]:
    """Every line of the roll; ``chosen`` is what was just marked and not yet kept."""
    kinds = dict(MemberStanding.Kind.choices)
    rows = []
    for line in congress.attendances.select_related("member__organization", "excused_by", "replaces__member"):
        line.congress = congress
        rows.append(
            {
                "line": line,
                "presence": (chosen or {}).get(line.pk, line.presence),
                "standing": kinds.get(line.standing, ""),
                "excuse_url": reverse("congress:excuse", args=[line.pk]),
                "mandate": line.get_mandate_display() if congress.is_of_delegates else "",
                "instead_of": line.replaces.member.full_name if line.replaces else "",
                "is_alternate": line.mandate == Attendance.Mandate.ALTERNATE,
                "is_chosen": line.mandate in CHOSEN,
                "declined": _is_exempt_present(line) and line.takes_ballot is False,
                "asks": _is_exempt_present(line) and line.takes_ballot is None,
                "tone": {Presence.PRESENT: "done", Presence.ABSENT: "late"}.get(Presence(line.presence), "todo"),
            }
        )
    return rows


HOW_MADE = {
    AssemblyKind.MEMBERS: "Danh sách lấy từ đảng viên đến ngày đại hội; đồng chí bị đình chỉ sinh hoạt, khởi tố, truy "
    "tố, tạm giam không được triệu tập.",
    AssemblyKind.DELEGATES: "Ủy viên cấp ủy triệu tập là đại biểu đương nhiên; đại biểu do các tổ chức đảng trực thuộc "
    "bầu thì ghi từng đồng chí hoặc dán danh sách.",
    AssemblyKind.MEETING: "Danh sách gồm các cấp ủy viên mà đại hội vừa bầu.",
}
"""Where the people of the roll come from, by kind of congress."""


def _is_exempt_present(line: Attendance) -> bool:
    """Of whom the secretary is asked whether a ballot is taken (U-19)."""
    return line.is_official and line.standing == MemberStanding.Kind.EXEMPT and line.presence == Presence.PRESENT


def _roll_page(
    request: HttpRequest, congress: Congress, *, errors: list[tuple[str, str]] | None = None, status: int = 200
) -> HttpResponse:
    rows = _roll_rows(congress, _chosen(request) if errors else None)
    electorate = queries.electorate_of(congress)
    regime = regime_of(congress)
    may_prepare = policies.can_prepare(signed_in_user(request), congress)
    called = congress.state in (PREPARING, CLEARED)
    title = section_label(congress, "roll")
    context = frame(request, congress, "roll", title=title, crumbs=[(title, "")]) | {
        "rows": rows,
        "errors": errors,
        "may_prepare": may_prepare,
        "may_call": bool(may_prepare) and congress.state in CALLING and bool(rows),
        "may_convene": bool(may_prepare) and called,
        "may_summon": bool(may_prepare) and called and congress.is_of_delegates,
        "how_made": HOW_MADE[AssemblyKind(congress.kind)],
        "convene_reason": may_prepare.reason or ("" if called else "Danh sách triệu tập đã chốt."),
        "convene_label": "Lập lại danh sách triệu tập" if rows else "Lập danh sách triệu tập",
        "exempt_present": [row for row in rows if _is_exempt_present(row["line"])],
        "steps": [*electorate.resolution_steps(regime), *electorate.election_steps(regime)] if rows else [],
        "regime": regime,
        "unknown": sum(row["line"].presence == Presence.UNKNOWN for row in rows),
        "present_all": sum(row["line"].presence == Presence.PRESENT for row in rows),
        "probationers": sum(not row["line"].is_official for row in rows),
        "autosave": f"congress-{congress.pk}-roll",
        "saved": request.session.pop("saved_roll", ""),
    }
    return render(request, "congress/roll.html", context, status=status)


@scoped(CONGRESS)
def roll(request: HttpRequest, congress: Congress) -> HttpResponse:
    """The roll, the roll call and the two bases it gives."""
    return _roll_page(request, congress)


@scoped(CONGRESS, *PREPARERS, methods=("POST",))
def convene(request: HttpRequest, congress: Congress) -> HttpResponse:
    called = services.convene(congress.pk, actor=signed_in_user(request), at=timezone.now())
    messages.success(request, f"Đã lập danh sách triệu tập {called} đồng chí.")
    return redirect("congress:roll", congress.pk)


def _chosen(request: HttpRequest) -> dict[int, str]:
    """Attendance id → what was marked."""
    found = {}
    for name, value in request.POST.items():
        stem, _, number = name.partition("-")
        if stem == "diem" and number.isascii() and number.isdigit() and len(number) < 19:
            found[int(number)] = str(value)
    return found


def _marks(request: HttpRequest, congress: Congress) -> dict[int, str]:
    """What the roll call says; "Tất cả có mặt" leaves those alone whose absence was accepted."""
    if request.POST.get("tat_ca"):
        return {row.pk: Presence.PRESENT for row in congress.attendances.filter(excused_at__isnull=True)}
    return _chosen(request)


@scoped(CONGRESS, *PREPARERS, methods=("POST",))
def take_roll(request: HttpRequest, congress: Congress) -> HttpResponse:
    """Điểm danh: what was marked is kept; a fault shows the marks again."""
    marks = _marks(request, congress)
    if not marks:
        text = "Chưa đánh dấu đồng chí nào. Đánh dấu có mặt hoặc vắng mặt rồi lưu điểm danh."
        return _roll_page(request, congress, errors=[(text, "diem-danh")], status=422)
    try:
        present = sitting_services.take_roll(congress.pk, marks, actor=signed_in_user(request), at=timezone.now())
    except InvalidInput as refusal:
        return _roll_page(request, congress, errors=[(str(refusal), "diem-danh")], status=422)
    request.session["saved_roll"] = f"congress-{congress.pk}-roll"
    messages.success(request, f"Đã lưu điểm danh: {present} đồng chí có mặt.")
    return redirect("congress:roll", congress.pk)


@scoped(ATTENDANCE, *PREPARERS, methods=FORM)
def excuse(request: HttpRequest, line: Attendance) -> HttpResponse:
    """Chấp nhận vắng mặt suốt đại hội (E-13), with the reason."""
    congress = line.congress
    form = ExcuseForm(posted(request), initial={"reason": line.reason})

    def act(data: dict[str, Any]) -> None:
        sitting_services.excuse_absence(line.pk, actor=signed_in_user(request), at=timezone.now(), **data)

    if request.method == "POST" and perform(form, act):
        messages.success(request, f"Đã ghi đồng chí {line.member.full_name} vắng mặt có lý do được chấp nhận.")
        return redirect("congress:roll", congress.pk)
    title = f"Chấp nhận đồng chí {line.member.full_name} vắng mặt"
    back = reverse("congress:roll", args=[congress.pk])
    crumbs = [(section_label(congress, "roll"), back), ("Chấp nhận vắng mặt", "")]
    context = frame(request, congress, "roll", title=title, crumbs=crumbs) | {
        "form": form,
        "submit_label": "Chấp nhận vắng mặt",
        "lead": f"Chỉ ghi khi đồng chí vắng mặt suốt thời gian {congress.word} và cấp ủy triệu tập đã chấp nhận lý do.",
        "consequence": "Cơ sở tính kết quả bầu cử bớt một. Nếu đồng chí đến dự, điểm danh có mặt là tính lại như cũ.",
        "back": back,
    }
    return render(request, "congress/clearance_form.html", context, status=422 if form.errors else 200)


# ---- clearance ----


def history_of(congress: Congress) -> list[dict[str, Any]]:
    """Every request for clearance with how it ended, newest first, as a timeline."""
    found = []
    for request in congress.clearances.select_related("submitted_by", "decided_by"):
        if request.decided_at:
            found.append(
                {
                    "at": request.decided_at,
                    "who": request.decided_by,
                    "text": f"{request.get_outcome_display().lower()} (lần {request.number})",
                    "note": request.reasons,
                    "kind": "main" if request.outcome == request.Outcome.CLEARED else "",
                }
            )
        found.append(
            {"at": request.submitted_at, "who": request.submitted_by, "text": f"trình duyệt lần {request.number}"}
        )
    return found


def _gap_reason(gaps: list[readiness.Gap]) -> str:
    return f"Còn {len(gaps)} việc chưa xong." if gaps else ""


def sent_back(congress: Congress) -> str:
    """What the committee asked for when it last sent the dossier back and nothing was submitted since."""
    last = congress.clearances.order_by("-number").first()
    if congress.state != PREPARING or last is None or last.outcome not in (last.Outcome.RETURNED, last.Outcome.REVOKED):
        return ""
    return last.reasons


def clearance_buttons(request: HttpRequest, congress: Congress) -> list[dict[str, Any]]:
    """What may be done about the clearance now; the other side's acts are left out, an own barred one says why."""
    user = signed_in_user(request)
    branch = policies.can_prepare(user, congress)
    pending = services.pending_request(congress)
    judge = policies.can_clear(user, congress, pending)
    authority = policies.can_choose_pilot(user, congress, congress.authority)
    table = {
        "submit_for_clearance": ("congress:submit", "primary", branch, policies.can_submit(user, congress), False),
        "withdraw_submission": ("congress:withdraw", "secondary", branch, policies.can_submit(user, congress), True),
        "clear": ("congress:clear", "primary", authority, judge, False),
        "return_for_changes": ("congress:return", "secondary", authority, judge, False),
        "revoke_clearance": ("congress:revoke", "secondary", authority, judge, False),
    }
    found = []
    for row in CONGRESS_LIFECYCLE.actions(state=congress.state):
        if row.action not in table:
            continue
        url_name, kind, concerned, may, post = table[row.action]
        if not concerned:
            continue
        step = {"submit_for_clearance": readiness.CLEARANCE, "clear": readiness.CLEARING}.get(row.action)
        gaps = readiness.gaps(congress, step) if step else []
        found.append(
            {
                "url": reverse(url_name, args=[congress.pk]),
                "label": row.label,
                "kind": kind,
                "reason": may.reason or _gap_reason(gaps),
                "post": post,
            }
        )
    return sorted(found, key=lambda button: button["kind"] != "primary")


@scoped(CONGRESS)
def clearance(request: HttpRequest, congress: Congress) -> HttpResponse:
    """What is missing before the next step of the clearance, who may take it, and what was decided before."""
    step = {PREPARING: readiness.CLEARANCE, SUBMITTED: readiness.CLEARING}.get(congress.state)
    gaps = readiness.gaps(congress, step) if step else []
    pending = services.pending_request(congress)
    context = frame(
        request, congress, "overview", title="Trình duyệt đại hội", crumbs=[("Trình duyệt đại hội", "")]
    ) | {
        "gaps": gaps,
        "gaps_title": f"Còn {len(gaps)} việc trước khi {readiness.STEP_NAMES[step]}" if step else "",
        "ready": bool(step) and not gaps,
        "buttons": clearance_buttons(request, congress),
        "answers": _answers(congress),
        "history": history_of(congress),
        "sent_back": sent_back(congress),
        "outside": queries.outside_window(congress),
        "timing": [f"{one.message} {one.next}" for one in timing_of(congress)],
        "pending": pending,
        "pending_text": f"{pending.submitted_by} trình lần {pending.number}, "
        f"{moment_in_words(timezone.localtime(pending.submitted_at))}."
        if pending
        else "",
    }
    return render(request, "congress/clearance.html", context)


def _answers(congress: Congress, *, change: bool = False) -> list[dict[str, Any]]:
    """What is submitted, to check once more."""
    details_url = reverse("congress:details", args=[congress.pk]) if change else ""
    rows: list[dict[str, Any]] = [row | {"url": details_url} for row in _in_words(congress)]
    electorate = queries.electorate_of(congress)
    rows.append(
        {
            "label": "Triệu tập",
            "value": f"{congress.attendances.count()} đồng chí, trong đó {electorate.summoned} {congress.voter}",
            "url": reverse("congress:roll", args=[congress.pk]) if change else "",
        }
    )
    return rows


def _ask(
    request: HttpRequest,
    congress: Congress,
    action: str,
    form: forms.Form,
    act: Callable[[dict[str, Any]], object],
    *,
    consequence: str,
    done: str,
    answers: list[dict[str, Any]],
) -> HttpResponse:
    """A page that asks once more, says the consequence, and performs one step of the clearance."""
    CONGRESS_LIFECYCLE.after(action, state=congress.state)
    if request.method == "POST" and perform(form, act):
        messages.success(request, done)
        return redirect("congress:detail", congress.pk)
    label = label_of(action)
    back = reverse("congress:clearance", args=[congress.pk])
    context = frame(request, congress, "overview", title=label, crumbs=[("Trình duyệt đại hội", back), (label, "")]) | {
        "form": form,
        "answers": answers,
        "submit_label": label,
        "consequence": consequence,
        "back": back,
    }
    return render(request, "congress/clearance_form.html", context, status=422 if form.errors else 200)


@scoped(CONGRESS, Role.SECRETARY, methods=FORM, action="submit_for_clearance")
def submit(request: HttpRequest, congress: Congress) -> HttpResponse:
    """Trình duyệt đại hội, after checking the answers."""
    return _ask(
        request,
        congress,
        "submit_for_clearance",
        forms.Form(posted(request)),
        lambda _: services.submit_for_clearance(congress.pk, actor=signed_in_user(request), at=timezone.now()),
        consequence=f"Sau khi trình, nội dung chuẩn bị không sửa được cho đến khi {congress.authority.committee} "
        "duyệt, trả lại, hoặc chi bộ rút hồ sơ.",
        done=f"Đã trình {congress.authority.committee} duyệt đại hội.",
        answers=_answers(congress, change=True),
    )


@scoped(CONGRESS, Role.SECRETARY, methods=("POST",), action="withdraw_submission")
def withdraw(request: HttpRequest, congress: Congress) -> HttpResponse:
    services.withdraw_submission(congress.pk, actor=signed_in_user(request), at=timezone.now())
    messages.success(request, "Đã rút hồ sơ trình duyệt. Hoàn thiện xong thì trình lại.")
    return redirect("congress:clearance", congress.pk)


def _require_judge(request: HttpRequest, congress: Congress) -> None:
    policies.can_clear(signed_in_user(request), congress, services.pending_request(congress)).require()


@scoped(CONGRESS, Role.APPROVER, methods=FORM, at="authority", action="clear")
def clear(request: HttpRequest, congress: Congress) -> HttpResponse:
    """Duyệt đại hội."""
    _require_judge(request, congress)
    return _ask(
        request,
        congress,
        "clear",
        ClearForm(posted(request)),
        lambda data: services.clear(congress.pk, actor=signed_in_user(request), at=timezone.now(), **data),
        consequence="Chi bộ được tổ chức đại hội theo nội dung đã trình. "
        "Trước khi khai mạc vẫn có thể thu hồi, kèm lý do.",
        done=f"Đã duyệt, đồng ý tổ chức {congress.name[0].lower()}{congress.name[1:]}.",
        answers=_answers(congress),
    )


@scoped(CONGRESS, Role.APPROVER, methods=FORM, at="authority", action="return_for_changes")
def send_back(request: HttpRequest, congress: Congress) -> HttpResponse:
    """Trả lại để hoàn thiện, with reasons."""
    _require_judge(request, congress)
    return _ask(
        request,
        congress,
        "return_for_changes",
        ReasonsForm(posted(request)),
        lambda data: services.return_for_changes(congress.pk, actor=signed_in_user(request), at=timezone.now(), **data),
        consequence="Hồ sơ trở về chi bộ kèm lý do; chi bộ hoàn thiện rồi trình lại thành lần mới.",
        done=f"Đã trả hồ sơ về {congress.organization.name}.",
        answers=_answers(congress),
    )


@scoped(CONGRESS, Role.APPROVER, methods=FORM, at="authority", action="revoke_clearance")
def revoke(request: HttpRequest, congress: Congress) -> HttpResponse:
    """Thu hồi ý kiến duyệt before the opening."""
    _require_judge(request, congress)
    return _ask(
        request,
        congress,
        "revoke_clearance",
        ReasonsForm(posted(request)),
        lambda data: services.revoke_clearance(congress.pk, actor=signed_in_user(request), at=timezone.now(), **data),
        consequence="Chi bộ không được khai mạc cho đến khi trình lại và được duyệt lần nữa.",
        done=f"Đã thu hồi ý kiến duyệt. {congress.organization.name} chuẩn bị và trình lại.",
        answers=_answers(congress),
    )
