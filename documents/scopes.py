"""What the addresses of this app are about, for ``accounts.access.scoped``."""

from accounts.access import Scope
from documents import queries
from documents.lifecycle import DOCUMENT_LIFECYCLE

DOCUMENT = Scope(
    name="document",
    kwarg="document_id",
    visible_to=queries.visible_to,
    places={
        "organization": lambda document: document.congress.organization,
        "authority": lambda document: document.congress.authority,
    },
    state=lambda document: document.state,
    lifecycle=DOCUMENT_LIFECYCLE,
)
VERSION = Scope(
    name="version",
    kwarg="version_id",
    visible_to=queries.versions_visible_to,
    places={"organization": lambda version: version.document.congress.organization},
)
PAPER = Scope(
    name="paper",
    kwarg="paper_id",
    visible_to=queries.papers_visible_to,
    places={"organization": lambda paper: paper.congress.organization},
)
REPORT = Scope(
    name="report",
    kwarg="report_id",
    visible_to=queries.reports_visible_to,
    places={"organization": lambda report: report.organization},
)
