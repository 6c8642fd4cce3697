"""Imports end to end: the command, the pages, two people, double clicks; nothing half, nothing kept too long."""

from __future__ import annotations

import io
import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from accounts import audit
from accounts.errors import IllegalTransition, InvalidInput, NotAllowed, StaleVersion
from accounts.models import AuditEvent, User
from accounts.roles import Role
from accounts.sheets import Sheet, write_workbook, write_xlsx
from organizations.models import ImportBatch, Member, Organization
from organizations.services import imports, rolls
from organizations.services.members import enroll_member
from outbox.runner import run_waiting
from tests.factories import START, Tree, give_role, make_organization, make_tree, make_user

pytestmark = pytest.mark.django_db
ROLL, TREE = ImportBatch.Kind.ROLL, ImportBatch.Kind.TREE
HEADER = ["STT", "Họ và tên", "Ngày sinh", "Chức vụ", "Chi bộ"]
GOOD = [1, "Lê Văn Mới", "1/2/1980", "Chuyên viên"]
BAD = [2, "Lê", "1980", ""]
NOW = timezone.now()


@pytest.fixture
def tree() -> Tree:
    return make_tree(branches=2)


@pytest.fixture
def staff(tree: Tree) -> User:
    return make_user(Role.COMMITTEE_STAFF, tree.committee, full_name="Cao Thị Chuyên")


@pytest.fixture
def secretary(tree: Tree) -> User:
    return make_user(Role.SECRETARY, tree.branch, full_name="Lê Văn Bí Thư")


def workbook(*rows: list[Any], header: list[str] = HEADER) -> bytes:
    return write_xlsx("Danh sách", header, rows)


def ran(
    tmp_path: Path, content: bytes, code: str, *more: str, command: str = "import_roll"
) -> tuple[dict[str, Any], int]:
    """What the command printed, and its exit code."""
    file, out, left = tmp_path / "roll.xlsx", io.StringIO(), 0
    file.write_bytes(content)
    try:
        call_command(command, str(file), "--organization", code, *more, stdout=out)
    except SystemExit as ended:
        left = int(ended.code or 0)
    told: dict[str, Any] = json.loads(out.getvalue())
    assert told["read"] == told["created"] + told["updated"] + told["unchanged"] + len(told["refused"])
    return told, left


def uploaded(content: bytes, organization: Organization, actor: User, kind: str = ROLL) -> ImportBatch:
    batch, _ = imports.upload(organization.pk, kind, name="ds.xlsx", content=content, actor=actor, at=NOW)
    return worked(batch)


def worked(batch: ImportBatch) -> ImportBatch:
    run_waiting()
    batch.refresh_from_db()
    return batch


def confirmed(batch: ImportBatch, actor: User, **more: Any) -> ImportBatch:
    imports.confirm(batch.pk, seen=batch.report["digest"], actor=actor, at=NOW, **more)
    return worked(batch)


def names(organization: Organization) -> list[str]:
    return [str(one) for one in organization.members.all()]


# ---- the command ----


def test_a_roll_is_imported_and_the_second_time_nothing_changes(tree, tmp_path):
    content = workbook(GOOD, [2, "Trần Thị Bình", "", "Kế toán"])

    first, code = ran(tmp_path, content, tree.branch.code)
    second, _ = ran(tmp_path, content, tree.branch.code)

    assert (first["created"], first["written"], code) == (2, True, 0)
    assert (second["unchanged"], second["created"]) == (2, 0)
    an = tree.branch.members.get(search_name="le van moi")
    assert (an.born_on, an.job, an.gender) == (date(1980, 2, 1), "Chuyên viên", "")
    event = AuditEvent.objects.filter(action="roll.imported").order_by("sequence")[0]
    assert (event.details["created"], event.details["file"]) == (2, "roll.xlsx")
    assert audit.verify_chain() == []


