"""The run of the day: opening, people chosen by card vote, card votes, what happened, closing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from accounts.access import scoped
from accounts.errors import InvalidInput
from accounts.roles import Role
from accounts.web import perform, signed_in_user
from congress import policies, queries, readiness
from congress.electorates import Roll, representation_of
from congress.forms.sitting import FREE_SUBJECTS, CardVoteForm, MomentForm, OfficersForm, ProceedingForm
from congress.frame import frame, section_label
from congress.lifecycle import CLEARED, CLOSED, CONGRESS_LIFECYCLE, SITTING
from congress.meter import sum_in_words
from congress.models import CardVote, Congress, Office, Officer, Proceeding
from congress.rules.convening import board_findings
from congress.rules.majority import votes_needed
from congress.rules.quorum import quorum, quorum_steps, representation_step
from congress.scopes import CONGRESS, PROCEEDING
from congress.services import sitting as services
from congress.views.pages import FORM, label_of, posted, regime_of
from organizations.models import RoleAssignment
from organizations.queries import live

RUNNERS = (Role.SECRETARY, Role.CLERK)
RECORDING = (CLEARED, SITTING, CLOSED)
"""States in which proceedings are written."""
Subject = CardVote.Subject
GROUPS = (
    (Subject.PRESIDIUM, "Đoàn chủ tịch", "đoàn chủ tịch", (Office.CHAIR, Office.PRESIDIUM)),
    (Subject.CLERK, "Thư ký đại hội", "thư ký đại hội", (Office.CLERK,)),
    (Subject.TELLERS, "Ban kiểm phiếu", "ban kiểm phiếu", (Office.HEAD_TELLER, Office.TELLER)),
)
SAVED = "saved_sitting_form"


@dataclass
class Bound:
    """A form that came back with errors, to be shown at its place instead of a fresh one."""

    key: str = ""
    form: forms.Form | None = None


# ---- what the page shows ----


def _people(congress: Congress) -> list[tuple[int, str]]:
    """Those who vote and are present: who may be chosen (E-27)."""
    return [(line.member_id, line.member.full_name) for line in Roll(congress).taking_part]


def _without_account(congress: Congress, officers: list[Officer]) -> list[str]:
    """Tellers who cannot enter or confirm a count: nobody signs in for them with the role at this branch."""
    tellers = [one for one in officers if one.office in (Office.HEAD_TELLER, Office.TELLER)]
    able = set(
        live(
            RoleAssignment.objects.filter(organization=congress.organization, role=Role.TELLER),
            on=timezone.localdate(),
        ).values_list("user_id", flat=True)
    )
    return [one.member.full_name for one in tellers if one.member.user_id not in able]


def _vote_row(vote: CardVote) -> dict[str, Any]:
    needed = votes_needed(vote.base)
    kept = vote.electorate
    reduced = kept is not None and kept["resolution_base"] != kept["summoned"]
    base = sum_in_words(kept, "resolution") if kept is not None and reduced else ""
    return {"vote": vote, "needed": needed, "base": base, "tone": "done" if vote.adopted else "stopped"}


@dataclass
class Day:
    """The run of the day of one congress, read once for its page."""

    congress: Congress
    may_write: bool
    bound: Bound = field(default_factory=Bound)

    def __post_init__(self) -> None:
        self.officers = list(self.congress.officers.select_related("member"))
        number = self.congress.sitting_of_entries
        self.votes = list(self.congress.card_votes.filter(sitting=number).select_related("recorded_by"))
        self.proceedings = list(self.congress.proceedings.filter(sitting=number))
        self.people = _people(self.congress)
        self.sits = self.congress.state == SITTING

    def form(self, key: str, fresh: Callable[[], forms.Form]) -> forms.Form:
        return self.bound.form if self.bound.form is not None and self.bound.key == key else fresh()

    def chosen(self, offices: tuple[Office, ...]) -> list[Officer]:
        return [one for one in self.officers if one.office in offices]

    @property
    def next_key(self) -> str:
        """The form whose turn it is: its button is the red one."""
        for subject, _, _, offices in GROUPS:
            if not self.chosen(offices[:1]):
                return subject.value
        return "card_vote"

    def groups(self) -> list[dict[str, Any]]:
        """The three lists of people, each with its last vote and its form."""
        found = []
        for subject, usual, usually, offices in GROUPS:
            title, wording = self.congress.said(usual), self.congress.said(usually)
            chosen = self.chosen(offices)
            last = [vote for vote in self.votes if vote.subject == subject]
            shown = self.sits and self.may_write
            form = self.form(
                subject.value, partial(OfficersForm, subject=subject.value, people=self.people, congress=self.congress)
            )
            found.append(
                {
                    "key": subject.value,
                    "title": title,
                    "chosen": chosen,
                    "last": _vote_row(last[-1]) if last else None,
                    "form": form if shown else None,
                    "open": shown and (not chosen or self.bound.key == subject.value),
                    "label": f"Ghi kết quả bầu {wording}",
                    "summary": f"Bầu lại {wording}",
                    "kind": "primary" if self.next_key == subject.value else "secondary",
                    "autosave": f"congress-{self.congress.pk}-{subject.value}",
                    "error": self.bound.key == subject.value,
                    "warnings": self.board_warnings(chosen) if subject == Subject.TELLERS else [],
                }
            )
        return found

    def board_warnings(self, chosen: list[Officer]) -> list[str]:
        """E-27 — What stands against the board as it was elected; nothing before there is one."""
        if not chosen:
            return []
        has_head = any(one.office == Office.HEAD_TELLER for one in chosen)
        found = board_findings(len(chosen), regime_of(self.congress), list_adopted=True, head_adopted=has_head)
        told = [f"{one.message} {one.next}" for one in found]
        return [self.congress.said(one) for one in told] if self.congress.is_meeting else told

    def card_votes(self) -> list[dict[str, Any]]:
        """Every card vote but those on people, which stand at their list."""
        about_people = {subject for subject, *_ in GROUPS}
        return [_vote_row(vote) for vote in self.votes if vote.subject not in about_people]


def _answer(request: HttpRequest, congress: Congress, bound: Bound | None = None) -> HttpResponse:
    """The page of the day; with a form that came back, 422 and everything typed kept."""
    user = signed_in_user(request)
    may = policies.can_run(user, congress)
    day = Day(congress, bool(may), bound or Bound())
    electorate = queries.electorate_of(congress)
    without = _without_account(congress, day.officers)
    opening = readiness.gaps(congress, readiness.OPENING) if congress.state == CLEARED else []
    closing = readiness.gaps(congress, readiness.CLOSING) if congress.state == SITTING else []
    title = section_label(congress, "sitting")
    context = frame(request, congress, "sitting", title=title, crumbs=[(title, "")]) | {
        "may": may,
        "sitting_number": congress.sitting_of_entries,
        "sits": day.sits,
        "before": congress.opened_at is None or congress.state == CLEARED,
        "can_open": CONGRESS_LIFECYCLE.allows("open_sitting", state=congress.state),
        "open_reason": may.reason or _not_yet(opening, "open_sitting", congress),
        "close_reason": may.reason or _not_yet(closing, "close_sitting", congress),
        "opening_gaps": opening,
        "closing_gaps": closing,
        "electorate": electorate,
        "needed": votes_needed(electorate.resolution_base) if electorate.resolution_base > 0 else None,
        "groups": day.groups(),
        "without_account": without,
        "account_url": reverse("organizations:detail", args=[congress.organization_id]),
        "card_votes": day.card_votes(),
        "card_form": day.form("card_vote", lambda: CardVoteForm(key="card_vote")) if day.sits and may else None,
        "card_kind": "primary" if day.next_key == "card_vote" and closing else "secondary",
        "proceedings": day.proceedings,
        "may_record": bool(may) and congress.state in RECORDING,
        "proceeding_form": day.form("proceeding", ProceedingForm) if may and congress.state in RECORDING else None,
        "without_text": f"{', '.join(without)} chưa có tài khoản với vai trò Kiểm phiếu viên tại {congress.body} này, "
        "nên chưa nhập hoặc xác nhận được kết quả kiểm phiếu.",
        "card_autosave": f"congress-{congress.pk}-card_vote",
        "proceeding_autosave": f"congress-{congress.pk}-proceeding",
        "close_kind": "secondary" if closing else "primary",
        "saved": request.session.pop(SAVED, ""),
    }
    return render(request, "congress/sitting.html", context, status=422 if bound else 200)


def _not_yet(gaps: list[readiness.Gap], action: str, congress: Congress) -> str:
    if not CONGRESS_LIFECYCLE.allows(action, state=congress.state):
        return CONGRESS_LIFECYCLE.refusal(action, state=congress.state)
    return f"Còn {len(gaps)} việc chưa xong." if gaps else ""


def _kept(request: HttpRequest, congress: Congress, key: str, anchor: str, done: str) -> HttpResponseRedirect:
    """After a form was accepted: its draft is dropped, and the page stands where the entry is."""
    request.session[SAVED] = f"congress-{congress.pk}-{key}"
    messages.success(request, done)
    return HttpResponseRedirect(reverse("congress:sitting", args=[congress.pk]) + f"#{anchor}")


@scoped(CONGRESS)
def sitting(request: HttpRequest, congress: Congress) -> HttpResponse:
    """Diễn biến đại hội in the order of the day."""
    return _answer(request, congress)


# ---- opening and closing, each on a page of its own ----


def _at_clock(act: Callable[[], object], name: str) -> None:
    """Say what the service finds wrong with its moment at the field where the time was typed."""
    try:
        act()
    except InvalidInput as refusal:
        texts = refusal.fields.pop(name, None)
        if texts:
            refusal.fields["clock"] = texts
        raise


@scoped(CONGRESS, *RUNNERS, methods=FORM, action="open_sitting")
def open_sitting(request: HttpRequest, congress: Congress) -> HttpResponse:
    """Khai mạc: the quorum is explained first, then day and time are given."""
    CONGRESS_LIFECYCLE.after("open_sitting", state=congress.state)
    planned = timezone.localtime(congress.planned_for)
    form = MomentForm(posted(request), initial={"day": planned.date(), "clock": planned.time()})

    def act(_: dict[str, Any]) -> None:
        user, now = signed_in_user(request), timezone.now()
        _at_clock(lambda: services.open_sitting(congress.pk, opened_at=form.moment, actor=user, at=now), "opened_at")

    if request.method == "POST" and perform(form, act):
        messages.success(request, f"Đã ghi khai mạc {congress.word}.")
        return redirect("congress:sitting", congress.pk)
    regime, electorate = regime_of(congress), queries.electorate_of(congress)
    result = quorum(electorate, regime) if electorate.resolution_base > 0 else None
    gaps = readiness.gaps(congress, readiness.OPENING)
    sent = representation_of(congress, regime)
    steps = (*quorum_steps(result, regime), *([representation_step(sent, regime)] if sent else ())) if result else ()
    context = _step_frame(request, congress, "open_sitting", form) | {
        "gaps": gaps,
        "gaps_title": f"Còn {len(gaps)} việc trước khi khai mạc",
        "quorum": result,
        "enough": result is not None and result.met and (sent is None or sent.met),
        "steps": steps,
        "doubts": regime.doubts,
        "consequence": congress.said(
            "Sau khi khai mạc, nội dung chuẩn bị không sửa được nữa; đại hội áp dụng quy chế bầu cử của ngày khai mạc."
        ),
    }
    return render(request, "congress/sitting_step.html", context, status=422 if form.errors else 200)


@scoped(CONGRESS, *RUNNERS, methods=FORM, action="close_sitting")
def close(request: HttpRequest, congress: Congress) -> HttpResponse:
    """Bế mạc: what was done is checked, then day and time are given."""
    CONGRESS_LIFECYCLE.after("close_sitting", state=congress.state)
    opened = timezone.localtime(congress.opened_at)
    form = MomentForm(posted(request), initial={"day": opened.date()})

    def act(_: dict[str, Any]) -> None:
        user, now = signed_in_user(request), timezone.now()
        _at_clock(lambda: services.close_sitting(congress.pk, closed_at=form.moment, actor=user, at=now), "closed_at")

    if request.method == "POST" and perform(form, act):
        messages.success(request, congress.said("Đã ghi bế mạc đại hội. Việc tiếp theo là lập biên bản đại hội."))
        return redirect("congress:sitting", congress.pk)
    gaps = readiness.gaps(congress, readiness.CLOSING)
    context = _step_frame(request, congress, "close_sitting", form) | {
        "gaps": gaps,
        "gaps_title": f"Còn {len(gaps)} việc trước khi bế mạc",
        "answers": _closing_answers(congress),
        "consequence": "Sau khi bế mạc, điểm danh, biểu quyết và bầu cử không ghi thêm được nữa.",
    }
    return render(request, "congress/sitting_step.html", context, status=422 if form.errors else 200)


def _step_frame(request: HttpRequest, congress: Congress, action: str, form: forms.Form) -> dict[str, Any]:
    label, back = congress.said(label_of(action)), reverse("congress:sitting", args=[congress.pk])
    crumbs = [(section_label(congress, "sitting"), back), (label, "")]
    return frame(request, congress, "sitting", title=label, crumbs=crumbs) | {
        "form": form,
        "submit_label": label,
        "back": back,
    }


def _closing_answers(congress: Congress) -> list[dict[str, Any]]:
    sitting_url = reverse("congress:sitting", args=[congress.pk])
    electorate = queries.electorate_of(congress)
    rows: list[dict[str, Any]] = [
        {
            "label": "Có mặt",
            "value": f"{electorate.present}/{electorate.summoned} {congress.voter}",
            "url": reverse("congress:roll", args=[congress.pk]),
            "change": "điểm danh",
        }
    ]
    for subject, title, _, offices in GROUPS:
        names = [
            f"{one.member.full_name} ({one.get_office_display().lower()})"
            for one in congress.officers.filter(office__in=offices).select_related("member")
        ]
        rows.append(
            {
                "label": congress.said(title),
                "value": ", ".join(names) or "chưa ghi",
                "url": f"{sitting_url}#{subject.value}",
            }
        )
    for vote in congress.card_votes.filter(subject__in=FREE_SUBJECTS, sitting=congress.sitting_number):
        verdict = "thông qua" if vote.adopted else "không thông qua"
        rows.append({"label": vote.text, "value": f"tán thành {vote.in_favour}/{vote.base}, {verdict}"})
    return rows


# ---- entries ----


@scoped(CONGRESS, *RUNNERS, methods=("POST",))
def officers(request: HttpRequest, congress: Congress) -> HttpResponse:
    """Ghi kết quả bầu đoàn chủ tịch, thư ký, ban kiểm phiếu."""
    subject = request.POST.get("subject", "")
    if subject not in services.OFFICES_OF:
        raise InvalidInput("Chọn bầu đoàn chủ tịch, thư ký hoặc ban kiểm phiếu.")
    form = OfficersForm(request.POST, subject=subject, people=_people(congress), congress=congress)
    votes: list[CardVote] = []

    def act(_: dict[str, Any]) -> None:
        votes.append(
            services.elect_officers(
                congress.pk,
                subject=subject,
                members=form.members,
                actor=signed_in_user(request),
                at=timezone.now(),
                **form.cards,
            )
        )

    services.require_sitting(congress, "Người điều hành đại hội")
    if perform(form, act):
        done = "Đã ghi" if votes[0].adopted else "Danh sách không được thông qua, chưa ghi người nào:"
        return _kept(request, congress, subject, subject, f"{done} {votes[0].text[0].lower()}{votes[0].text[1:]}.")
    return _answer(request, congress, Bound(subject, form))


@scoped(CONGRESS, *RUNNERS, methods=("POST",))
def card_vote(request: HttpRequest, congress: Congress) -> HttpResponse:
    """Ghi kết quả biểu quyết giơ thẻ."""
    form = CardVoteForm(request.POST, key="card_vote")
    votes: list[CardVote] = []

    def act(data: dict[str, Any]) -> None:
        votes.append(
            services.record_card_vote(
                congress.pk,
                subject=data["subject"],
                text=data["text"].strip(),
                actor=signed_in_user(request),
                at=timezone.now(),
                **form.cards,
            )
        )

    services.require_sitting(congress, "Kết quả biểu quyết")
    if perform(form, act):
        verdict = "được thông qua" if votes[0].adopted else "không được thông qua"
        return _kept(request, congress, "card_vote", "bieu-quyet", f"Đã ghi: {votes[0].text} {verdict}.")
    return _answer(request, congress, Bound("card_vote", form))


@scoped(CONGRESS, *RUNNERS, methods=("POST",))
def proceeding(request: HttpRequest, congress: Congress) -> HttpResponse:
    """Ghi một dòng diễn biến for the congress minutes."""
    form = ProceedingForm(request.POST)

    def act(data: dict[str, Any]) -> None:
        services.record_proceeding(congress.pk, actor=signed_in_user(request), at=timezone.now(), **data)

    services.require_recording(congress)
    if perform(form, act):
        done = f"Đã ghi diễn biến của đồng chí {form.cleaned_data['person'].strip()}."
        return _kept(request, congress, "proceeding", "dien-bien", done)
    return _answer(request, congress, Bound("proceeding", form))


@scoped(PROCEEDING, *RUNNERS, methods=("POST",))
def remove_proceeding(request: HttpRequest, entry: Proceeding) -> HttpResponse:
    services.remove_proceeding(entry.pk, actor=signed_in_user(request), at=timezone.now())
    messages.success(request, f"Đã xóa dòng diễn biến của đồng chí {entry.person}.")
    return HttpResponseRedirect(reverse("congress:sitting", args=[entry.congress_id]) + "#dien-bien")
