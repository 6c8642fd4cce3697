"""The roll: who is called, who is there, whose absence is accepted."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from accounts.access import scoped
from accounts.errors import InvalidInput
from accounts.web import number_of, perform, signed_in_user
from congress import policies, queries
from congress.forms.preparing import ExcuseForm
from congress.frame import frame, section_label
from congress.lifecycle import CLEARED, PREPARING
from congress.models import AssemblyKind, Attendance, Congress
from congress.scopes import ATTENDANCE, CONGRESS
from congress.services import preparing as services
from congress.services import sitting as sitting_services
from congress.services.delegates import CHOSEN
from congress.views.pages import CALLING, FORM, PREPARERS, Presence, posted, regime_of
from organizations.models import MemberStanding


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
        if stem == "diem" and (attendance := number_of(number)):
            found[attendance] = str(value)
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


def _accepted_before(line: Attendance) -> dict[str, Any]:
    day = f"{line.accepted_on:%d/%m/%Y}" if line.accepted_on else ""
    return {"reason": line.reason, "accepted_by": line.accepted_by or "", "accepted_on": day}


@scoped(ATTENDANCE, *PREPARERS, methods=FORM)
def excuse(request: HttpRequest, line: Attendance) -> HttpResponse:
    """Chấp nhận vắng mặt suốt đại hội (E-13), with the reason."""
    congress = line.congress
    form = ExcuseForm(posted(request), initial=_accepted_before(line))

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
