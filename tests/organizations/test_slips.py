"""Accounts in one go: all or none, passwords kept nowhere, files that do not outlive their purpose."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.core.files.storage import default_storage
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader

from accounts import services as account_services
from accounts import wording
from accounts.errors import IllegalTransition, InvalidInput, NotAllowed
from accounts.models import AuditEvent, User
from accounts.roles import Role
from organizations import queries, services
from organizations.models import AccountSlip, Member, RoleAssignment, SlipBatch
from organizations.rules.usernames import proposed
from organizations.services import slips
from organizations.services.slips import Wanted
from organizations.tasks import forget_files
from outbox import runner
from tests.factories import PASSWORD, START, Tree, give_role, make_member, make_tree, make_user

pytestmark = pytest.mark.django_db
ADDRESS = "https://daihoi.vidu.vn/"


@pytest.fixture
def tree() -> Tree:
    return make_tree(branches=3)


@pytest.fixture
def staff(tree: Tree) -> User:
    return make_user(Role.COMMITTEE_STAFF, tree.committee)


def wanted(tree: Tree, *numbers: int, **changed: object) -> list[Wanted]:
    return [
        Wanted(**{"branch_id": tree.branches[n].pk, "full_name": f"Lê Thị Số {n}", "username": f"so{n}.lt"} | changed)
        for n in numbers
    ]


def made(tree: Tree, staff: User, *numbers: int) -> SlipBatch:
    return slips.make_accounts(
        tree.committee.pk, wanted(tree, *numbers), actor=staff, at=timezone.now(), address=ADDRESS
    )


def printed(batch: SlipBatch) -> SlipBatch:
    slips.keep_file(batch, b"%PDF-1.4 invented")
    return SlipBatch.objects.get(pk=batch.pk)


def page(name: str, *args: object) -> str:
    return reverse(f"organizations:{name}", args=args)


def as_user(user: User) -> Client:
    client = Client()
    client.force_login(User.objects.get(pk=user.pk))
    return client


# ---- names to sign in with ----


@pytest.mark.parametrize(
    ("name", "code", "taken", "expected"),
    [
        ("Nguyễn Văn An", "SCT-02", (), "an.nv.sct-02"),
        ("Đỗ Thị Ánh", "ĐB 7/A", (), "anh.dt.db-7-a"),
        ("Nguyễn Văn An", "SCT-02", ("an.nv.sct-02",), "an2.nv.sct-02"),
        ("Nguyễn Văn An", "SCT-02", ("an.nv.sct-02", "an2.nv.sct-02"), "an3.nv.sct-02"),
        ("Nguyễn Văn An".encode().decode(), "x" * 90, (), "an.nv." + "x" * 31),
        ("", "", (), "tk.tk"),
    ],
)
def test_a_user_name_is_made_of_the_name_and_the_branch(name, code, taken, expected):
    assert proposed(name, code, taken) == expected


# ---- making them ----


def test_each_has_an_account_a_role_and_a_password_that_must_be_changed(tree, staff):
    batch = made(tree, staff, 0, 1)

    for slip in batch.slips.all():
        person = slip.assignment.user
        assert person.check_password(slips.password_of(slip))
        assert person.must_change_password
        assert slip.assignment.role == Role.SECRETARY
    (event,) = AuditEvent.objects.filter(action="slips.made")
    assert event.details["usernames"] == "so0.lt, so1.lt"


def test_no_password_is_kept_in_clear(tree, staff):
    batch = made(tree, staff, 0)
    slip = batch.slips.get()
    password = slips.password_of(slip)

    stored = [str(list(model.objects.values())) for model in (User, SlipBatch, AccountSlip, AuditEvent)]
    stored.append(str(slips.job_of(batch).payload))

    assert not any(password in text for text in stored)


@pytest.mark.parametrize(
    ("changed", "field", "said"),
    [
        ({"full_name": "Lan"}, "full_name", "Ghi đủ họ và tên"),
        ({"username": "Hoa Hồng"}, "username", "Tên đăng nhập gồm"),
        ({"username": "co-roi"}, "username", "đã có người dùng"),
        ({"member_id": 999_999}, "member", "Chọn đảng viên"),
    ],
)
def test_one_fault_and_no_account_is_made(tree, staff, changed, field, said):
    make_user(username="co-roi")
    before = User.objects.count()
    rows = [*wanted(tree, 0), *wanted(tree, 1, **changed)]

    with pytest.raises(InvalidInput) as refusal:
        slips.make_accounts(tree.committee.pk, rows, actor=staff, at=START, address=ADDRESS)

    assert said in refusal.value.fields[f"{field}-{tree.branches[1].pk}"][0]
    assert (User.objects.count(), SlipBatch.objects.count()) == (before, 0)


def test_twice_the_same_name_or_branch_is_refused(tree, staff):
    for rows in (wanted(tree, 0, 1, username="mot-ten"), wanted(tree, 0, 0), []):
        with pytest.raises(InvalidInput):
            slips.make_accounts(tree.committee.pk, rows, actor=staff, at=START, address=ADDRESS)


def test_a_branch_elsewhere_or_one_that_has_its_secretary_is_refused(tree, staff):
    other = make_tree()
    give_role(make_user(), Role.SECRETARY, tree.branch)

    for rows in (wanted(other, 0), wanted(tree, 0)):
        with pytest.raises(InvalidInput):
            slips.make_accounts(tree.committee.pk, rows, actor=staff, at=START, address=ADDRESS)


def test_others_than_the_committee_make_none(tree):
    for role, place in ((Role.SECRETARY, tree.branch), (Role.APPROVER, tree.committee), (Role.CLERK, tree.branch)):
        with pytest.raises(NotAllowed):
            made(tree, make_user(role, place), 1)


def test_261_accounts_are_made_in_one_go(staff, tree, django_assert_max_num_queries):
    from organizations.models import Organization  # rows alone: founding each by its service is not what is asked

    rows = [
        Organization(
            parent=tree.committee,
            code=f"NHANH-{n}",
            name=f"Chi bộ {n}",
            node_type="branch",
            depth=tree.committee.depth + 1,
            path=f"{tree.committee.path}x{n}/",
        )
        for n in range(261)
    ]
    branches = Organization.objects.bulk_create(rows)
    asked = [Wanted(one.pk, "Nguyễn Văn An", f"bi-thu-{one.pk}") for one in branches]

    with django_assert_max_num_queries(40):
        batch = slips.make_accounts(tree.committee.pk, asked, actor=staff, at=START, address=ADDRESS)

    assert batch.slips.count() == 261
    assert len({slips.password_of(one) for one in batch.slips.all()}) == 261


# ---- the file ----


def test_the_printer_makes_a_sheet_for_each_and_keeps_it_encrypted(tree, staff):
    batch = made(tree, staff, 0, 1)
    runner.run(slips.job_of(batch).pk)
    runner.run(slips.job_of(batch).pk)
    batch.refresh_from_db()

    with batch.file.open("rb") as file:
        assert b"PDF" not in file.read()[:20]
    content = slips.take_file(batch.pk, actor=staff, at=timezone.now())
    sheets = [sheet.extract_text() for sheet in PdfReader(io.BytesIO(content)).pages]
    assert len(sheets) == 2
    for sheet, slip in zip(sheets, batch.slips.order_by("number"), strict=True):
        assert slips.password_of(slip) in sheet
        assert slip.assignment.user.username in sheet
        assert f"đồng chí {slip.assignment.user.full_name}" in sheet
        assert ADDRESS in sheet


def test_it_is_taken_again_until_somebody_says_that_it_is_handed_over(tree, staff):
    batch = printed(made(tree, staff, 0))
    name = batch.file.name

    for _ in range(2):
        assert slips.take_file(batch.pk, actor=staff, at=timezone.now()) == b"%PDF-1.4 invented"
    slips.confirm_handed_over(batch.pk, actor=staff, at=timezone.now())

    batch.refresh_from_db()
    assert batch.destroyed_at
    assert not batch.slips.exclude(nonce="").exists()
    with pytest.raises(IllegalTransition):
        slips.take_file(batch.pk, actor=staff, at=timezone.now())
    with pytest.raises(IllegalTransition):
        slips.confirm_handed_over(batch.pk, actor=staff, at=timezone.now())
    with pytest.raises(IllegalTransition):
        slips.password_of(batch.slips.get())
    assert [*AuditEvent.objects.order_by("sequence").values_list("action", flat=True)][-4:] == [
        "slips.made",
        "slips.downloaded",
        "slips.downloaded",
        "slips.destroyed",
    ]
    assert name


@pytest.mark.django_db(transaction=True)
def test_the_file_is_gone_from_the_disk(tree, staff):
    batch = printed(made(tree, staff, 0))
    name = batch.file.name
    assert default_storage.exists(name)

    slips.confirm_handed_over(batch.pk, actor=staff, at=timezone.now())

    assert not default_storage.exists(name)


def test_after_its_hours_it_is_destroyed_once_and_not_before(tree, staff, settings):
    batch = printed(made(tree, staff, 0))
    end = batch.made_at + timedelta(hours=settings.SLIP_FILE_HOURS)

    forget_files()
    destroyed = [slips.destroy_overdue(at=at) for at in (end - timedelta(seconds=1), end, end)]

    assert destroyed == [0, 1, 0]
    assert SlipBatch.objects.get().destroyed_at == end


def test_the_clock_of_the_worker_destroys_what_is_overdue(tree, staff, settings):
    settings.SLIP_FILE_HOURS = 0
    printed(made(tree, staff, 0))

    forget_files()

    assert SlipBatch.objects.get().destroyed_at


def test_what_is_overdue_is_not_given_out_even_before_it_is_swept(tree, staff, settings):
    batch = printed(made(tree, staff, 0))

    with pytest.raises(IllegalTransition):
        slips.take_file(batch.pk, actor=staff, at=batch.made_at + timedelta(hours=settings.SLIP_FILE_HOURS))


def test_a_batch_that_was_destroyed_while_it_was_printed_keeps_no_file(tree, staff):
    batch = made(tree, staff, 0)
    slips.confirm_handed_over(batch.pk, actor=staff, at=timezone.now())

    slips.keep_file(batch, b"late")

    assert not SlipBatch.objects.get().file
    assert default_storage.listdir("slips")[1] == []


# ---- one slip ----


def test_a_lost_slip_opens_nothing_and_its_branch_may_have_another(tree, staff):
    member = make_member(tree.branch)
    row = [Wanted(tree.branch.pk, member.full_name, "mot", member_id=member.pk)]
    batch = slips.make_accounts(tree.committee.pk, row, actor=staff, at=timezone.now(), address=ADDRESS)
    slip = batch.slips.get()
    password = slips.password_of(slip)

    slips.revoke_slip(slip.pk, actor=staff, at=timezone.now())

    person = User.objects.get(username="mot")
    assert (person.is_active, person.check_password(password)) == (False, False)
    assert Member.objects.get().user is None
    assert tree.branch in queries.branches_without_secretary(tree.committee, on=timezone.localdate())
    assert AuditEvent.objects.order_by("-sequence")[0].action == "slips.revoked"
    with pytest.raises(IllegalTransition):
        slips.revoke_slip(slip.pk, actor=staff, at=timezone.now())


def test_the_slip_of_who_has_come_in_is_not_revoked(tree, staff):
    slip = made(tree, staff, 0).slips.get()
    User.objects.filter(pk=slip.assignment.user_id).update(must_change_password=False)

    with pytest.raises(IllegalTransition, match="đã đăng nhập"):
        slips.revoke_slip(slip.pk, actor=staff, at=timezone.now())


def test_after_an_ordinary_reset_the_slip_of_an_account_in_use_is_not_revoked(tree, staff):
    slip = made(tree, staff, 0).slips.get()
    account_services.change_password(slip.assignment.user_id, PASSWORD, at=timezone.now())
    services.reset_password(slip.assignment_id, actor=staff, at=timezone.now())

    with pytest.raises(IllegalTransition, match="đã đăng nhập"):
        slips.revoke_slip(slip.pk, actor=staff, at=timezone.now())

    assert User.objects.get(pk=slip.assignment.user_id).is_active
    assert "1/1 đồng chí đã đăng nhập" in as_user(staff).get(page("slip_batch", slip.batch_id)).content.decode()


def test_a_slip_not_used_in_its_days_opens_nothing_until_it_is_renewed(tree, staff, settings):
    slip = made(tree, staff, 0).slips.get()
    password, person = slips.password_of(slip), User.objects.get(pk=slip.assignment.user_id)
    User.objects.filter(pk=person.pk).update(one_time_until=timezone.now())

    refused = Client().post("/dang-nhap/", {"login": person.username, "password": password})
    wrong = Client().post("/dang-nhap/", {"login": person.username, "password": "sai-mat-khau-roi"})
    office = as_user(staff)
    shown = office.get(page("slip_batch", slip.batch_id)).content.decode()
    at_role = office.get(page("assignment", slip.assignment_id)).content.decode()
    renewed = services.reset_password(slip.assignment_id, actor=staff, at=timezone.now())
    client = Client()
    client.post("/dang-nhap/", {"login": person.username, "password": renewed})

    assert "đã hết hạn" in refused.content.decode()
    assert "đã hết hạn" not in wrong.content.decode()
    assert "Hết hạn" in shown
    assert "đặt lại mật khẩu để cấp lại" in at_role
    assert client.get("/").url == "/doi-mat-khau/"


def test_how_long_a_one_time_password_lives_is_a_setting(tree, staff, settings):
    settings.ONE_TIME_PASSWORD_DAYS = 5
    batch = made(tree, staff, 0)
    person = User.objects.get(pk=batch.slips.get().assignment.user_id)

    assert timedelta(days=4) < person.one_time_until - timezone.now() <= timedelta(days=5)
    runner.run(slips.job_of(batch).pk)
    content = slips.take_file(batch.pk, actor=staff, at=timezone.now())
    day = timezone.localdate(person.one_time_until - timedelta(days=1))
    page = as_user(staff).get(reverse("organizations:slip_batch", args=[batch.pk])).content.decode()
    assert f"có hạn đến hết ngày {wording.day(day)}" in page
    assert f"có hạn đến hết ngày {wording.day(day)}" in " ".join(
        PdfReader(io.BytesIO(content)).pages[0].extract_text().split()
    )


# ---- pages ----


def test_the_table_offers_the_secretary_of_the_post_and_the_roll(tree, staff):
    secretary = make_member(tree.branches[0], "Phạm Văn Thư", phone="0912000111")
    services.give_post(
        secretary.pk,
        tree.branches[0].pk,
        "secretary",
        starts_on=START.date(),
        decision="Quyết định 1-QĐ/ĐU",
        actor=staff,
        at=START,
    )
    chosen = make_member(tree.branches[1], "Trần Thị Chọn")
    client, address = as_user(staff), page("make_accounts", tree.committee.pk)

    shown = client.get(address).content.decode()
    first, second = (str(branch.pk) for branch in tree.branches[:2])
    posted = {
        f"{first}-chosen": "on",
        f"{first}-member": secretary.pk,
        f"{first}-full_name": "Phạm Văn Thư",
        f"{first}-phone": "0912000111",
        f"{first}-username": "thu.pv",
        f"{second}-chosen": "on",
        f"{second}-member": chosen.pk,
        f"{second}-full_name": "",
        f"{second}-username": "",
    }
    answer = client.post(address, posted, follow=True)

    assert 'value="Phạm Văn Thư"' in shown
    assert "Trần Thị Chọn" in shown
    assert "Đã lập 2 tài khoản" in answer.content.decode()
    names = set(RoleAssignment.objects.filter(role=Role.SECRETARY).values_list("user__username", flat=True))
    assert names == {"thu.pv", proposed("Trần Thị Chọn", tree.branches[1].code, ())}
    chosen.refresh_from_db()
    assert chosen.user is not None


def test_a_fault_stands_in_its_row_and_nothing_typed_is_lost(tree, staff):
    client, address = as_user(staff), page("make_accounts", tree.committee.pk)
    first = str(tree.branches[0].pk)

    answer = client.post(address, {f"{first}-chosen": "on", f"{first}-full_name": "Lan", f"{first}-phone": "0911"})

    text = answer.content.decode()
    assert answer.status_code == 422
    assert "Ghi đủ họ và tên" in text
    assert 'value="0911"' in text
    assert client.post(address, {}).status_code == 422


@pytest.mark.parametrize(
    ("jobs", "named"),
    [
        (("Bí thư chi bộ, Trưởng phòng", "Chuyên viên"), True),
        (("Phó Bí thư chi bộ", "Chuyên viên"), False),
        (("Bí thư Chi bộ", "Bí thư chi bộ"), False),
        (("Bí thư chi đoàn", ""), False),
    ],
)
def test_whom_the_roll_calls_secretary_is_filled_in(tree, staff, jobs, named):
    for number, job in enumerate(jobs):
        make_member(tree.branches[0], f"Phạm Văn Số{number}", phone="0912000111", job=job)

    page_shown = as_user(staff).get(page("make_accounts", tree.committee.pk))

    (_, rows) = page_shown.context["groups"][0]
    row = next(one for one in rows if one.branch == tree.branches[0])
    values = [row.form[name].value() for name in ("full_name", "phone")]
    assert row.is_chosen is named
    assert values == (["Phạm Văn Số0", "0912000111"] if named else [None, None])


def test_all_are_ticked_or_none_and_nothing_typed_is_lost(tree, staff):
    members = [make_member(one, f"Trần Thị {word}") for one, word in zip(tree.branches, ("Hai", "Ba"), strict=False)]
    client, address = as_user(staff), page("make_accounts", tree.committee.pk)
    first, second, third = (str(one.pk) for one in tree.branches)
    typed = {f"{first}-member": members[0].pk, f"{second}-full_name": "Lê Thị Tự Ghi", f"{second}-phone": "0911"}

    def rows(answer):
        return {str(row.branch.pk): row for _, rows in answer.context["groups"] for row in rows}

    filled = rows(client.post(address, typed | {"giup": "dien"}))
    everybody = rows(client.post(address, typed | {"giup": "tat-ca"}))
    of_one = rows(client.post(address, typed | {"giup": str(tree.committee.pk)}))
    nobody = rows(client.post(address, typed | {f"{first}-chosen": "on", "giup": "bo-het"}))

    assert filled[first].form["full_name"].value() == "Trần Thị Hai"
    assert filled[first].form["username"].value() == proposed("Trần Thị Hai", tree.branches[0].code, ())
    assert filled[second].form["phone"].value() == "0911"
    assert all(row.is_chosen for row in everybody.values()) and all(row.is_chosen for row in of_one.values())
    assert [everybody[one].form["full_name"].value() for one in (first, third)] == ["Trần Thị Hai", None]
    assert not any(row.is_chosen for row in nobody.values())
    assert not SlipBatch.objects.exists()


def test_the_list_of_faults_names_the_branch_and_its_committee(tree, staff):
    first = tree.branches[0]

    answer = as_user(staff).post(
        page("make_accounts", tree.committee.pk), {f"{first.pk}-chosen": "on", f"{first.pk}-full_name": "Lan"}
    )

    text = answer.content.decode()
    assert f"{first.name}, {tree.committee.name}: Ghi đủ họ và tên của đồng chí bí thư." in text
    assert f'href="#id_{first.pk}-full_name"' in text


def test_the_batch_page_says_who_has_signed_in(tree, staff):
    batch = printed(made(tree, staff, 0, 1))
    first = batch.slips.order_by("number")[0].assignment.user
    User.objects.filter(pk=first.pk).update(must_change_password=False)

    text = as_user(staff).get(page("slip_batch", batch.pk)).content.decode()

    assert "1/2 đồng chí đã đăng nhập" in text
    assert text.count("Thu hồi phiếu") == 1


def test_the_file_is_taken_by_a_form_of_its_own_and_destroyed_by_another(tree, staff):
    batch, client = printed(made(tree, staff, 0)), as_user(staff)

    asked = client.get(page("take_slips", batch.pk))
    file = client.post(page("take_slips", batch.pk))
    client.post(page("slips_handed_over", batch.pk))

    assert "đăng nhập được thay mọi đồng chí" in asked.content.decode()
    assert file.content == b"%PDF-1.4 invented"
    assert file.headers["Content-Disposition"].startswith("attachment")
    assert client.post(page("take_slips", batch.pk)).status_code == 409


def test_a_wrong_password_costs_the_usual_hash_for_a_new_account_too(tree, staff, settings, monkeypatch):
    settings.PASSWORD_HASHERS = [
        "django.contrib.auth.hashers.Argon2PasswordHasher",
        "accounts.passwords.OneTimeArgon2",
    ]
    person = made(tree, staff, 0).slips.get().assignment.user
    usual: list[str] = []
    encode = Argon2PasswordHasher.encode

    def counted(hasher, *given):
        usual.append(hasher.algorithm)
        return encode(hasher, *given)

    monkeypatch.setattr(Argon2PasswordHasher, "encode", counted)

    assert not person.check_password("sai mật khẩu")
    assert usual == ["argon2"]


def test_the_first_sign_in_with_a_slip_leads_to_a_password_of_ones_own(tree, staff):
    slip = made(tree, staff, 0).slips.get()
    client = Client()

    client.post("/dang-nhap/", {"login": slip.assignment.user.username, "password": slips.password_of(slip)})

    assert client.get("/").url == "/doi-mat-khau/"
