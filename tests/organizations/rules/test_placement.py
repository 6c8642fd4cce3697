"""Which kind of organization stands under which, before and after 01/7/2025."""

from datetime import date

import pytest

from organizations.models import NodeType, Sector
from organizations.rules import placement
from organizations.rules.placement import REORGANISED, fits, why_not

LABELS = {one.value: one.label for one in NodeType}
BEFORE, AFTER = date(2025, 6, 30), REORGANISED

TABLE = {
    # child: (parents before, parents after)
    "central": ((), ()),
    "province": (("central",), ("central",)),
    "bloc": (("central", "province"), ()),
    "upper": (("central", "province", "upper", "bloc"), ("central", "province", "upper")),
    "grassroots": (
        ("upper", "province", "central", "bloc", "grassroots"),
        ("upper", "province", "central", "grassroots"),
    ),
    "grassroots_branch": (
        ("upper", "province", "central", "bloc", "grassroots"),
        ("upper", "province", "central", "grassroots"),
    ),
    "subdivision": (("grassroots",), ("grassroots",)),
    "branch": (("grassroots", "subdivision"), ("grassroots", "subdivision", "upper")),
    "team": (("branch", "grassroots_branch"), ("branch", "grassroots_branch")),
}


def test_every_kind_is_in_the_table():
    assert set(TABLE) == set(NodeType.values)
    assert {row.sector for row in placement.COMMUNE_ROWS} == {Sector.COMMUNE.value}


@pytest.mark.parametrize("child", TABLE)
def test_parents_before_and_after_the_reorganisation(child):
    before, after = TABLE[child]
    for on, expected in ((BEFORE, before), (AFTER, after)):
        assert {one for one in NodeType.values if fits(child, one, on=on)} == set(expected)
        assert set(placement.parents_of(child, on=on)) == set(expected)
    assert {one for one in NodeType.values if fits(child, one)} == {*before, *after}


@pytest.mark.parametrize("parent", TABLE)
def test_children_are_the_other_way_round(parent):
    for on in (BEFORE, AFTER):
        assert set(placement.children_of(parent, on=on)) == {one for one in TABLE if fits(one, parent, on=on)}


@pytest.mark.parametrize(
    ("child", "parent", "on", "answer"),
    [
        pytest.param("upper", "province", BEFORE, False, id="no commune directly above the grassroots yet"),
        pytest.param("upper", "province", AFTER, True, id="a commune from the first day"),
        pytest.param("grassroots", "upper", BEFORE, True, id="a commune of the grassroots under a district"),
        pytest.param("grassroots", "upper", AFTER, False, id="no districts any more"),
        pytest.param("grassroots", "province", AFTER, True, id="a special zone may be of the grassroots"),
        pytest.param("branch", "upper", AFTER, True, id="branches in communes are ordinary ones"),
    ],
)
def test_the_committee_of_a_commune_has_rows_of_its_own(child, parent, on, answer):
    assert fits(child, parent, on=on, sector="commune") is answer


@pytest.mark.parametrize(
    ("child", "parent", "on", "says"),
    [
        ("grassroots", "bloc", AFTER, "Từ 01/07/2025, Đảng bộ cơ sở không còn trực thuộc Đảng bộ khối"),
        ("branch", "upper", BEFORE, "chỉ từ 01/07/2025"),
        ("branch", "province", AFTER, "Cấp trên trực tiếp phải là Đảng bộ cơ sở hoặc Đảng bộ bộ phận"),
        ("grassroots", "bloc", BEFORE, ""),
        ("grassroots", "bloc", None, ""),
    ],
)
def test_a_refusal_says_since_when_or_what_fits(child, parent, on, says):
    assert (
        says in why_not(child, parent, labels=LABELS, on=on)
        if says
        else not why_not(child, parent, labels=LABELS, on=on)
    )
