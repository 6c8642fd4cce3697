"""Plans, congresses and what belongs to them, by subject."""

from congress.models.calendar import Holiday
from congress.models.congresses import ClearanceRequest, Congress, CongressStep, FormerPlan, roman
from congress.models.guidance import Guidance, GuidanceKind, GuidanceReceipt, Lesson, LessonDone, PilotReview
from congress.models.helpers import Following, Representation, Subcommittee, SubcommitteeMember
from congress.models.kinds import OWN_KINDS, AssemblyKind, Coverage
from congress.models.plans import DeadlineKind, Duration, Organising, Plan, PlanDeadline, PlanStation
from congress.models.reminders import Digest, MailChoice, Reminder, ReminderRun
from congress.models.sitting import Attendance, CardVote, Office, Officer, Proceeding
from congress.models.timeline import Deviation, Milestone

__all__ = [
    "AssemblyKind",
    "Attendance",
    "CardVote",
    "ClearanceRequest",
    "Congress",
    "CongressStep",
    "Coverage",
    "DeadlineKind",
    "Deviation",
    "Digest",
    "Duration",
    "Following",
    "FormerPlan",
    "Guidance",
    "GuidanceKind",
    "GuidanceReceipt",
    "Holiday",
    "Lesson",
    "LessonDone",
    "MailChoice",
    "Milestone",
    "OWN_KINDS",
    "Office",
    "Officer",
    "Organising",
    "PilotReview",
    "Plan",
    "PlanDeadline",
    "PlanStation",
    "Proceeding",
    "Reminder",
    "ReminderRun",
    "Representation",
    "Subcommittee",
    "SubcommitteeMember",
    "roman",
]
