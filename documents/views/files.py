"""Files out: always an attachment of a fixed type, checked against its hash before it leaves."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.http import content_disposition_header

from accounts.access import scoped
from documents.files import read_checked
from documents.models import DocumentVersion, IssuedPaper
from documents.scopes import PAPER, VERSION
from documents.uploads import PDF


def attachment(content: bytes, *, name: str, content_type: str) -> HttpResponse:
    response = HttpResponse(content, content_type=content_type)
    response["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    response["Content-Length"] = str(len(content))
    response._csp_config = {"default-src": ["'none'"], "sandbox": [""]}  # type: ignore[attr-defined]  # read by django-csp
    return response


@scoped(VERSION)
def draft_file(request: HttpRequest, version: DocumentVersion) -> HttpResponse:
    """The uploaded file of a version, under the name it came with."""
    if not version.is_file:
        raise Http404
    return attachment(
        read_checked(version.file_name, version.sha256), name=version.original_name, content_type=version.content_type
    )


@scoped(PAPER)
def paper_file(request: HttpRequest, paper: IssuedPaper) -> HttpResponse:
    """The PDF of an official paper; 404 until it is made."""
    if not paper.sha256:
        raise Http404
    named = " ".join(filter(None, (paper.title.replace(":", ","), paper.notation.replace("/", "-"))))
    name = f"{named} ({paper.congress.organization.code}).pdf"
    return attachment(read_checked(paper.file_name, paper.sha256), name=name, content_type=PDF)
