"""Whoever signed in long ago does none of what cannot be taken back: every address of the list is sent its form."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from allauth.mfa.totp.internal import auth as totp
from allauth.mfa.utils import decrypt
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import timezone

from accounts import second_factor
from accounts.models import AuditEvent, User
from accounts.roles import Role
from accounts.sheets import write_xlsx
from organizations.models import ImportBatch
from organizations.services import imports, slips
from organizations.services.slips import Wanted
from outbox.runner import run_waiting
from tests.architecture.test_step_up import ASKED
from tests.factories import Tree, congress_at, give_role, make_tree, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.once]
LONG_AGO = 7200


@dataclass
class Form:
    """What is sent, by whom; ``proven``: with a second factor besides the password; ``seen``: looked at before."""

    user: User
    args: tuple[int, ...] = ()
    data: dict[str, Any] = field(default_factory=dict)
    proven: bool = False
    seen: bool = False
    session: dict[str, Any] = field(default_factory=dict)


def browser(form: Form, *, ago: int) -> Client:
    """Signed in so many seconds ago, and with the second factor then when the form needs one."""
    client, then = Client(), time.time() - ago
    client.force_login(User.objects.get(pk=form.user.pk))
    session = client.session
    if form.proven:
        request = RequestFactory().get("/")
        request.session = session
        second_factor.proven(request, form.user, second_factor.TOTP)
        session["account_authentication_methods"][-1]["at"] = then
    session.update(form.session | {"signed_in_at": int(then)})
    session.save()
    return client


# ---- the tree and who does what there ----


def staffed() -> tuple[Tree, User]:
    tree = make_tree(branches=2)
    return tree, make_user(Role.COMMITTEE_STAFF, tree.bloc)


def of_a_role(role: str = Role.SECRETARY) -> tuple[Tree, User, int, User]:
    tree, staff = staffed()
    held = give_role(make_user(), role, tree.branch)
    return tree, staff, held.pk, held.user


def open_account() -> Form:
    tree, staff = staffed()
    return Form(staff, (tree.branch.pk,), {"username": "le.van.moi", "full_name": "Lê Văn Mới", "role": "clerk"})


def grant_role() -> Form:
    tree, staff, _, person = of_a_role()
    return Form(staff, (tree.branch.pk,), {"user": person.pk, "role": "clerk"})


def revoke_role() -> Form:
    _, staff, held, _ = of_a_role()
    return Form(staff, (held,))


def hand_over() -> Form:
    tree, staff, held, _ = of_a_role()
    follows = make_user(Role.MEMBER, tree.branch)
    return Form(staff, (held,), {"user": follows.pk, "from_day": f"{timezone.localdate():%d/%m/%Y}"})


def reset_second_factor() -> Form:
    _, staff, held, person = of_a_role()
    enrolled(person)
    return Form(staff, (held,))


def reactivate() -> Form:
    _, staff, held, person = of_a_role()
    User.objects.filter(pk=person.pk).update(is_active=False)
    return Form(staff, (held,))


def make_accounts() -> Form:
    tree, staff = staffed()
    row = {"chosen": "on", "full_name": "Lê Thị Lan", "username": "lan.lt"}
    return Form(staff, (tree.committee.pk,), {f"{tree.branch.pk}-{name}": value for name, value in row.items()})


def take_slips() -> Form:
    tree, staff = staffed()
    row = [Wanted(tree.branch.pk, "Lê Thị Lan", "lan.lt")]
    batch = slips.make_accounts(tree.committee.pk, row, actor=staff, at=timezone.now(), address="https://x.vn/")
    slips.keep_file(batch, b"%PDF-1.4 invented")
    return Form(staff, (batch.pk,))


def links() -> Form:
    tree, staff = staffed()
    return Form(staff, (tree.committee.pk,), {"label": "Màn hình phòng họp"})


def act(**more: Callable[[Tree], Any]) -> Callable[[], Form]:
    def build() -> Form:
        tree, staff = staffed()
        ground = {"decision": "118-QĐ/ĐU", "decided_on": "25/8/2022", "effective_on": "1/9/2022"}
        told = {name: value(tree) for name, value in more.items()}
        return Form(staff, (tree.branch.pk,), ground | {"decided_by": tree.committee.pk} | told, seen=True)

    return build


def other(tree: Tree) -> int:
    return tree.branches[1].pk


def split() -> Form:
    form = act(name=lambda tree: "Chi bộ Văn phòng 2")()
    return Form(
        form.user,
        form.args,
        form.data | {"code": "VP2", "symbol": "CB", "continues": "yes", "carries": "no"},
        seen=True,
    )


def consolidate() -> Form:
    form = act(others=other, name=lambda tree: "Chi bộ Hợp nhất", code=lambda tree: "HN", symbol=lambda tree: "CB")()
    return Form(form.user, form.args, form.data | {"carries": "yes"}, seen=True)


def move() -> Form:
    tree, staff = staffed()
    to = make_tree()
    form = act()()
    admin = tree.admin
    ground = form.data | {"decided_by": tree.bloc.pk, "parent": to.committee.pk}
    return Form(admin, (tree.branch.pk,), ground, seen=True)


TREE_FILE = (["Mã", "Tên tổ chức", "Loại hình", "Mã cấp trên"], [["CB-MOI", "Chi bộ Mới", "Chi bộ", ""]])


def upload_tree() -> Form:
    tree, staff = staffed()
    content = write_xlsx("Cây", *TREE_FILE)
    return Form(staff, (tree.committee.pk,), {"file": lambda: SimpleUploadedFile("cay.xlsx", content)})


def import_confirm() -> Form:
    tree, staff = staffed()
    content = write_xlsx("Cây", *TREE_FILE)
    kind = ImportBatch.Kind.TREE
    batch, _ = imports.upload(tree.committee.pk, kind, name="cay.xlsx", content=content, actor=staff, at=timezone.now())
    run_waiting()
    batch.refresh_from_db()
    return Form(staff, (batch.pk,), {"seen": batch.report["digest"]})


# ---- results and decisions ----


def seal() -> Form:
    world = congress_at("counted")
    return Form(world.head_teller, (world.round.pk,), {"sheet_number": "1"})


def recount() -> Form:
    world = congress_at("sealed")
    told = {"reasons": "Có khiếu nại", "method": "totals", "teams": "1"}
    return Form(world.head_teller, (world.round.pk,), told)


def ratify() -> Form:
    world = congress_at("reported")
    day = world.when(9)
    told = {"issued_on": f"{day:%d/%m/%Y}", "number": "", "signer_post": "Bí thư", "signer_name": "Phạm Văn Duyệt"}
    return Form(world.approver, (world.congress_id,), told)


def refuse_results() -> Form:
    world = congress_at("reported")
    return Form(world.approver, (world.congress_id,), {"reasons": "Kiểm phiếu khi còn đồng chí chưa bỏ phiếu."})


# ---- one's own second factor ----


def code_of(kept: str) -> str:
    return totp.format_hotp_value(totp.hotp_value(decrypt(kept), int(time.time()) // 30))


def enrolled(person: User) -> str:
    kept = second_factor.new_secret()
    second_factor.set_up(person.pk, kept, code_of(kept), at=timezone.now())
    return kept


def another_telephone() -> Form:
    person, kept = make_user(), second_factor.new_secret()
    enrolled(person)
    return Form(person, (), {"code": code_of(kept)}, proven=True, session={"second_factor_key": kept})


def with_a_telephone() -> Form:
    person = make_user()
    enrolled(person)
    return Form(person, proven=True)


FORMS: dict[str, Callable[[], Form]] = {
    "mfa_activate_totp": another_telephone,
    "print_new_codes": with_a_telephone,
    "turn_off_second_factor": with_a_telephone,
    "organizations:open_account": open_account,
    "organizations:grant_role": grant_role,
    "organizations:revoke_role": revoke_role,
    "organizations:hand_over": hand_over,
    "organizations:reset_password": revoke_role,
    "organizations:reset_second_factor": reset_second_factor,
    "organizations:reactivate": reactivate,
    "organizations:make_accounts": make_accounts,
    "organizations:take_slips": take_slips,
    "organizations:split": split,
    "organizations:merge": act(into=other, carries=lambda tree: "yes"),
    "organizations:consolidate": consolidate,
    "organizations:rename": act(name=lambda tree: "Chi bộ Thanh tra"),
    "organizations:move": move,
    "organizations:convert": act(node_type=lambda tree: "grassroots_branch"),
    "organizations:close": act(),
    "organizations:upload_tree": upload_tree,
    "organizations:import_confirm": import_confirm,
    "organizations:links": links,
    "elections:seal": seal,
    "elections:recount": recount,
    "elections:ratify": ratify,
    "elections:refuse_results": refuse_results,
}


def sent(client: Client, path: str, form: Form) -> Any:
    return client.post(path, {name: value() if callable(value) else value for name, value in form.data.items()})


def test_every_address_of_the_list_is_sent_its_form():
    assert set(FORMS) == ASKED


@pytest.mark.parametrize("name", FORMS)
def test_after_long_the_form_is_asked_about_and_changes_nothing(name):
    """And the same form of whoever has just signed in is taken: it was the question alone that held it."""
    form = FORMS[name]()
    path = reverse(name, args=form.args)
    lately, long_ago = browser(form, ago=5), browser(form, ago=LONG_AGO)
    if form.seen:
        field_name, digest = sent(lately, path, form).context["seen"]
        form.data[field_name] = digest
    before = AuditEvent.objects.count()

    asked = sent(long_ago, path, form)

    assert asked.status_code == 302
    assert AuditEvent.objects.count() == before
    taken = sent(lately, path, form)
    assert taken.status_code in (200, 302), taken.content.decode()[-1500:]
    assert AuditEvent.objects.count() > before
