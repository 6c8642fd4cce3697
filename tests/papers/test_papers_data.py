"""The door of a paper: what gets in, what is refused, and in which words."""

from __future__ import annotations

import unicodedata
from copy import deepcopy
from dataclasses import fields, is_dataclass, replace
from datetime import date, time
from pathlib import Path
from typing import Any

import pytest

from accounts.errors import InvalidInput
from documents.papers import layouts, registry
from documents.papers.numbering import cite, format_number, format_place_date, short_date
from documents.papers.wording import balanced, clock, comrades, count, grounds, percent, roman, share
from tests.papers.cases import ALL_CASES, case, paper

DOCUMENTED = Path(__file__).parent.parent.parent / "docs" / "papers.md"
CODES = ["F-09", "F-10", "F-11", "F-17", "F-18", "F-22", "F-23", "F-24", "F-25", "F-26"]


@pytest.mark.parametrize("name", ALL_CASES)
def test_what_went_in_comes_out_unchanged(name):
    one = paper(name)

    assert type(one).from_dict(one.to_dict()) == one


@pytest.mark.parametrize("code", CODES)
def test_the_example_fills_every_field(code):
    kind = registry.get(code)

    assert _unfilled(kind.from_dict(kind.example()), kind.example()) == []


def _unfilled(value: Any, data: Any, path: str = "") -> list[str]:
    """Fields that the example leaves out, wherever they stand."""
    if isinstance(value, tuple):
        pairs = zip(value, data, strict=True)
        return [gap for index, (one, item) in enumerate(pairs) for gap in _unfilled(one, item, f"{path}[{index}]")]
    if not is_dataclass(value):
        return []
    gaps = [f"{path}.{field.name}" for field in fields(value) if field.name not in data]
    for field in fields(value):
        if field.name in data:
            gaps += _unfilled(getattr(value, field.name), data[field.name], f"{path}.{field.name}")
    return gaps


@pytest.mark.parametrize("code", CODES)
def test_invented_people_of_the_example_say_that_they_are(code):
    names = list(_names(registry.get(code).example()))

    assert names != []
    assert [name for name in names if not name.endswith("(bịa)")] == []


def _names(data: Any) -> Any:
    if isinstance(data, list):
        for item in data:
            yield from _names(item)
    elif isinstance(data, dict):
        person = {"votes", "post", "note", "role", "reason", "content", "allowed", "authority"} & set(data)
        if "name" in data and person:
            yield data["name"]
        for item in data.values():
            yield from _names(item)
        if "reader" in data:
            yield data["reader"]


@pytest.mark.parametrize("code", CODES)
def test_every_required_field_is_asked_for_by_its_name(code):
    kind = registry.get(code)

    with pytest.raises(InvalidInput) as refusal:
        kind.from_dict({})

    assert "“Phần đầu văn bản” (letterhead) còn thiếu." in str(refusal.value)
    assert len(refusal.value.fields) > 4


def _with(path: list[Any], value: Any, name: str = "tally_minutes/complete") -> dict[str, Any]:
    data = deepcopy(case(name))
    place = data
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value
    return data


@pytest.mark.parametrize(("path", "value", "message"), [
    pytest.param(["issued"], -1, "“Số phiếu phát ra” (issued) phải từ 0 đến", id="negative"),
    pytest.param(["issued"], "13", "“Số phiếu phát ra” (issued) phải là số nguyên, đang là '13'", id="text for number"),
    pytest.param(["issued"], 13.0, "phải là số nguyên", id="fraction"),
    pytest.param(["issued"], True, "phải là số nguyên", id="truth for number"),
    pytest.param(["issued"], 10**30, "phải từ 0 đến", id="huge"),
    pytest.param(["issued"], None, "đang là trống", id="nothing for number"),
    pytest.param(["term"], "   ", "“Nhiệm kỳ” (term) không được để trống", id="blank"),
    pytest.param(["term"], 2026, "“Nhiệm kỳ” (term) phải là chữ", id="number for text"),
    pytest.param(["term"], "a\x00b", "ký tự điều khiển không in được (U+0000)", id="control character"),
    pytest.param(["term"], "a\ud800b", "ký tự điều khiển không in được (U+D800)", id="half of a letter"),
    pytest.param(["term"], "x" * 20_001, "dài quá 20000 ký tự", id="too long"),
    pytest.param(["held_on"], "05/6/2026", "phải là một ngày dạng 2026-02-05", id="date the other way round"),
    pytest.param(["held_on"], "2026-02-30", "phải là một ngày", id="no such day"),
    pytest.param(["begun_at"], "25:00", "phải là giờ dạng 14:30", id="no such hour"),
    pytest.param(["office"], "president", "“Chức danh bầu” (office) phải là một trong", id="unknown office"),
    pytest.param(["office"], ["secretary"], "phải là một trong", id="list for a choice"),
    pytest.param(["status"], "rejected", "phải là một trong complete, short, tie", id="no minutes of a rejected count"),
    pytest.param(["lines"], [], "“Danh sách bầu cử” (lines) phải có ít nhất một dòng", id="nobody on the list"),
    pytest.param(["lines"], {}, "phải là một danh sách", id="group for a list"),
    pytest.param(["lines", 1, "votes"], "x", "“Số phiếu bầu” (lines[1].votes) phải là số nguyên", id="deep"),
    pytest.param(["lines", 1, "voted"], 3, "“voted” (lines[1].voted) không phải là trường", id="misspelt"),
    pytest.param(["lines", 1], "An", "phải là một nhóm trường", id="text for a group"),
    pytest.param(["letterhead", "issuer_lines"], [" "], "(letterhead.issuer_lines[0])", id="in a list"),
    pytest.param(["members_sign"], "có", "phải là true hoặc false", id="word for truth"),
])  # fmt: skip
def test_a_wrong_value_is_refused_by_name(path, value, message):
    with pytest.raises(InvalidInput) as refusal:
        registry.get("F-10").from_dict(_with(path, value))

    assert message in str(refusal.value)


