"""The wall: what each cell says, who comes first, how a past day looked, and what 261 rows cost to ask."""

import io
from datetime import date, timedelta

import pytest
from django.db import connection, transaction
from django.db.utils import DatabaseError
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from accounts.models import User
from accounts.roles import Role
from congress.lifecycle import CLEARED, CLOSED, COMPLETE, PREPARING, RATIFIED, REPORTED, SUBMITTED
from congress.models import Congress, CongressStep
from congress.progress import Line, Overview, overview
from congress.queries import working_calendar
from congress.services.preparing import move
from congress.structure import age_on, structure_of
from congress.views import hung_wall
from congress.wall import STUCK, Contact, at_committees, cells_of, exceptions_of, groups_of, rows_of, sentence_of
from organizations.models import AccessLink, Member, Organization, PostHolding
from organizations.services import links
from tests.factories import at, congress_at, make_organization, make_plan, make_tree, make_user

pytestmark = pytest.mark.django_db

WINDOW = {"clearance": date(2022, 6, 10), "window_closes": date(2022, 6, 28)}


def as_user(user: User) -> Client:
    client = Client()
    client.force_login(User.objects.get(pk=user.pk))
    return client


def congresses_of(branches: int = 3) -> tuple[User, list[Congress]]:
    tree = make_tree(branches)
    make_plan(tree.committee, deadlines=WINDOW)
    return make_user(Role.COMMITTEE_STAFF, tree.committee), list(Congress.objects.order_by("pk"))


def step(congress: Congress, action: str, day: date) -> None:
    with transaction.atomic():
        move(Congress.objects.get(pk=congress.pk), action, at=at(day, 9))


def line(**fields: object) -> Line:
    known: dict[str, object] = {
        "congress_id": 1,
        "branch": "Chi bộ Văn phòng",
        "authority_id": 1,
        "committee": "Đảng bộ Sở Công Thương",
        "state": PREPARING,
        "is_pilot": False,
        "holder": "Chi bộ",
        "since": date(2022, 5, 3),
        "planned_on": None,
        "closed_on": None,
        "is_held": False,
        "due": None,
        "left": None,
    }
    return Line(**known | fields)  # type: ignore[arg-type]  # the fields of a line


def test_a_cell_says_who_holds_the_ball_and_since_when():
    cells = cells_of(line(state=SUBMITTED, holder="Đảng ủy Sở Công Thương", entered={PREPARING: date(2022, 4, 1)}))

    assert [cell.shape for cell in cells] == ["done", "now", *["next"] * 5]
    assert cells[0].words == "Chuẩn bị: đã qua ngày 1/4/2022"
    assert cells[1].words == "Trình duyệt: Đảng ủy Sở Công Thương giữ từ 3/5/2022"


@pytest.mark.parametrize(("left", "shape"), [(-1, "late"), (0, "now"), (1, "now")])
def test_a_cell_is_late_from_the_day_after_the_deadline(left, shape):
    assert cells_of(line(left=left, due=date(2022, 6, 10)))[0].shape == shape


def test_the_sentence_of_a_row_names_branch_committee_holder_and_deadline():
    assert sentence_of(line(left=-2)) == (
        "Chi bộ Văn phòng, Đảng bộ Sở Công Thương: đang chuẩn bị, Chi bộ giữ từ 3/5/2022, quá hạn 2 ngày làm việc."
    )


@pytest.mark.parametrize(
    ("fields", "stuck"),
    [
        ({"holding": STUCK - 1}, False),
        ({"holding": STUCK}, True),
        ({"holding": STUCK, "planned_on": date(2022, 6, 20), "state": CLEARED}, False),
        ({"holding": STUCK, "planned_on": date(2022, 6, 20), "state": CLEARED, "left": -1}, True),
        ({"holding": STUCK, "planned_on": date(2022, 6, 20), "state": SUBMITTED}, True),
        ({"holding": STUCK, "is_held": True, "state": CLOSED}, True),
        ({"holding": STUCK - 1, "is_held": True, "state": REPORTED}, False),
        ({"holding": STUCK, "is_held": True, "state": REPORTED}, True),
        ({"holding": STUCK, "is_held": True, "state": RATIFIED}, False),
        ({"holding": STUCK, "is_held": True, "state": COMPLETE}, False),
    ],
    ids=[
        "one day short",
        "exactly",
        "waiting for its day",
        "its day has passed",
        "waiting to be cleared",
        "has met and not reported",
        "one day short of waiting to be ratified",
        "waiting to be ratified",
        "ratified",
        "complete",
    ],
)
def test_who_is_stuck(fields, stuck):
    assert bool(exceptions_of([line(**fields)], {}).stuck) is stuck


