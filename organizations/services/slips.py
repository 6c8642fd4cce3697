"""Accounts made in one go for the secretaries below a committee, handed over on sealed slips of paper.

A one-time password is kept nowhere: the slip's ``nonce`` and the installation's key give it again while the
slips are printed. The printed file lies encrypted, is destroyed once somebody says that the slips are handed
over or when its hours are over, and the nonces go with it.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts import audit
from accounts.at_rest import box
from accounts.errors import IllegalTransition, InvalidInput
from accounts.models import USERNAME, User
from accounts.passwords import OneTimeArgon2, derived_password
from accounts.roles import Role
from accounts.services import end_sessions_of, one_time_until
from organizations import policies, queries
from organizations.models import AccountSlip, Member, Organization, RoleAssignment, SlipBatch
from organizations.services import locks
from outbox.models import Job
from outbox.services import promise, retry

PRINT = "account_slips"
PURPOSE = "organizations.slips"
MOST = 300
"""Accounts in one batch: a request hashes as many passwords."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """One account to be made: for whom, at which branch; ``member_id`` when it is somebody of the roll."""

    branch_id: int
    full_name: str
    username: str
    phone: str = ""
    member_id: int | None = None


def password_of(slip: AccountSlip) -> str:
    """The one-time password; only while the file may still be printed."""
    if not slip.nonce:
        raise IllegalTransition("Phiếu này đã hủy. Đặt lại mật khẩu ở trang vai trò của đồng chí đó.")
    return derived_password(PURPOSE, slip.nonce)


# ---- making them ----


def make_accounts(
    organization_id: int, wanted: Sequence[Wanted], *, actor: User, at: datetime, address: str
) -> SlipBatch:
    """Lập tài khoản hàng loạt: all of them with the role of secretary, or none; the slips are printed afterwards.

    ``address`` is what the slips tell people to open. Raises NotAllowed, or InvalidInput with the fault of each
    row under ``"{field}-{branch id}"``. Passwords are hashed before the transaction: it holds its locks shortly.
    """
    organization = Organization.objects.get(pk=organization_id)
    policies.can_make_accounts(actor, organization).require()
    _check(organization, wanted, at=at)
    nonces = [secrets.token_hex(16) for _ in wanted]
    hashed = [make_password(derived_password(PURPOSE, nonce), hasher=OneTimeArgon2.algorithm) for nonce in nonces]
    with transaction.atomic():
        _lock(organization_id, wanted)
        members = _check(organization, wanted, at=at)
        users = _users(wanted, hashed, at=at)
        batch = SlipBatch.objects.create(organization=organization, made_by=actor, made_at=at)
        _assign(batch, wanted, users, nonces, actor=actor, at=at)
        for one, user in zip(wanted, users, strict=True):
            if one.member_id:
                members[one.member_id].user = user
        Member.objects.bulk_update(members.values(), ["user"])
        _promise_print(batch, address, at=at)
        names = ", ".join(user.username for user in users)
        audit.record("slips.made", batch, actor=actor, at=at, count=len(users), usernames=names)
    return batch


def _lock(organization_id: int, wanted: Sequence[Wanted]) -> None:
    """The branches and members as well: the committee above may be making accounts for the same ones."""
    places = [organization_id, *(one.branch_id for one in wanted)]
    list(Organization.objects.select_for_update(of=("self",), no_key=True).filter(pk__in=places).order_by("pk"))
    people = [one.member_id for one in wanted if one.member_id]
    list(Member.objects.select_for_update(of=("self",)).filter(pk__in=people).order_by("pk"))


def _users(wanted: Sequence[Wanted], hashed: Sequence[str], *, at: datetime) -> list[User]:
    try:
        with transaction.atomic():
            return User.objects.bulk_create(
                User(
                    username=one.username,
                    full_name=_name(one.full_name),
                    phone=one.phone.strip(),
                    password=password,
                    must_change_password=True,
                    one_time_until=one_time_until(at),
                )
                for one, password in zip(wanted, hashed, strict=True)
            )
    except IntegrityError as taken:  # somebody else took a name since it was checked
        raise InvalidInput("Có tên đăng nhập vừa được người khác dùng. Gửi lại để kiểm tra từng dòng.") from taken


def _assign(
    batch: SlipBatch,
    wanted: Sequence[Wanted],
    users: Sequence[User],
    nonces: Sequence[str],
    *,
    actor: User,
    at: datetime,
) -> None:
    assignments = RoleAssignment.objects.bulk_create(
        RoleAssignment(
            user=user,
            role=Role.SECRETARY,
            organization_id=one.branch_id,
            starts_on=timezone.localdate(at),
            granted_by=actor,
        )
        for one, user in zip(wanted, users, strict=True)
    )
    AccountSlip.objects.bulk_create(
        AccountSlip(batch=batch, assignment=assignment, number=number, nonce=nonce)
        for number, (assignment, nonce) in enumerate(zip(assignments, nonces, strict=True), start=1)
    )


def _name(text: str) -> str:
    return " ".join(text.split())


def _check(organization: Organization, wanted: Sequence[Wanted], *, at: datetime) -> dict[int, Member]:
    """The members whom accounts are for, by id. Raises InvalidInput with every fault of every row."""
    if not wanted:
        raise InvalidInput("Chưa chọn chi bộ nào. Đánh dấu những chi bộ cần lập tài khoản.")
    if len(wanted) > MOST:
        raise InvalidInput(f"Mỗi lần lập nhiều nhất {MOST} tài khoản; bỏ bớt rồi lập thêm đợt sau.")
    faults: dict[str, list[str]] = {}
    without = queries.branches_without_secretary(organization, on=timezone.localdate(at))
    open_branches = set(without.values_list("pk", flat=True))
    members = Member.objects.in_bulk([one.member_id for one in wanted if one.member_id])
    taken = set(User.objects.filter(username__in=[one.username for one in wanted]).values_list("username", flat=True))
    seen: set[int] = set()
    for one in wanted:
        for field, message in _faults_of(one, members.get(one.member_id or 0), taken):
            faults.setdefault(f"{field}-{one.branch_id}", []).append(message)
        if one.branch_id not in open_branches or one.branch_id in seen:
            message = "Chi bộ này vừa có tài khoản bí thư hoặc không còn thuộc phạm vi. Bỏ dòng này."
            faults.setdefault(f"full_name-{one.branch_id}", []).append(message)
        taken.add(one.username)
        seen.add(one.branch_id)
    if faults:
        raise InvalidInput("Chưa lập tài khoản nào. Sửa các ô được nêu rồi gửi lại.", fields=faults)
    return members


def _faults_of(one: Wanted, member: Member | None, taken: set[str]) -> Iterable[tuple[str, str]]:
    if len(one.full_name.split()) < 2:
        yield "full_name", "Ghi đủ họ và tên của đồng chí bí thư."
    if one.username in taken:
        yield "username", f"Tên đăng nhập “{one.username}” đã có người dùng. Chọn tên khác."
    else:
        try:
            USERNAME(one.username)
        except ValidationError as fault:
            yield "username", fault.messages[0]
    if one.member_id and (member is None or member.organization_id != one.branch_id):
        yield "member", "Chọn đảng viên trong danh sách của chi bộ này."
    elif member is not None and member.user_id is not None:
        yield "member", f"Đồng chí {member.full_name} đã có tài khoản; giao vai trò cho tài khoản đó."


# ---- the printed file ----


def _promise_print(batch: SlipBatch, address: str, *, at: datetime) -> None:
    promise(PRINT, f"batch:{batch.pk}", {"batch_id": batch.pk, "address": address}, at=at)


def job_of(batch: SlipBatch) -> Job | None:
    return Job.objects.filter(kind=PRINT, key=f"batch:{batch.pk}").first()


@transaction.atomic
def print_again(batch_id: int, *, actor: User, at: datetime) -> None:
    """Thử in lại after the printing failed. Raises NotAllowed or IllegalTransition."""
    batch = _batch(batch_id, actor)
    job = job_of(batch)
    if job is None or batch.destroyed_at is not None:
        raise IllegalTransition("Đợt này không còn tệp để in.")
    retry(job.pk, at=at)
    audit.record("slips.printed_again", batch, actor=actor, at=at)


def keep_file(batch: SlipBatch, content: bytes) -> None:
    """Store the printed slips, encrypted; the printer calls it. A batch destroyed meanwhile keeps none."""
    name = default_storage.save(f"slips/{secrets.token_hex(16)}.bin", ContentFile(box(PURPOSE).encrypt(content)))
    if not SlipBatch.objects.filter(pk=batch.pk, destroyed_at__isnull=True, file="").update(file=name):
        default_storage.delete(name)


@transaction.atomic
def take_file(batch_id: int, *, actor: User, at: datetime) -> bytes:
    """Tải tệp phiếu: the PDF, each time an event. Raises NotAllowed or IllegalTransition."""
    batch = _batch(batch_id, actor)
    if batch.destroyed_at is not None or is_overdue(batch, at):
        raise IllegalTransition("Tệp phiếu đã hủy. Đồng chí nào chưa nhận được thì đặt lại mật khẩu ở trang vai trò.")
    if not batch.file:
        raise IllegalTransition("Tệp phiếu đang được tạo. Chờ ít phút rồi tải lại trang.")
    with batch.file.open("rb") as file:
        content = box(PURPOSE).decrypt(file.read())
    if batch.downloaded_at is None:
        batch.downloaded_at = at
        batch.save(update_fields=["downloaded_at"])
    audit.record("slips.downloaded", batch, actor=actor, at=at)
    return content


def file_life() -> timedelta:
    return timedelta(hours=settings.SLIP_FILE_HOURS)


def is_overdue(batch: SlipBatch, at: datetime) -> bool:
    return batch.made_at + file_life() <= at


@transaction.atomic
def confirm_handed_over(batch_id: int, *, actor: User, at: datetime) -> SlipBatch:
    """Xác nhận đã trao phiếu: the file and the nonces are destroyed. Raises NotAllowed or IllegalTransition."""
    batch = _batch(batch_id, actor)
    if batch.destroyed_at is not None:
        raise IllegalTransition("Tệp phiếu của đợt này đã hủy trước đó.")
    _destroy(batch, actor=actor, at=at)
    return batch


def destroy_overdue(*, at: datetime) -> int:
    """Hủy những tệp phiếu quá giờ; how many. Run by the sweep, any number of times."""
    before = at - file_life()
    overdue = SlipBatch.objects.filter(destroyed_at__isnull=True, made_at__lte=before).values_list("pk", flat=True)
    done = 0
    for pk in list(overdue):
        with transaction.atomic():
            batch = SlipBatch.objects.select_for_update(of=("self",)).select_related("organization").get(pk=pk)
            if batch.destroyed_at is None:
                _destroy(batch, actor=None, at=at)
                done += 1
    return done


def _destroy(batch: SlipBatch, *, actor: User | None, at: datetime) -> None:
    name, batch.file, batch.destroyed_at = batch.file.name, "", at
    batch.save(update_fields=["file", "destroyed_at"])
    batch.slips.update(nonce="")
    if name:
        transaction.on_commit(lambda: default_storage.delete(name))
    audit.record("slips.destroyed", batch, actor=actor, at=at)


def _batch(batch_id: int, actor: User) -> SlipBatch:
    """Locked, for whoever may make such batches there."""
    batch = SlipBatch.objects.select_for_update(of=("self",)).select_related("organization").get(pk=batch_id)
    policies.can_make_accounts(actor, batch.organization).require()
    return batch


# ---- one slip ----


@transaction.atomic
def revoke_slip(slip_id: int, *, actor: User, at: datetime) -> AccountSlip:
    """Thu hồi một phiếu nobody has signed in with: its password opens nothing, the account stops, the role ends.

    A new account may then be made for the branch. Raises NotAllowed, IllegalTransition once the person has come in.
    """
    known = AccountSlip.objects.filter(pk=slip_id)
    assignment, people = locks.lock_role(known.values_list("assignment_id", flat=True).get())
    slip = known.select_for_update(of=("self",)).select_related("batch__organization").get()
    policies.can_revoke(actor, assignment).require()
    policies.can_manage_account(actor, assignment).require()
    person = people[assignment.user_id]
    if slip.revoked_at is not None:
        raise IllegalTransition("Phiếu này đã được thu hồi trước đó.")
    if not person.waits_for_first_sign_in:
        raise IllegalTransition(
            f"Đồng chí {person.full_name} đã đăng nhập và đặt mật khẩu riêng. "
            "Muốn ngừng tài khoản hoặc thu hồi vai trò thì mở trang vai trò của đồng chí."
        )
    slip.revoked_at, slip.nonce = at, ""
    slip.save(update_fields=["revoked_at", "nonce"])
    person.set_unusable_password()
    person.is_active = False
    person.save(update_fields=["password", "is_active"])
    end_sessions_of(person)
    Member.objects.filter(user=person).update(user=None)
    if assignment.revoked_at is None:
        assignment.revoked_at = at
        assignment.save(update_fields=["revoked_at"])
    audit.record("slips.revoked", slip.batch, actor=actor, at=at, number=slip.number, name=person.full_name)
    return slip