def test_all_or_nothing_unless_the_rest_is_accepted(tree, tmp_path):
    content = workbook(GOOD, BAD)

    whole, code = ran(tmp_path, content, tree.branch.code)
    after_the_whole = names(tree.branch)
    part, part_code = ran(tmp_path, content, tree.branch.code, "--accept-partial")

    assert (whole["written"], code, after_the_whole) == (False, 1, [])
    assert (part["written"], part_code, names(tree.branch)) == (True, 1, ["Lê Văn Mới"])
    (refused,) = part["refused"]
    assert (refused["row"], refused["column"], refused["value"]) == (3, "Ngày sinh", "1980")
    assert "chưa đủ ngày" in refused["reason"]


def test_a_dry_run_writes_nothing(tree, tmp_path):
    told, code = ran(tmp_path, workbook(GOOD), tree.branch.code, "--dry-run")

    assert (told["created"], told["written"], code, names(tree.branch)) == (1, False, 0, [])
    assert not AuditEvent.objects.filter(action="roll.imported").exists()


def test_wrong_calls_and_wrong_files_have_their_own_exit_codes(tree, tmp_path):
    for arguments in (("nowhere.xlsx", "--organization", tree.branch.code), (__file__, "--organization", "KHÔNG-CÓ")):
        with pytest.raises(CommandError) as refused:
            call_command("import_roll", *arguments)
        assert refused.value.returncode == 2

    told, code = ran(tmp_path, b"no workbook", tree.branch.code)
    headless, headless_code = ran(tmp_path, workbook(header=["a", "b"]), tree.branch.code)

    assert (code, headless_code) == (1, 1)
    assert "không mở được" in told["error"]
    assert "dòng tiêu đề" in headless["error"]


def test_a_roll_of_a_committee_names_the_branch_of_each_row(tree, tmp_path):
    one, two = tree.branches
    rows = [[1, "Lê Văn Mới", "1/2/1980", "", one.name], [2, "Trần Thị Bình", "", "", two.code.lower()]]

    told, _ = ran(tmp_path, workbook(*rows), tree.committee.code)
    elsewhere, code = ran(tmp_path, workbook([1, "Lê Văn Khác", "", "", "Chi bộ lạ"]), tree.committee.code)

    assert (told["created"], names(one), names(two)) == (2, ["Lê Văn Mới"], ["Trần Thị Bình"])
    assert (code, elsewhere["refused"][0]["value"]) == (1, "Chi bộ lạ")


def test_an_update_keeps_what_the_file_does_not_say_and_is_told_in_the_record(tree, tmp_path):
    enroll_member(
        tree.branch.pk,
        actor=tree.admin,
        at=START,
        full_name="Lê Văn Mới",
        born_on=date(1980, 2, 1),
        job="Cũ",
        phone="09",
    )

    told, _ = ran(tmp_path, workbook(GOOD), tree.branch.code)

    mended = tree.branch.members.get()
    assert (told["updated"], mended.job, mended.phone) == (1, "Chuyên viên", "09")
    event = AuditEvent.objects.get(action="roll.imported")
    assert event.details["changes"] == ["Lê Văn Mới: chức vụ, đơn vị công tác “Cũ” thành “Chuyên viên”"]


def test_a_tree_is_imported_with_superiors_above_or_below_their_branches(tree, tmp_path):
    header = ["Mã", "Tên tổ chức", "Cấp trên", "Loại hình", "Ngày thành lập", "Quyết định"]
    rows = [
        ["N-1", "Chi bộ Một", "Đảng bộ Mới", "Chi bộ", "1/2/2020", "12-QĐ/ĐU"],
        ["N", "Đảng bộ Mới", "", "Đảng bộ cơ sở", "", ""],
        ["", "Chi bộ Hai", "N", "", "", ""],
    ]

    told, code = ran(tmp_path, workbook(*rows, header=header), tree.bloc.code, command="import_tree")
    again, _ = ran(tmp_path, workbook(*rows, header=header), tree.bloc.code, command="import_tree")
    wrong, wrong_code = ran(
        tmp_path,
        workbook(["A", "Đảng bộ A", "B"], ["B", "Đảng bộ B", "A"], ["N-1", "Chi bộ Khác", ""], header=header[:3]),
        tree.bloc.code,
        command="import_tree",
    )

    assert (told["created"], code, again["unchanged"], again["created"]) == (3, 0, 3, 0)
    made = Organization.objects.get(code="N")
    assert (made.parent, sorted(str(one) for one in made.children.all())) == (tree.bloc, ["Chi bộ Hai", "Chi bộ Một"])
    assert made.children.get(code="N-1").founding_decision == "12-QĐ/ĐU"
    assert (wrong_code, [one["column"] for one in wrong["refused"]]) == (
        1, ["Cấp trên trực tiếp", "Cấp trên trực tiếp", "Tên tổ chức"],
    )  # fmt: skip


