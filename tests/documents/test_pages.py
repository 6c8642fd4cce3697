"""Pages of drafts, reviews and official papers."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import AuditEvent, User
from documents.lifecycle import APPROVED, CHANGES_REQUESTED, DRAFT, IN_REVIEW
from documents.models import Document, DocumentVersion, IssuedPaper
from documents.services import drafts as services
from documents.services.papers import job_of, render_paper
from documents.uploads import DOCX, PDF, accept
from outbox.models import Job, JobState
from tests.factories import World, congress_at

pytestmark = pytest.mark.django_db


def as_user(user: User) -> Client:
    client = Client()
    client.force_login(User.objects.get(pk=user.pk))
    return client


def url(name: str, pk: int) -> str:
    return reverse(f"documents:{name}", args=[pk])


def page(user: User, name: str, pk: int) -> str:
    answer = as_user(user).get(url(name, pk))
    assert answer.status_code == 200
    return answer.content.decode()


def post(user: User, name: str, pk: int, **data: Any) -> Any:
    return as_user(user).post(url(name, pk), data)


class events:
    """How many events a block writes."""

    def __enter__(self) -> events:
        self.before = AuditEvent.objects.count()
        return self

    def __exit__(self, *_: object) -> None:
        self.written = AuditEvent.objects.count() - self.before

    @property
    def last(self) -> str:
        return AuditEvent.objects.order_by("-sequence").values_list("action", flat=True)[0]


def draft(world: World) -> Document:
    """A political report in hand, nothing written yet."""
    return services.create_document(world.congress_id, kind="political_report", actor=world.drafter, at=world.when(-21))


def typed(seen: int, *sections: tuple[str, str], note: str = "") -> dict[str, Any]:
    data: dict[str, Any] = {"seen": seen, "count": max(1, len(sections)), "note": note}
    for number, (heading, text) in enumerate(sections, start=1):
        data |= {f"heading_{number}": heading, f"text_{number}": text}
    return data


TEXT = ("I. Kết quả", "Chi bộ hoàn thành nhiệm vụ.")


@pytest.fixture
def world() -> World:
    return congress_at()


@pytest.fixture
def document(world: World) -> Document:
    return draft(world)


# ---- the whole cycle ----


def test_a_draft_goes_from_the_first_word_to_the_locked_version_through_the_pages(world):
    with events() as created:
        answer = post(world.drafter, "create", world.congress_id, kind="resolution")
    document = Document.objects.get(kind="resolution")
    assert answer["Location"] == url("edit", document.pk)
    assert created.written == 1

    cycle = [
        (world.drafter, "edit", typed(0, TEXT), DRAFT, "document.version_saved"),
        (world.clerk, "submit", {}, IN_REVIEW, "document.submitted"),
        (world.staff, "comment", {"section": TEXT[0], "weight": "must", "text": "Bổ sung số liệu."}, IN_REVIEW, ""),
        (world.staff, "request_changes", {"reasons": "Làm rõ phần I."}, CHANGES_REQUESTED, ""),
        (world.drafter, "edit", typed(1, (TEXT[0], "Hoàn thành 12/12 chỉ tiêu.")), CHANGES_REQUESTED, ""),
        (world.secretary, "submit", {}, IN_REVIEW, "document.submitted"),
        (world.secretary, "withdraw", {}, DRAFT, "document.withdrawn"),
        (world.secretary, "submit", {}, IN_REVIEW, "document.submitted"),
        (world.approver, "approve", {"reasons": ""}, APPROVED, "document.approved"),
        (world.approver, "reopen", {"reasons": "Sửa chỉ tiêu."}, CHANGES_REQUESTED, "document.reopened"),
    ]
    for person, name, data, state, event in cycle:
        with events() as seen:
            answer = post(person, name, document.pk, **data)
        document.refresh_from_db()
        assert (answer.status_code, document.state, seen.written) == (302, state, 1), name
        assert not event or seen.last == event

    text = page(world.drafter, "detail", document.pk)
    for words in ("Vòng 3", "Làm rõ phần I.", "Bổ sung số liệu.", "Sửa chỉ tiêu.", "Dự thảo lần 2"):
        assert words in text
    assert document.versions.count() == 2


def test_the_writer_sees_what_the_committee_asked_for_while_writing(world, document):
    post(world.drafter, "edit", document.pk, **typed(0, TEXT))
    post(world.clerk, "submit", document.pk)
    post(world.staff, "comment", document.pk, section="", weight="should", text="Nêu rõ nguyên nhân.")
    post(world.staff, "request_changes", document.pk, reasons="Xem góp ý.")

    text = page(world.drafter, "edit", document.pk)

    assert "Xem góp ý." in text
    assert "Nêu rõ nguyên nhân." in text
    assert "Chi bộ hoàn thành nhiệm vụ." in text


def test_the_approved_version_shows_its_hash(world):
    world = congress_at("cleared")
    document = world.congress.documents.first()

    text = page(world.member_user, "detail", document.pk)

    assert document.approved_version.sha256 in text
    assert "đã khóa" in text


# ---- who sees and who may ----

PEOPLE = ("secretary", "clerk", "drafter", "teller", "member_user", "staff", "approver")
WRITE = {
    "edit": ("secretary", "clerk", "drafter"),
    "upload": ("secretary", "clerk", "drafter"),
    "submit": ("secretary", "clerk"),
    "withdraw": ("secretary", "clerk"),
    "comment": ("staff", "approver"),
    "request_changes": ("staff", "approver"),
    "approve": ("approver",),
    "reopen": ("approver",),
}


@pytest.mark.parametrize("name", sorted(WRITE))
def test_only_the_people_of_the_task_get_through(name, world, document):
    answers = {who: post(getattr(world, who), name, document.pk).status_code for who in PEOPLE}

    assert {who for who, status in answers.items() if status != 403} == set(WRITE[name])
    assert post(world.outsider, name, document.pk).status_code == 404


def test_everyone_of_the_branch_and_its_committee_reads_and_nobody_else(world, document):
    version = services.save_version(
        document.pk, seen=0, sections=[{"heading": "I", "text": "x"}], actor=world.drafter, at=world.when()
    )
    addresses = [
        url("list", world.congress_id),
        url("papers", world.congress_id),
        url("detail", document.pk),
        url("version", version.pk),
    ]
    for address in addresses:
        assert {as_user(getattr(world, who)).get(address).status_code for who in PEOPLE} == {200}
        assert as_user(world.outsider).get(address).status_code == 404


def test_every_draft_page_has_at_most_one_red_button():
    for stage in ("preparing", "submitted", "cleared"):
        world = congress_at(stage)
        if stage == "preparing":
            draft(world)
        for document in world.congress.documents.all()[:1]:
            for person in (world.secretary, world.approver, world.staff):
                assert page(person, "detail", document.pk).count("btn-primary") <= 1


# ---- lists ----


def test_the_congress_lists_what_is_missing_with_its_button(world):
    text = page(world.drafter, "list", world.congress_id)

    assert "Văn kiện còn thiếu" in text
    assert "?loai=political_report" in text
    assert "Soạn " not in page(world.member_user, "list", world.congress_id)


def test_a_kind_there_already_is_cannot_be_made_again(world, document):
    answer = as_user(world.drafter).post(url("create", world.congress_id), {"kind": "political_report"})

    assert answer.status_code == 422
    assert "Loại văn kiện này đã có" in answer.content.decode()


def test_drafts_under_review_come_first_and_are_filtered_by_the_address():
    world = congress_at("submitted")
    draft_only = services.create_document(
        world.congress_id, kind="other", title="Văn bản khác", actor=world.drafter, at=world.when(-30)
    )
    client = as_user(world.approver)

    text = client.get(reverse("documents:all")).content.decode()
    review = client.get(reverse("documents:all") + "?trang_thai=in_review").content.decode()

    assert text.index("Dự thảo nghị quyết") < text.index("Văn bản khác")
    assert draft_only.title not in review
    assert "Bỏ lọc" in review


@pytest.mark.parametrize("name", ["all", "list"])
def test_lists_ask_the_database_the_same_for_one_draft_as_for_three(name):
    def queries(others: int) -> int:
        world = congress_at()
        for number in range(others):
            services.create_document(
                world.congress_id, kind="other", title=f"Văn bản {number}", actor=world.drafter, at=world.when(-30)
            )
        client = as_user(world.approver)
        address = reverse("documents:all") if name == "all" else url("list", world.congress_id)
        client.get(address)
        with CaptureQueriesContext(connection) as seen:
            client.get(address)
        return len(seen)

    assert queries(1) == queries(3)


# ---- typing ----


def test_a_draft_without_a_word_is_not_kept(world, document):
    with events() as seen:
        answer = post(world.drafter, "edit", document.pk, **typed(0, ("I. Kết quả", "  ")))

    assert answer.status_code == 422
    assert "Dự thảo chưa có nội dung." in answer.content.decode()
    assert 'value="I. Kết quả"' in answer.content.decode()
    assert seen.written == 0


@pytest.mark.parametrize(
    "changes",
    [{"seen": ""}, {"seen": "-1"}, {"seen": "x"}, {"count": "0"}, {"count": "999"}, {"heading_1": "x" * 201}],
)
def test_a_form_that_was_tampered_with_keeps_nothing_and_loses_nothing(changes, world, document):
    answer = post(world.drafter, "edit", document.pk, **(typed(0, TEXT) | changes))

    assert answer.status_code == 422
    assert "Chi bộ hoàn thành nhiệm vụ." in answer.content.decode()
    assert not DocumentVersion.objects.exists()


def test_a_draft_saved_meanwhile_is_shown_beside_what_was_typed(world, document):
    post(world.clerk, "edit", document.pk, **typed(0, ("I. Kết quả", "Bản của thư ký.")))

    with events() as refused:
        answer = post(world.drafter, "edit", document.pk, **typed(0, ("I. Kết quả", "Bản của người soạn.")))
    again = post(world.drafter, "edit", document.pk, **typed(1, ("I. Kết quả", "Bản của người soạn.")))

    text = answer.content.decode()
    assert answer.status_code == 409
    assert "Bản trên máy chủ: dự thảo lần 1 của Tạ Thị Thư Ký" in text
    assert "Bản của thư ký." in text
    assert "Bản của người soạn." in text
    assert 'name="seen" value="1"' in text
    assert refused.written == 0
    assert again.status_code == 302
    assert document.versions.count() == 2


def test_what_was_typed_stays_when_the_draft_was_submitted_meanwhile(world, document):
    post(world.drafter, "edit", document.pk, **typed(0, TEXT))
    post(world.clerk, "submit", document.pk)

    answer = post(world.drafter, "edit", document.pk, **typed(1, ("I. Kết quả", "Đoạn vừa viết.")))

    assert answer.status_code == 409
    assert "Đoạn vừa viết." in answer.content.decode()
    assert "chưa sửa được" in answer.content.decode()
    assert document.versions.count() == 1


@pytest.mark.parametrize("name", ["edit", "upload"])
def test_a_draft_under_review_is_not_offered_for_writing(name):
    world = congress_at("submitted")

    assert as_user(world.drafter).get(url(name, world.documents[0].pk)).status_code == 409


def test_what_was_typed_is_shown_as_text_and_never_as_code(world, document):
    post(world.drafter, "edit", document.pk, **typed(0, ("<b>I</b>", "<script>alert(1)</script>")))

    text = page(world.staff, "detail", document.pk)

    assert "<script>alert" not in text
    assert "<b>I</b>" not in text


# ---- judging ----


def in_review(world: World, document: Document) -> Document:
    post(world.drafter, "edit", document.pk, **typed(0, TEXT))
    post(world.clerk, "submit", document.pk)
    return document


@pytest.mark.parametrize(
    ("name", "data", "message"),
    [
        ("request_changes", {"reasons": " "}, "Ghi lý do để chi bộ biết cần sửa gì."),
        ("comment", {"weight": "must", "text": ""}, "Ghi nội dung góp ý."),
        ("comment", {"weight": "co-le", "text": "Sửa lại."}, "Sửa lại."),
        ("comment", {"section": "không có phần này", "weight": "must", "text": "Sửa lại."}, "Sửa lại."),
        ("approve", {"reasons": "x" * 4001}, "4000"),
    ],
)
def test_a_judgement_with_a_fault_is_shown_again_with_what_was_typed(name, data, message, world, document):
    in_review(world, document)

    with events() as seen:
        answer = post(world.approver, name, document.pk, **data)

    assert answer.status_code == 422
    assert message in answer.content.decode()
    assert seen.written == 0


@pytest.mark.parametrize("name", ["withdraw", "comment", "request_changes", "approve", "reopen"])
def test_an_act_out_of_turn_is_a_conflict(name, world, document):
    person = world.clerk if name == "withdraw" else world.approver

    assert post(person, name, document.pk, reasons="x", text="x", weight="must").status_code == 409


def test_staff_reads_beside_the_button_why_the_approver_decides(world, document):
    in_review(world, document)

    text = page(world.staff, "detail", document.pk)

    assert "Phê duyệt văn kiện" in text
    assert "Việc này cần vai trò “Người có thẩm quyền chuẩn y”" in text


# ---- files in ----

CONTENT_TYPES = (
    '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Override PartName="/word/document.xml" ContentType='
    '"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>'
)
BODY = '<?xml version="1.0"?><w:document xmlns:w="w"><w:p><w:r><w:t>Báo cáo</w:t></w:r></w:p></w:document>'


def docx(extra: dict[str, bytes] | None = None, *, types: str = CONTENT_TYPES, body: str = BODY) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", types)
        archive.writestr("word/document.xml", body)
        for name, content in (extra or {}).items():
            archive.writestr(name, content)
    return out.getvalue()


def pdf(change: Any = None, **save: Any) -> bytes:
    out = io.BytesIO()
    with pikepdf.new() as made:
        made.add_blank_page()
        if change:
            change(made)
        made.save(out, **save)
    return out.getvalue()


def action(kind: str) -> Any:
    def change(made: pikepdf.Pdf) -> None:
        made.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name(kind), JS="app.alert(1)")

    return change


def note_that_runs(made: pikepdf.Pdf) -> None:
    """The action stands inside a note, the note inside the page: no object of its own."""
    run = pikepdf.Dictionary(S=pikepdf.Name("/JavaScript"))
    note = pikepdf.Dictionary(Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Link, Rect=[0, 0, 9, 9], A=run)
    made.pages[0].Annots = pikepdf.Array([note])


def attach(made: pikepdf.Pdf) -> None:
    made.attachments["bang.xlsx"] = b"x"


def twice_named() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("[Content_Types].xml", CONTENT_TYPES)
        archive.writestr("word/document.xml", BODY)
        with pytest.warns(UserWarning, match="Duplicate name"):
            archive.writestr("word/document.xml", BODY)
    return out.getvalue()


def locked() -> bytes:
    """The flag of a password set in both directories of the archive."""
    content = bytearray(docx())
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        start = -1
        while (start := content.find(mark, start + 1)) >= 0:
            content[start + place] |= 1
    return bytes(content)


def damaged() -> bytes:
    content = bytearray(docx())
    start = content.find(b"word/document.xml") + len("word/document.xml")
    content[start + 2 : start + 12] = b"\xff" * 10
    return bytes(content)


BAD_FILES = [
    ("rong.docx", lambda: b"", "Tệp rỗng"),
    ("bao-cao.doc", lambda: b"\xd0\xcf\x11\xe0" + b"x" * 100, "không phải .docx hoặc .pdf"),
    ("bao-cao.exe", lambda: b"MZ" + b"x" * 100, "không phải .docx hoặc .pdf"),
    ("bao-cao", lambda: b"x", "không phải .docx hoặc .pdf"),
    ("bao-cao.pdf.exe", lambda: pdf(), "không phải .docx hoặc .pdf"),
    ("bao-cao.docx", lambda: pdf(), "không mở được như một tệp Word"),
    ("bao-cao.pdf", lambda: docx(), "không phải tệp PDF"),
    ("rac.docx", lambda: b"PK\x03\x04" + b"\x00" * 50, "không mở được như một tệp Word"),
    ("cut.docx", lambda: docx()[:-40], "không mở được như một tệp Word"),
    ("hong.docx", damaged, "Lưu lại từ Word rồi tải lên"),
    ("zip.docx", lambda: docx(types="<Types/>"), "không phải văn bản Word thường"),
    ("macro.docx", lambda: docx({"word/vbaProject.bin": b"x"}), "chứa macro"),
    ("duong-dan.docx", lambda: docx({"../../etc/passwd": b"x"}), "đường dẫn không an toàn"),
    ("goc.docx", lambda: docx({"/etc/passwd": b"x"}), "đường dẫn không an toàn"),
    ("trung.docx", twice_named, "thành phần trùng tên"),
    ("bom.docx", lambda: docx({"word/media/x.bin": b"\0" * 5_000_000}), "nén bất thường"),
    ("xml.docx", lambda: docx({"word/x.xml": b"\0" * (31 * 1024 * 1024)}), "nén bất thường"),
    ("nhieu.docx", lambda: docx({f"word/{n}": b"" for n in range(2001)}), "quá nhiều thành phần"),
    ("khoa.docx", locked, "được đặt mật khẩu"),
    (
        "xxe.docx",
        lambda: docx(body='<!DOCTYPE x [<!ENTITY y SYSTEM "file:///etc/passwd">]>' + BODY),
        "khai báo không an toàn",
    ),
    ("rac.pdf", lambda: b"%PDF-1.7\n" + b"x" * 200, "bị hỏng"),
    ("khoa.pdf", lambda: pdf(encryption=pikepdf.Encryption(owner="a", user="b")), "được đặt mật khẩu"),
    ("chu.pdf", lambda: pdf(encryption=pikepdf.Encryption(owner="a", user="")), "được đặt mật khẩu"),
    ("js.pdf", lambda: pdf(action("/JavaScript")), "nội dung tự chạy"),
    ("chay.pdf", lambda: pdf(action("/Launch")), "nội dung tự chạy"),
    ("chu-thich.pdf", lambda: pdf(note_that_runs), "nội dung tự chạy"),
    ("kem.pdf", lambda: pdf(attach), "nội dung tự chạy hoặc tệp đính kèm"),
    ("to.pdf", lambda: b"%PDF-1.7\n" + b"x" * (20 * 1024 * 1024), "lớn hơn 20 MB"),
]


def send(user: User, document: Document, name: str, content: bytes, **changes: Any) -> Any:
    data: dict[str, Any] = {
        "seen": document.versions.count(),
        "not_secret": "on",
        "note": "Bản gửi lần đầu",
        "file": SimpleUploadedFile(name, content, content_type="application/octet-stream"),
    }
    return as_user(user).post(url("upload", document.pk), {k: v for k, v in (data | changes).items() if v is not None})


def kept_files() -> list[Path]:
    return [path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()]


@pytest.mark.parametrize(("name", "make", "message"), [pytest.param(*one, id=one[0]) for one in BAD_FILES])
def test_a_bad_file_is_refused_at_its_field_and_nothing_is_kept(name, make, message, world, document):
    with events() as seen:
        answer = send(world.drafter, document, name, make())

    text = answer.content.decode()
    assert answer.status_code == 422
    assert 'id="id_file_error"' in text
    assert message in text
    assert 'value="Bản gửi lần đầu"' in text
    assert (seen.written, kept_files(), document.versions.count()) == (0, [], 0)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"file": None}, "Chọn tệp .docx hoặc .pdf."),
        ({"not_secret": None}, "Tài liệu có độ mật không được đưa lên hệ thống này."),
        ({"note": "x" * 301}, "300"),
    ],
)
def test_an_upload_without_what_it_needs_is_refused(changes, message, world, document):
    answer = send(world.drafter, document, "bao-cao.pdf", pdf(), **changes)

    assert answer.status_code == 422
    assert message in answer.content.decode()
    assert kept_files() == []


@pytest.mark.parametrize(
    ("name", "make", "content_type"),
    [
        ("Báo cáo chính trị “nhiệm kỳ”.docx", docx, DOCX),
        ("Nghị quyết.PDF", pdf, PDF),
        ("..\\..\\bao cao.pdf", pdf, PDF),
    ],
)
def test_a_good_file_is_kept_with_one_event_and_comes_out_as_it_went_in(name, make, content_type, world, document):
    content = make()

    with events() as seen:
        answer = send(world.drafter, document, name, content)

    version = document.versions.get()
    out = as_user(world.member_user).get(url("file", version.pk))
    assert answer.status_code == 302
    assert (seen.written, seen.last) == (1, "document.version_saved")
    assert out.content == content
    assert out["Content-Type"] == content_type
    assert "/" not in version.original_name
    assert version.original_name in page(world.staff, "detail", document.pk)


def test_a_file_on_an_older_draft_is_refused_and_leaves_nothing_behind(world, document):
    post(world.clerk, "edit", document.pk, **typed(0, TEXT))

    answer = send(world.drafter, document, "bao-cao.pdf", pdf(), seen=0)

    assert answer.status_code == 409
    assert "Xem dự thảo lần 1 của Tạ Thị Thư Ký" in answer.content.decode()
    assert 'name="seen" value="1"' in answer.content.decode()
    assert kept_files() == []


# ---- files out ----


def test_a_download_is_an_attachment_that_can_do_nothing(world, document):
    send(world.drafter, document, "Báo cáo chính trị.docx", docx())

    answer = as_user(world.staff).get(url("file", document.versions.get().pk))

    assert answer["Content-Disposition"] == (
        "attachment; filename*=utf-8''B%C3%A1o%20c%C3%A1o%20ch%C3%ADnh%20tr%E1%BB%8B.docx"
    )
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "default-src 'none'" in answer["Content-Security-Policy"]
    assert "sandbox" in answer["Content-Security-Policy"]
    assert "script-src" not in answer["Content-Security-Policy"]
    assert answer["Cache-Control"] == "no-store"


def test_a_name_cannot_write_headers(world, document):
    upload = accept('a"\r\nSet-Cookie: x=1;.pdf', pdf())
    services.save_version(document.pk, seen=0, upload=upload, actor=world.drafter, at=world.when(-20))

    answer = as_user(world.staff).get(url("file", document.versions.get().pk))

    assert "Set-Cookie" not in answer.headers or "x=1" not in str(answer.headers["Set-Cookie"])
    assert "\n" not in answer["Content-Disposition"]


def test_a_typed_version_has_no_file(world, document):
    post(world.drafter, "edit", document.pk, **typed(0, TEXT))

    assert as_user(world.drafter).get(url("file", document.versions.get().pk)).status_code == 404


def test_a_file_of_another_branch_does_not_exist_for_me(world, document):
    send(world.drafter, document, "a.pdf", pdf())

    assert as_user(world.outsider).get(url("file", document.versions.get().pk)).status_code == 404


# ---- official papers ----


@pytest.fixture
def closed() -> World:
    return congress_at("closed")


def test_the_papers_are_listed_while_they_are_being_made(closed):
    text = page(closed.secretary, "papers", closed.congress_id)

    paper = closed.papers[0]
    assert f"{paper.title} số {paper.notation}" in text
    assert "Đang tạo" in text
    assert url("paper_row", paper.pk) in text
    assert as_user(closed.secretary).get(url("paper", paper.pk)).status_code == 404


def test_the_minutes_are_made_with_one_event(closed):
    with events() as seen:
        answer = post(closed.clerk, "minutes", closed.congress_id)

    assert answer.status_code == 302
    assert seen.written == 1
    assert IssuedPaper.objects.filter(congress_id=closed.congress_id, code="F-11").count() == 1
    assert "Lập lại biên bản đại hội" in page(closed.clerk, "papers", closed.congress_id)


def test_the_button_says_why_the_minutes_cannot_be_made_yet(world):
    assert "lập sau khi bế mạc" in page(world.secretary, "papers", world.congress_id)
    assert "Việc này cần vai trò" in page(world.member_user, "papers", world.congress_id)
    assert post(world.secretary, "minutes", world.congress_id).status_code == 409
    assert post(world.staff, "minutes", world.congress_id).status_code == 403


def test_a_paper_that_is_made_is_offered_with_its_size_and_name(closed):
    paper = closed.papers[0]
    render_paper({"paper_id": paper.pk}, None)

    row = as_user(closed.member_user).get(url("paper_row", paper.pk)).content.decode()
    out = as_user(closed.member_user).get(url("paper", paper.pk))

    assert "Tải về" in row
    assert "hx-get" not in row
    assert out["Content-Type"] == PDF
    assert out.content.startswith(b"%PDF-")
    assert out["Content-Disposition"].startswith("attachment; filename*=utf-8''Bi%C3%AAn%20b%E1%BA%A3n")
    assert "sandbox" in out["Content-Security-Policy"]


def fail(paper: IssuedPaper) -> Job:
    job = job_of(paper)
    assert job is not None
    job.state, job.attempts, job.error = JobState.FAILED, 3, "Máy chủ hết chỗ lưu tệp."
    job.save()
    return job


def test_a_paper_that_failed_says_why_and_is_made_again_on_request(closed):
    paper = closed.papers[0]
    job = fail(paper)

    row = as_user(closed.secretary).get(url("paper_row", paper.pk)).content.decode()
    answer = post(closed.secretary, "paper_retry", paper.pk)
    job.refresh_from_db()

    assert "Máy chủ hết chỗ lưu tệp." in row
    assert "Tạo lại tệp" in row
    assert answer.status_code == 302
    assert job.state != JobState.FAILED


def test_only_the_branch_has_a_paper_made_again(closed):
    paper = closed.papers[0]
    fail(paper)

    row = as_user(closed.staff).get(url("paper_row", paper.pk)).content.decode()

    assert "Không tạo được tệp" in row
    assert "Tạo lại tệp" not in row
    assert post(closed.staff, "paper_retry", paper.pk).status_code == 403
    assert post(closed.outsider, "paper_retry", paper.pk).status_code == 404


def test_the_papers_page_asks_the_database_the_same_for_one_paper_as_for_three(closed):
    def queries() -> int:
        client = as_user(closed.member_user)
        client.get(url("papers", closed.congress_id))
        with CaptureQueriesContext(connection) as seen:
            client.get(url("papers", closed.congress_id))
        return len(seen)

    one = queries()
    for _ in range(2):
        post(closed.clerk, "minutes", closed.congress_id)

    assert queries() == one
