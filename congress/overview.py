"""The task list of one congress: every step from the plan to the dossier, with its state, owner and deadline."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from django.urls import reverse

from accounts.decisions import Decision
from accounts.models import User
from accounts.roles import Role
from congress import policies, readiness
from congress.callings import elected_committee, mismatch_of
from congress.lifecycle import CLEARED, CLOSED, COMPLETE, PREPARING, RATIFIED, REPORTED, SITTING, STATE_NAMES, SUBMITTED
from congress.models import AssemblyKind, Attendance, Congress, DeadlineKind, Office
from congress.queries import Deadline, WorkingCalendar
from congress.services.meetings import meeting_of
from congress.stations import is_stopped
from organizations.authority import needs

ORDER = tuple(STATE_NAMES)
BEFORE_SITTING = (PREPARING, SUBMITTED, CLEARED)
CALLED = {
    AssemblyKind.MEMBERS: "Danh sách triệu tập đảng viên",
    AssemblyKind.DELEGATES: "Danh sách triệu tập đại biểu",
    AssemblyKind.MEETING: "Danh sách triệu tập cấp ủy viên",
}


@dataclass(slots=True)
class Task:
    """One line of the list; ``verb`` is the button of whoever may do it now."""

    title: str
    verb: str
    url: str
    owner: str
    done: bool
    may: Decision
    states: tuple[str, ...]
    gaps: Sequence[readiness.Gap] = ()
    due: date | None = None
    left: int | None = None
    open: bool = False
    next: bool = False

    @property
    def hint(self) -> str:
        """What is missing: the first thing in words, the rest counted; every gap stands on the page of the step."""
        if self.done or not self.open or not self.gaps:
            return ""
        more = len(self.gaps) - 1
        return self.gaps[0].sentence + (f" Còn {more} việc nữa." if more else "")

    @property
    def state(self) -> str:
        if self.done:
            return "Đã xong"
        if not self.open:
            return "Chưa tới bước"
        return f"Còn {len(self.gaps)} việc" if len(self.gaps) > 1 else "Cần làm"

    @property
    def tone(self) -> str:
        return "done" if self.done else "now" if self.next else "wait" if self.open else "todo"


@dataclass(frozen=True, slots=True)
class Group:
    title: str
    tasks: tuple[Task, ...]

    @property
    def total(self) -> int:
        return len(self.tasks)

    @property
    def done(self) -> int:
        return sum(task.done for task in self.tasks)


@dataclass(frozen=True, slots=True)
class Overview:
    """``mine`` is the first thing this person can do now; None while others hold the ball."""

    groups: tuple[Group, ...]
    mine: Task | None


def overview_of(
    congress: Congress, user: User, *, deadlines: dict[str, Deadline], calendar: WorkingCalendar, today: date
) -> Overview:
    """Every task in the order of the work; the next one marked: this person's first, else the first of all."""
    groups = _Builder(congress, user, deadlines, calendar, today).groups()
    tasks = [task for group in groups for task in group.tasks]
    for task in tasks:
        task.open = not task.done and congress.state in task.states and not is_stopped(congress)
        if is_stopped(congress):
            task.due = task.left = None
    open_now = [task for task in tasks if task.open]
    mine = next((task for task in open_now if task.may), None)
    marked = mine or next(iter(open_now), None)
    if marked is not None:
        marked.next = True
    return Overview(groups, mine)


