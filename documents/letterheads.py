"""Letterheads of the bodies that issue papers here, from the tree and the congress."""

from __future__ import annotations

from datetime import date

from congress.models import Congress, roman
from documents.papers.base import Letterhead
from organizations.models import Organization

TO_SIGN = "Bản in để ký"
"""Mark of a paper that is for reference until it is signed by hand or with the specialised signature."""


def _place(organization: Organization) -> str:
    return organization.place or (organization.parent.place if organization.parent else "")


def _superior(organization: Organization) -> tuple[str, ...]:
    return (organization.parent.name,) if organization.parent else ()


def ordinal_line(congress: Congress) -> str:
    """ "Lần thứ VII"; the term where the ordinal is unknown (HD 36, mục 1.2.1a)."""
    return f"Lần thứ {roman(congress.ordinal)}" if congress.ordinal else f"Nhiệm kỳ {congress.term_label}"


def of_organization(organization: Organization, *, number: str, on: date) -> Letterhead:
    """A branch or a committee writing in its own name."""
    issuer = organization.name if organization.is_branch else organization.committee
    return Letterhead(
        superior_lines=_superior(organization),
        issuer_lines=(issuer,),
        number=number,
        place=_place(organization),
        date=on,
    )


def assembly_line(congress: Congress) -> str:
    """ "Đại hội Chi bộ …", "Đại hội đại biểu Đảng bộ …", "Hội nghị Đảng ủy …"."""
    organization = congress.organization
    if congress.is_meeting:
        return f"Hội nghị {organization.committee}"
    return f"{'Đại hội đại biểu' if congress.is_of_delegates else 'Đại hội'} {organization.name}"


def of_congress(congress: Congress, *, number: str, on: date) -> Letterhead:
    organization = congress.organization
    return Letterhead(
        superior_lines=_superior(organization),
        issuer_lines=(assembly_line(congress), ordinal_line(congress)),
        number=number,
        place=_place(organization),
        date=on,
    )


def of_tellers(congress: Congress, *, number: str, on: date) -> Letterhead:
    organization = congress.organization
    return Letterhead(
        superior_lines=(assembly_line(congress), ordinal_line(congress)),
        issuer_lines=("Ban kiểm phiếu",),
        number=number,
        place=_place(organization),
        date=on,
    )
