"""Reports of committees: figures of one day, both files, the list, and who may make them."""

import hashlib
import io
from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.db import transaction
from django.db.utils import DatabaseError, IntegrityError
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from docx import Document
from openpyxl import load_workbook

from accounts.errors import InvalidInput, NotAllowed
from accounts.models import User
from accounts.roles import Role
from congress.models import Congress
from documents.models import CommitteeReport
from documents.papers.base import Signature
from documents.papers.layouts import LAYOUTS, layout
from documents.papers.progress_report import ProgressReport
from documents.rendering import render
from documents.services import reports
from documents.word_out import word_of
from outbox.models import Job
from tests.factories import at, make_plan, make_tree, make_user
from tests.papers.cases import case, pages

pytestmark = pytest.mark.django_db

TERM = "2022-2025"
DEADLINES = {"clearance": date(2022, 6, 10), "window_closes": date(2022, 6, 28)}


def world(branches: int = 4) -> tuple[object, User]:
    tree = make_tree(branches)
    make_plan(tree.committee, deadlines=DEADLINES)
    held = Congress.objects.order_by("pk").first()
    held.opened_at, held.closed_at = at(date(2022, 6, 1), 8), at(date(2022, 6, 1), 11)
    held.state, held.state_since = "closed", at(date(2022, 6, 1), 11)
    held.save()
    return tree, make_user(Role.COMMITTEE_STAFF, tree.committee)


def issued(tree: object, staff: User, **said: object) -> CommitteeReport:
    known = {
        "as_of": date(2022, 6, 15),
        "issued_on": date(2022, 6, 16),
        "number": None,
        "addressee": "Đảng ủy Khối",
        "recipients": ("Đảng ủy Khối",),
        "signature": Signature(post="Bí thư", name="Lê Văn Ký (bịa)"),
        "assessment": "",
        "proposals": "",
    }
    return reports.issue_report(tree.committee.pk, TERM, actor=staff, at=at(date(2022, 6, 16), 9), **known | said)


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(User.objects.get(pk=user.pk))
    return client


def test_the_figures_are_those_of_the_day(django_assert_max_num_queries):
    tree, staff = world()

    paper = reports.paper_of(issued(tree, staff))

    assert (paper.held, paper.total, paper.late) == (1, 4, 4)  # who met on 1/6 owes the report of E-64 by 10/6
    assert paper.status_line == (
        "Tính đến ngày 15/6/2022: 1/4 chi bộ đã đại hội (25,00 %); 0 chi bộ đã được chuẩn y; 4 chi bộ quá hạn."
    )
    (named,) = paper.exceptions
    assert (named.count, named.state, paper.unnamed) == (4, "đang chuẩn bị, quá hạn 3 ngày làm việc", "")
    assert named.sentence.startswith(f"{named.committee}: 04 chi bộ (Chi bộ ")
    assert reports.paper_of(issued(tree, staff, as_of=date(2022, 5, 31))).held == 0


def test_numbers_follow_one_another_and_a_taken_one_is_refused():
    tree, staff = world()

    assert [issued(tree, staff).notation for _ in range(2)] == ["01-BC/ĐU", "02-BC/ĐU"]
    assert issued(tree, staff, number=7).number == 7
    with pytest.raises(InvalidInput) as refused:
        issued(tree, staff, number=2)
    assert "number" in refused.value.fields
    assert issued(tree, staff).number == 8


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"as_of": date(2022, 6, 17)}, "as_of"),
        ({"issued_on": date(2022, 6, 17)}, "issued_on"),
        ({"issued_on": date(2022, 6, 14)}, "issued_on"),
    ],
    ids=["a day to come", "dated tomorrow", "dated before its figures"],
)
def test_a_report_of_another_day_than_it_can_know_is_refused(said, field):
    tree, staff = world()
    with pytest.raises(InvalidInput) as refused:
        issued(tree, staff, **said)
    assert field in refused.value.fields
    assert not CommitteeReport.objects.exists()


def test_only_the_committee_itself_reports():
    tree, staff = world()
    for other in (make_user(Role.SECRETARY, tree.branch), make_user(Role.COMMITTEE_STAFF, tree.bloc)):
        with pytest.raises(NotAllowed):
            issued(tree, other)


