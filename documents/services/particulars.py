"""F-05 Danh sách trích ngang: the particulars of members as one wide list on A4 turned sideways.

Made by the worker, for whoever asked, and kept encrypted for a day: it holds what the roll holds. Nothing is issued,
so it takes no number and has no row of its own; the job says whose it is.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import QuerySet
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.crypto import salted_hmac

from accounts import audit, wording
from accounts.at_rest import box
from accounts.errors import IllegalTransition, InvalidInput
from accounts.models import User
from documents.papers.base import Letterhead, Signature
from documents.papers.layouts import layout_for
from organizations import policies
from organizations.exports import posts_held
from organizations.models import Member, MemberStanding, Organization
from organizations.queries import ancestors, members_of_committee, members_on_roll, standings_on
from outbox.models import Job, JobState
from outbox.services import promise, retry

PRINT, PURPOSE, FOLDER = "particulars", "documents.particulars", "particulars"
MEMBERS, COMMITTEE = "members", "committee"
WHO = {MEMBERS: "Đảng viên", COMMITTEE: "Cấp ủy viên"}
MOST = 1000
KEPT_FOR = timedelta(hours=24)
COLUMNS = (
    ("Họ và tên", "name"), ("Nam sinh", "day"), ("Nữ sinh", "day"), ("Dân tộc", "short"), ("Tôn giáo", "short"),
    ("Quê quán", ""), ("Nơi ở hiện nay", ""), ("Ngày vào Đảng", "day"), ("Ngày chính thức", "day"),
    ("Chuyên môn", ""), ("Lý luận chính trị", "short"), ("Ngoại ngữ, tin học", "short"),
    ("Chức vụ Đảng, chính quyền, đoàn thể", "wide"), ("Quy hoạch cấp ủy", "short"), ("Xếp loại 3 năm gần nhất", ""),
    ("Khen thưởng, kỷ luật", ""), ("Ghi chú", ""),
)  # fmt: skip
"""Heading and width, in the order of F-05 after STT."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ParticularsList:
    """What is printed, and no model objects."""

    letterhead: Letterhead
    title: str
    subject: str
    columns: tuple[tuple[str, str], ...]
    rows: tuple[tuple[str, ...], ...]
    signatures: tuple[Signature, ...]


# ---- asking for one ----


def people_of(organization: Organization, who: str, *, on: date) -> QuerySet[Member]:
    if who == COMMITTEE:
        return members_of_committee(organization, on=on).order_by("sort_name", "pk")
    return members_on_roll(organization, on=on, whole_tree=True).order_by("sort_name", "pk")


@transaction.atomic
def ask_for_list(organization_id: int, who: str, *, actor: User, at: datetime) -> str:
    """In danh sách trích ngang: promise the file and return its mark. Raises NotAllowed or InvalidInput."""
    organization = Organization.objects.get(pk=organization_id)
    policies.can_manage_roll(actor, organization).require()
    if who not in WHO:
        raise InvalidInput("Chọn danh sách cần in.", fields={"who": ["Chọn danh sách cần in."]})
    number = people_of(organization, who, on=timezone.localdate(at)).count()
    if number == 0:
        problem = f"{organization.name} chưa có đồng chí nào trong danh sách này."
        raise InvalidInput(problem, fields={"who": [problem]})
    if number > MOST:
        problem = f"Danh sách có {number} đồng chí, mỗi lần in nhiều nhất {MOST}. In ở từng tổ chức trực thuộc."
        raise InvalidInput(problem, fields={"who": [problem]})
    mark = _mark_of(organization, who, actor=actor, on=timezone.localdate(at))
    payload = {"organization_id": organization.pk, "user_id": actor.pk, "who": who, "mark": mark, "at": at.isoformat()}
    job = promise(PRINT, _key(mark), payload, at=at)
    if job.state == JobState.FAILED:
        retry(job.pk, at=at)
    if job.payload == payload:  # the first who asks for it
        audit.record("particulars.asked", organization, actor=actor, at=at, who=WHO[who].lower(), count=number)
    return mark


def _mark_of(organization: Organization, who: str, *, actor: User, on: date) -> str:
    """One for a person, a place, a day and what the list says then: sent twice it is one list, changed it is another.

    Nobody can guess it: it is made with the installation's key.
    """
    listed = repr((actor.pk, organization.pk, who, list_of(organization, who, on=on)))
    return salted_hmac(PURPOSE, listed, algorithm="sha256").hexdigest()[:32]


def _key(mark: str) -> str:
    return f"list:{mark}"