@pytest.mark.rule("E-63a", "E-63b", "E-63d", "E-63e")
@pytest.mark.parametrize(("path", "value", "message"), [
    pytest.param(["issued"], 14, "Phát ra 14 phiếu nhưng chỉ có 13 đồng chí có mặt.", id="more ballots than voters"),
    pytest.param(["issued"], 12, "Thu về 13 phiếu nhưng chỉ phát ra 12 phiếu.", id="more back than out"),
    pytest.param(["valid"], 11, "Hợp lệ 11 cộng không hợp lệ 1 không bằng 13 phiếu thu về.", id="sum"),
    pytest.param(["lines", 0, "votes"], 13, "Phạm Thị Ánh (bịa) có nhiều phiếu hơn 12 phiếu hợp lệ.", id="votes"),
    pytest.param(["base"], 14, "Căn cứ tính kết quả là 14, trong khi triệu tập 14 trừ 1 còn 13.", id="base"),
    pytest.param(["seats"], 2, "không cộng thành 2 cần bầu", id="more elected than seats"),
    pytest.param(["status"], "short", "số lượng còn thiếu không khớp", id="status against seats"),
    pytest.param(["status"], "tie", "số phiếu bằng nhau không khớp", id="a tie of nobody"),
    pytest.param(["ballot"], "agree_disagree", "số người bằng số lượng cần bầu", id="wrong ballot"),
    pytest.param(["lines", 0, "tied"], True, "không thể vừa trúng cử vừa phải bầu lại", id="elected and tied"),
    pytest.param(["signatures"], [{"name": "An"}], "đúng 02 chữ ký", id="one signature"),
    pytest.param(["invalid_reasons", 0, "count"], 2, "không bằng 1 phiếu không hợp lệ", id="reasons"),
])  # fmt: skip
def test_minutes_that_contradict_themselves_are_refused(path, value, message):
    with pytest.raises(InvalidInput) as refusal:
        registry.get("F-10").from_dict(_with(path, value))

    assert message in str(refusal.value)


def test_every_fault_is_told_at_once():
    data = _with(["issued"], -1) | {"term": "", "lạ": 1}

    with pytest.raises(InvalidInput) as refusal:
        registry.get("F-10").from_dict(data)

    assert {"issued", "term", "lạ"} <= set(refusal.value.fields)


def test_letters_typed_in_two_strokes_are_stored_in_one():
    data = _with(["organization_name"], unicodedata.normalize("NFD", "Chi bộ Văn phòng Ủy ban\u200b"))

    one = registry.get("F-10").from_dict(data)

    assert one.to_dict()["organization_name"] == "Chi bộ Văn phòng Ủy ban"


def test_a_secretary_outside_the_committee_is_refused():
    data = case("ratification_decision/full")
    data["secretary"] = {"name": "Người khác"}

    with pytest.raises(InvalidInput, match="Người khác không có trong danh sách chi ủy"):
        registry.get("F-18").from_dict(data)


def test_a_paper_that_is_not_made_here_is_told_with_those_that_are():
    with pytest.raises(registry.UnknownPaper, match=f"Chưa có mẫu F-01. Các mẫu in được: {', '.join(CODES)}"):
        registry.get("F-01")


@pytest.mark.parametrize(("number", "kind", "symbol", "written"), [
    (5, "NQ", "ĐU", "Số 05-NQ/ĐU"),
    (118, "QĐ", "ĐU", "Số 118-QĐ/ĐU"),
    (1, "BB", "CB", "Số 01-BB/CB"),
    (10, "KH", "CBMN", "Số 10-KH/CBMN"),
    (None, "BC", "CB", "Số      -BC/CB"),
])  # fmt: skip
def test_numbers_are_written_the_party_way(number, kind, symbol, written):
    assert format_number(number, kind, symbol) == written