def test_the_longest_stuck_stand_first():
    lines = [line(congress_id=1, holding=12), line(congress_id=2, holding=40), line(congress_id=3, holding=20)]

    assert [one.congress_id for one in exceptions_of(lines, {}).stuck] == [2, 3, 1]


def test_exceptions_stand_by_committee_the_one_with_the_worst_first_then_the_one_with_the_most():
    lines = [
        line(congress_id=n, authority_id=committee, committee=f"Đảng bộ {committee}", holding=days)
        for n, (committee, days) in enumerate([(1, 20), (1, 20), (2, 20), (2, 20), (2, 12), (3, 30)])
    ]
    found = at_committees(exceptions_of(lines, {}).stuck, worst=lambda one: one.holding)

    assert [[one.congress_id for one in own] for own in found] == [[5], [2, 3, 4], [0, 1]]


@pytest.mark.parametrize(
    ("fields", "shown"),
    [
        ({"holder": "Chi bộ", "holding": 5}, ("CB", "3/5/22", "5")),
        (
            {"holder": "Đảng ủy Sở Công Thương", "state": REPORTED, "holding": 31, "is_held": True},
            ("ĐU", "3/5/22", "31"),
        ),
        ({"holder": "–", "state": COMPLETE, "is_held": True}, ("xong", "3/5/22", "0")),
    ],
    ids=["the branch", "the committee that ratifies", "nobody"],
)
def test_each_row_says_who_holds_the_ball_since_when_and_for_how_many_days(fields, shown):
    (row,) = rows_of([line(**fields)])

    assert (row.short_holder, row.since, row.days) == shown


def test_who_has_no_account_is_told_apart_from_who_never_signed_in():
    moment = at(date(2022, 5, 1))
    known = {
        1: Contact("A", "", moment),
        2: Contact("B", "", None),
        3: Contact("C", "0100", None, has_account=False),
    }
    found = exceptions_of([line(congress_id=n, branch_id=n) for n in (1, 2, 3, 4)], known)

    assert [one.congress_id for one in found.silent] == [2]
    assert [one.congress_id for one in found.accountless] == [3, 4]


def test_a_past_day_shows_where_each_congress_stood_at_its_end():
    staff, (one, *_) = congresses_of()
    step(one, "submit_for_clearance", date(2022, 6, 10))
    step(one, "return_for_changes", date(2022, 6, 12))
    step(one, "submit_for_clearance", date(2022, 6, 20))
    step(one, "clear", date(2022, 6, 25))

    def stood(day: date) -> tuple[str, date]:
        lines = overview(staff, "2022-2025", as_of=day).lines
        found = next(line for line in lines if line.congress_id == one.pk)
        return found.state, found.since

    assert stood(date(2022, 6, 9))[0] == PREPARING
    assert stood(date(2022, 6, 10)) == (SUBMITTED, date(2022, 6, 10))
    assert stood(date(2022, 6, 19)) == (PREPARING, date(2022, 6, 12))
    assert stood(date(2022, 6, 24)) == (SUBMITTED, date(2022, 6, 20))
    assert stood(date(2022, 6, 25)) == (CLEARED, date(2022, 6, 25))


def test_steps_once_taken_are_not_rewritten():
    congresses_of(1)
    with pytest.raises(DatabaseError), transaction.atomic():
        CongressStep.objects.update(state=CLEARED)
    with pytest.raises(DatabaseError), transaction.atomic():
        CongressStep.objects.all().delete()


def test_rows_stand_under_their_committee_when_asked():
    staff, congresses = congresses_of()
    seen = overview(staff, "2022-2025", as_of=date(2022, 5, 20), by_step=True)

    (group,) = groups_of(seen, seen.lines, by_committee=True)

    assert (group.label, len(group.rows)) == ("Đảng bộ Sở Công Thương", len(congresses))


