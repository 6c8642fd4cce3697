"""Ballots and opinion slips: exactly as many as asked for, all alike, the stamp at the upper left, two to a sheet."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Callable
from dataclasses import replace

import pytest

from accounts.errors import InvalidInput
from documents import rendering
from documents.papers import registry
from elections.papers.ballot import Ballot, Slip
from tests.papers.cases import ALL_CASES, case, pages, paper
from tests.papers.test_papers_printed import Word, words

Printed = Callable[..., bytes]

SLIPS = [name for name in ALL_CASES if isinstance(paper(name), Slip)]
TWO_UP = [name for name in SLIPS if paper(name).two_up]
ONE_UP = [name for name in SLIPS if not paper(name).two_up]
DOTS = 144
"""Two dots to the point: the right slip begins at a whole dot."""
HALF = 842
HALF_MM = 421 / 72 * 25.4


def picture(pdf: bytes, page: int) -> list[bytes]:
    """The rows of dots of a page, grey."""
    command = ["pdftoppm", "-r", str(DOTS), "-gray", "-f", str(page), "-l", str(page), "-"]
    drawn = subprocess.run(command, input=pdf, capture_output=True, check=True).stdout
    head = re.match(rb"P5\s+(\d+)\s+(\d+)\s+255\s", drawn)
    width, body = int(head[1]), drawn[head.end() :]
    return [body[start : start + width] for start in range(0, len(body), width)]


def slips_of(name: str, pdf: bytes) -> list[list[Word]]:
    """The words of every slip, measured from its own upper left corner."""
    found = []
    for page, places in enumerate(paper(name).sheets, start=1):
        on_page = words(pdf, page=page)
        for place in places:
            left, right = (place * HALF_MM, (place + 1) * HALF_MM) if paper(name).two_up else (0, 210)
            mine = [word for word in on_page if left <= word.left < right]
            found.append(sorted(mine, key=lambda word: (round(word.top, 1), word.left)))
            for word in found[-1]:
                word.left -= left
                word.right -= left
    return found


def first_slip(name: str, pdf: bytes) -> str:
    """The text of the first slip on the first sheet, as a reader would copy it; blanks folded."""
    width = HALF if paper(name).two_up else 2 * HALF
    box = ["-r", str(DOTS), "-x", "0", "-y", "0", "-W", str(width), "-H", str(2 * HALF)]
    command = ["pdftotext", "-layout", "-l", "1", *box, "-", "-"]
    text = subprocess.run(command, input=pdf, capture_output=True, check=True).stdout.decode()
    return " ".join(text.split())


@pytest.mark.rule("E-43")
@pytest.mark.parametrize("name", SLIPS)
def test_the_file_holds_exactly_as_many_slips_as_asked_for(name, printed: Printed):
    pdf = printed(name)

    titles = " ".join(pages(pdf)).count(paper(name).heading)

    assert titles == paper(name).copies
    assert len(pages(pdf)) == len(paper(name).sheets)


@pytest.mark.rule("E-19")
@pytest.mark.parametrize("name", SLIPS)
def test_nothing_tells_one_slip_from_another(name, printed: Printed):
    slips = slips_of(name, printed(name))

    texts = {tuple(word.text for word in slip) for slip in slips}
    shifts = [
        max(abs(mine.left - first.left), abs(mine.top - first.top), abs(mine.right - first.right))
        for slip in slips
        for mine, first in zip(slip, slips[0], strict=True)
    ]

    assert len(slips) == paper(name).copies
    assert len(texts) == 1
    assert max(shifts) < 0.01


@pytest.mark.rule("E-19")
@pytest.mark.parametrize("name", ["ballot/strike_out", "ballot/agree_disagree_single", "opinion_ballot/nominated_only"])
def test_all_slips_of_two_sheets_are_the_same_dots(name, printed: Printed):
    pdf, margin = printed(name), 20  # the line to cut along is not part of a slip
    drawn = []
    for page in (1, 2):
        rows = picture(pdf, page)
        drawn.append([row[margin : HALF - margin] for row in rows])
        drawn.append([row[HALF + margin : 2 * HALF - margin] for row in rows])

    assert any(min(row) < 64 for row in drawn[0])
    assert [number for number, one in enumerate(drawn) if one != drawn[0]] == []


@pytest.mark.rule("E-43")
@pytest.mark.parametrize("name", SLIPS)
def test_the_stamp_stands_at_the_upper_left(name, printed: Printed):
    slip = slips_of(name, printed(name))[0]
    size = {True: 148.5, False: 210}[paper(name).two_up]

    stamp = [word for word in slip if word.text == "Dấu"][0]

    assert stamp.left < size / 2
    assert stamp.top < 40
    assert f"Dấu của {paper(name).stamp}" in " ".join(word.text for word in slip if word.right < 60 and word.top < 55)


@pytest.mark.parametrize("name", TWO_UP)
def test_two_small_slips_stand_side_by_side_with_room_to_cut(name, printed: Printed):
    for slip in slips_of(name, printed(name)):
        assert min(word.left for word in slip) > 9
        assert max(word.right for word in slip) < 139
        assert min(word.top for word in slip) > 8
        assert max(word.bottom for word in slip) < 202


@pytest.mark.parametrize("name", TWO_UP)
def test_small_slips_are_on_sheets_of_a4_across(name, printed: Printed):
    assert page_sizes(printed(name)) == {(297, 210)}


@pytest.mark.parametrize("name", ONE_UP)
def test_large_print_and_long_lists_have_a_sheet_of_a4_each(name, printed: Printed):
    assert page_sizes(printed(name)) == {(210, 297)}


def page_sizes(pdf: bytes) -> set[tuple[int, int]]:
    told = subprocess.run(["pdfinfo", "-l", "-1", "-"], input=pdf, capture_output=True, check=True).stdout.decode()
    return {
        (round(float(width) / 72 * 25.4), round(float(height) / 72 * 25.4))
        for width, height in re.findall(r"size:\s+([\d.]+) x ([\d.]+) pts", told)
    }


def test_large_print_is_half_as_large_again(printed: Printed):
    usual = next(word for word in words(printed("ballot/strike_out"), page=1) if word.text == "Ánh")
    large = next(word for word in words(printed("ballot/large"), page=1) if word.text == "Ánh")

    assert (large.bottom - large.top) / (usual.bottom - usual.top) > 1.4


@pytest.mark.rule("E-39", "E-40")
@pytest.mark.parametrize("name", SLIPS)
def test_a_slip_shows_number_and_name_in_the_order_given(name, printed: Printed):
    text = first_slip(name, printed(name))
    names = [shown for group in paper(name).groups for _, shown in group.rows]
    numbers = [number for group in paper(name).groups for number, _ in group.rows]

    places, after = [], text.index("Họ và tên")
    for shown in names:
        after = text.index(" ".join(shown.split()[:2]), after) + 1
        places.append(after)

    assert numbers == list(range(1, len(names) + 1))
    assert places == sorted(places)


@pytest.mark.rule("E-44")
def test_with_surplus_the_voter_strikes_out(printed: Printed):
    text = pages(printed("ballot/strike_out"))[0]

    assert "PHIẾU BẦU CHI ỦY" in text
    assert "Số lượng bầu: 03 đồng chí" in text
    assert "Gạch ngang giữa cả họ và tên những đồng chí mình không bầu; để lại ít nhất 01," in text
    assert "Đồng ý" not in text


@pytest.mark.rule("E-45")
def test_without_surplus_there_are_two_boxes(printed: Printed):
    text = first_slip("ballot/agree_disagree_single", printed("ballot/agree_disagree_single"))

    assert "PHIẾU BẦU BÍ THƯ" in text
    assert "STT Họ và tên Đồng ý" in text
    assert "Không" in text
    assert "Gạch" not in text


def test_a_round_again_says_which(printed: Printed):
    text = pages(printed("ballot/tie_revote"))[0]

    assert "lần thứ hai" in text
    assert "(bầu lại giữa những người có số phiếu bằng nhau)" in text


def test_namesakes_are_told_apart_by_the_year_of_birth(printed: Printed):
    text = pages(printed("ballot/namesakes"))[0]

    assert "Phạm Thị Ánh (sinh năm 1979)" in text
    assert "Phạm Thị Ánh (sinh năm 1988)" in text


@pytest.mark.rule("E-38")
def test_an_opinion_slip_says_who_stood_and_who_was_nominated(printed: Printed):
    text = first_slip("opinion_ballot/both", printed("opinion_ballot/both"))

    assert "PHIẾU XIN Ý KIẾN về việc đưa đồng chí ứng cử, được đề cử vào danh sách bầu chi ủy" in text
    assert text.index("Ứng cử 1 Vũ Đình Giang") < text.index("Được đề cử 2 Đỗ Thị Huệ")


@pytest.mark.parametrize(("names", "two_up"), [(11, True), (12, False)])
def test_a_list_too_long_for_half_a_sheet_gets_a_whole_one(names, two_up):
    people = [{"name": f"Nguyễn Thị {number}"} for number in range(names)]

    one = Ballot.from_dict(case("ballot/strike_out") | {"lines": people})

    assert one.two_up is two_up


@pytest.mark.parametrize(("names", "large"), [(24, False), (8, True)])
def test_a_long_ballot_still_fits_its_sheet(names, large):
    people = [{"name": f"Nguyễn Thị Huyền {number}"} for number in range(names)]
    data = case("ballot/strike_out") | {"lines": people, "copies": 2, "large": large}

    assert len(pages(rendering.render(Ballot.from_dict(data), "HD05_2026"))) == 2


@pytest.mark.parametrize(("change", "message"), [
    ({"copies": 0}, "Số phiếu in phải từ 1 đến 500, đang là 0."),
    ({"copies": 501}, "Số phiếu in phải từ 1 đến 500, đang là 501."),
    ({"seats": 5}, "Danh sách có 4 người, ít hơn 5 người cần bầu."),
    ({"lines": [{"name": "Lê An"}, {"name": "Lê An"}], "seats": 1}, "Hai người trùng họ và tên trên phiếu"),
])  # fmt: skip
def test_a_ballot_that_cannot_be_is_refused(change, message):
    with pytest.raises(InvalidInput, match=message):
        Ballot.from_dict(case("ballot/strike_out") | change)


def test_a_slip_about_nobody_is_refused():
    with pytest.raises(InvalidInput, match="Chưa có đồng chí nào ngoài danh sách của cấp ủy"):
        registry.get("F-23").from_dict(case("opinion_ballot/both") | {"stood": [], "nominated": []})


@pytest.mark.parametrize(("copies", "sheets"), [(1, 1), (2, 1), (3, 2), (15, 8)])
def test_an_odd_last_slip_leaves_half_a_sheet_empty(copies, sheets):
    one = replace(paper("ballot/strike_out"), copies=copies)

    assert len(one.sheets) == sheets
    assert sum(map(len, one.sheets)) == copies
