import pytest

from congress.lifecycle import CLEARED, CLOSED, CONGRESS_LIFECYCLE, RATIFIED, REPORTED
from elections.rules.afterwards import Item, Way, file_findings, ways_to_fill
from elections.rules.case import Office


def sentences(findings):
    return [(finding.code, finding.message) for finding in findings]


@pytest.mark.rule("E-64")
def test_k137_a_file_without_one_curriculum_vitae_is_not_handed_in():
    missing = file_findings(set(Item), ["a", "b"], {"a"}, {"b": "Vũ Thị Bình"})

    assert sentences(missing) == [("F720", "Hồ sơ đề nghị chuẩn y còn thiếu sơ yếu lý lịch của Vũ Thị Bình.")]
    assert list(file_findings(set(Item), ["a"], {"a"}, {})) == []


@pytest.mark.rule("E-64")
@pytest.mark.parametrize(
    ("item", "label"),
    [
        (Item.MINUTES, "biên bản bầu cử"),
        (Item.BIOGRAPHIES, "danh sách trích ngang"),
        (Item.REQUEST, "tờ trình đề nghị chuẩn y"),
    ],
)
def test_each_part_of_the_file(item, label):
    assert sentences(file_findings(set(Item) - {item}, [], [], {})) == [
        ("F720", f"Hồ sơ đề nghị chuẩn y còn thiếu {label}.")
    ]


@pytest.mark.rule("E-66")
def test_k139_an_annulled_election_goes_back_to_the_congress():
    assert CONGRESS_LIFECYCLE.after("refuse_results", state=REPORTED) == CLEARED


@pytest.mark.rule("E-68")
def test_k140_elected_is_not_yet_approved():
    assert CONGRESS_LIFECYCLE.after("report_results", state=CLOSED) == REPORTED
    assert CONGRESS_LIFECYCLE.after("ratify", state=REPORTED) == RATIFIED
    assert len({CLOSED, REPORTED, RATIFIED}) == 3


@pytest.mark.rule("E-70")
def test_k142_the_post_of_bi_thu_is_not_filled_by_the_branch_on_its_own():
    assert ways_to_fill(Office.SECRETARY) == (Way.EARLY_CONGRESS, Way.SUPERIOR_APPOINTS)


@pytest.mark.rule("E-70")
@pytest.mark.parametrize("office", [Office.BRANCH_COMMITTEE, Office.COMMITTEE, Office.DEPUTY_SECRETARY])
def test_k143_a_vacancy_in_the_committee_is_for_the_superior(office):
    assert ways_to_fill(office) == (Way.SUPERIOR_DECIDES,)