def test_a_secretary_who_never_signed_in_is_named_with_the_telephone():
    staff, congresses = congresses_of(2)
    silent = make_user(Role.SECRETARY, congresses[0].organization, full_name="Lê Văn An")
    User.objects.filter(pk=silent.pk).update(phone="0912 345 678")
    as_user(make_user(Role.SECRETARY, congresses[1].organization))  # signs in

    text = as_user(staff).get(reverse("congress:wall")).content.decode()

    assert 'href="tel:0912345678"' in text
    assert "Lê Văn An" in text
    assert 'chưa đăng nhập <span class="watch-count">1</span>' in text
    past = as_user(staff).get(reverse("congress:wall"), {"tinh_den": "20/5/2022"}).content.decode()
    assert "tel:0912345678" not in past and "chưa đăng nhập <span" not in past


def test_the_workbook_of_a_past_day_names_nobody_who_is_called_today():
    staff, congresses = congresses_of(1)
    secretary = make_user(Role.SECRETARY, congresses[0].organization, full_name="Lê Văn An")
    User.objects.filter(pk=secretary.pk).update(phone="0912 345 678")

    def values(**asked: str) -> set[object]:
        answer = as_user(staff).get(reverse("congress:wall"), {"xuat": "excel", **asked})
        return {one for row in load_workbook(io.BytesIO(answer.content)).active.values for one in row}

    calls = {"Bí thư", "Điện thoại", "Tài khoản", "Lê Văn An", "0912 345 678", "chưa đăng nhập"}
    assert calls <= values() and not calls & values(tinh_den="20/5/2022")


def test_every_row_leads_to_the_signed_papers_of_its_branch_and_says_who_holds_the_ball():
    staff, congresses = congresses_of()
    text = as_user(staff).get(reverse("congress:wall")).content.decode()

    for congress in congresses:
        assert f'href="{reverse("documents:papers", args=[congress.pk])}" aria-label="Văn bản đã ký của' in text
    assert text.count('<i class="matrix-who">CB</i>') == len(congresses)
    assert f'href="#bang">Xem bảng {len(congresses)} chi bộ</a>' in text
    assert text.count('<i title="Chuẩn y">6</i>') == 1  # the numbers of the stations stand above the columns


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("abc", "Không đọc được ngày “abc”"),
        ("99/99/2022", "Không đọc được ngày “99/99/2022”"),
        ("1/1/2090", "Ngày 1/1/2090 chưa tới"),
        ("1/1/1990", "Ngày 1/1/1990 chưa có đại hội nào được mở; số liệu có từ 19/5/2022"),
        ("20/5/2022", ""),
        ("", ""),
    ],
)
def test_a_day_of_which_nothing_can_be_said_is_answered_at_the_top(asked, said):
    staff, _ = congresses_of(1)
    for page in ("congress:wall", "congress:progress"):
        answer = as_user(staff).get(reverse(page), {"tinh_den": asked})

        assert answer.context["problem"].startswith(said) and bool(answer.context["problem"]) == bool(said)
        assert answer.context["is_past"] is (asked == "20/5/2022")
        text = answer.content.decode()
        assert not said or text.index(said) < text.index('class="metrics"')


@pytest.mark.parametrize("page", ["congress:wall", "congress:progress"])
def test_the_list_goes_to_excel_with_its_filters(page):
    staff, congresses = congresses_of()
    step(congresses[0], "submit_for_clearance", date(2022, 5, 24))

    answer = as_user(staff).get(reverse(page), {"buoc": "submitted", "xuat": "excel"})

    rows = list(load_workbook(io.BytesIO(answer.content)).active.iter_rows(values_only=True))
    head = next(row for row in rows if row[0] == "STT")
    (row,) = rows[rows.index(head) + 1 :]
    found = dict(zip(head, row, strict=False))
    assert found["Chi bộ"] == congresses[0].organization.name
    assert found["Ai đang giữ việc"] == congresses[0].authority.committee
    assert page == "congress:progress" or (found["2. Trình duyệt"], found["Tài khoản"]) == ("quá hạn", "chưa có")


@pytest.mark.parametrize(
    ("asked", "rows"),
    [({}, 3), ({"buoc": "submitted"}, 1), ({"buoc": "chua-dang-nhap"}, 0), ({"buoc": "chua-co-tai-khoan"}, 3)],
)
def test_the_filter_keeps_what_it_names(asked, rows):
    staff, congresses = congresses_of()
    step(congresses[0], "submit_for_clearance", date(2022, 5, 10))

    answer = as_user(staff).get(reverse("congress:wall"), asked)

    assert sum(len(group.rows) for group in answer.context["groups"]) == rows