# ---- on its way ----


def test_a_clean_file_is_read_looked_at_confirmed_and_forgotten(tree, secretary):
    batch = uploaded(workbook(GOOD), tree.branch, secretary)
    seen = batch.report
    stored = batch.file.name

    done = confirmed(batch, secretary)

    assert (seen["counts"], batch.rows_read) == (
        {"read": 1, "created": 1, "updated": 0, "unchanged": 0, "refused": 0},
        1,
    )
    assert (done.state, names(tree.branch)) == ("applied", ["Lê Văn Mới"])
    assert (done.file.name, done.report["counts"]["created"], "rows" in done.report) == ("", 1, False)
    assert AuditEvent.objects.get(action="roll.imported").actor == secretary
    assert stored


def test_a_confirmation_counts_once_and_for_what_was_seen(tree, secretary):
    batch = uploaded(workbook(GOOD), tree.branch, secretary)

    with pytest.raises(StaleVersion):
        imports.confirm(batch.pk, seen="another", actor=secretary, at=NOW)
    imports.confirm(batch.pk, seen=batch.report["digest"], actor=secretary, at=NOW)
    with pytest.raises(IllegalTransition):
        imports.confirm(batch.pk, seen=batch.report["digest"], actor=secretary, at=NOW)
    job = imports.job_of(ImportBatch.objects.get(pk=batch.pk))
    for _ in range(2):
        imports.apply_batch({"batch_id": batch.pk}, job)

    assert names(tree.branch) == ["Lê Văn Mới"]


def test_a_roll_that_changed_since_the_preview_is_shown_again(tree, secretary):
    batch = uploaded(workbook(GOOD), tree.branch, secretary)
    enroll_member(tree.branch.pk, actor=secretary, at=NOW, full_name="Lê Văn Mới", born_on=date(1980, 2, 1))

    back = confirmed(batch, secretary)

    assert (back.state, back.report["changed"], back.report["counts"]["updated"]) == ("ready", True, 1)
    assert names(tree.branch) == ["Lê Văn Mới"]
    assert confirmed(back, secretary).state == "applied"


def test_refused_rows_hold_everything_back_until_the_rest_is_accepted(tree, secretary):
    batch = uploaded(workbook(GOOD, BAD), tree.branch, secretary)

    with pytest.raises(InvalidInput, match="1 dòng bị trả lại"):
        confirmed(batch, secretary)
    done = confirmed(batch, secretary, partial=True)

    assert (done.state, names(tree.branch)) == ("applied", ["Lê Văn Mới"])
    sheet = list(load_workbook(io.BytesIO(imports.refused_workbook(done))).active.iter_rows(values_only=True))
    assert sheet[0] == (*HEADER, "Dòng trong tệp", "Lý do trả lại")
    assert sheet[1][:6] == (2, "Lê", "1980", None, None, 3)
    assert "chưa đủ ngày, tháng, năm" in sheet[1][6]


def test_who_looks_alike_waits_for_an_answer(tree, secretary):
    enroll_member(tree.branch.pk, actor=secretary, at=NOW, full_name="Lê Văn Mơi", born_on=date(1980, 2, 1))
    batch = uploaded(workbook(GOOD), tree.branch, secretary)
    (question,) = batch.report["questions"]

    imports.look_again(batch.pk, choices={question["place"]: "other"}, actor=secretary, at=NOW)
    done = confirmed(worked(batch), secretary)

    assert question["sides"][0] == {"label": "Họ và tên", "mine": "Lê Văn Mới", "theirs": "Lê Văn Mơi"}
    assert (done.state, sorted(names(tree.branch))) == ("applied", ["Lê Văn Mơi", "Lê Văn Mới"])


