"""What the addresses of this app are about, for ``accounts.access.scoped``."""

from accounts.access import Scope
from congress import queries
from congress.lifecycle import CONGRESS_LIFECYCLE, PLAN_LIFECYCLE
from congress.models import Attendance, Deviation, GuidanceReceipt, Milestone, Proceeding, Subcommittee
from organizations.queries import in_reach

CONGRESS = Scope(
    name="congress",
    kwarg="congress_id",
    visible_to=queries.visible_to,
    places={
        "organization": lambda congress: congress.organization,
        "authority": lambda congress: congress.authority,
        "own": lambda congress: congress.organization,
    },
    state=lambda congress: congress.state,
    lifecycle=CONGRESS_LIFECYCLE,
)
PLAN = Scope(
    name="plan",
    kwarg="plan_id",
    visible_to=queries.plans_visible_to,
    places={"organization": lambda plan: plan.organization, "authority": lambda plan: plan.organization},
    state=lambda plan: plan.state,
    lifecycle=PLAN_LIFECYCLE,
)
GUIDANCE = Scope(
    name="guidance",
    kwarg="guidance_id",
    visible_to=queries.guidance_visible_to,
    places={"organization": lambda guidance: guidance.organization},
)
RECEIPT = Scope(
    name="receipt",
    kwarg="receipt_id",
    visible_to=lambda user: GuidanceReceipt.objects.filter(in_reach(user, "organization__")).select_related(
        "organization", "guidance"
    ),
    places={
        "organization": lambda receipt: receipt.organization,
        "own": lambda receipt: receipt.organization,
    },
)
SUBCOMMITTEE = Scope(
    name="subcommittee",
    kwarg="subcommittee_id",
    visible_to=lambda user: Subcommittee.objects.filter(in_reach(user, "organization__")).select_related(
        "organization", "plan__organization"
    ),
    places={"organization": lambda subcommittee: subcommittee.organization},
)
ATTENDANCE = Scope(
    name="attendance",
    kwarg="attendance_id",
    visible_to=lambda user: Attendance.objects.filter(in_reach(user, "congress__organization__")).select_related(
        "member", "congress__organization", "congress__authority"
    ),
    places={"organization": lambda row: row.congress.organization},
)
PROCEEDING = Scope(
    name="proceeding",
    kwarg="proceeding_id",
    visible_to=lambda user: Proceeding.objects.filter(in_reach(user, "congress__organization__")).select_related(
        "congress__organization"
    ),
    places={"organization": lambda entry: entry.congress.organization},
)
MILESTONE = Scope(
    name="milestone",
    kwarg="milestone_id",
    visible_to=lambda user: Milestone.objects.filter(in_reach(user, "congress__organization__")).select_related(
        "congress__organization__parent", "congress__authority", "congress__plan__organization"
    ),
    places={"organization": lambda milestone: milestone.congress.organization},
)
DEVIATION = Scope(
    name="deviation",
    kwarg="deviation_id",
    visible_to=lambda user: Deviation.objects.filter(in_reach(user, "congress__organization__")).select_related(
        "congress__organization__parent",
        "congress__authority",
        "congress__plan__organization",
        "asked_by",
        "answered_by",
    ),
    places={
        "organization": lambda deviation: deviation.congress.organization,
        "authority": lambda deviation: deviation.congress.authority,
    },
)
