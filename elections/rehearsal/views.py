"""Diễn tập: the list of a congress, and one address that shows the step at hand and takes it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from accounts import charts
from accounts.access import scoped
from accounts.errors import InvalidInput
from accounts.web import perform, signed_in_user
from congress.frame import frame
from congress.models import Congress
from congress.rules.display import percent
from congress.scopes import CONGRESS
from elections.forms.counting import EntryForm, LedgerForm
from elections.queries import votes_for
from elections.rehearsal import policies, services
from elections.rehearsal.forms import NoteForm, ReturnedForm, RulingForm, StartForm
from elections.rehearsal.invention import MISSING, TIE
from elections.rehearsal.models import Rehearsal
from elections.rehearsal.offers import offers_of
from elections.rules.layout import Layout
from elections.rules.ledger import BEFORE_THE_BOX_IS_OPENED
from elections.scopes import REHEARSAL
from elections.services.refusals import by_letter
from elections.views.counting.words import place_of
from elections.views.results import sentence_of
from organizations.trail import crumbs_to

Step = Rehearsal.Step
ORDER = (Step.HAND_OUT, Step.OPEN_BOX, Step.RULING, Step.COUNT, Step.DIFFERENCE, Step.RESULT)
BLANK = "F110"
PRACTISED = {
    "slip": "Hai bản nhập khác nhau ở một ô: đếm lại và nhập lại đúng ô đó, không ai chọn thay.",
    "doubt": "Một phiếu không rõ bầu cho ai: ban kiểm phiếu kết luận và ghi lý do.",
    "tie": "Hai đồng chí bằng phiếu ở chỗ cuối cùng: đại hội bầu lại giữa hai đồng chí đó.",
    "missing": "Thu về thiếu một phiếu: ghi giải trình, cơ sở tính không giảm.",
}


# ---- the rehearsals of a congress ----


def _list(request: HttpRequest, congress: Congress, form: StartForm | None = None) -> HttpResponse:
    crumbs = [("Bầu cử", reverse("elections:overview", args=[congress.pk])), ("Diễn tập", "")]
    context = frame(request, congress, "elections", title="Diễn tập bầu cử", crumbs=crumbs) | {
        "rehearsals": list(Rehearsal.objects.filter(congress=congress).select_related("played_by")),
        "late": policies.why_not_now(congress),
        "form": form or StartForm(offers=offers_of(congress)),
    }
    return render(request, "elections/rehearsal/list.html", context, status=422 if form and form.errors else 200)


@scoped(CONGRESS, *policies.PLAYERS, at="own")
def of_congress(request: HttpRequest, congress: Congress) -> HttpResponse:
    """What was rehearsed, and a new rehearsal."""
    return _list(request, congress)


@scoped(CONGRESS, *policies.PLAYERS, methods=("POST",), at="own")
def start(request: HttpRequest, congress: Congress) -> HttpResponse:
    form = StartForm(request.POST, offers=offers_of(congress))
    made: list[Rehearsal] = []

    def act(data: dict[str, Any]) -> None:
        made.append(
            services.start(congress.pk, office=data["office"], actor=signed_in_user(request), at=timezone.now())
        )

    if not perform(form, act):
        return _list(request, congress, form)
    return redirect("elections:rehearsal", made[0].pk)


@scoped(REHEARSAL, *policies.PLAYERS, methods=("POST",), at="own")
def delete(request: HttpRequest, rehearsal: Rehearsal) -> HttpResponse:
    services.delete(rehearsal.pk, actor=signed_in_user(request), at=timezone.now())
    messages.success(request, "Đã xóa buổi diễn tập. Cuộc bầu thật không có gì thay đổi.")
    return redirect("elections:rehearsals", rehearsal.congress_id)


# ---- one rehearsal: its step ----


@scoped(REHEARSAL, *policies.PLAYERS, methods=("GET", "POST"), at="own")
def play(request: HttpRequest, rehearsal: Rehearsal) -> HttpResponse:
    """The step at hand; a form of an earlier step is answered as stale by the service."""
    view = VIEWS[Step(rehearsal.step)]
    return view(request, rehearsal)


def _show(
    request: HttpRequest, rehearsal: Rehearsal, template: str, context: Mapping[str, Any], *, refused: bool = False
) -> HttpResponse:
    congress, box = rehearsal.congress, rehearsal.content["rounds"][-1]
    crumbs = [
        ("Đại hội " + congress.term_label, reverse("congress:detail", args=[congress.pk])),
        ("Diễn tập", reverse("elections:rehearsals", args=[congress.pk])),
        (rehearsal.title, ""),
    ]
    shown = {
        "rehearsal": rehearsal,
        "congress": congress,
        "crumbs": [*crumbs_to(congress.organization, request), *crumbs],
        "late": policies.why_not_now(congress),
        "mark": services.mark_of(rehearsal),
        "number": len(rehearsal.content["rounds"]),
        "steps": _steps(rehearsal),
        "voters": rehearsal.content["voters"],
        "seats": box["seats"],
        "names": [(key, rehearsal.content["names"][key]) for key in box["keys"]],
        "strike_out": services.vote_of(rehearsal).layout is Layout.STRIKE_OUT,
        "back": reverse("elections:rehearsals", args=[congress.pk]),
    }
    return render(request, f"elections/rehearsal/{template}.html", shown | context, status=422 if refused else 200)


def _steps(rehearsal: Rehearsal) -> list[dict[str, Any]]:
    """The way of this ballot: a step that nothing calls for is not on it."""
    box = rehearsal.content["rounds"][-1]
    way = ORDER if box["incidents"] else tuple(one for one in ORDER if one not in (Step.RULING, Step.DIFFERENCE))
    at = ORDER.index(Step(rehearsal.step)) if rehearsal.step != Step.DONE else len(ORDER)
    return [{"label": one.label, "current": one == rehearsal.step, "done": ORDER.index(one) < at} for one in way]


def _taken(request: HttpRequest, rehearsal: Rehearsal, service: Callable[..., object], **given: Any) -> None:
    """One step by its service; the mark of the form says which step the person saw."""
    now: datetime = timezone.now()
    service(rehearsal.pk, mark=request.POST.get("mark", ""), actor=signed_in_user(request), at=now, **given)


def _next(rehearsal: Rehearsal) -> HttpResponse:
    return redirect("elections:rehearsal", rehearsal.pk)


def _asked(request: HttpRequest) -> Any:
    return request.POST if request.method == "POST" else None


def papers_shown(rehearsal: Rehearsal) -> list[dict[str, Any]]:
    """The papers of the box, drawn as on paper: every name with what the voter did to it."""
    box, names = rehearsal.content["rounds"][-1], rehearsal.content["names"]
    return [
        {
            "number": number,
            "signed": "signed" in paper["flaws"],
            "unclear": bool(paper["unclear"]),
            "ruling": box["ruling"] if paper["unclear"] else None,
            "lines": [_line(paper, key, names[key]) for key in box["keys"]],
        }
        for number, paper in enumerate(box["papers"], start=1)
    ]


def _line(paper: Mapping[str, Any], key: str, name: str) -> dict[str, Any]:
    mark = (paper["marks"] or {}).get(key, "")
    unclear = paper["unclear"] == key
    return {
        "name": name,
        "struck": paper["kept"] is not None and key not in paper["kept"],
        "agree": mark in ("agree", "both") and not unclear,
        "disagree": mark in ("disagree", "both") and not unclear,
        "unclear": unclear,
    }


def hand_out(request: HttpRequest, rehearsal: Rehearsal) -> HttpResponse:
    """The table as it lies there, and the ledger's four figures before the box is opened."""
    form = LedgerForm(_asked(request), figures=BEFORE_THE_BOX_IS_OPENED)

    def act(_: dict[str, Any]) -> None:
        with _at_its_fields(form):
            _taken(request, rehearsal, services.hand_out, figures=form.figures)

    if form.is_bound and perform(form, act):
        return _next(rehearsal)
    context = {"form": form, "ledger": services.ledger_of(rehearsal)}
    return _show(request, rehearsal, "hand_out", context, refused=bool(form.errors))


