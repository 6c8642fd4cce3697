"""What the addresses of this app are about, for ``accounts.access.scoped``."""

from accounts.access import Scope
from organizations import queries
from organizations.models import AccessLink, AccountSlip, ImportBatch, MemberStanding, SlipBatch
from organizations.queries import in_reach

ORGANIZATION = Scope(
    name="organization",
    kwarg="organization_id",
    visible_to=queries.visible_to,
    places={
        "organization": lambda organization: organization,
        "parent": lambda organization: organization.parent or organization,
        "own": lambda organization: organization,
    },
)
MEMBER = Scope(
    name="member",
    kwarg="member_id",
    visible_to=queries.members_visible_to,
    places={"organization": lambda member: member.organization},
)
STANDING = Scope(
    name="standing",
    kwarg="standing_id",
    visible_to=lambda user: MemberStanding.objects.filter(in_reach(user, "member__organization__")).select_related(
        "member__organization"
    ),
    places={"organization": lambda standing: standing.member.organization},
)
ASSIGNMENT = Scope(
    name="assignment",
    kwarg="assignment_id",
    visible_to=queries.assignments_visible_to,
    places={"organization": lambda assignment: assignment.organization},
)
ACCESS_LINK = Scope(
    name="access_link",
    kwarg="link_id",
    visible_to=lambda user: AccessLink.objects.filter(in_reach(user, "organization__")).select_related(
        "organization", "owner", "revoked_by"
    ),
    places={"organization": lambda link: link.organization},
)
TREE_ACT = Scope(
    name="tree_act",
    kwarg="act_id",
    visible_to=queries.acts_visible_to,
    places={"organization": lambda act: act.decided_by},
)
SLIP_BATCH = Scope(
    name="slip_batch",
    kwarg="batch_id",
    visible_to=lambda user: SlipBatch.objects.filter(in_reach(user, "organization__")).select_related(
        "organization", "made_by"
    ),
    places={"organization": lambda batch: batch.organization},
)
ACCOUNT_SLIP = Scope(
    name="account_slip",
    kwarg="slip_id",
    visible_to=lambda user: AccountSlip.objects.filter(in_reach(user, "batch__organization__")).select_related(
        "batch__organization", "assignment__organization", "assignment__user"
    ),
    places={"organization": lambda slip: slip.batch.organization},
)
IMPORT = Scope(
    name="import",
    kwarg="batch_id",
    visible_to=lambda user: ImportBatch.objects.filter(in_reach(user, "organization__")).select_related(
        "organization", "uploaded_by", "decided_by"
    ),
    places={"organization": lambda batch: batch.organization},
)
