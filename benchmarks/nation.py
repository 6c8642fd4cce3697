"""A generated nation: the wall of one khối inside it and alone, the roll-up of everything, finding a name, reminders.

PostgreSQL only, in a database of its own. First one khối of 26, one of 261 and one of 2,610 branches stand alone;
then 63 provinces with 260,000 branches and 1,000,000 members grow around them, and the same pages are asked again.
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from accounts.roles import Role
from benchmarks import reminding
from benchmarks.figures import Figure, Goal
from benchmarks.scratch import Scratch
from congress.models import Plan
from congress.rollup import parts_of
from elections.search import search_for
from organizations.models import Organization
from tests.factories import give_role, make_organization, make_plan, make_root, make_user

TERM = "2022-2025"
SIZES = (26, 261, 2610)
PROVINCES, BLOCS = 63, 16
NAMES = ("nguyen van", "hoang gia bao", "Đặng Thị", "le minh an", "tran quoc")
SURNAMES = "Nguyễn Trần Lê Phạm Hoàng Vũ Đặng Bùi Đỗ Hồ Ngô Dương Lý Mai Đinh Trịnh".split()
MIDDLES = "Văn Thị Minh Quốc Gia Đức Thanh Ngọc Hữu Xuân".split()
GIVEN = "An Bình Cường Dũng Giang Hà Hải Hương Khoa Lan Long Mai Nam Nga Oanh Phúc Quân Sơn Trang Bảo".split()


def measure(place: Scratch) -> Iterator[Figure]:
    if connection.vendor != "postgresql":
        print("nation: cần PostgreSQL (DATABASE_URL)", file=sys.stderr)
        return
    times = place.times(20)
    blocs = {size: bloc_of(size) for size in SIZES}
    enroll(next(iter(blocs.values())), 10_000 if not place.quick else 1_000, within=blocs[2610])
    admin = User.objects.get(assignments__role=Role.SYSTEM_ADMINISTRATOR)
    analyse()
    alone = {size: wall(blocs[size], times) for size in SIZES}
    few = median(lambda: [search_for(fresh(admin), name) for name in NAMES], times)
    anchor_alone = anchor(times)

    grow(2 if place.quick else PROVINCES)
    analyse()
    inside, queries = wall(blocs[261], times)
    drift = anchor(times) / anchor_alone
    yield Figure(
        "wall of a khối of 261 branches inside the nation",
        inside * 1000,
        "ms",
        "the same khối alone, corrected by a single-row query of each moment",
        alone[261][0] * drift * 1000,
        Goal("ratio", "<=", 1.3),
    )
    yield Figure(
        "database queries of the wall of 2,610 branches",
        alone[2610][1],
        "queries",
        "those of 26 branches",
        alone[26][1],
        Goal("ratio", "<=", 1),
    )
    for size, smaller in ((261, 26), (2610, 261)):
        yield Figure(
            f"wall of {size} branches",
            alone[size][0] * 1000,
            "ms",
            f"ten times the wall of {smaller} branches",
            alone[smaller][0] * 10_000,
            Goal("ratio", "<=", 1),
        )
    root = Organization.objects.get(parent=None)
    with CaptureQueriesContext(connection) as asked:
        parts = parts_of(root, TERM)
    total = sum(part.total for part in parts)
    yield Figure(
        f"roll-up of the nation, {total} branches",
        median(lambda: parts_of(root, TERM), times) * 1000,
        "ms",
        "a single-row query",
        anchor(times) * 1000,
        Goal("ratio", "<=", 300),
    )
    yield Figure("database queries of the roll-up", len(asked), "queries", "the goal's ten", 10, Goal("ratio", "<=", 1))
    many = median(lambda: [search_for(fresh(admin), name) for name in NAMES], times)
    yield Figure(
        f"finding {len(NAMES)} names without tone marks among all members",
        many * 1000,
        "ms",
        "the same among 10,000",
        few * drift * 1000,
        Goal("ratio", "<=", 5),
    )
    yield from reminding.figures(blocs[2610])


def median(act: Callable[[], object], times: int) -> float:
    """Seconds; the first two calls warm what is kept."""
    found = []
    for number in range(times + 2):
        began = time.perf_counter()
        act()
        if number >= 2:
            found.append(time.perf_counter() - began)
    return statistics.median(found)


def anchor(times: int) -> float:
    return median(lambda: Organization.objects.get(parent=None), times * 10)


def fresh(user: User) -> User:
    """The person as a new request loads them."""
    return User.objects.get(pk=user.pk)


def wall(bloc: Organization, times: int) -> tuple[float, int]:
    """(seconds, database queries) of the wall page for staff of that khối."""
    user = User.objects.filter(assignments__organization=bloc).first()
    user = user or give_role(make_user(), Role.COMMITTEE_STAFF, bloc).user
    client = Client(HTTP_HOST="127.0.0.1")
    client.force_login(fresh(user))
    address = reverse("congress:wall")
    if client.get(address).status_code != 200:
        raise RuntimeError(f"{address} does not answer")
    with CaptureQueriesContext(connection) as seen:
        client.get(address)
    queries = len(seen.captured_queries)
    return median(lambda: client.get(address), times), queries


def bloc_of(branches: int) -> Organization:
    """A khối with a plan of its own; đảng bộ of about seven branches, written as rows."""
    bloc = make_organization(make_root(), node_type="bloc", name=f"Đảng bộ Khối {branches}", symbol="ĐUK")
    plan = make_plan(bloc)
    write_below([(bloc.pk, bloc.path, plan.pk)], committees=max(2, branches // 7), branches=branches)
    return bloc


def grow(provinces: int) -> None:
    """Provinces with their khối, đảng bộ, branches and members around what is there."""
    root = Organization.objects.get(parent=None)
    issued = Plan.objects.latest("pk")
    rows = []
    for number in range(provinces):
        province = make_organization(root, node_type="province", name=f"Đảng bộ tỉnh {number}", symbol="TU")
        for other in range(BLOCS):
            bloc = make_organization(province, node_type="bloc", name=f"Đảng bộ Khối {number}.{other}", symbol="ĐUK")
            rows.append((bloc.pk, bloc.path, same_plan(issued, bloc)))
    write_below(rows, committees=36, branches=261)
    enroll(root, 1_000_000 if provinces == PROVINCES else 5_000, within=root)


def same_plan(issued: Plan, bloc: Organization) -> int:
    """The plan of another khối once more for this one; a thousand of them are not each drafted and issued."""
    issued.pk, issued.organization, issued._state.adding = None, bloc, True
    issued.save(force_insert=True)
    return int(issued.pk)


def write_below(blocs: list[tuple[int, str, int]], *, committees: int, branches: int) -> None:
    """Đảng bộ and chi bộ of every khối with one congress and its steps each, by the database itself."""
    first = Organization.objects.order_by("-pk").values_list("pk", flat=True)[0] + 1
    for number, (pk, path, plan) in enumerate(blocs):
        base = first + number * (committees + branches)
        own = {"pk": pk, "path": path, "plan": plan, "base": base, "c": committees, "b": branches, "term": TERM}
        run(COMMITTEES, own)
        run(BRANCHES, own)
        run(CONGRESSES, own)
    run(STEPS)
    run(SEQUENCE)


SEQUENCE = """
SELECT setval(pg_get_serial_sequence('organizations_organization', 'id'), max(id)) FROM organizations_organization
"""
ORGANIZATION = """
INSERT INTO organizations_organization
    (id, code, name, search_name, committee_name, symbol, node_type, sector, parent_id, path, depth, place,
     has_standing_committee, founding_decision)