@contextmanager
def _at_its_fields(form: LedgerForm | EntryForm) -> Iterator[None]:
    """What a service refuses by letter of the sheet, at the fields of that form."""
    try:
        yield
    except InvalidInput as refusal:
        raise InvalidInput(str(refusal), fields=form.fields_of(refusal.fields)) from refusal


def open_box(request: HttpRequest, rehearsal: Rehearsal) -> HttpResponse:
    form = ReturnedForm(_asked(request))

    def act(data: dict[str, Any]) -> None:
        try:
            _taken(request, rehearsal, services.open_box, **data)
        except InvalidInput as refusal:
            texts = [text for found in refusal.fields.values() for text in found]
            raise InvalidInput(str(refusal), fields={"returned": texts}) from refusal

    if form.is_bound and perform(form, act):
        return _next(rehearsal)
    ledger = services.ledger_of(rehearsal)
    rows = [
        {"letter": letter, "label": label, "figure": ledger[name]} for name, letter, label in BEFORE_THE_BOX_IS_OPENED
    ]
    context = {"form": form, "papers": papers_shown(rehearsal), "rows": rows}
    return _show(request, rehearsal, "open_box", context, refused=bool(form.errors))


def rule(request: HttpRequest, rehearsal: Rehearsal) -> HttpResponse:
    doubtful = [one for one in papers_shown(rehearsal) if one["unclear"]]
    name = next(line["name"] for line in doubtful[0]["lines"] if line["unclear"])
    form = RulingForm(_asked(request), name=name)
    if form.is_bound and perform(form, lambda data: _taken(request, rehearsal, services.rule, **data)):
        return _next(rehearsal)
    return _show(request, rehearsal, "ruling", {"form": form, "papers": doubtful}, refused=bool(form.errors))