class _Builder:
    """Reads the facts of the congress once and lays the tasks out."""

    def __init__(
        self,
        congress: Congress,
        user: User,
        deadlines: dict[str, Deadline],
        calendar: WorkingCalendar,
        today: date,
    ) -> None:
        self.congress, self.user = congress, user
        self.deadlines, self.calendar, self.today = deadlines, calendar, today
        self.branch, self.committee = congress.organization.name, congress.authority.committee
        self.preparer = policies.can_prepare(user, congress)
        self._gaps: dict[str, list[readiness.Gap]] = {}

    def reached(self, state: str) -> bool:
        return ORDER.index(self.congress.state) >= ORDER.index(state)

    def gaps(self, step: str, *places: str) -> list[readiness.Gap]:
        """The gaps before a step that are closed on the pages of the named apps (all when none is named)."""
        if step not in self._gaps:
            self._gaps[step] = readiness.gaps(self.congress, step)
        found = self._gaps[step]
        return [gap for gap in found if not places or gap.url_name.split(":")[0] in places]

    def url(self, name: str, anchor: str = "") -> str:
        return reverse(name, args=[self.congress.pk]) + anchor

    def task(
        self,
        title: str,
        verb: str,
        url: str,
        *,
        done: bool,
        may: Decision,
        states: tuple[str, ...],
        owner: str = "",
        gaps: Sequence[readiness.Gap] = (),
        deadline: str = "",
        of_the_plan: bool = False,
    ) -> Task:
        verb = self.congress.said(verb)
        title = title if of_the_plan else self.congress.said(title)
        row = self.deadlines.get(deadline)
        due = row.due_on if row and not done else None
        left = self.calendar.left(self.today, due) if due and self.congress.state in states else None
        return Task(title, verb, url, owner or self.branch, done, may, states, gaps, due, left)

    def groups(self) -> tuple[Group, ...]:
        makers: tuple[tuple[str, Callable[[], list[Task]]], ...] = (
            ("Kế hoạch và thời hạn", self.plan),
            ("Chuẩn bị", self.preparation),
            ("Văn kiện", self.papers),
            ("Nhân sự", self.slates),
            ("Trình duyệt", self.clearance),
            ("Hội nghị" if self.congress.is_meeting else "Đại hội", self.sitting),
            ("Sau đại hội", self.after),
        )
        if self.congress.is_meeting:  # cleared with the congress that elected the committee
            makers = tuple(row for row in makers if row[0] not in ("Văn kiện", "Trình duyệt"))
        return tuple(Group(self.congress.said(title), tuple(make())) for title, make in makers)

    def plan(self) -> list[Task]:
        plan = self.congress.plan
        return [
            self.task(
                f"{plan.label} về đại hội",
                "Xem kế hoạch",
                reverse("congress:plan", args=[plan.pk]),
                done=True,
                may=self.preparer,
                states=(),
                owner=plan.organization.committee,
                of_the_plan=True,
            )
        ]

    def preparation(self) -> list[Task]:
        congress = self.congress
        return [
            self.task(
                "Thời gian, địa điểm, số lượng bầu",
                "Ghi thời gian, địa điểm",
                self.url("congress:details"),
                done=congress.planned_for is not None and bool(congress.place),
                may=self.preparer,
                states=(PREPARING, CLEARED),
            ),
            self.task(
                CALLED[AssemblyKind(congress.kind)],
                "Lập danh sách triệu tập",
                self.url("congress:roll"),
                done=congress.attendances.exists() and (self.reached(SITTING) or mismatch_of(congress) is None),
                may=self.preparer,
                states=(PREPARING, CLEARED),
            ),
        ]

    def papers(self) -> list[Task]:
        url = self.url("documents:list")
        drafts, approvals = self.gaps(readiness.CLEARANCE, "documents"), self.gaps(readiness.CLEARING, "documents")
        met = self.reached(SITTING)
        return [
            self.task(
                "Soạn văn kiện và trình xin ý kiến",
                "Soạn văn kiện",
                url,
                done=met or not drafts,
                gaps=drafts,
                may=needs(self.user, Role.SECRETARY, Role.CLERK, Role.DRAFTER, at=self.congress.organization),
                states=BEFORE_SITTING,
                deadline=DeadlineKind.PAPERS,
            ),
            self.task(
                "Xem xét, phê duyệt văn kiện",
                "Xem xét văn kiện",
                url,
                done=met or not approvals,
                gaps=approvals if not drafts else (),
                may=needs(self.user, Role.COMMITTEE_STAFF, Role.APPROVER, at=self.congress.authority, exactly=True),
                states=BEFORE_SITTING if met or not drafts else (),
                owner=self.committee,
                deadline=DeadlineKind.CLEARANCE,
            ),
        ]

    def slates(self) -> list[Task]:
        gaps = [] if self.reached(SITTING) else self.gaps(readiness.OPENING, "elections")
        return [
            self.task(
                "Các cuộc bầu và danh sách do cấp ủy chuẩn bị",
                "Chuẩn bị nhân sự",
                self.url("elections:overview"),
                done=not gaps,
                gaps=gaps,
                may=self.preparer,
                states=BEFORE_SITTING if self.congress.attendances.exists() else (),
            )
        ]

    def clearance(self) -> list[Task]:
        congress, url = self.congress, self.url("congress:clearance")
        gaps = self.gaps(readiness.CLEARANCE) if congress.state == PREPARING else []
        clearing = self.gaps(readiness.CLEARING) if congress.state == SUBMITTED else []
        return [
            self.task(
                "Trình duyệt đại hội",
                "Trình duyệt đại hội",
                url,
                done=self.reached(SUBMITTED),
                gaps=gaps,
                may=policies.can_submit(self.user, congress),
                states=(PREPARING,),
                deadline=DeadlineKind.CLEARANCE,
            ),
            self.task(
                "Xem xét, duyệt đại hội",
                "Xem xét hồ sơ trình duyệt",
                url,
                done=self.reached(CLEARED),
                gaps=clearing,
                may=policies.can_clear(self.user, congress, None),
                states=(SUBMITTED,),
                owner=self.committee,
            ),
        ]

    def sitting(self) -> list[Task]:
        congress, url = self.congress, self.url("congress:sitting")
        may, opened = policies.can_run(self.user, congress), self.reached(SITTING)
        closed = self.reached(CLOSED)
        offices = set(congress.officers.values_list("office", flat=True))
        people = closed or {Office.CHAIR, Office.CLERK, Office.HEAD_TELLER} <= offices
        closing = self.gaps(readiness.CLOSING) if congress.state == SITTING else []
        ballots = [gap for gap in closing if gap.url_name.startswith("elections:")]
        unknown = congress.attendances.filter(presence=Attendance.Presence.UNKNOWN).exists()
        called = opened or (congress.attendances.exists() and not unknown)
        votes = congress.card_votes.filter(sitting=congress.sitting_of_entries)
        voted = closed or votes.filter(subject="resolution", adopted=True).exists()
        ballot_may = needs(self.user, Role.SECRETARY, Role.CLERK, Role.TELLER, at=congress.organization)
        return [
            self.task(
                "Điểm danh",
                "Điểm danh",
                self.url("congress:roll"),
                done=called,
                may=may,
                states=(CLEARED,),
            ),
            self.task(
                "Khai mạc",
                "Khai mạc đại hội",
                self.url("congress:open") if may and not opened else url,
                done=opened,
                may=may,
                states=(CLEARED,),
                gaps=self.gaps(readiness.OPENING) if congress.state == CLEARED else (),
                deadline=DeadlineKind.WINDOW_CLOSES,
            ),
            self.task(
                "Bầu đoàn chủ tịch, thư ký, ban kiểm phiếu",
                "Ghi kết quả bầu điều hành",
                self.url("congress:sitting", "#dieu-hanh"),
                done=people,
                may=may,
                states=(SITTING,),
            ),
            self.task(
                "Bầu cử",
                "Tiến hành bầu cử",
                self.url("elections:overview"),
                done=closed or (opened and not ballots),
                may=ballot_may,
                states=(SITTING,),
                gaps=ballots,
            ),
            *([] if congress.is_meeting else [self.resolution(may, done=voted)]),
            self.task(
                "Bế mạc",
                "Bế mạc đại hội",
                self.url("congress:close") if may and congress.state == SITTING else url,
                done=closed,
                may=may,
                states=(SITTING,),
                gaps=closing,
                deadline=DeadlineKind.WINDOW_CLOSES,
            ),
        ]

    def resolution(self, may: Decision, *, done: bool) -> Task:
        return self.task(
            "Biểu quyết thông qua nghị quyết",
            "Ghi biểu quyết nghị quyết",
            self.url("congress:sitting", "#bieu-quyet"),
            done=done,
            may=may,
            states=(SITTING,),
        )

    def meeting(self) -> Task | None:
        """The first meeting of the committee that this congress has elected; None where none elects leaders."""
        congress = self.congress
        if congress.is_meeting or congress.organization.is_branch or not elected_committee(congress):
            return None
        held = meeting_of(congress)
        return self.task(
            "Hội nghị cấp ủy lần thứ nhất",
            "Triệu tập hội nghị cấp ủy",
            reverse("congress:detail", args=[held.pk]) if held else self.url("congress:call_meeting"),
            done=held is not None,
            may=self.preparer,
            states=(SITTING, CLOSED, REPORTED, RATIFIED),
        )

    def after(self) -> list[Task]:
        congress = self.congress
        reporting = self.gaps(readiness.REPORTING) if congress.state == CLOSED else []
        dossier = self.gaps(readiness.DOSSIER) if congress.state == RATIFIED else []
        ratification = self.url("elections:ratification")
        meeting = self.meeting()
        return [
            *([meeting] if meeting else []),
            self.task(
                "Lập biên bản đại hội",
                "Lập biên bản đại hội",
                self.url("documents:papers"),
                done=self.reached(REPORTED) or (congress.state == CLOSED and not reporting),
                may=self.preparer,
                states=(CLOSED,),
            ),
            self.task(
                "Trình đề nghị chuẩn y kết quả bầu cử",
                "Trình đề nghị chuẩn y",
                ratification,
                done=self.reached(REPORTED),
                may=policies.can_submit(self.user, congress),
                states=(CLOSED,),
                gaps=reporting,
                deadline=DeadlineKind.RATIFICATION,
            ),
            self.task(
                "Chuẩn y kết quả bầu cử",
                "Xem xét chuẩn y",
                ratification,
                done=self.reached(RATIFIED),
                may=policies.can_clear(self.user, congress, None),
                states=(REPORTED,),
                owner=self.committee,
                deadline=DeadlineKind.RATIFICATION,
            ),
            self.task(
                "Hoàn tất hồ sơ đại hội",
                "Hoàn tất hồ sơ",
                self.url("congress:dossier"),
                done=self.reached(COMPLETE),
                may=policies.can_complete_dossier(self.user, congress),
                states=(RATIFIED,),
                gaps=dossier,
                deadline=DeadlineKind.DOSSIER,
            ),
        ]
