"""Laws that hold for every vote."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from congress.rules.majority import votes_needed
from elections.rules.decide import decide, read_case
from elections.rules.outcome import Outcome, holds_together, ordinary, tie_revote, tied_at_the_cut
from tests.elections.rules.builders import decided, line


@st.composite
def strike_out_votes(draw, most_seats=5):
    """(votes, base, seats): every paper of ``base`` keeps one to ``seats`` of more names than seats."""
    seats = draw(st.integers(1, most_seats))
    base = draw(st.integers(1, 24))
    names = seats + draw(st.integers(1, 3))
    votes = [0] * names
    for _ in range(base):
        for place in draw(st.lists(st.integers(0, names - 1), min_size=1, max_size=seats, unique=True)):
            votes[place] += 1
    return votes, base, seats


SUPPORT = st.dictionaries(st.sampled_from("ABCDEFGH"), st.integers(0, 12), min_size=2)


@pytest.mark.rule("E-50")
@pytest.mark.rule("E-63j")
@given(strike_out_votes())
def test_at_most_as_many_qualify_as_the_papers_can_carry(vote):
    votes, base, seats = vote
    needed = votes_needed(base)

    result = decided(votes, base=base, seats=seats, office="delegates")

    assert sum(count >= needed for count in votes) <= base * seats // needed
    assert len(result.elected) <= seats
    assert all(result.votes[name] >= needed for name in (*result.elected, *result.tied))
    assert len(result.elected) + result.open_seats == seats
    assert not set(result.elected) & set(result.tied)
    assert len(result.tied) != 1


@pytest.mark.rule("E-50")
@given(strike_out_votes(most_seats=1))
def test_k118_one_seat_never_ties(vote):
    votes, base, seats = vote

    assert decided(votes, base=base, seats=seats, office="secretary").tied == ()


@pytest.mark.rule("E-52")
@given(SUPPORT, st.integers(1, 5), st.integers(1, 12), st.data())
def test_one_more_vote_never_unelects(support, seats, needed, data):
    before = ordinary(support, seats=seats, needed=needed)
    for name in before.elected:
        more = support | {name: support[name] + 1}
        assert name in ordinary(more, seats=seats, needed=needed).elected
    name = data.draw(st.sampled_from(sorted(support)))
    after = ordinary(support | {name: support[name] + 1}, seats=seats, needed=needed)
    assert name in after.elected or name not in before.tied


@pytest.mark.rule("E-39")
@given(strike_out_votes(), st.randoms(use_true_random=False))
def test_the_order_of_names_decides_nothing(vote, chance):
    votes, base, seats = vote
    raw = line(votes, base=base, seats=seats, office="delegates")
    mixed = list(raw["slate"])
    chance.shuffle(mixed)

    first = decide(read_case(raw))
    second = decide(read_case(raw | {"slate": mixed}))

    assert (first.status, set(first.elected), set(first.tied)) == (
        second.status,
        set(second.elected),
        set(second.tied),
    )


@pytest.mark.rule("E-53")
@given(SUPPORT, st.integers(1, 5))
def test_a_revote_fills_what_it_can_and_breaks_no_tie(support, seats):
    outcome = tie_revote(support, seats=seats)

    lowest = min((support[name] for name in outcome.elected), default=99)
    others = [name for name in support if name not in outcome.elected]
    if outcome.tied:
        assert len({support[name] for name in outcome.tied}) == 1
        assert len(outcome.tied) > outcome.open_seats > 0
        assert lowest > support[outcome.tied[0]]
    elif others:
        assert all(support[name] < lowest for name in others)
        assert outcome.open_seats == 0


@pytest.mark.rule("E-54")
@pytest.mark.parametrize(
    ("support", "seats", "needed", "elected", "tied", "open_seats"),
    [
        pytest.param({"A": 9, "B": 9, "C": 9, "D": 5}, 3, 7, "ABC", "", 0, id="tie inside the winners"),
        pytest.param({"A": 9, "B": 6, "C": 6}, 2, 7, "A", "", 1, id="tie below half"),
        pytest.param({"A": 9, "B": 8, "C": 8}, 2, 7, "A", "BC", 1, id="tie at the last seat"),
        pytest.param({"A": 8, "B": 8, "C": 8}, 2, 7, "", "ABC", 2, id="all tied"),
        pytest.param({"A": 7, "B": 8, "C": 9}, 2, 7, "CB", "", 0, id="descending votes"),
        pytest.param({"B": 8, "A": 8}, 2, 7, "BA", "", 0, id="equals in the order given"),
        pytest.param({"A": 7, "B": 6}, 1, 7, "A", "", 0, id="exactly what is needed"),
    ],
)
def test_where_a_tie_matters(support, seats, needed, elected, tied, open_seats):
    outcome = ordinary(support, seats=seats, needed=needed)

    assert (outcome.elected, outcome.tied, outcome.open_seats) == (tuple(elected), tuple(tied), open_seats)


@pytest.mark.rule("E-63j")
@pytest.mark.parametrize(
    ("elected", "tied", "open_seats", "holds"),
    [
        pytest.param("AB", "", 0, True, id="two seats, two elected"),
        pytest.param("A", "", 1, True, id="one seat open"),
        pytest.param("A", "BC", 1, True, id="a tie for the second"),
        pytest.param("ABC", "", 0, False, id="more elected than seats"),
        pytest.param("AB", "", 1, False, id="a seat too many"),
        pytest.param("A", "", 0, False, id="a seat forgotten"),
        pytest.param("AD", "", 0, False, id="elected with one vote too few"),
        pytest.param("AB", "B", 0, False, id="elected and tied"),
    ],
)
def test_a_result_that_contradicts_itself_is_never_told(elected, tied, open_seats, holds):
    outcome = Outcome(tuple(elected), tuple(tied), open_seats)

    assert holds_together(outcome, {"A": 9, "B": 7, "C": 7, "D": 6}, seats=2, needed=7) is holds


@pytest.mark.rule("E-53")
def test_a_revote_in_which_nobody_has_a_vote_is_a_tie():
    assert tie_revote({"A": 0, "B": 0}, seats=1) == Outcome((), ("A", "B"), 1)
    assert tie_revote({"A": 1, "B": 0}, seats=1) == Outcome(("A",))
    assert tied_at_the_cut(("A", "B"), {"A": 2, "B": 1}, seats=1) == ()


def test_the_reasoning_tells_the_whole_way():
    result = decided([10, 9, 6, 6])

    assert [step.rule for step in result.reasoning] == [
        "E-13", "E-51", "E-50", "E-50", "E-51", "E-51", "E-54", "E-52", "E-55",
    ]  # fmt: skip
    assert result.reasoning[4].text == "C: 6 phiếu trên cơ sở tính 12, đúng một nửa, chưa quá một nửa (cần 7)."
    assert result.reasoning[7].text == "Trúng cử theo số phiếu từ cao xuống: A (10), B (9)."
    assert "chưa kiểm chứng" in result.reasoning[8].citation


@pytest.mark.parametrize(
    ("votes", "figures", "rule", "words"),
    [
        ([11, 10, 8, 7], {}, "E-52", "Có 4 người quá một nửa, cần bầu 3"),
        ([10, 9, 8, 8], {}, "E-53", "C, D cùng được 8 phiếu, chỉ còn 1 chỗ: đại hội bầu lại giữa những người này"),
        ([6, 6], {"seats": 1, "kind": "tie_revote"}, "E-53", "lại bằng phiếu, đại hội quyết định có bầu lại nữa không"),
        ([7, 5], {"seats": 1, "kind": "tie_revote"}, "E-53", "không cần quá một nửa"),
        ([4, 3], {"seats": 1, "office": "secretary", "ballot_round": 3, "base": 8, "valid": 7}, "E-56", "chỉ định"),
        ([10, 9, 5, 4], {}, "E-55", "Còn thiếu 1 người"),
    ],
)
def test_the_last_steps(votes, figures, rule, words):
    texts = [step.text for step in decided(votes, **figures).reasoning if step.rule == rule]

    assert any(words in text for text in texts), texts