def test_a_column_can_be_set_right(tree, secretary):
    content = workbook(["Lê Văn Mới", "Chuyên viên"], header=["Họ và tên", "Ghi thêm"])
    batch = uploaded(
        workbook(["Lê Văn Mới", "1/2/1980", "CV"], header=["Họ và tên", "Ngày sinh", "Ghi thêm"]),
        tree.branch,
        secretary,
    )

    imports.look_again(batch.pk, columns={"Danh sách": {"2": "job"}}, actor=secretary, at=NOW)
    confirmed(worked(batch), secretary)

    assert tree.branch.members.get().job == "CV"
    assert uploaded(content, tree.branch, secretary).state == "failed"


def test_the_same_file_is_on_its_way_once_and_known_later(tree, staff, secretary):
    content = workbook(GOOD)
    first, is_new = imports.upload(tree.branch.pk, ROLL, name="a.xlsx", content=content, actor=staff, at=NOW)
    second, is_second_new = imports.upload(
        tree.branch.pk, ROLL, name="b.xlsx", content=content, actor=secretary, at=NOW
    )
    confirmed(worked(first), staff)

    later = uploaded(content, tree.branch, secretary)

    assert (is_new, is_second_new, second.pk) == (True, False, first.pk)
    assert (later.pk != first.pk, later.report["repeats"], later.report["counts"]["unchanged"]) == (True, True, 1)
    with pytest.raises(InvalidInput, match="không có gì mới"):
        confirmed(later, secretary)


def test_files_go_when_they_are_given_up_or_after_a_week(tree, secretary, django_capture_on_commit_callbacks):
    given_up = uploaded(workbook(GOOD), tree.branch, secretary)
    forgotten = uploaded(workbook(GOOD, BAD), tree.branch, secretary)
    kept = [given_up.file.name, forgotten.file.name]

    with django_capture_on_commit_callbacks(execute=True):
        imports.discard(given_up.pk, actor=secretary, at=NOW)
        count = imports.forget(at=NOW + timedelta(days=8))

    assert count == 1
    assert [default_storage.exists(name) for name in kept] == [False, False]
    assert set(ImportBatch.objects.values_list("state", "file")) == {("discarded", "")}
    assert not any("rows" in report for report in ImportBatch.objects.values_list("report", flat=True))


def test_only_who_keeps_the_roll_there_imports_and_a_withdrawn_right_counts_at_once(tree, secretary):
    other = tree.branches[1]

    with pytest.raises(NotAllowed):
        imports.upload(other.pk, ROLL, name="a.xlsx", content=workbook(GOOD), actor=secretary, at=NOW)
    with pytest.raises(NotAllowed):
        imports.upload(tree.branch.pk, TREE, name="a.xlsx", content=workbook(GOOD), actor=secretary, at=NOW)
    batch = uploaded(workbook(GOOD), tree.branch, secretary)
    imports.confirm(batch.pk, seen=batch.report["digest"], actor=secretary, at=NOW)
    secretary.assignments.update(revoked_at=NOW)
    ended = worked(batch)

    assert (ended.state, names(tree.branch)) == ("failed", [])
    assert "cần vai trò" in ended.error


def test_a_fault_in_the_middle_of_writing_leaves_nothing(tree, secretary, monkeypatch):
    batch = uploaded(workbook(GOOD, [2, "Trần Thị Bình", "", ""]), tree.branch, secretary)
    imports.confirm(batch.pk, seen=batch.report["digest"], actor=secretary, at=NOW)
    monkeypatch.setattr(rolls, "_update", lambda examined: 1 / 0)

    with pytest.raises(ZeroDivisionError):
        imports.apply_batch({"batch_id": batch.pk}, imports.job_of(ImportBatch.objects.get(pk=batch.pk)))

    batch.refresh_from_db()
    assert (batch.state, Member.objects.filter(organization=tree.branch).count()) == ("applying", 0)


def test_ten_thousand_rows_take_few_queries(tree, django_assert_max_num_queries):
    content = workbook(*([n, f"Lê Văn {chr(65 + n % 26)}{chr(97 + n // 26)}", "", ""] for n in range(600)))

    with django_assert_max_num_queries(26):
        _, written = rolls.write(content, tree.branch.pk, actor=None, at=NOW, on=NOW.date(), source={"file": "a"})

    assert (written, tree.branch.members.count()) == (True, 600)