def job_of(mark: str, organization: Organization, user: User) -> Job | None:
    """The job of this mark when this person asked for it, here."""
    job = Job.objects.filter(kind=PRINT, key=_key(mark)).first() if mark.isalnum() else None
    asked = {"organization_id": organization.pk, "user_id": user.pk}
    return job if job is not None and asked.items() <= job.payload.items() else None


def content_of(job: Job, *, at: datetime) -> bytes:
    """The PDF. Raises IllegalTransition while there is none, and when its day is over."""
    name = _name(job.payload["mark"])
    if datetime.fromisoformat(job.payload["at"]) + KEPT_FOR <= at:
        default_storage.delete(name)
        raise IllegalTransition("Bản in này đã quá 24 giờ nên được xóa. Tạo lại bản mới.")
    if job.state != JobState.DONE or not default_storage.exists(name):
        raise IllegalTransition("Bản in chưa xong. Chờ ít phút rồi tải lại trang.")
    with default_storage.open(name) as file:
        return box(PURPOSE).decrypt(file.read())


def _name(mark: str) -> str:
    return f"{FOLDER}/{mark}.bin"


# ---- making it ----


def print_list(payload: Mapping[str, Any], job: Job) -> None:
    """The durable job: run twice it leaves one file."""
    from documents.rendering import html_to_pdf  # local: WeasyPrint is loaded by the process that renders, no other

    at = datetime.fromisoformat(payload["at"])
    name, today = _name(payload["mark"]), timezone.localdate(at)
    if default_storage.exists(name):
        return
    organization = Organization.objects.select_related("parent").get(pk=payload["organization_id"])
    listed = list_of(organization, payload["who"], on=today)
    pdf = html_to_pdf(list_html(listed), layout_for(today), identifier=f"particulars/{payload['mark']}")
    default_storage.save(name, ContentFile(box(PURPOSE).encrypt(pdf)))


def forget(*, at: datetime) -> None:
    """Xóa những bản in quá 24 giờ, asked for by the clock."""
    try:
        _, names = default_storage.listdir(FOLDER)
    except FileNotFoundError:
        return
    for name in names:
        if default_storage.get_modified_time(f"{FOLDER}/{name}") + KEPT_FOR <= at:
            default_storage.delete(f"{FOLDER}/{name}")


def list_of(organization: Organization, who: str, *, on: date) -> ParticularsList:
    """The list as it stands that day, in the order of names (E-39)."""
    posts = posts_held(organization, on=on)
    standings = standings_on(organization, on=on, whole_tree=True)
    above, several = organization.parent, not organization.is_branch
    people = people_of(organization, who, on=on).select_related("organization")
    rows = tuple(
        (str(number), *_row(one, posts.get(one.pk, ""), standings.get(one.pk, ""), several))
        for number, one in enumerate(people, start=1)
    )
    body = "chi bộ" if organization.is_branch else "cấp ủy"
    return ParticularsList(
        letterhead=Letterhead(
            superior_lines=(above.committee if organization.is_branch is False else above.name,) if above else (),
            issuer_lines=(organization.committee,),
            place=_place_of(organization),
            date=on,
        ),
        title="DANH SÁCH TRÍCH NGANG",
        subject=f"{WHO[who].lower()} {organization.name}, tính đến ngày {wording.day(on)}",
        columns=COLUMNS,
        rows=rows,
        signatures=(Signature(post="Người lập biểu"), Signature(authority=f"T/M {body}", post="Bí thư")),
    )


def _place_of(organization: Organization) -> str:
    """Where its papers are dated from; a branch without one goes by the nearest committee above it."""
    line = (organization, *reversed(ancestors(organization)))
    return next((one.place for one in line if one.place), "…………")


def _row(one: Member, post: str, standing: str, several: bool) -> Sequence[str]:
    born = wording.day(one.born_on) if one.born_on else "x"
    planned = {True: "Có", False: "Không", None: ""}[one.is_planned_cadre]
    notes = [MemberStanding.Kind(standing).label if standing else "", one.organization.name if several else ""]
    return (
        one.display_name,
        born if one.gender == "male" else "",
        born if one.gender == "female" else "",
        one.ethnicity,
        one.religion,
        one.native_place,
        one.residence,
        wording.day(one.admitted_on) if one.admitted_on else "",
        wording.day(one.official_on) if one.official_on else "",
        one.education,
        one.get_political_level_display(),
        one.languages,
        "; ".join(part for part in (post, one.job) if part),
        planned,
        one.classification,
        one.awards,
        "; ".join(part for part in notes if part),
    )


def list_html(listed: ParticularsList) -> str:
    """The sheet as HTML, autoescaped."""
    context = {"paper": listed, "head": listed.letterhead, "created": listed.letterhead.date}
    with translation.override("vi"):
        return render_to_string("print/particulars.html", context)
