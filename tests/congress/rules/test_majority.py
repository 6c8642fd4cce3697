import pytest
from hypothesis import given
from hypothesis import strategies as st

from congress.rules.display import percent, without_codes
from congress.rules.majority import MORE_THAN_HALF, TWO_THIRDS, Threshold, votes_needed

MORE_THAN_30_PERCENT = Threshold(3, 10, inclusive=False)

BASES = st.integers(1, 10_000)


@pytest.mark.rule("E-51")
@pytest.mark.parametrize(
    ("votes", "base", "met"),
    [
        pytest.param(5, 10, False, id="exactly half is not more than half"),
        pytest.param(6, 10, True, id="one above half"),
        pytest.param(4, 10, False, id="one below half"),
        pytest.param(5, 9, True, id="odd base, first integer above half"),
        pytest.param(4, 9, False, id="odd base, last integer below half"),
        pytest.param(1, 1, True, id="one voter"),
        pytest.param(0, 1, False, id="nobody for"),
    ],
)
def test_more_than_half(votes, base, met):
    assert MORE_THAN_HALF.is_met(votes, base=base) is met


@pytest.mark.rule("E-37")
@pytest.mark.parametrize(
    ("support", "attending", "met"),
    [
        pytest.param(5, 17, False, id="K-40 five of seventeen"),
        pytest.param(6, 17, True, id="K-40 six of seventeen"),
        pytest.param(3, 10, False, id="exactly 30 percent"),
        pytest.param(4, 10, True, id="one above 30 percent"),
    ],
)
def test_more_than_30_percent(support, attending, met):
    assert MORE_THAN_30_PERCENT.is_met(support, base=attending) is met


@pytest.mark.parametrize(
    ("present", "called", "met"),
    [(9, 15, False), (10, 15, True), (11, 15, True), (11, 16, True), (10, 16, False)],
)
def test_two_thirds_include_exactly_two_thirds(present, called, met):
    assert TWO_THIRDS.is_met(present, base=called) is met


@pytest.mark.parametrize("share", [MORE_THAN_HALF, MORE_THAN_30_PERCENT, TWO_THIRDS])
def test_figures_that_cannot_be_are_refused(share):
    for votes, base in ((0, 0), (1, 0), (0, -1), (-1, 5), (6, 5)):
        with pytest.raises(ValueError, match="base"):
            share.is_met(votes, base=base)
    with pytest.raises(ValueError, match="positive base"):
        share.needed(0)
    assert share.is_met(0, base=1) is False
    assert share.is_met(5, base=5) is True


@given(base=BASES)
def test_needed_is_the_first_number_that_meets_the_share(base):
    for share in (MORE_THAN_HALF, MORE_THAN_30_PERCENT, TWO_THIRDS):
        needed = share.needed(base)

        assert share.is_met(needed, base=base)
        assert not share.is_met(needed - 1, base=base)


@given(base=BASES, votes=st.integers(0, 10_000))
def test_two_opposing_groups_never_both_pass(base, votes):
    votes = min(votes, base)

    assert not (MORE_THAN_HALF.is_met(votes, base=base) and MORE_THAN_HALF.is_met(base - votes, base=base))


@pytest.mark.rule("E-51")
@pytest.mark.parametrize(("base", "needed"), [(1, 1), (2, 2), (3, 2), (10, 6), (11, 6), (12, 7), (13, 7)])
def test_votes_needed(base, needed):
    assert votes_needed(base) == needed


@pytest.mark.rule("E-59")
@pytest.mark.parametrize(
    ("votes", "base", "text"),
    [
        pytest.param(7, 13, "53,85 %", id="K-128 seven of thirteen"),
        pytest.param(2, 3, "66,67 %", id="rounds up"),
        pytest.param(1, 3, "33,33 %", id="rounds down"),
        pytest.param(1, 800, "0,13 %", id="half of a hundredth goes up"),
        pytest.param(6, 6, "100,00 %", id="everybody"),
        pytest.param(0, 6, "0,00 %", id="nobody"),
        pytest.param(1, 1, "100,00 %", id="one of one"),
        pytest.param(1, 20, "5,00 %", id="two decimals always"),
    ],
)
def test_percentages_are_for_reading(votes, base, text):
    assert percent(votes, base) == text


def test_a_percentage_of_nothing_is_refused():
    with pytest.raises(ValueError, match="positive base"):
        percent(1, 0)
    with pytest.raises(ValueError, match="cannot be"):
        percent(-1, 5)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Chưa kiểm chứng (U-13).", "Chưa kiểm chứng."),
        ("Quá một nửa (E-50, E-63j) số phiếu (12).", "Quá một nửa số phiếu (12)."),
        ("Không có mã nào.", "Không có mã nào."),
    ],
)
def test_codes_of_rules_and_open_points_are_left_out_of_a_sentence(text, shown):
    assert without_codes(text) == shown
