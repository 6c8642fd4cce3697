"""Rolls as staff keep them: found wherever they stand, read or refused, every row accounted for."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Any

import pytest
from openpyxl import Workbook

from accounts.errors import InvalidInput
from organizations.importing import cells, workbook
from organizations.importing.cells import Reading, Unreadable
from organizations.importing.comparing import Known, counts, judge
from organizations.importing.rolls import ROLL, entry
from organizations.importing.rowreading import Entry
from organizations.importing.rows import Found, Skipped, sort_out

TODAY = date(2025, 6, 1)
READING = Reading(TODAY)
HERE = (7, "Chi bộ Một")
NOON = datetime(1980, 2, 1)  # noqa: DTZ001  (as Excel gives a day)


def saved(build: Callable[[Workbook], Any]) -> bytes:
    book, file = Workbook(), io.BytesIO()
    build(book)
    book.save(file)
    return file.getvalue()


def sheet(*rows: Sequence[Any], merged: Sequence[str] = ()) -> bytes:
    def build(book: Workbook) -> None:
        for row in rows:
            book.active.append(row)
        for one in merged:
            book.active.merge_cells(one)

    return saved(build)


def found(content: bytes) -> Found:
    return sort_out(workbook.read(content), ROLL, key="full_name")


def entries(content: bytes) -> list[Entry]:
    return [
        entry(raw, one.header, READING, {"job": 20, "full_name": 100})
        for one in found(content).lists
        for raw in one.entries
    ]


def values(content: bytes) -> list[dict[str, Any]]:
    read = entries(content)
    assert [one.problems for one in read if one.problems] == []
    return [{key: value for key, value in one.values.items() if value is not None} for one in read]


# ---- days ----


@pytest.mark.parametrize(
    "typed",
    [
        NOON, date(1980, 2, 1), "1/2/1980", "01/02/1980", "01.02.1980", "1-2-1980", "1-2-80", "1980-02-01", "1980/2/1",
        "1980-02-01 00:00:00", "01021980", "ngày 1 tháng 2 năm 1980", "Ngày 01 tháng 02 năm 1980", "1 tháng 2 1980",
        " 1 / 2 / 1980 ", "1/2/1980.", "ngày 1/2/1980",
    ],
)  # fmt: skip
def test_a_day_is_read_in_every_spelling_of_the_office(typed):
    assert cells.birthday(typed, READING) == date(1980, 2, 1)


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        (1980, "chưa đủ ngày, tháng, năm"),
        ("1980", "chưa đủ ngày, tháng, năm"),
        ("2/1980", "chưa đủ ngày, tháng, năm"),
        ("29/2/1981", "Không có ngày 29/2/1981"),
        ("02/28/1980", "Ghi ngày trước, tháng sau"),
        (29252, "là số, không phải ngày"),
        ("hè 1980", "Không đọc được"),
        ("1/2/1780", "không hợp lý"),
        ("1/2/2030", "sau hôm nay"),
        ("#VALUE!", "báo lỗi"),
        ("1/2/\u202e1980", "ký tự ẩn"),
        (workbook.Uncomputed("A1+1"), "công thức chưa được tính"),
    ],
)
def test_an_unclear_day_is_refused_with_what_to_write(typed, reason):
    with pytest.raises(Unreadable, match=reason):
        cells.birthday(typed, READING)


def test_two_signs_of_a_year_are_the_latest_such_year_that_can_be():
    assert cells.birthday("1/2/45", READING) == date(1945, 2, 1)
    assert cells.birthday("1/2/07", READING) == date(2007, 2, 1)
    assert cells.birthday("1/2/08", READING) == date(1908, 2, 1)
    assert cells.day("1/2/25", READING) == date(2025, 2, 1)
    assert cells.day("1/2/26", READING) == date(1926, 2, 1)


def test_other_cells_are_read_as_they_are_meant():
    assert [cells.gender(one, READING) for one in ("Nam", "NỮ", "nu", None)] == ["male", "female", "female", ""]
    assert cells.level("Cao cấp LLCT-HC", READING) == "advanced"
    assert cells.level("TC", READING) == "intermediate"
    assert [cells.yes_or_no(one, READING) for one in ("x", "Không", None, "Quy hoạch 2025-2030")] == [
        True,
        False,
        None,
        True,
    ]
    assert cells.phone(912345678, READING) == "0912345678"
    assert cells.card(45.01234, READING) == "45.012340"
    for read, odd in ((cells.gender, "?"), (cells.level, "12/12"), (cells.yes_or_no, "2021"), (cells.phone, "hỏi sau")):
        with pytest.raises(Unreadable):
            read(odd, READING)


@pytest.mark.parametrize("typed", ["NguyÔn V¨n An", "Nguyễn Văn An 2", "Nguyễn_An", "NguyÔn µn", "An\u200b Bình"])
def test_a_name_of_an_old_font_or_with_hidden_signs_is_refused(typed):
    with pytest.raises(Unreadable):
        cells.name(typed, READING)


@pytest.mark.parametrize("typed", ["Y Thịnh Êban", "H'Hen Niê", "Hồ Văn A-Lăng", "NGUYỄN VĂN AN", "Ðỗ Thị Dung"])
def test_a_name_keeps_its_spelling(typed):
    assert cells.name(typed, READING) == typed


def test_a_name_in_nfd_is_stored_in_nfc():
    assert cells.name("Nguye\u0302\u0303n  Va\u0306n An", READING) == "Nguyễn Văn An"


# ---- headers ----


def test_a_plain_list_is_read():
    content = sheet(("STT", "Họ và tên", "Ngày sinh"), (1, "Lê Văn An", "1/2/1980"), (2, "Trần Thị Bình", NOON))

    assert values(content) == [
        {"full_name": "Lê Văn An", "born_on": date(1980, 2, 1)},
        {"full_name": "Trần Thị Bình", "born_on": date(1980, 2, 1)},
    ]


def test_the_form_f_05_is_read_below_its_titles_headings_and_numbers():
    content = sheet(
        ("ĐẢNG ỦY SỞ CÔNG THƯƠNG", None, None, None, None, "ĐẢNG CỘNG SẢN VIỆT NAM"),
        ("CHI BỘ MỘT",),
        (None, "DANH SÁCH TRÍCH NGANG"),
        (),
        (
            "STT",
            "Họ và tên (chữ in hoa)",
            "Ngày, tháng, năm sinh",
            None,
            "Dân tộc",
            "Ngày vào Đảng",
            None,
            "Trình độ",
            None,
        ),
        (None, None, "Nam", "Nữ", None, "Dự bị", "Chính thức", "Chuyên môn", "LLCT"),
        (1, 2, 3, 4, 5, 6, 7, 8, 9),
        (1, "LÊ VĂN AN", "1/2/1980", None, "Kinh", "3/2/2005", "3/2/2006", "Đại học Luật", "Cao cấp"),
        (2, "TRẦN THỊ BÌNH", None, "5.6.1985", "Mường", "19/5/2024", None, "Thạc sĩ", "Chưa"),
        (None, "Tổng cộng: 02 đồng chí"),
        (None, None, None, None, None, "Thanh Hóa, ngày 01 tháng 6 năm 2025"),
        (None, "NGƯỜI LẬP BIỂU", None, None, None, "T/M CHI BỘ"),
        (None, None, None, None, None, "BÍ THƯ"),
        (),
        (None, "Cao Thị Chuyên", None, None, None, "Lê Văn An"),
        merged=["A1:E1", "B3:I3", "A5:A6", "B5:B6", "C5:D5", "E5:E6", "F5:G5", "H5:I5"],
    )

    an, binh = values(content)

    assert an == {
        "full_name": "LÊ VĂN AN", "gender": "male", "born_on": date(1980, 2, 1), "ethnicity": "Kinh",
        "admitted_on": date(2005, 2, 3), "official_on": date(2006, 2, 3), "education": "Đại học Luật",
        "political_level": "advanced",
    }  # fmt: skip
    assert (binh["gender"], binh["born_on"], binh["full_name"]) == ("female", date(1985, 6, 5), "TRẦN THỊ BÌNH")
    assert "official_on" not in binh
    left = [(one.row, one.kind) for one in found(content).leftovers if one.row > 6]
    assert left == [
        (7, Skipped.NUMBERS), (10, Skipped.TOTAL), (11, Skipped.SIGNATURE), (12, Skipped.SIGNATURE),
        (13, Skipped.SIGNATURE), (15, Skipped.SIGNATURE),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("header", "row"),
    [
        (("TT", "HỌ TÊN", "NĂM SINH"), (1, "Lê Văn An", "1/2/1980")),
        (("Số TT", "Họ và tên đệm", "Tên", "Sinh ngày"), (1, "Lê Văn", "An", "1-2-80")),
        (("Họ và tên đảng viên", "Ngày tháng năm sinh (dd/mm/yyyy)"), ("Lê Văn An", NOON)),
        (("Ho va ten", "Ngay sinh", "Ghi chú"), ("Lê Văn An", "01.02.1980", "x")),
        (("Giới tính", "Ngày sinh", "Họ, tên"), (None, NOON, "Lê Văn An")),
    ],
)
def test_a_column_is_known_by_any_of_its_names(header, row):
    assert values(sheet(("Danh sách",), header, row)) == [{"full_name": "Lê Văn An", "born_on": date(1980, 2, 1)}]


def test_nam_sinh_and_nu_sinh_are_two_columns_and_a_mark_is_the_gender_alone():
    content = sheet(("Họ và tên", "Nam sinh", "Nữ sinh"), ("Lê Văn An", "1/2/1980", None), ("Trần Thị Bình", None, "x"))

    assert values(content) == [
        {"full_name": "Lê Văn An", "gender": "male", "born_on": date(1980, 2, 1)},
        {"full_name": "Trần Thị Bình", "gender": "female"},
    ]


def test_every_sheet_with_a_header_is_read_and_the_others_are_named():
    def build(book: Workbook) -> None:
        book.active.append(["Ghi chú của đồng chí văn phòng"])
        for name in ("Chi bộ 1", "Chi bộ 2"):
            page = book.create_sheet(name)
            page.append(["Họ và tên", "Ngày sinh"])
            page.append(["Lê Văn An", "1/2/1980"])
        hidden = book.create_sheet("Cũ")
        hidden.append(["Họ và tên", "Ngày sinh"])
        hidden.append(["Phạm Văn Ẩn", "1/2/1980"])
        hidden.sheet_state = "hidden"

    read = found(saved(build))

    assert [(one.name, len(one.entries)) for one in read.lists] == [("Chi bộ 1", 1), ("Chi bộ 2", 1)]
    assert read.without_header == [("Sheet", 1)]


def test_a_branch_is_taken_from_a_merged_column_or_from_the_heading_above():
    merged = sheet(
        ("STT", "Chi bộ", "Họ và tên", "Ngày sinh"),
        (1, "Chi bộ Một", "Lê Văn An", NOON),
        (2, None, "Trần Thị Bình", NOON),
        merged=["B2:B3"],
    )
    below = sheet(
        ("STT", "Họ và tên", "Ngày sinh"),
        ("I", "Chi bộ Một"),
        (1, "Lê Văn An", NOON),
        ("II. Chi bộ Hai",),
        (1, "Trần Thị Bình", NOON),
    )

    assert [one.branch for one in entries(merged)] == ["Chi bộ Một", "Chi bộ Một"]
    assert [one.raw.section for one in entries(below)] == ["Chi bộ Một", "Chi bộ Hai"]


def test_a_person_called_tong_or_cong_is_no_total():
    content = sheet(("Họ và tên", "Ngày sinh"), ("Tống Văn An", NOON), ("Công Thị Bình", None), ("Bì Thư Hà", NOON))

    assert [one["full_name"] for one in values(content)] == ["Tống Văn An", "Công Thị Bình", "Bì Thư Hà"]


def test_a_formula_is_read_as_its_value_and_one_without_value_is_refused():
    content = sheet(("Họ và tên", "Ngày sinh", "Chức vụ"), ("Lê Văn An", "=DATE(1980,2,1)", '="Trưởng"&" phòng"'))

    (an,) = entries(content)

    assert [(one.column, one.value) for one in an.problems] == [
        ("Ngày sinh", "=DATE(1980,2,1)"),
        ("Chức vụ", '="Trưởng"&" phòng"'),
    ]
    assert "công thức chưa được tính" in an.problems[0].reason


def test_all_that_is_wrong_in_a_row_is_said_with_the_name_of_its_column():
    header = ("Họ và tên", "Ngày sinh", "Ngày vào Đảng", "Ngày chính thức", "Giới tính", "Chức vụ")
    rows = (
        ("An", "1/2/1980", None, None, None, None),
        ("Lê Văn An", "1980", None, None, "?", "x" * 21),
        ("Lê Văn Bình", "1/2/1980", "1/2/1990", None, None, None),
        ("Lê Văn Chi", "1/2/1980", "1/2/2005", "1/2/2004", None, None),
        ("Lê Văn Dung", None, "1/2/2026 ", None, None, None),
    )

    problems = [[one.column for one in each.problems] for each in entries(sheet(header, *rows))]

    assert problems == [
        ["Họ và tên"], ["Ngày sinh", "Giới tính", "Chức vụ"], ["Ngày vào Đảng"], ["Ngày chính thức"], ["Ngày vào Đảng"],
    ]  # fmt: skip


def test_every_fault_of_a_row_is_told_at_once():
    header = ("Họ và tên", "Ngày sinh", "Ngày vào Đảng", "Ngày về chi bộ")
    rows = (("Phạm Văn B", "31/2/1980", "2/9/2030", "1/1/2099"), ("Lê", "1980", "1/2/2030", None))

    problems = [[one.column for one in each.problems] for each in entries(sheet(header, *rows))]

    assert problems == [["Ngày sinh", "Ngày vào Đảng", "Ngày về chi bộ"], ["Ngày sinh", "Họ và tên", "Ngày vào Đảng"]]


def test_official_without_its_day_is_refused_since_the_base_would_be_wrong():
    header = ("Họ và tên", "Ngày chính thức", "Chính thức/Dự bị")
    content = sheet(header, ("Lê Văn An", None, "CT"), ("Lê Văn Bình", "1/2/2006", "Dự bị"), ("Lê Văn Chi", None, "DB"))

    assert [bool(one.problems) for one in entries(content)] == [True, True, False]


# ---- comparing ----


def known(
    pk: int, name: str, born: date | None, *, branch: tuple[int, str] = HERE, gone: bool = False, **more: Any
) -> Known:
    return Known(pk, *branch, {"full_name": name, "born_on": born} | more, gone)


def judged(
    rows: Sequence[Sequence[Any]], *there: Known, choices: dict[str, str] | None = None
) -> list[tuple[str, Any]]:
    header = ("Họ và tên", "Ngày sinh", "Số thẻ", "Ngày vào Đảng", "Chức vụ")
    found = judge(entries(sheet(header, *rows)), {}, there, choices or {}, only_branch=HERE)
    assert sum(counts(found).values()) == len(rows)
    return [(one.outcome.value, one.alike.pk if one.alike else one.member_id) for one in found]


BORN = date(1980, 2, 1)
ELSEWHERE = (8, "Chi bộ Hai")


@pytest.mark.parametrize(
    ("row", "there", "outcome"),
    [
        pytest.param(("Lê Văn An", BORN), known(1, "Lê Văn An", BORN), ("unchanged", 1), id="the same"),
        pytest.param(("LÊ  VĂN AN", BORN), known(1, "Lê Văn An", BORN), ("updated", 1), id="the same in capitals"),
        pytest.param(
            ("Ðỗ Văn An", BORN), known(1, "Đỗ Văn An", BORN), ("unchanged", 1), id="the same with another code of Đ"
        ),
        pytest.param(
            ("Lê Văn An", BORN, None, None, "Bí thư"), known(1, "Lê Văn An", BORN), ("updated", 1), id="more told"
        ),
        pytest.param(
            ("Lê Văn An", BORN), known(1, "Lê Văn An", BORN, job="Bí thư"), ("unchanged", 1), id="empty keeps"
        ),
        pytest.param(
            ("Lê Văn An", BORN, "12"),
            known(1, "Lê Văn An", date(1981, 1, 1), card_number="12"),
            ("updated", 1),
            id="card",
        ),
        pytest.param(("Lê Văn Ân", BORN), known(1, "Lê Văn An", BORN), ("refused", 1), id="other marks, the same day"),
        pytest.param(
            ("Lê Văn Bê", BORN, "12"), known(1, "Lê Văn An", None, card_number="12"), ("refused", 1), id="a card twice"
        ),
        pytest.param(
            ("Lê Văn An", None), known(1, "Lê Văn An", BORN), ("refused", 1), id="no day of birth to tell them"
        ),
        pytest.param(("Lê Văn An", None), known(1, "Lê Văn An", None), ("unchanged", 1), id="none on both sides"),
        pytest.param(("Lê Văn An", date(1990, 1, 1)), known(1, "Lê Văn An", BORN), ("refused", 1), id="another day"),
        pytest.param(
            ("Hoàng Quang Hai", date(1990, 1, 1), None, date(2015, 1, 1)),
            known(1, "Hoàng Quang Hải", BORN, admitted_on=date(2005, 1, 1)),
            ("refused", 1),
            id="other marks, other days",
        ),
        pytest.param(
            ("Lê Văn An", date(1990, 1, 1)),
            known(1, "Lê Văn An", BORN, branch=ELSEWHERE),
            ("created", None),
            id="another day, elsewhere",
        ),
        pytest.param(
            ("Lê Văn An", date(1981, 2, 1), None, date(2005, 1, 1)),
            known(1, "Lê Văn An", BORN, admitted_on=date(2005, 1, 1)),
            ("refused", 1),
            id="another day of birth, the same of admission",
        ),
        pytest.param(
            ("Lê Văn An", BORN), known(1, "Lê Văn An", BORN, branch=ELSEWHERE), ("refused", 1), id="elsewhere"
        ),
        pytest.param(("Lê Văn An", BORN), known(1, "Lê Văn An", BORN, gone=True), ("refused", 1), id="left before"),
    ],
)
def test_who_is_the_same_person_and_who_must_be_asked_about(row, there, outcome):
    assert judged([row], there) == [outcome]


def test_a_person_decides_and_nobody_is_taken_for_two():
    an = known(1, "Lê Văn An", BORN)
    row = ("Lê Văn Ân", BORN)

    assert judged([row], an, choices={"Sheet!2": "same"}) == [("updated", 1)]
    assert judged([row], an, choices={"Sheet!2": "other"}) == [("created", 1)]
    assert judged([("Lê Văn An", BORN), row], an, choices={"Sheet!3": "same"}) == [("unchanged", 1), ("refused", 1)]


def test_doubles_inside_the_file_are_refused_or_asked_about():
    rows = [
        ("Lê Văn An", BORN),
        ("Lê Văn An", BORN),
        ("Lê Văn Ân", BORN),
        ("Trần An", None, "12"),
        ("Trần Bê", None, "12"),
    ]

    assert [outcome for outcome, _ in judged(rows)] == ["created", "refused", "refused", "created", "refused"]


def reasons(*rows: Sequence[Any], known: Sequence[Known] = ()) -> list[str]:
    read = entries(sheet(("Họ và tên", "Ngày sinh", "Số thẻ"), *rows))
    return [
        " ".join(problem.reason for problem in one.entry.problems)
        for one in judge(read, {}, known, {}, only_branch=HERE)
    ]


def test_a_name_with_another_code_of_d_is_the_same_person_and_the_code_is_said():
    _, second = reasons(("Lê Văn Đức", BORN), ("Lê Văn Ðức", BORN))

    assert "Trùng dòng 2 của tệp (chữ Ð gõ bằng mã U+00D0, không phải Đ của tiếng Việt)." in second


def test_rows_refused_for_another_fault_are_told_to_be_doubles_too():
    first, second, other = reasons(("Lê Văn Đức", "31/2/1980"), ("Lê Văn Ðức", "30/2/1980"), ("Lê Văn Đức", "31/13/1"))

    assert "Giống dòng" not in first
    assert "Giống dòng 2, đồng chí Lê Văn Đức." in second
    assert "Giống dòng 2" in other


def test_a_worse_code_in_the_file_changes_no_name():
    an = [Known(1, *HERE, {"full_name": "Lê Văn Đức", "born_on": date(1980, 2, 1)})]
    odd = [Known(1, *HERE, {"full_name": "Lê Văn Ðức", "born_on": date(1980, 2, 1)})]
    read = [entries(sheet(("Họ và tên", "Ngày sinh"), (name, BORN))) for name in ("Lê Văn Ðức", "Lê Văn Đức")]

    (kept,) = judge(read[0], {}, an, {}, only_branch=HERE)
    (mended,) = judge(read[1], {}, odd, {}, only_branch=HERE)

    assert (kept.outcome, kept.changes) == ("unchanged", {})
    assert mended.changes == {"full_name": ("Lê Văn Ðức", "Lê Văn Đức")}


def test_the_branch_is_named_in_a_roll_of_several():
    rows = (
        ("Họ và tên", "Chi bộ"),
        ("Lê An", "chi bo mot"),
        ("Lê Bê", "CB2"),
        ("Lê Cê", "Hai"),
        ("Lê Dê", "Ba"),
        ("Lê Ê", None),
    )
    branches = {"chi bo mot": HERE, "cb2": ELSEWHERE, "chi bo hai": ELSEWHERE}

    found = judge(entries(sheet(*rows)), branches, [], {})

    assert [(one.outcome.value, one.branch_id) for one in found] == [
        ("created", 7), ("created", 8), ("created", 8), ("refused", None), ("refused", None),
    ]  # fmt: skip


def test_the_roll_of_one_branch_may_name_it_shortly_but_not_be_that_of_another():
    content = sheet(("Họ và tên", "Chi bộ"), ("Lê An", "Một"), ("Lê Bê", "CHI BỘ MỘT (bịa)"), ("Lê Cê", "Chi bộ Hai"))

    found = judge(entries(content), {"chi bo mot": HERE}, [], {}, only_branch=HERE)

    assert [one.outcome.value for one in found] == ["created", "created", "refused"]


def test_merged_cells_that_lie_over_one_another_come_to_an_end():
    page = workbook.Page("Sheet", [(n, ["x"]) for n in range(1, 1002)], [(1, 0, 1001, 0)] * 201)

    with pytest.raises(InvalidInput, match="ô gộp"):
        workbook._fill_downwards(page)
