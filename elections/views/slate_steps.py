"""What is still to do until the congress can vote on a slate, as a task list with one next step."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from congress.rules import regimes
from congress.rules.findings import Finding
from elections.conflicts import OWN_POSTS, Slate
from elections.models import ElectedOffice, Withdrawal
from elections.rules.surplus import names_at_most_in, surplus_required
from elections.services.opinions import why_stale

EMPTY = "F301"
"""An empty list is said where the list stands."""
UNSETTLED = "U-"
"""Points of the rulebook that no text settles: there is nothing to cite."""


@dataclass(frozen=True, slots=True)
class Task:
    """One line of the list; ``open`` ones may become the next step."""

    title: str
    url: str
    state: str
    tone: str = "todo"
    hint: str = ""
    open: bool = False

    def shown(self, *, is_next: bool) -> dict[str, Any]:
        return {
            "title": self.title,
            "url": self.url,
            "state": self.state,
            "tone": "now" if is_next else self.tone,
            "hint": self.hint,
            "next": is_next,
        }


def page_of(name: str, slate: Slate) -> str:
    return reverse(f"elections:{name}", args=[slate.round.pk])


def tasks_of(slate: Slate) -> list[Task]:
    """In the order in which a congress does them; those that do not apply are left out."""
    if not slate.is_sitting:
        return [_committee_list(slate), *_planned(slate)]
    found = [*_superior(slate), *_seats(slate), _names(slate)]
    if not slate.is_revote:
        if _somebody_leaves(slate):  # who has to leave is not asked about in the opinion ballot
            return [*found, *_support(slate), _withdrawals(slate), *_opinions(slate), *_joining(slate), _fixing(slate)]
        found += [*_support(slate), *_opinions(slate), *_joining(slate)]
    return [*found, _withdrawals(slate), _fixing(slate)]


def groups_of(slate: Slate) -> list[dict[str, Any]]:
    """For ``components/task_list.html``; the first open task stands out."""
    tasks = tasks_of(slate)
    following = next((one for one in tasks if one.open), None)
    title = "Việc cần làm đến khi chốt danh sách" if slate.is_sitting else f"Chuẩn bị trước {slate.congress.word}"
    return [{"title": title, "tasks": [one.shown(is_next=one is following) for one in tasks]}]


def next_is_fixing(slate: Slate) -> bool:
    return next((one.url for one in tasks_of(slate) if one.open), "") == "#chot"


def _committee_list(slate: Slate) -> Task:
    count = len(slate.candidates)
    if slate.election.office in OWN_POSTS and not slate.is_prepared_by_committee:
        hint = f"Chọn trong số {slate.elected_first}."
        return Task("Danh sách bầu cử", "#danh-sach", f"Lập tại {slate.congress.word}", "wait", hint)
    state = f"{count} đồng chí" if count else "Chưa có ai"
    done = count > 0 and not slate.stopping
    tone = "done" if done else "todo"
    return Task("Danh sách của cấp ủy triệu tập", "#gioi-thieu", state, tone, ceiling(slate), open=not done)


def _planned(slate: Slate) -> list[Task]:
    if slate.election.office not in OWN_POSTS:
        return []
    planned = slate.election.planned_member
    url = reverse("elections:plan_leader", args=[slate.election.pk])
    state, tone = (planned.display_name, "done") if planned else ("Không bắt buộc", "todo")
    return [Task("Người dự kiến theo đề án nhân sự", url, state, tone)]


def _superior(slate: Slate) -> list[Task]:
    url = reverse("elections:superior_opinion", args=[slate.election.pk])
    if slate.waits_for_superior:
        return [
            Task(
                "Ghi ý kiến cấp trên về người dự kiến không trúng cử",
                url,
                "Chờ ý kiến cấp trên",
                "late",
                " ".join(f"{one.message} {one.next}" for one in slate.planned_findings()),
                open=True,
            )
        ]
    return []


def _seats(slate: Slate) -> list[Task]:
    voted = slate.round.seats_vote is not None
    if slate.round.number > 1 or slate.election.office == ElectedOffice.DELEGATES:
        return []
    if not surplus_required(slate.office) and not voted:
        return []
    hint = ceiling(slate) + ("" if voted else " Có thể biểu quyết riêng, hoặc cùng lúc với danh sách.")
    state, tone = (f"Đã chốt {slate.round.seats}", "done") if voted else (f"Dự kiến {slate.round.seats}", "todo")
    return [Task("Chốt số lượng cần bầu", page_of("seats", slate), state, tone, hint, open=not voted)]


def ceiling(slate: Slate) -> str:
    """How many names the slate may have (E-35, E-36); empty where the rules set no ceiling."""
    if not surplus_required(slate.office) or slate.is_revote:
        return ""
    seats = slate.round.seats
    most = names_at_most_in(slate.regime, seats)
    return f"Bầu {seats} thì danh sách phải có số dư, nhiều nhất {most} người (số dư không quá {most - seats})."


def _names(slate: Slate) -> Task:
    if slate.is_revote:
        return Task("Danh sách", "#danh-sach", "Đúng những người bằng phiếu", "done")
    count, others = len(slate.candidates), len(slate.others)
    state = f"{count} đồng chí" if count else "Chưa có ai"
    hint = f"{others} người ngoài danh sách của cấp ủy." if others else "Ai được đề cử, ứng cử thì thêm vào đây."
    return Task("Danh sách, đề cử, ứng cử", "#gioi-thieu", state, "done" if count else "todo", hint, open=count == 0)


def _support(slate: Slate) -> list[Task]:
    asked = slate.asks_support
    if not asked:
        return []
    missing = slate.support_to_count
    who = (missing or asked)[0]
    if not missing and (lacking := [one.shown_name for one in asked if slate.lacks_support(one)]):
        hint = f"Bỏ tên, vì chưa có quá 30 % người dự ủng hộ: {', '.join(lacking)}."
        return [Task("Bỏ tên người không đủ ý kiến ủng hộ", "#danh-sach", "Chưa bỏ tên", "late", hint, open=True)]
    return [
        Task(
            "Lấy ý kiến ủng hộ người ngoài danh sách của cấp ủy",
            "#danh-sach" if slate.is_support_settled(who) else reverse("elections:support", args=[who.pk]),
            f"{len(asked) - len(missing)}/{len(asked)} đã ghi",
            "todo" if missing else "done",
            "Phải có hơn 30 % người dự ủng hộ thì mới xem xét đưa vào danh sách.",
            open=bool(missing),
        )
    ]


def _opinions(slate: Slate) -> list[Task]:
    url = page_of("opinions", slate)
    title = "Lấy phiếu xin ý kiến về người ngoài danh sách của cấp ủy"
    if slate.needs_opinion_ballot:
        return [_opinions_needed(slate, title, url)]
    if slate.opinion is not None:
        return [Task(title, url, "Đã lấy", "done")]
    return []


def _opinions_needed(slate: Slate, title: str, url: str) -> Task:
    """In the order of the day: who leaves and who lacks support first, then the ballot, then its second person."""
    waiting = slate.opinion_to_confirm
    if not is_supported(slate):
        return Task(title, url, "Chưa lấy", "todo", "Ghi đủ ý kiến ủng hộ trước, rồi mới lấy phiếu xin ý kiến.")
    if waiting is not None and why_stale(waiting, slate):
        return Task(title, url, "Lấy lại, nhập lại", "late", "Danh sách đã thay đổi từ khi nhập kết quả.", open=True)
    if waiting is not None:
        return Task(title, url, "Chờ đồng chí khác xác nhận", "wait", open=True)
    if _somebody_leaves(slate):
        return Task(title, url, "Chưa lấy", "todo", "Quyết định việc xin rút trước, rồi mới lấy phiếu xin ý kiến.")
    return Task(title, url, "Chưa lấy", "todo", "Danh sách vượt số dư cho phép.", open=True)


def is_supported(slate: Slate) -> bool:
    """Whether every name that needs it has passed 30 %: only then is it considered for the list (E-37)."""
    return not slate.support_to_count and not any(slate.lacks_support(one) for one in slate.asks_support)


def _joining(slate: Slate) -> list[Task]:
    if not slate.to_be_decided:
        return []
    tied = slate.tied_opinions is not None
    hint = "Bằng phiếu xin ý kiến ở chỗ cuối." if tied else "Danh sách của cấp ủy đã dùng hết số dư."
    if not is_supported(slate):
        first = "Ghi đủ ý kiến ủng hộ trước."
        return [Task("Quyết định ai vào danh sách", page_of("joining", slate), "Chưa đến", "todo", first)]
    return [Task("Quyết định ai vào danh sách", page_of("joining", slate), "Chờ biểu quyết", "wait", hint, open=True)]


def _somebody_leaves(slate: Slate) -> bool:
    """Whether a name has to leave (E-32) or has asked to and nobody has decided yet."""
    pending = Withdrawal.Outcome.PENDING in slate.withdrawals.values()
    return pending or any(slate.must_withdraw(one) for one in slate.candidates)


def _withdrawals(slate: Slate) -> Task:
    url = page_of("withdrawals", slate)
    pending = list(slate.withdrawals.values()).count(Withdrawal.Outcome.PENDING)
    must = [one.shown_name for one in slate.candidates if slate.must_withdraw(one)]
    if pending:
        return Task("Xin rút", url, f"{pending} việc chờ biểu quyết", "wait", open=True)
    if must:
        return Task("Xin rút", url, "Có người phải xin rút", "late", ", ".join(must), open=True)
    decided = slate.round.withdrawals.count()
    return Task(
        "Xin rút", url, f"{decided} việc đã quyết định" if decided else "Không có", "done" if decided else "todo"
    )


def _fixing(slate: Slate) -> Task:
    blocked = slate.stopping
    hint = "Còn điểm phải giải quyết trước." if blocked else ""
    return Task("Biểu quyết chốt danh sách", "#chot", "Chưa chốt", "todo", hint, open=not blocked)


def shown_conflicts(slate: Slate, *rules: str) -> list[dict[str, Any]]:
    """For ``elections/_conflicts.html``: what stops the vote, then what is to be noted, each with its rule as cited.

    ``rules``: only findings of these, where a page is about them alone.
    """
    regime = slate.regime or regimes.by_default()
    findings = [one for one in slate.findings if one.code != EMPTY and (not rules or one.rule in rules)]
    stopping = [one for one in slate.stopping if one in findings]
    noted = [one for one in findings if one not in stopping]
    when = "trước khi biểu quyết chốt danh sách" if slate.is_sitting else "trước khi khai mạc"
    groups = (("late", f"Phải giải quyết {when}", stopping), ("wait", "Cần chú ý", noted))
    return [
        {
            "tone": tone,
            "title": title,
            "items": [{"message": one.message, "next": one.next, "citation": _citation(one, regime)} for one in found],
        }
        for tone, title, found in groups
        if found
    ]


def _citation(finding: Finding, regime: regimes.Regime) -> str:
    return "" if finding.rule.startswith(UNSETTLED) else f"{finding.rule}: {regime.cite(finding.rule)}"
