"""Pages of subcommittees, of who follows which branch, and of the planner of representatives."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from accounts.access import scoped
from accounts.errors import InvalidInput, StaleVersion
from accounts.web import number_of, perform, signed_in_user
from congress.forms.helping import SubcommitteeForm, SubcommitteeMemberForm
from congress.lifecycle import HELD
from congress.models import Congress, Following, Plan, Subcommittee
from congress.queries import congresses_under, sent_by
from congress.rules import planner
from congress.rules.planner import Meeting
from congress.scopes import PLAN, SUBCOMMITTEE
from congress.services import helping as services
from congress.views.plans import FORM_METHODS, PLANNERS, list_crumb
from organizations.models import BRANCH_TYPES, Member, Organization
from organizations.policies import can_manage_tree
from organizations.queries import below, members_of_committee, members_on_roll
from organizations.rules.names import title_key
from organizations.scopes import ORGANIZATION
from organizations.trail import crumbs_to

FIELD = "muc-"
"""The select of one row is called by this and the id of its branch or congress."""
SHOWN_FIELD = "truoc"
PER_PAGE = 200
"""Rows at once: a form stays far below the fields that a request may have."""


def _posted(request: HttpRequest) -> Any:
    return request.POST if request.method == "POST" else None


@scoped(PLAN, *PLANNERS, methods=FORM_METHODS)
def add_subcommittee(request: HttpRequest, found: Plan) -> HttpResponse:
    """Thành lập tiểu ban, tổ giúp việc."""
    form = SubcommitteeForm(_posted(request))
    done: list[Subcommittee] = []

    def act(data: dict[str, Any]) -> None:
        done.append(services.set_up_subcommittee(found.pk, actor=signed_in_user(request), at=timezone.now(), **data))

    if form.is_bound and perform(form, act):
        messages.success(request, f"Đã ghi thành lập {done[0].name}. Ghi tiếp các thành viên.")
        return redirect("congress:subcommittee", subcommittee_id=done[0].pk)
    back = reverse("congress:plan", args=[found.pk])
    context = {
        "title": "Thành lập tiểu ban, tổ giúp việc",
        "lead": f"Theo {found.label} của {found.organization.committee}.",
        "form": form,
        "submit_label": "Ghi thành lập",
        "cancel_url": back,
        "crumbs": [list_crumb(), (found.notation, back), ("Tiểu ban", request.path)],
    }
    return render(request, "congress/plans/simple_form.html", context, status=422 if form.is_bound else 200)


@scoped(SUBCOMMITTEE, *PLANNERS, methods=FORM_METHODS)
def subcommittee(request: HttpRequest, found: Subcommittee) -> HttpResponse:
    """Its decision, duties and members; the form that adds one."""
    today = timezone.localdate()
    members = members_on_roll(found.organization, on=today, whole_tree=True).select_related("organization")
    form = SubcommitteeMemberForm(_posted(request), members=members)

    def act(data: dict[str, Any]) -> None:
        services.add_to_subcommittee(
            found.pk, data["member"].pk, rank=data["rank"], duty=data["duty"], actor=signed_in_user(request),
            at=timezone.now(),
        )  # fmt: skip

    if form.is_bound and perform(form, act):
        messages.success(request, f"Đã đưa đồng chí {form.cleaned_data['member'].full_name} vào {found.name}.")
        return redirect("congress:subcommittee", subcommittee_id=found.pk)
    plan_url = reverse("congress:plan", args=[found.plan_id])
    context = {
        "subcommittee": found,
        "memberships": found.memberships.select_related("member__organization").order_by("ends_on", "pk"),
        "form": form,
        "crumbs": [list_crumb(), (found.plan.notation, plan_url), (found.name, request.path)],
    }
    return render(request, "congress/subcommittee.html", context, status=422 if form.is_bound else 200)


@scoped(SUBCOMMITTEE, *PLANNERS, methods=("POST",))
def leave(request: HttpRequest, found: Subcommittee) -> HttpResponse:
    row = found.memberships.filter(pk=number_of(request.POST.get("membership", ""))).first()
    if row is None:
        raise InvalidInput(f"Đồng chí này không có trong {found.name}. Mở lại trang để xem danh sách.")
    services.leave_subcommittee(row.pk, actor=signed_in_user(request), at=timezone.now())
    messages.success(request, f"Đã ghi đồng chí {row.member.full_name} thôi tham gia {found.name}.")
    return redirect("congress:subcommittee", subcommittee_id=found.pk)


def _chosen(request: HttpRequest) -> dict[int, int | None]:
    """Row id → chosen member id, None where nobody is chosen; rows that the page did not show are not named."""
    return {
        number_of(name.removeprefix(FIELD)): number_of(str(value)) or None
        for name, value in request.POST.items()
        if name.startswith(FIELD)
    }


def _shown(request: HttpRequest) -> dict[int, int | None]:
    """What those rows said when the page was opened, from its one hidden field: "12:5 13:" and so on."""
    pairs = (one.partition(":") for one in request.POST.get(SHOWN_FIELD, "").split())
    return {number_of(row): number_of(member) or None for row, _, member in pairs}


def _as_shown(rows: Iterable[Mapping[str, Any]]) -> str:
    return " ".join(f"{row['pk']}:{row['stored'] or ''}" for row in rows)


def _propose_url(request: HttpRequest) -> str:
    asked = request.GET.copy()
    asked["de-xuat"] = "1"
    return f"?{asked.urlencode()}"


Save = Callable[..., int]


def _save(request: HttpRequest, organization: Organization, save: Save) -> tuple[str, int]:
    """(why it was not saved, the status of the answer); ("", 0) when it was."""
    try:
        changed = save(
            organization.pk, _chosen(request), shown=_shown(request), actor=signed_in_user(request), at=timezone.now()
        )
    except StaleVersion as refused:
        return str(refused), 409
    except InvalidInput as refused:
        return str(refused), 422
    messages.success(request, f"Đã ghi {changed} thay đổi phân công." if changed else "Phân công không đổi.")
    return "", 0


@scoped(ORGANIZATION, *PLANNERS, methods=FORM_METHODS)
def following(request: HttpRequest, organization: Organization) -> HttpResponse:
    """Phân công theo dõi: one cấp ủy viên for each branch below, with how many each follows."""
    refusal, status = "", 200
    if request.method == "POST":
        refusal, status = _save(request, organization, services.follow)
        if not refusal:
            return redirect(request.get_full_path())
    today = timezone.localdate()
    people = list(members_of_committee(organization, on=today))
    everywhere = Organization.objects.filter(
        below(organization.path), node_type__in=BRANCH_TYPES, closed_on__isnull=True
    )
    branches = sorted(_at(request, everywhere).select_related("parent"), key=_by_name)
    page = Paginator(branches, PER_PAGE).get_page(request.GET.get("page"))
    known = dict(
        Following.objects.filter(committee=organization, ends_on__isnull=True).values_list(
            "organization_id", "member_id"
        )
    )
    proposed = _evenly(branches, people, known) if request.GET.get("de-xuat") else {}
    typed = _chosen(request) if request.method == "POST" else {}
    counts = Counter(known.values())
    rows = [_branch_row(one, organization, known, proposed, typed) for one in page]
    context = {
        "organization": organization,
        "people": people,
        "load": [(one.display_name, counts[one.pk]) for one in people],
        "former": _former(known.values(), people),
        "rows": rows,
        "shown": _as_shown(rows),
        "propose_url": _propose_url(request),
        "post_reason": can_manage_tree(signed_in_user(request), organization).reason,
        "refusal": refusal,
        "page_obj": page,
        "places": _places(request, everywhere),
        "without": len(set(everywhere.values_list("pk", flat=True)) - set(known)),
        "crumbs": _crumbs(request, organization, "Phân công theo dõi"),
    }
    return render(request, "congress/following.html", context, status=status)


def _by_name(branch: Organization) -> tuple[Any, Any]:
    """In the order of lists: by đảng bộ, then by branch."""
    return title_key(branch.parent.name if branch.parent else ""), title_key(branch.name)


def _branch_row(
    one: Organization,
    organization: Organization,
    known: Mapping[int, int],
    proposed: Mapping[int, int],
    typed: Mapping[int, int | None],
) -> dict[str, Any]:
    return {
        "pk": one.pk,
        "field": f"{FIELD}{one.pk}",
        "label": one.name,
        "note": one.parent.name if one.parent and one.parent != organization else "",
        "stored": known.get(one.pk),
        "member": typed.get(one.pk, known.get(one.pk) or proposed.get(one.pk)),
        "is_proposed": one.pk in proposed and one.pk not in known,
    }


def _former(assigned: Iterable[int], people: list[Member]) -> dict[int, str]:
    """Names of those assigned who are in the committee no longer: shown until somebody else is."""
    gone = set(assigned) - {one.pk for one in people}
    return {one.pk: one.display_name for one in Member.objects.filter(pk__in=gone)}


def _at(request: HttpRequest, branches: QuerySet[Organization]) -> QuerySet[Organization]:
    """Narrowed to the đảng bộ chosen above the list."""
    chosen = number_of(request.GET.get("dang_bo", ""))
    return branches.filter(parent=chosen) if chosen else branches


def _places(request: HttpRequest, branches: QuerySet[Organization]) -> list[dict[str, Any]]:
    """The đảng bộ to choose from; none when all branches are of one."""
    chosen = number_of(request.GET.get("dang_bo", ""))
    above = Organization.objects.filter(pk__in=branches.order_by().values("parent_id"))
    found = sorted(above.values_list("name", "pk"), key=lambda one: title_key(one[0]))
    return [{"pk": pk, "name": name, "chosen": pk == chosen} for name, pk in found] if len(found) > 1 else []


def _evenly(branches: list[Organization], people: list[Member], known: Mapping[int, int]) -> dict[int, int]:
    """A proposal for the branches nobody follows: whoever follows the fewest is next."""
    of_all = Counter(known.values())
    count = {one.pk: of_all[one.pk] for one in people}
    found: dict[int, int] = {}
    for branch in branches:
        if branch.pk not in known and count:
            found[branch.pk] = min(count, key=lambda pk: count[pk])
            count[found[branch.pk]] += 1
    return found


@scoped(ORGANIZATION, *PLANNERS, methods=FORM_METHODS)
def representatives(request: HttpRequest, organization: Organization) -> HttpResponse:
    """Phân công dự đại hội: every congress to come, who attends, load and clashes; a proposal on demand."""
    refusal, status = "", 200
    if request.method == "POST":
        refusal, status = _save(request, organization, services.represent)
        if not refusal:
            return redirect(request.get_full_path())
    people = list(members_of_committee(organization, on=timezone.localdate()))
    context = _planner_page(request, organization, people) | {"refusal": refusal}
    return render(request, "congress/representatives.html", context, status=status)


def _planner_page(request: HttpRequest, organization: Organization, people: list[Member]) -> dict[str, Any]:
    congresses = sorted(
        congresses_under(organization).exclude(state__in=HELD).select_related("organization__parent", "authority"),
        key=lambda one: (one.planned_for is None, one.planned_for, *_by_name(one.organization)),
    )
    names = {one.pk: one.display_name for one in people}
    meetings = _meetings(organization, congresses, people)
    former = _former({pk for one in meetings for pk in one.attended_by}, people)
    proposal = planner.propose(meetings, list(names)) if request.GET.get("de-xuat") else planner.Proposal({})
    typed = _chosen(request) if request.method == "POST" else {}
    counts = planner.load(meetings, list(names))
    everywhere = Organization.objects.filter(pk__in=[one.organization_id for one in congresses])
    here = set(_at(request, everywhere).values_list("pk", flat=True))
    listed = [(one, of) for one, of in zip(congresses, meetings, strict=True) if one.organization_id in here]
    page = Paginator(listed, PER_PAGE).get_page(request.GET.get("page"))
    rows = [_row(congress, meeting, typed, proposal) for congress, meeting in page]
    at_home = [(one, pk) for one, of in listed for pk in of.attended_by if pk in of.own]
    return {
        "organization": organization,
        "people": people,
        "former": former,
        "load": [(names[pk], count) for pk, count in counts.items() if pk in names],
        "clashes": [_clash_words((former | names)[person], half) for (person, half) in planner.clashes(meetings)],
        "at_home": [_home_words((former | names)[pk], one) for one, pk in at_home],
        "rows": rows,
        "shown": _as_shown(rows),
        "propose_url": _propose_url(request),
        "post_reason": can_manage_tree(signed_in_user(request), organization).reason,
        "page_obj": page,
        "places": _places(request, everywhere),
        "without": sum(not one.attended_by for one in meetings),
        "undated": sum(one.half is None for one in meetings),
        "crumbs": _crumbs(request, organization, "Phân công dự đại hội"),
    }


def _meetings(organization: Organization, congresses: list[Congress], people: list[Member]) -> list[Meeting]:
    attended: dict[int, list[int]] = {}
    at_home: dict[int, set[int]] = {}
    for one in people:
        at_home.setdefault(one.organization_id, set()).add(one.pk)
    rows = sent_by(organization, on=timezone.localdate()).filter(congress__in=congresses)
    for congress, member in rows.values_list("congress_id", "member_id"):
        attended.setdefault(congress, []).append(member)
    followed: dict[int, list[int]] = {}
    for branch, member in Following.objects.filter(committee=organization, ends_on__isnull=True).values_list(
        "organization_id", "member_id"
    ):
        followed.setdefault(branch, []).append(member)
    return [
        Meeting(
            one.pk,
            _half(one),
            tuple(attended.get(one.pk, ())),
            tuple(followed.get(one.organization_id, ())),
            frozenset(at_home.get(one.organization_id, ())),
        )
        for one in congresses
    ]


def _half(congress: Congress) -> tuple[date, bool] | None:
    if congress.planned_for is None:
        return None
    moment = timezone.localtime(congress.planned_for)
    return moment.date(), moment.hour >= 12


def _row(
    congress: Congress, meeting: Meeting, typed: dict[int, int | None], proposal: planner.Proposal
) -> dict[str, Any]:
    stored = meeting.attended_by[0] if meeting.attended_by else None
    return {
        "pk": congress.pk,
        "field": f"{FIELD}{congress.pk}",
        "label": congress.organization.name,
        "note": congress.authority.name,
        "planned_for": congress.planned_for,
        "url": reverse("congress:detail", args=[congress.pk]),
        "is_pilot": congress.is_pilot,
        "stored": stored,
        "member": typed.get(congress.pk, stored or proposal.chosen.get(congress.pk)),
        "is_proposed": congress.pk in proposal.chosen,
        "is_open": congress.pk in proposal.open,
    }


def _home_words(name: str, congress: Congress) -> str:
    return (
        f"Đồng chí {name} sinh hoạt tại {congress.organization.name}, dự đại hội ấy với tư cách đảng viên của chi bộ. "
        "Cử đồng chí khác thay mặt cấp ủy."
    )


def _clash_words(name: str, half: tuple[date, bool]) -> str:
    day, afternoon = half
    return f"Đồng chí {name} được phân công hai đại hội cùng {'chiều' if afternoon else 'sáng'} {day:%-d/%-m/%Y}."


def _crumbs(request: HttpRequest, organization: Organization, title: str) -> list[tuple[str, str]]:
    return [("Tổ chức", reverse("organizations:tree")), *crumbs_to(organization, request), (title, request.path)]