def test_the_figures_above_a_filtered_wall_are_those_of_the_committee_chosen():
    staff, congresses = congresses_of(2)
    other = make_organization(congresses[0].authority.parent, node_type="grassroots", name="Đảng bộ Sở Y tế")
    make_organization(other)
    make_plan(other.parent, number=44, deadlines=WINDOW)
    above = make_user(Role.COMMITTEE_STAFF, other.parent)

    page = as_user(above).get(reverse("congress:wall"), {"dang_bo": other.pk})

    assert [one["of"] for one in page.context["metrics"] if one["label"] == "Chi bộ đã đại hội"] == [1]
    assert "Đảng bộ Sở Y tế, nhiệm kỳ 2022-2025" in page.content.decode()


def test_a_wall_of_thirty_asks_as_often_as_one_of_three():
    def asked(branches: int) -> int:
        staff, _ = congresses_of(branches)
        client = as_user(staff)
        client.get(reverse("congress:wall"))
        with CaptureQueriesContext(connection) as queries:
            client.get(reverse("congress:wall"))
        return len(queries)

    assert asked(3) == asked(30)


def test_a_committee_that_decides_too_long_is_late_on_the_wall_without_a_day_in_the_plan():
    """E-65 — Fifteen working days from the receipt."""
    staff, (first, *_) = congresses_of(2)
    Congress.objects.filter(pk=first.pk).update(
        state="reported", opened_at=at(date(2022, 6, 20), 8), closed_at=at(date(2022, 6, 20), 17),
        state_since=at(date(2022, 6, 24), 9),
    )  # fmt: skip
    CongressStep.objects.create(congress=first, state="reported", entered_at=at(date(2022, 6, 24), 9))

    def of(day: date) -> Line:
        lines = overview(staff, "2022-2025", as_of=day, by_step=True).lines
        return next(one for one in lines if one.congress_id == first.pk)

    assert (of(date(2022, 7, 15)).due, of(date(2022, 7, 15)).is_late) == (date(2022, 7, 15), False)
    assert of(date(2022, 7, 18)).is_late
    page = as_user(staff).get(reverse("congress:detail", args=[first.pk])).content.decode()
    assert "quá hạn" in page
    assert "15/7/2022" in page


def test_the_committee_with_the_most_late_branches_stands_first():
    first = [line(congress_id=n, authority_id=1) for n in range(3)]
    second = [line(congress_id=n, authority_id=2, left=-1, committee="Đảng bộ Sở Y tế") for n in (7, 8)]
    committees = {
        1: Organization(pk=1, name="Đảng bộ Sở Công Thương"),
        2: Organization(pk=2, name="Đảng bộ Sở Y tế"),
    }
    lines = [*first, *second]
    seen = Overview("2022-2025", date(2022, 6, 1), lines, committees, None, None, working_calendar(), 0)

    assert [group.label for group in groups_of(seen, lines, by_committee=True)] == [
        "Đảng bộ Sở Y tế",
        "Đảng bộ Sở Công Thương",
    ]


# ---- pictures ----


@pytest.mark.parametrize(
    ("held", "waiting", "forecast"),
    [
        pytest.param([], 20, None, id="nobody has met"),
        pytest.param([date(2022, 5, 4)], 20, None, id="nobody of late"),
        pytest.param([date(2022, 6, 1)] * 2, 1, (date(2022, 6, 8), 3), id="all before the deadline"),
        pytest.param([date(2022, 6, 1)] * 2, 20, (date(2022, 6, 28), 5), id="not all by the deadline"),
        pytest.param([date(2022, 6, 1)], 0, None, id="nobody is left"),
    ],
)
def test_the_pace_of_the_last_ten_working_days_leads_to_a_day_and_a_number(held, waiting, forecast):
    lines = [line(congress_id=n, closed_on=day, is_held=True, state=CLOSED) for n, day in enumerate(held)]
    lines += [line(congress_id=100 + n) for n in range(waiting)]
    seen = Overview("2022-2025", date(2022, 6, 1), lines, {}, date(2022, 6, 28), None, working_calendar(), 0)

    assert seen.forecast == forecast


@pytest.mark.parametrize(("born", "age"), [(date(1982, 6, 29), 40), (date(1982, 6, 30), 39), (None, None)])
def test_an_age_is_full_years(born, age):
    assert age_on(born, date(2022, 6, 29)) == age