def sheet_of(rehearsal: Rehearsal, data: Any = None, only: Sequence[str] | None = None) -> EntryForm:
    """The real tally sheet, with numbers on the ballot where the real one has members."""
    vote, names = services.vote_of(rehearsal), rehearsal.content["names"]
    return EntryForm(data, slate=[(int(key), names[key]) for key in vote.keys], layout=vote.layout, only=only)


def _typed(request: HttpRequest, rehearsal: Rehearsal, form: EntryForm, service: Callable[..., object]) -> bool:
    """Hand an entry to its service; what does not add up goes to its fields."""

    def act(_: dict[str, Any]) -> None:
        with _at_its_fields(form):
            _taken(request, rehearsal, service, entry=form.entry)

    return perform(form, act)


def count(request: HttpRequest, rehearsal: Rehearsal) -> HttpResponse:
    """The tally sheet beside the papers; blank fields do not hide what the rules say of the others."""
    form = sheet_of(rehearsal, _asked(request))
    if form.is_bound and not form.is_valid():
        found = services.propose(rehearsal, form.entry)["findings"] + services.sheet_faults(rehearsal, form.entry)
        errors = [one for one in found if one["level"] == "error" and one["code"] != BLANK]
        for name, texts in form.fields_of(by_letter(errors)).items():
            for text in texts:
                form.add_error(name or None, text)
    elif form.is_bound and _typed(request, rehearsal, form, services.enter):
        return _next(rehearsal)
    context = {"form": form, "papers": papers_shown(rehearsal)}
    return _show(request, rehearsal, "count", context, refused=bool(form.errors))