def test_the_job_makes_pdf_and_word_once_and_the_row_keeps_them():
    tree, staff = world()
    report = issued(tree, staff, assessment="Các bước đúng quy trình.")
    job = Job.objects.get(kind=reports.RENDER)

    reports.render_report(job.payload, job)
    report.refresh_from_db()
    first = (report.pdf_sha256, report.word_sha256, report.excel_sha256)
    reports.render_report(job.payload, job)
    report.refresh_from_db()

    assert all(first) and (report.pdf_sha256, report.word_sha256, report.excel_sha256) == first
    client = signed_in(staff)
    pdf = client.get(reverse("documents:report_file", args=[report.pk, "pdf"])).content
    word = client.get(reverse("documents:report_file", args=[report.pk, "docx"])).content
    assert "BÁO CÁO tiến độ tổ chức đại hội chi bộ" in pages(pdf)[0]
    assert "Các bước đúng quy trình." in [one.text for one in Document(io.BytesIO(word)).paragraphs]
    assert client.get(reverse("documents:report_file", args=[report.pk, "exe"])).status_code == 404


def test_the_workbook_has_every_branch_as_of_the_day_and_stays_what_it_was():
    tree, staff = world()
    report = issued(tree, staff)
    address = reverse("documents:report_file", args=[report.pk, "xlsx"])
    assert signed_in(staff).get(address).status_code == 404  # not made yet
    congress = Congress.objects.order_by("pk").last()
    congress.opened_at, congress.closed_at = at(date(2022, 6, 2), 8), at(date(2022, 6, 2), 11)
    congress.state, congress.state_since = "closed", at(date(2022, 6, 2), 11)
    congress.save()  # written down only after the report was issued

    reports.render_report({"report_id": report.pk}, Job.objects.get(kind=reports.RENDER))
    answer = signed_in(staff).get(address)
    report.refresh_from_db()

    assert hashlib.sha256(answer.content).hexdigest() == report.excel_sha256
    assert reports.paper_of(report).status_line in [
        cell for row in load_workbook(io.BytesIO(answer.content)).active.iter_rows(values_only=True) for cell in row
    ]
    rows = list(load_workbook(io.BytesIO(answer.content)).active.iter_rows(values_only=True))
    header = next(number for number, row in enumerate(rows) if row[0] == "STT")
    assert len(rows) - header - 1 == 4
    assert sum(row[3] == "Đã bế mạc" for row in rows[header + 1 :]) == 1


def test_a_report_is_not_rewritten():
    tree, staff = world()
    report = issued(tree, staff)
    for change in ({"number": 99}, {"data": {}}, {"as_of": date(2022, 1, 1)}):
        with pytest.raises(DatabaseError), transaction.atomic():
            CommitteeReport.objects.filter(pk=report.pk).update(**change)
    with pytest.raises(DatabaseError), transaction.atomic():
        CommitteeReport.objects.all().delete()
    files = {"pdf_name": "a", "pdf_sha256": "b", "word_name": "c", "word_sha256": "d"}
    with pytest.raises(IntegrityError), transaction.atomic():
        CommitteeReport.objects.filter(pk=report.pk).update(**files, excel_name="e")
    CommitteeReport.objects.filter(pk=report.pk).update(**files, excel_name="e", excel_sha256="f")
    with pytest.raises(DatabaseError), transaction.atomic():
        CommitteeReport.objects.filter(pk=report.pk).update(pdf_sha256="e")


def test_a_report_is_made_in_a_click_and_the_next_one_remembers_the_signer():
    tree, staff = world()
    client, address = signed_in(staff), reverse("documents:report_draft", args=[tree.committee.pk])
    known = client.get(address).context["form"].initial
    typed = {name: known.get(name) or "" for name in known} | {"signer_name": "Lê Văn Ký (bịa)"}
    today = timezone.localdate()
    typed |= {"as_of": f"{today:%d/%m/%Y}", "issued_on": f"{today:%d/%m/%Y}"}

    made = client.post(address, typed, follow=True)

    report = CommitteeReport.objects.get()
    assert made.redirect_chain[-1][0] == reverse("documents:report", args=[report.pk])
    assert reports.paper_of(report).status_line in made.content.decode()
    assert client.get(address).context["form"].initial["signer_name"] == "Lê Văn Ký (bịa)"


