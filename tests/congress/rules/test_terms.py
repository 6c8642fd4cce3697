from datetime import date

import pytest

from congress.rules.terms import check_deadlines, check_term


@pytest.mark.rule("E-05")
@pytest.mark.parametrize(
    ("label", "accepted"),
    [
        ("2022-2025", True),
        (" 2025-2030 ", True),
        ("2025-2026", True),
        ("2025-2031", True),
        ("2025-2025", False),
        ("2025-2032", False),
        ("2025", False),
        ("", False),
    ],
)
def test_the_label_of_a_term(label, accepted):
    assert (check_term(label) == {}) is accepted


def test_deadlines_fall_in_the_order_of_the_work():
    early, late = date(2025, 3, 1), date(2025, 4, 1)

    assert check_deadlines({"papers": early, "clearance": late}) == {}
    assert check_deadlines({"papers": early, "clearance": early}) == {}
    assert list(check_deadlines({"papers": late, "clearance": early})) == ["clearance"]
    assert check_deadlines({"window_opens": early, "window_closes": early}) == {}
    assert list(check_deadlines({"window_opens": late, "window_closes": early})) == ["window_closes"]
