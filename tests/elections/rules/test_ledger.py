"""Every sheet that was printed is somewhere; below a size single papers are not typed."""

import pytest

from elections.rules.ledger import Ledger, copies_findings, ledger_findings, papers_to_print, printing_findings
from elections.rules.secrecy import least_for_papers, paper_counting_findings, papers_may_be_counted


def found(findings):
    return [(finding.code, finding.field) for finding in findings]


@pytest.mark.rule("E-63a")
@pytest.mark.rule("E-63b")
@pytest.mark.parametrize(
    ("ledger", "present", "expected"),
    [
        pytest.param(Ledger(15, 12, 12, 2, 1), 12, [], id="every sheet accounted for"),
        pytest.param(Ledger(14, 12, 12, 2, 1), 12, [("F404", "S1")], id="one sheet more than was printed"),
        pytest.param(Ledger(16, 12, 12, 2, 1), 12, [("F404", "S1")], id="one printed sheet is missing"),
        pytest.param(Ledger(15, 12, 12, 2, 1), 11, [("F401", "E")], id="one issued more than members present"),
        pytest.param(Ledger(15, 12, 12, 2, 1), 13, [("W402", "E")], id="somebody present took none"),
        pytest.param(Ledger(15, 12, 13, 2, 1), 12, [("F402", "G")], id="one returned more than issued"),
        pytest.param(Ledger(15, 12, 11, 2, 1), 12, [("W401", "G")], id="one not returned"),
        pytest.param(Ledger(12, 12, 0, 0, 0), 12, [("W401", "G")], id="zero is a figure"),
        pytest.param(Ledger(15, 12, 12, 2, 1), None, [], id="nobody has counted those present yet"),
        pytest.param(Ledger(15, 12, 12, None, 1), 12, [("F110", "S2")], id="unused left blank"),
        pytest.param(Ledger(15, 12, 12, 2, None), 12, [("F110", "S3")], id="spoiled left blank"),
        pytest.param(Ledger(None, 12, 12, 2, 1), 12, [("F110", "S1")], id="printed left blank"),
        pytest.param(Ledger(15, None, 12, 2, 1), 12, [("F110", "E")], id="issued left blank"),
        pytest.param(Ledger(15, 12, None, 2, 1), 12, [("F110", "G")], id="returned left blank"),
        pytest.param(Ledger(15, 12, 12, 4, -1), 12, [("F104", "S3")], id="a negative figure"),
        pytest.param(
            Ledger(), 12, [("F110", letter) for letter in ("S1", "E", "S2", "S3", "G")], id="nothing written yet"
        ),
    ],
)
def test_the_ledger_closes(ledger, present, expected):
    assert found(ledger_findings(ledger, present)) == expected


@pytest.mark.rule("E-63a")
def test_while_the_box_is_closed_nobody_asks_for_the_papers_returned():
    assert found(ledger_findings(Ledger(15, 12, None, 2, 1), 12, box_opened=False)) == []
    assert found(ledger_findings(Ledger(15, 12, None, 2, 0), 12, box_opened=False)) == [("F404", "S1")]


def test_the_sentence_shows_the_sum():
    (finding,) = ledger_findings(Ledger(15, 12, 12, 1, 1), 12)

    assert finding.message == "In 15 phiếu, nhưng phát ra 12 cộng chưa dùng 1 cộng hỏng 1 là 14 phiếu."


@pytest.mark.rule("E-43")
def test_as_many_papers_as_members_and_some_to_spare():
    assert papers_to_print(12) == 12
    assert papers_to_print(12, 2) == 14
    assert found(printing_findings(12, 12)) == []
    assert found(printing_findings(11, 12)) == [("F411", "S1")]


@pytest.mark.rule("E-19")
@pytest.mark.parametrize(
    ("size", "offered"),
    [
        pytest.param(9, False, id="one below"),
        pytest.param(10, True, id="exactly the size"),
        pytest.param(11, True, id="one above"),
    ],
)
def test_single_papers_are_typed_from_a_size_only(size, offered):
    least = least_for_papers()

    assert least == 10
    assert papers_may_be_counted(size, least) is offered
    assert found(paper_counting_findings(size)) == ([] if offered else [("F606", "")])


@pytest.mark.rule("E-43")
@pytest.mark.parametrize(("printed", "expected"), [(13, [1]), (14, []), (15, [1]), (20, [6])])
def test_the_ledger_has_the_papers_that_were_made(printed, expected):
    told = list(copies_findings(printed, 14))

    assert found(told) == [("W403", "S1")] * len(expected)
    assert all(f"lệch {difference} phiếu" in one.message for one, difference in zip(told, expected, strict=True))


@pytest.mark.rule("E-63a")
def test_before_the_box_is_opened_every_other_figure_is_asked_for():
    blank = ledger_findings(Ledger(), 12, box_opened=False)

    assert found(blank) == [("F110", letter) for letter in ("S1", "E", "S2", "S3")]


@pytest.mark.rule("E-43")
def test_fewer_papers_printed_than_members_present_is_said_with_the_ledger():
    assert ("F411", "S1") in found(ledger_findings(Ledger(11, 11, 11, 0, 0), 12))