def test_a_report_is_seen_as_a_draft_before_its_number_is_spent():
    tree, staff = world()
    client, address = signed_in(staff), reverse("documents:report_draft", args=[tree.committee.pk])
    known = client.get(address).context["form"].initial
    today = timezone.localdate()
    typed = {name: known.get(name) or "" for name in known} | {
        "signer_name": "Lê Văn Ký (bịa)",
        "as_of": f"{today:%d/%m/%Y}",
        "issued_on": f"{today:%d/%m/%Y}",
        "assessment": "Đoạn thứ nhất.\nĐoạn thứ hai.",
    }

    shown = client.post(address, typed | {"xem_truoc": "1"})
    text = shown.content.decode()

    assert shown.status_code == 200 and not CommitteeReport.objects.exists() and not Job.objects.exists()
    assert "DỰ THẢO" in text and shown.context["paper"].letterhead.number == "Số      -BC/ĐU"
    assert "<p>Đoạn thứ nhất.</p><p>Đoạn thứ hai.</p>" in text
    assert shown.context["form"]["signer_name"].value() == "Lê Văn Ký (bịa)"
    assert issued(tree, staff).number == 1


def test_a_wrong_day_is_said_at_its_field_and_nothing_is_lost():
    tree, staff = world()
    address = reverse("documents:report_draft", args=[tree.committee.pk])
    tomorrow = timezone.localdate() + timedelta(days=1)

    answer = signed_in(staff).post(
        address,
        {
            "term_label": TERM,
            "as_of": f"{tomorrow:%d/%m/%Y}",
            "issued_on": f"{tomorrow:%d/%m/%Y}",
            "recipients": "Đảng ủy Khối",
            "signer_post": "Bí thư",
            "signer_name": "Lê Văn Ký (bịa)",
            "assessment": "Còn chậm",
        },
    )

    assert answer.status_code == 422
    assert "Chọn hôm nay hoặc ngày đã qua." in answer.content.decode()
    assert "Còn chậm" in answer.content.decode()


# ---- the pages of the PDF ----


def test_the_signature_takes_a_line_of_the_text_along_with_the_closing_sentence():
    known = ProgressReport.from_dict(case("progress_report/thirty_seven_committees"))
    for lines in (19, 22):
        paper = replace(known, proposals="\n".join(f"Kiến nghị số {number}." for number in range(lines)))

        last = pages(render(paper, "HD05_2026"))[-1]

        assert f"Kiến nghị số {lines - 1}." in last.partition("Nơi nhận")[0]


def test_no_page_has_less_than_five_rows_of_a_table():
    known = ProgressReport.from_dict(case("progress_report/thirty_seven_committees"))
    first = known.committees[0]
    for count in (33, 34, 36):
        committees = [replace(first, name=f"Đảng bộ cơ sở số {number:02d}", total=1) for number in range(count - 1)]
        committees.append(replace(first, name="Đảng bộ cơ sở số 99", total=known.total - count + 1))
        paper = replace(known, committees=tuple(committees), exceptions=())

        rows = [page.count("Đảng bộ cơ sở số") for page in pages(render(paper, "HD05_2026"))]

        assert sum(rows) == count and all(number == 0 or number >= 5 for number in rows)


# ---- the Word file ----


@pytest.mark.parametrize("code", list(LAYOUTS))
@pytest.mark.parametrize("name", ["weekly", "nobody_has_met", "thirty_seven_committees"])
def test_the_word_file_says_what_the_paper_says_in_its_layout(name, code):
    paper = ProgressReport.from_dict(case(f"progress_report/{name}"))

    content = word_of(paper, layout(code))

    file = Document(io.BytesIO(content))
    text = "\n".join(one.text for one in file.paragraphs)
    tables = "\n".join(cell.text for table in file.tables for row in table.rows for cell in row.cells)
    assert paper.opening in text
    assert paper.result in text
    assert "ĐẢNG CỘNG SẢN VIỆT NAM" in tables
    assert all(one.name in tables for one in paper.committees)
    assert all(f"{label}\n{said}\n{share}" in tables for _, rows in paper.structure_rows for label, said, share in rows)
    assert paper.signature.name in tables
    assert round(file.sections[0].left_margin.mm) == layout(code).margin_left
    assert content == word_of(paper, layout(code))
