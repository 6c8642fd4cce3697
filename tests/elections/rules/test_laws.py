"""What must hold for every vote, whatever the figures."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from congress.rules.bases import Electorate
from congress.rules.majority import votes_needed
from elections.rules.case import Flaw, Mark
from elections.rules.decide import decide, read_case
from elections.rules.result import Result
from tests.elections.rules.builders import FULL, line

SMALL = st.integers(0, 5)
FLAWS = st.lists(st.sampled_from([flaw.value for flaw in Flaw]), max_size=1)


@st.composite
def electorates(draw):
    away = draw(st.tuples(SMALL, SMALL, SMALL, SMALL))
    left = draw(st.integers(1, 40))
    return Electorate(left + sum(away), *away, present=draw(st.integers(0, left)))


@st.composite
def urns(draw):
    """A vote with its papers: more names than seats, or as many."""
    seats = draw(st.integers(1, 4))
    slate = list(FULL[: seats + draw(st.integers(0, 2))])
    marks = st.sampled_from([mark.value for mark in Mark])
    content = {"kept": st.lists(st.sampled_from(slate), unique=True)}
    if len(slate) == seats:
        content = {"marks": st.fixed_dictionaries(dict.fromkeys(slate, marks))}
    papers = draw(st.lists(st.fixed_dictionaries(content | {"flaws": FLAWS}), max_size=12))
    members = max(1, len(papers) + draw(st.integers(0, 2)))
    return line(papers=papers, issued=len(papers), base=members, slate=slate, seats=seats, office="delegates")


def decided(raw) -> Result:
    return decide(read_case(raw))


@pytest.mark.rule("E-13")
@pytest.mark.rule("E-12")
@given(electorates(), st.sampled_from(Electorate.__slots__[1:5]))
def test_each_deduction_takes_one_off_the_base_and_only_accepted_absence_stays_for_resolutions(electorate, name):
    figures = {field: getattr(electorate, field) for field in Electorate.__slots__[:6]}
    more = Electorate(**figures | {name: figures[name] + 1})

    away = sum(figures[field] for field in Electorate.__slots__[1:5])
    assert electorate.election_base == electorate.summoned - away
    assert electorate.resolution_base == electorate.election_base + electorate.excused_throughout
    assert more.election_base == electorate.election_base - 1
    assert electorate.resolution_base - more.resolution_base == (name != "excused_throughout")
    assert electorate.findings() == ()


@pytest.mark.rule("E-51")
@given(st.integers(1, 5000))
def test_more_than_half_is_the_smallest_number_whose_double_exceeds_the_base(base):
    needed = votes_needed(base)

    assert 2 * needed > base >= 2 * (needed - 1)


@pytest.mark.rule("E-63d")
@pytest.mark.rule("E-63e")
@pytest.mark.rule("E-63g")
@given(urns())
def test_papers_one_by_one_always_add_up(urn):
    result = decided(urn)
    ballots = result.ballots
    figures = result.to_dict()["votes"]

    assert ballots.valid + ballots.invalid + ballots.pending == ballots.returned == len(urn["papers"])
    assert not {finding.code for finding in result.findings} & {"F403", "F503", "F504", "F505", "F506", "F507"}
    if result.layout == "strike_out":
        assert ballots.valid <= sum(figures.values()) <= ballots.valid * urn["seats"]
    else:
        assert all(figure["agree"] + figure["disagree"] <= ballots.valid for figure in figures.values())


@pytest.mark.rule("E-46")
@given(urns(), st.randoms(use_true_random=False))
def test_the_order_of_papers_and_of_names_means_nothing(urn, chance):
    mixed = urn | {"papers": chance.sample(urn["papers"], len(urn["papers"]))}
    renamed = urn | {"slate": chance.sample(urn["slate"], len(urn["slate"]))}

    for other in (decided(mixed), decided(renamed)):
        assert (other.status, set(other.elected), set(other.tied)) == (
            decided(urn).status,
            set(decided(urn).elected),
            set(decided(urn).tied),
        )
        assert other.ballots == decided(urn).ballots
        assert other.votes == decided(urn).votes
        assert Counter(other.judgements) == Counter(decided(urn).judgements)


@pytest.mark.rule("E-46")
@given(urns())
def test_papers_and_the_totals_counted_from_them_end_alike(urn):
    by_papers = decided(urn)
    if by_papers.status == "needs_ruling":
        return
    totals = {key: value for key, value in urn.items() if key not in ("papers", "issued")}
    totals |= {"ballots": by_papers.ballots.to_dict(), "votes": by_papers.to_dict()["votes"]}

    by_totals = decided(totals)

    assert (by_totals.status, by_totals.elected, by_totals.tied, by_totals.open_seats) == (
        by_papers.status,
        by_papers.elected,
        by_papers.tied,
        by_papers.open_seats,
    )


@pytest.mark.rule("E-52")
@pytest.mark.rule("E-53")
@given(
    st.lists(st.integers(0, 12), min_size=3, max_size=6),
    st.integers(1, 3),
    st.sampled_from(["ordinary", "tie_revote"]),
    st.data(),
)
def test_one_more_vote_never_unelects_nor_elects_another(votes, seats, kind, data):
    seats = min(seats, len(votes) - 1)
    figures = {"base": 14, "valid": 14, "seats": seats, "office": "delegates", "kind": kind}
    place = data.draw(st.integers(0, len(votes) - 1))
    more = [*votes[:place], votes[place] + 1, *votes[place + 1 :]]
    name = FULL[place]

    before, after = decided(line(votes, **figures)), decided(line(more, **figures))

    if before.status == "rejected" or after.status == "rejected":
        return
    if name in before.elected:
        assert name in after.elected
    elif name in before.tied:
        assert name in after.elected
    assert set(after.elected) - set(before.elected) - set(before.tied) <= {name}
    assert name in after.elected or set(before.elected) == set(after.elected) or name in after.tied


@pytest.mark.rule("E-63j")
@given(urns())
def test_nobody_is_elected_while_an_error_stands_or_a_ruling_is_awaited(urn):
    result = decided(urn)

    if result.errors or result.rulings:
        assert (result.elected, result.tied, result.open_seats) == ((), (), urn["seats"])
        assert result.status == ("rejected" if result.errors else "needs_ruling")
    else:
        assert len(result.elected) + result.open_seats == urn["seats"]
