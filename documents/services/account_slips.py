"""Sealed slips with accounts, printed for ``organizations``, which may not know how a page is made."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.template.loader import render_to_string
from django.utils import timezone, translation

from accounts import wording
from documents.papers.layouts import layout_for
from organizations.models import Organization, SlipBatch
from organizations.services import slips
from outbox.models import Job


@dataclass(frozen=True, slots=True, kw_only=True)
class Slip:
    """What stands on one sheet: outside to whom, inside how to come in."""

    number: int
    full_name: str
    branch: str
    superior: str
    username: str
    password: str
    until: str = ""


def print_batch(payload: Mapping[str, Any], job: Job) -> None:
    """The durable job: one sheet of A4 for each slip, kept encrypted. Run twice it leaves one file."""
    batch = SlipBatch.objects.select_related("organization").get(pk=payload["batch_id"])
    if batch.file or batch.destroyed_at is not None:
        return
    from documents.rendering import html_to_pdf  # local: WeasyPrint is loaded by the process that renders, no other

    rows = batch.slips.filter(revoked_at__isnull=True).select_related(
        "assignment__organization__parent", "assignment__user"
    )
    found = [
        Slip(
            number=one.number,
            full_name=one.assignment.user.full_name,
            branch=named(one.assignment.organization),
            superior=batch.organization.committee,
            username=one.assignment.user.username,
            password=slips.password_of(one),
            until=_day(one.assignment.user.one_time_until),
        )
        for one in rows.order_by("number")
    ]
    made_on = timezone.localdate(batch.made_at)
    html = slips_html(found, address=payload["address"])
    slips.keep_file(batch, html_to_pdf(html, layout_for(made_on), identifier=f"account-slips/{batch.pk}"))


def _day(moment: datetime | None) -> str:
    return f"hết ngày {wording.day(timezone.localdate(moment - timedelta(days=1)))}" if moment else ""


def named(organization: Organization) -> str:
    """Branches of many committees have one name: the slip says whose it is."""
    above = organization.parent
    return f"{organization.name}, {above.name}" if above else organization.name


def slips_html(found: Iterable[Slip], *, address: str) -> str:
    """The sheets as HTML, autoescaped; no model objects."""
    with translation.override("vi"):
        return render_to_string("print/account_slips.html", {"slips": tuple(found), "address": address})