@pytest.mark.parametrize("wrong", [(0, "NQ", "ĐU"), (1, "XX", "ĐU"), (1, "NQ", ""), (1, "NQ", "ĐU/CB")])
def test_a_number_that_cannot_be_is_an_error(wrong):
    with pytest.raises(ValueError):
        format_number(*wrong)


@pytest.mark.parametrize(("on", "written"), [
    (date(2026, 2, 5), "Hà Nội, ngày 05 tháng 02 năm 2026"),
    (date(2026, 3, 5), "Hà Nội, ngày 05 tháng 3 năm 2026"),
    (date(2026, 1, 31), "Hà Nội, ngày 31 tháng 01 năm 2026"),
    (date(2026, 10, 10), "Hà Nội, ngày 10 tháng 10 năm 2026"),
    (None, "Hà Nội, ngày      tháng      năm      "),
])  # fmt: skip
def test_zero_stands_before_days_under_ten_and_the_first_two_months(on, written):
    assert format_place_date("Hà Nội", on) == written


def test_a_cited_document_has_a_comma_before_its_day():
    cited = cite("Nghị quyết", "Số 12-NQ/ĐU", date(2026, 9, 5), "Đảng ủy Sở Công Thương", "về công tác cán bộ")

    assert cited == "Nghị quyết số 12-NQ/ĐU, ngày 05/9/2026 của Đảng ủy Sở Công Thương về công tác cán bộ"
    assert short_date(date(2026, 1, 2)) == "02/01/2026"


@pytest.mark.rule("E-59")
@pytest.mark.parametrize(("part", "base", "written"), [
    (7, 13, "53,85 %"),
    (1, 3, "33,33 %"),
    (2, 3, "66,67 %"),
    (1, 8, "12,50 %"),
    (1, 800, "0,13 %"),
    (0, 5, "0,00 %"),
    (5, 5, "100,00 %"),
])  # fmt: skip
def test_percentages_have_two_decimals_half_up(part, base, written):
    assert percent(part, base) == written


def test_words_of_numbers_and_lists():
    assert (count(0), count(6), count(12)) == ("0", "06", "12")
    assert share(13, 13) == "13/13 đồng chí, đạt 100 %"
    assert clock(time(7, 5)) == "07 giờ 05 phút"
    assert comrades(["An"]) == "đồng chí An"
    assert comrades(["An", "Bình", "Chi"]) == "các đồng chí An, Bình và Chi"
    assert [roman(number) for number in (1, 4, 8, 9)] == ["I", "IV", "VIII", "IX"]
    assert grounds(["Căn cứ A;", "Căn cứ B."]) == ("Căn cứ A;", "Căn cứ B,")


def test_a_long_name_is_folded_into_lines_of_like_length():
    assert balanced("ĐẠI HỘI CHI BỘ VĂN PHÒNG 2", 22) == ("ĐẠI HỘI CHI BỘ", "VĂN PHÒNG 2")
    assert balanced("CHI BỘ 3", 22) == ("CHI BỘ 3",)
    assert balanced("MỘTTỪRẤTDÀIKHÔNGCÓKHOẢNGTRỐNG", 10) == ("MỘTTỪRẤTDÀIKHÔNGCÓKHOẢNGTRỐNG",)


@pytest.mark.parametrize(("on", "code"), [
    (date(2018, 4, 3), "HD36_2018"),
    (date(2026, 5, 26), "HD36_2018"),
    (date(2026, 5, 27), "HD05_2026"),
    (date(2031, 1, 1), "HD05_2026"),
])  # fmt: skip
def test_the_layout_is_that_of_the_papers_day(on, code):
    assert layouts.layout_for(on).code == code


def test_a_day_before_every_layout_is_an_error_and_not_a_guess():
    with pytest.raises(InvalidInput, match="có trước mọi thể thức"):
        layouts.layout_for(date(2018, 4, 2))


@pytest.mark.parametrize("layout", layouts.LAYOUTS.values(), ids=layouts.LAYOUTS)
def test_the_documented_table_is_the_layout(layout):
    rows = [line.split("|")[1:-1] for line in DOCUMENTED.read_text("utf-8").splitlines() if line.startswith("| `")]
    column = {"HD36_2018": 1, "HD05_2026": 2}[layout.code]
    documented = {row[0].strip(" `"): row[column].strip() for row in rows}

    assert documented == {
        field.name: str(getattr(layout, field.name))
        for field in fields(layout)
        if field.name not in ("code", "name", "certainty")
    }


def test_data_built_in_code_pass_the_same_door():
    one = paper("tally_minutes/complete")

    assert one.checked() == one
    with pytest.raises(InvalidInput, match="Nhiệm kỳ"):
        replace(one, term=" ").checked()