"""
COMMITTEES = (
    ORGANIZATION
    + """
SELECT %(base)s + n, 'C' || %(base)s + n, 'Đảng bộ cơ sở ' || n, 'dang bo co so ' || n, '', 'ĐU', 'grassroots', '',
       %(pk)s, %(path)s || (%(base)s + n) || '/', 3, '', false, ''
FROM generate_series(0, %(c)s - 1) n
"""
)
BRANCHES = (
    ORGANIZATION
    + """
SELECT %(base)s + %(c)s + n, 'B' || %(base)s + n, 'Chi bộ ' || n, 'chi bo ' || n, '', 'CB', 'branch', '',
       %(base)s + n %% %(c)s, %(path)s || (%(base)s + n %% %(c)s) || '/' || (%(base)s + %(c)s + n) || '/', 4,
       '', false, ''
FROM generate_series(0, %(b)s - 1) n
"""
)
CONGRESSES = """
INSERT INTO congress_congress
    (organization_id, authority_id, plan_id, kind, term_label, state, is_pilot, place, has_branch_committee, has_deputy,
     regime, opened_at, closed_at, sitting_number, state_since, version)
SELECT %(base)s + %(c)s + n, %(base)s + n %% %(c)s, %(plan)s, 'members', %(term)s,
       CASE WHEN n %% 5 < 2 THEN 'closed' WHEN n %% 5 = 2 THEN 'submitted' ELSE 'preparing' END,
       false, '', false, false, '',
       CASE WHEN n %% 5 < 2 THEN timestamptz '2022-06-01 08:00+07' + (n %% 20) * interval '1 day' END,
       CASE WHEN n %% 5 < 2 THEN timestamptz '2022-06-01 11:00+07' + (n %% 20) * interval '1 day' END, 1,
       timestamptz '2022-05-20 08:00+07' + (n %% 20) * interval '1 day', 1