# ---- the pages ----


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(User.objects.get(pk=user.pk))
    return client


def test_the_pages_lead_from_the_file_to_the_result(tree, secretary):
    client = client_of(secretary)
    address = reverse("organizations:upload_roll", args=[tree.branch.pk])
    enroll_member(tree.branch.pk, actor=secretary, at=NOW, full_name="Trần Bình", born_on=date(1981, 1, 1))
    content = workbook(GOOD, [2, "Trần Bính", "1/1/1981", ""])

    empty = client.post(address, {})
    sent = client.post(address, {"file": SimpleUploadedFile("ds.xlsx", content)})
    page = client.get(sent.url).content.decode()
    run_waiting()
    preview = client.get(sent.url)
    seen = preview.context["report"]["digest"]
    refused = client.get(f"{sent.url}dong-tra-lai/")
    client.post(f"{sent.url}trung-ten/", {"seen": seen, "choice_0": "same"})
    run_waiting()
    again = client.get(sent.url)
    for _ in range(2):
        client.post(f"{sent.url}xac-nhan/", {"seen": again.context["report"]["digest"]})
    run_waiting()
    done = client.get(sent.url).content.decode()

    assert (empty.status_code, "Chọn tệp Excel" in empty.content.decode()) == (422, True)
    assert "Đang đọc tệp" in page
    assert "Có thể là người đã có" in preview.content.decode()
    assert refused["Content-Type"].endswith("sheet")
    assert "Đã ghi mọi dòng" in done
    assert sorted(names(tree.branch)) == ["Lê Văn Mới", "Trần Bính"]


def test_sheets_of_one_kind_are_asked_about_once_and_set_right_together(tree, staff):
    header = ["Họ và tên", "Chi bộ", "Ghi thêm"]
    content = write_workbook(
        [Sheet(f"Trang {n}", header, [[f"Lê Văn {letter}", tree.branch.name, "CV"]]) for n, letter in enumerate("ABC")]
    )
    batch = uploaded(content, tree.committee, staff)
    client = client_of(staff)

    page = client.get(reverse("organizations:import", args=[batch.pk])).content.decode()
    client.post(
        reverse("organizations:import_columns", args=[batch.pk]),
        {"column_0_0": "full_name", "column_0_1": "branch", "column_0_2": "job"},
    )
    confirmed(worked(batch), staff)

    assert "Trang “Trang 0” và 2 trang cùng các cột" in page
    assert set(tree.branch.members.values_list("job", flat=True)) == {"CV"}


def test_the_fragment_reloads_the_page_once_the_job_is_done(tree, secretary):
    client = client_of(secretary)
    batch, _ = imports.upload(tree.branch.pk, ROLL, name="a.xlsx", content=workbook(GOOD), actor=secretary, at=NOW)
    address = reverse("organizations:import_progress", args=[batch.pk])

    before = client.get(address, headers={"HX-Request": "true"})
    run_waiting()
    after = client.get(address, headers={"HX-Request": "true"})

    assert "Đang đọc tệp" in before.content.decode()
    assert after["HX-Refresh"] == "true"


def test_what_is_no_workbook_is_refused_on_the_page(tree, secretary):
    address = reverse("organizations:upload_roll", args=[tree.branch.pk])

    answer = client_of(secretary).post(address, {"file": SimpleUploadedFile("ds.xls", b"x")})

    assert answer.status_code == 422
    assert "không phải .xlsx" in answer.content.decode()


def test_a_branch_elsewhere_is_not_there(tree, secretary, staff):
    batch = uploaded(workbook(GOOD), tree.branches[1], staff)
    other = make_organization(tree.bloc, node_type="grassroots", name="Đảng bộ khác")
    stranger = make_user(Role.COMMITTEE_STAFF, other)

    assert client_of(secretary).get(reverse("organizations:import", args=[batch.pk])).status_code == 404
    assert client_of(stranger).get(reverse("organizations:upload_roll", args=[tree.branch.pk])).status_code == 404
    give_role(secretary, Role.MEMBER, tree.branches[1])
    assert client_of(secretary).get(reverse("organizations:import", args=[batch.pk])).status_code == 403