def count_again(request: HttpRequest, rehearsal: Rehearsal) -> HttpResponse:
    """Only what differs; nobody is shown the other's figure."""
    differing = rehearsal.content["rounds"][-1]["differing"]
    form = sheet_of(rehearsal, _asked(request), only=differing)
    if form.is_bound and _typed(request, rehearsal, form, services.enter_again):
        return _next(rehearsal)
    context = {
        "form": form,
        "papers": papers_shown(rehearsal),
        "once_more": rehearsal.content["again"] > 0,
        "places": "ô " + ", ".join(place_of(field) for field in differing),
    }
    return _show(request, rehearsal, "difference", context, refused=bool(form.errors))


def result(request: HttpRequest, rehearsal: Rehearsal) -> HttpResponse:
    """What the rules say of the figures, why, and what is to be explained; then the re-vote or the end."""
    warnings = services.warnings_of(rehearsal.content["rounds"][-1])
    form = NoteForm(_asked(request)) if warnings else None
    if request.method == "POST":
        wanted = services.vote_again if "vote_again" in request.POST else services.finish
        if form is None:
            _taken(request, rehearsal, wanted)
            return _next(rehearsal)
        if perform(form, lambda data: _taken(request, rehearsal, wanted, **data)):
            return _next(rehearsal)
    context = result_shown(rehearsal, len(rehearsal.content["rounds"]) - 1) | {
        "form": form,
        "warnings": warnings,
        "may_vote_again": services.may_vote_again(rehearsal),
    }
    return _show(request, rehearsal, "result", context, refused=bool(form and form.errors))


def result_shown(rehearsal: Rehearsal, index: int) -> dict[str, Any]:
    """Context of templates/elections/rehearsal/_result.html."""
    box, names = rehearsal.content["rounds"][index], rehearsal.content["names"]
    found = box["result"]
    lines = []
    for key in box["keys"]:
        votes = votes_for(found["votes"][key])
        elected = key in found["elected"]
        share = percent(votes, found["base"])
        tied = key in found["tied"]
        lines.append(
            {"number": key, "name": names[key], "votes": votes, "percent": share, "elected": elected} | {"tied": tied}
        )
    needed = None if index else found["needed"]
    seats = len(found["elected"]) + found["open_seats"]
    title = f"{len(found['elected'])} đồng chí trúng cử, cần bầu {seats} (số liệu bịa)"
    return {
        "result": found,
        "sentence": sentence_of(found, {int(key): name for key, name in names.items()}),
        "lines": lines,
        "chart": charts.bars(
            title=title,
            items=[(line["name"], line["votes"]) for line in lines],
            base=found["base"],
            threshold=needed,
            threshold_label=f"quá một nửa: {found['needed']} phiếu",
            strong=[line["elected"] for line in lines],
            share=percent,
        ),
        "ballots": found["ballots"],
        "reasons": services.reasons_said(box),
        "note": box["note"],
        "ruling": box["ruling"],
    }


def done(request: HttpRequest, rehearsal: Rehearsal) -> HttpResponse:
    """Đã diễn tập xong: what was practised, and how long it took."""
    if request.method == "POST":
        _taken(request, rehearsal, services.finish)  # answered as stale: nothing is left to do
    rounds = rehearsal.content["rounds"]
    taken = (rehearsal.finished_at or rehearsal.started_at) - rehearsal.started_at
    incidents = [one for one in rounds[0]["incidents"] if one != TIE or len(rounds) > 1]
    context = {
        "practised": [PRACTISED[one] for one in incidents],
        "without": TIE if MISSING in incidents else "",
        "minutes": max(1, round(taken.total_seconds() / 60)),
        "again": rehearsal.content["again"],
        "results": [
            result_shown(rehearsal, index)["sentence"] for index in range(len(rounds)) if rounds[index]["result"]
        ],
    }
    return _show(request, rehearsal, "done", context)


VIEWS = {
    Step.HAND_OUT: hand_out,
    Step.OPEN_BOX: open_box,
    Step.RULING: rule,
    Step.COUNT: count,
    Step.DIFFERENCE: count_again,
    Step.RESULT: result,
    Step.DONE: done,
}