FROM generate_series(0, %(b)s - 1) n
"""
STEPS = """
INSERT INTO congress_congressstep (congress_id, state, entered_at)
SELECT id, state, state_since FROM congress_congress one
WHERE NOT EXISTS (SELECT 1 FROM congress_congressstep known WHERE known.congress_id = one.id)
"""
MEMBERS = """
INSERT INTO organizations_member
    (organization_id, full_name, sort_name, search_name, gender, job, is_invented, card_number, ethnicity, religion,
     native_place, residence, education, political_level, languages, classification, awards, phone)
SELECT branch.id, name.full_name, name.given || name.full_name, name.folded,
       '', '', true, '', '', '', '', '', '', '', '', '', '', ''
FROM (SELECT id, row_number() OVER (ORDER BY id) AS number FROM organizations_organization
      WHERE node_type = 'branch' AND path LIKE %(path)s || '%%') branch
CROSS JOIN generate_series(1, %(each)s) n
CROSS JOIN LATERAL (
    SELECT (%(surnames)s::text[])[1 + h %% %(s)s] || ' ' || (%(middles)s::text[])[1 + h / 16 %% %(m)s] || ' '
           || (%(given)s::text[])[1 + h / 160 %% %(g)s] AS full_name,
           (%(given)s::text[])[1 + h / 160 %% %(g)s] AS given,
           (%(fsurnames)s::text[])[1 + h %% %(s)s] || ' ' || (%(fmiddles)s::text[])[1 + h / 16 %% %(m)s] || ' '
           || (%(fgiven)s::text[])[1 + h / 160 %% %(g)s] AS folded
    FROM (SELECT abs(hashint8(branch.number * 100 + n)) AS h) hashed
) name
"""


def enroll(bloc: Organization, members: int, *, within: Organization) -> None:
    """About so many members, evenly over the branches below ``within``."""
    from organizations.rules.names import fold

    branches = Organization.objects.filter(path__startswith=within.path, node_type="branch").count()
    folded = [[fold(word) for word in words] for words in (SURNAMES, MIDDLES, GIVEN)]
    run(
        MEMBERS,
        {
            "path": within.path,
            "each": max(1, -(-members // branches)),
            "surnames": SURNAMES,
            "middles": MIDDLES,
            "given": GIVEN,
            "fsurnames": folded[0],
            "fmiddles": folded[1],
            "fgiven": folded[2],
            "s": len(SURNAMES),
            "m": len(MIDDLES),
            "g": len(GIVEN),
        },
    )


def run(statement: str, values: Mapping[str, Any] | None = None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def analyse() -> None:
    run("VACUUM ANALYZE")