def test_the_structure_counts_those_ratified_once_and_says_whose_age_is_missing():
    world = congress_at("ratified")
    congresses = Congress.objects.filter(pk=world.congress.pk)
    elected = Member.objects.filter(posts__organization=world.congress.organization).distinct()
    elected.update(gender="female", born_on=date(1990, 1, 1))
    Member.objects.filter(pk=elected.first().pk).update(born_on=None)

    found = structure_of(congresses, on=date(2030, 1, 1))

    rows = {one.title: dict(one.rows) for one in found.classifications()}
    assert found.total == elected.count() == rows["Giới tính"]["Nữ"]
    assert found.without_age == 1 == rows["Độ tuổi"]["Chưa ghi ngày sinh"]
    assert {sum(one.values()) for one in rows.values()} == {found.total}
    assert list(rows) == ["Giới tính", "Độ tuổi", "Cấp ủy viên trẻ (dưới 40 tuổi)", "Đổi mới"]
    assert len(found.pictures()) == 4
    assert structure_of(Congress.objects.none(), on=date(2030, 1, 1)).pictures() == []


def test_the_structure_goes_by_the_day_in_vietnam_of_a_congress_opened_before_seven():
    world = congress_at("ratified")
    branch, held = world.congress.organization, date(2022, 6, 20)
    Congress.objects.filter(pk=world.congress.pk).update(
        opened_at=at(held, 6, 30), closed_at=at(held, 11), state_since=at(held, 11)
    )
    PostHolding.objects.filter(organization=branch).update(starts_on=held)
    (of_the_eve,) = Member.objects.filter(posts__organization=branch).distinct()[:1]
    of_the_eve.posts.filter(organization=branch).update(starts_on=held - timedelta(days=1))
    Member.objects.update(born_on=date(1990, 6, 20))

    found = structure_of(Congress.objects.filter(pk=world.congress.pk), on=date(2030, 1, 1))

    elected = PostHolding.objects.filter(organization=branch, starts_on=held).values("member").distinct()
    assert [one.age for one in found.people] == [32] * elected.count()


# ---- the screen in the office ----


def test_what_does_not_fit_on_the_screen_comes_up_part_by_part():
    rows = list(range(8))
    shown = [hung_wall._part(rows, 3, turn) for turn in range(4)]

    assert [one["rows"] for one in shown] == [[0, 1, 2], [3, 4, 5], [6, 7], [0, 1, 2]]
    assert [(one["number"], one["parts"], one["total"]) for one in shown] == [
        (1, 3, 8),
        (2, 3, 8),
        (3, 3, 8),
        (1, 3, 8),
    ]
    assert hung_wall._part([], 3, 5) == {"rows": [], "number": 1, "parts": 1, "total": 0}


def test_what_was_opened_on_an_earlier_day_does_not_stand_under_today():
    _, (first, second, _) = congresses_of()
    today = timezone.localdate()
    Congress.objects.filter(pk=first.pk).update(state="sitting", opened_at=at(date(2022, 7, 20), 8))
    Congress.objects.filter(pk=second.pk).update(state="sitting", opened_at=at(today, 7), planned_for=at(today, 7))

    shown = hung_wall._shown(first.authority, "2022-2025", today, turn=0)

    assert (shown["meeting"], shown["still_open"]) == (1, 1)
    assert [(is_open, [row.words for row in rows]) for is_open, rows in shown["groups"]] == [
        (False, ["đang đại hội"]),
        (True, ["mở từ 20/7/2022"]),
    ]


def test_the_hung_wall_opens_without_signing_in_and_names_nobody():
    staff, congresses = congresses_of()
    make_user(Role.SECRETARY, congresses[0].organization, full_name="Lê Văn Riêng")
    day = timezone.localdate()
    Congress.objects.filter(pk=congresses[0].pk).update(planned_for=at(day, 8))
    link, secret = links.make_link(
        AccessLink.Kind.WALL, congresses[0].authority_id, "Phòng trực", actor=staff, at=timezone.now()
    )
    address = reverse("congress:hung_wall", args=[secret])

    text = Client().get(address).content.decode()

    assert f'hx-get="{address}"' in text
    assert congresses[0].organization.name in text
    assert "Lê Văn Riêng" not in text
    assert "<button" not in text and "<a " not in text
    links.revoke_link(link.pk, actor=staff, at=timezone.now())
    assert Client().get(address).status_code == 404
