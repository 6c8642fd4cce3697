"""A regulation that nobody here has seen yet is a file in a folder, and no code."""

import json
import os
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from congress.rules.added_texts import BadTexts, is_day, parameters_of, read_added, same_form, with_added
from congress.rules.regimes import by_code, by_default, codes_known, in_force, shipped, texts_known, use_folder
from tests.elections.rules.builders import line

ROOT = Path(__file__).parents[3]
LATER = date(2031, 3, 1)
ROW = {
    "kind": "election_regulation",
    "code": "999-QĐ/TW",
    "title": "Quyết định 999-QĐ/TW ngày 01/01/2031 (bịa)",
    "effective_from": "2031-01-01",
    "certainty": "C1",
    "articles": {"E-13": ["Điều 1", "C1"], "E-53": ["Điều 2", "C1"]},
    "parameters": {
        "tie_revote_needs_majority": {"value": True, "certainty": "C1"},
        "branch_committee_seats_at_most": {"value": 9, "certainty": "C1"},
        "support_test": {"value": [1, 4], "certainty": "C1"},
    },
}


@pytest.fixture
def folder(tmp_path):
    yield tmp_path
    use_folder(None)


def put(folder, *rows, name="999.json", **more):
    file = folder / name
    file.write_text(json.dumps({"documents": rows} | more, ensure_ascii=False), encoding="utf-8")
    return file


@pytest.mark.rule("E-02")
def test_a_file_alone_adds_a_regulation(folder):
    put(folder, ROW)

    use_folder(folder)

    regime = in_force(LATER)
    assert (regime.code, regime.cite("E-13")) == ("999-QĐ/TW", f"{ROW['title']}, Điều 1")
    assert regime.number("branch_committee_seats_at_most") == 9
    assert regime.text("implementation").code == "294-QĐ/TW"
    assert in_force(date(2030, 12, 31)).code == "190-QĐ/TW"
    assert codes_known() == ("244-QĐ/TW", "190-QĐ/TW", "999-QĐ/TW")
    assert by_code("999-QĐ/TW").number("branch_committee_seats_at_most") == 9
    assert by_default().code == "999-QĐ/TW"


@pytest.mark.rule("E-02")
def test_without_the_folder_only_what_is_shipped_is_known(folder):
    put(folder, ROW)
    use_folder(folder)
    assert in_force(LATER).code == "999-QĐ/TW"

    use_folder(folder / "none")

    assert in_force(LATER).code == "190-QĐ/TW"
    assert texts_known().rows == shipped().rows
    assert by_default().code == "190-QĐ/TW"


@pytest.mark.rule("E-02")
def test_a_text_of_the_same_code_replaces_the_one_shipped_and_parameters_the_usual_ones(folder):
    charter = ROW | {"kind": "charter", "code": "ĐL-2011", "title": "Điều lệ (bịa)", "effective_from": "2011-01-19"}
    put(folder, charter | {"parameters": {}}, parameters={"tellers_customary": {"value": 5, "certainty": "C1"}})
    put(folder, ROW, name="aaa.json")

    use_folder(folder)

    regime = in_force(date(2025, 5, 1))
    assert regime.text("charter").title == "Điều lệ (bịa)"
    assert len(texts_known().of_kind("charter")) == 1
    assert regime.number("tellers_customary") == 5
    assert shipped().parameters["tellers_customary"].value == 3
    assert in_force(LATER).code == "999-QĐ/TW"


@pytest.mark.rule("E-02")
def test_a_text_on_the_charter_may_set_parameters_of_its_own_from_its_day_on(folder):
    row = ROW | {"kind": "implementation", "code": "20-QĐ/TW", "effective_from": "2026-06-01"}
    put(folder, row | {"parameters": {"report_days": {"value": 10, "certainty": "C1"}}})

    use_folder(folder)

    assert in_force(date(2026, 5, 31)).number("report_days") == 7
    assert in_force(date(2026, 6, 1)).number("report_days") == 10
    assert in_force(date(2026, 6, 1)).number("complaint_days") == 15
    assert in_force(date(2026, 6, 1)).doubts == ()


def without(name):
    return {key: value for key, value in ROW.items() if key != name}


def parameter(name, **row):
    return ROW | {"parameters": {name: row}}


@pytest.mark.rule("E-02")
@pytest.mark.parametrize(
    ("data", "words"),
    [
        pytest.param("[]", "phải là một đối tượng JSON", id="a list"),
        pytest.param("{", "Không đọc được tệp quy chế 999.json", id="half a file"),
        pytest.param({"documents": {}}, "“documents” phải là một danh sách", id="documents are no list"),
        pytest.param({"documents": [1]}, "văn bản 1 phải là một đối tượng", id="a row is no object"),
        pytest.param({"documents": [ROW, without("title")]}, "văn bản 2 thiếu title", id="no title"),
        pytest.param({"documents": [ROW | {"kind": "law"}]}, "“kind” chỉ nhận election_regulation", id="kind"),
        pytest.param({"documents": [ROW | {"certainty": "sure"}]}, "văn bản 1: độ chắc chắn", id="how sure"),
        pytest.param({"documents": [ROW | {"certainty": 3}]}, "văn bản 1: độ chắc chắn", id="a number for it"),
        pytest.param(
            {"documents": [ROW | {"effective_from": "1/1/2031"}]},
            "“effective_from” phải ghi",
            id="another way of dates",
        ),
        pytest.param({"documents": [ROW | {"articles": {"13": ["Điều 1", "C1"]}}]}, "điều khoản “13”", id="no rule"),
        pytest.param({"documents": [ROW | {"articles": {"E-13": "Điều 1"}}]}, "điều khoản “E-13”", id="no place"),
        pytest.param({"documents": [ROW | {"articles": {"E-13": ["Điều 1"]}}]}, "điều khoản “E-13”", id="half a place"),
        pytest.param({"documents": [ROW | {"articles": {"E-13": ["Điều 1", "?"]}}]}, "văn bản 1, E-13: độ", id="place"),
        pytest.param(
            {"documents": [ROW | {"articles": []}]}, "“articles” phải là một đối tượng", id="articles are a list"
        ),
        pytest.param({"documents": [ROW | {"parameters": 3}]}, "“parameters” phải là", id="parameters are a number"),
        pytest.param({"documents": [parameter("typo", value=1, certainty="C1")]}, "không có tham số “typo”", id="typo"),
        pytest.param({"documents": [parameter("report_days", certainty="C1")]}, "phải có “value”", id="no value"),
        pytest.param({"documents": [ROW | {"parameters": {"report_days": 7}}]}, "phải có “value”", id="a bare value"),
        pytest.param({"documents": [parameter("report_days", value=7)]}, "report_days: độ chắc chắn", id="unsaid"),
        pytest.param(
            {"documents": [parameter("report_days", value="7", certainty="C1")]}, "không đúng dạng", id="text for 7"
        ),
        pytest.param(
            {"documents": [parameter("all_disagree", value="maybe", certainty="C1")]},
            "chỉ nhận ruling, valid, invalid",
            id="a strange word",
        ),
        pytest.param({"parameters": {"typo": {}}}, "chung: không có tham số “typo”", id="a general parameter"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_by_name_and_changes_nothing(folder, data, words):
    put(folder, ROW, name="good.json")
    use_folder(folder)
    (folder / "999.json").write_text(data if isinstance(data, str) else json.dumps(data), encoding="utf-8")

    with pytest.raises(BadTexts, match="999.json") as refusal:
        use_folder(folder)

    assert words in str(refusal.value)
    assert in_force(LATER).code == "999-QĐ/TW"


@pytest.mark.rule("E-02")
def test_a_file_of_other_bytes_is_refused(folder):
    (folder / "999.json").write_bytes(b"\xff")

    with pytest.raises(BadTexts, match="999.json: không mở được hoặc không phải UTF-8"):
        use_folder(folder)


@pytest.mark.parametrize(
    ("value", "day"),
    [("2031-01-01", True), ("2031-02-30", False), ("1/1/2031", False), (20310101, False), (None, False)],
)
def test_days_of_effect(folder, value, day):
    assert is_day(value) is day
    put(folder, ROW | {"doubtful_from": value, "doubt": "x"})
    if day:
        use_folder(folder)
    else:
        with pytest.raises(BadTexts, match="“doubtful_from” phải ghi"):
            use_folder(folder)


@pytest.mark.rule("E-02")
def test_everything_wrong_in_a_file_is_said_at_once(folder):
    file = put(folder, without("title"), ROW | {"kind": "law", "certainty": "?"})

    with pytest.raises(BadTexts) as refusal:
        read_added(file, shipped())

    assert str(refusal.value).count(";") == 2


@pytest.mark.rule("E-02")
def test_a_file_may_hold_parameters_alone_and_notes_are_kept(folder):
    text = ROW | {"note": "nguồn (bịa)", "parameters": {"report_days": {"value": 8, "certainty": "C1", "note": "xem"}}}
    alone = folder / "alone.json"
    alone.write_text('{"parameters": {"notice_days": {"value": 20, "certainty": "C1"}}}', encoding="utf-8")
    whole = put(folder, text)

    (row,) = read_added(whole, shipped()).rows

    assert (row.note, row.parameters["report_days"].note) == ("nguồn (bịa)", "xem")
    assert read_added(alone, shipped()).rows == ()
    assert read_added(alone, shipped()).parameters["notice_days"].value == 20
    assert read_added(whole, shipped()).parameters == {}


@pytest.mark.parametrize(
    ("value", "example", "same"),
    [
        ([1, 2], (2, 3), True),
        ([0, 2], (2, 3), False),
        ([1], (2, 3), False),
        ([1, True], (2, 3), False),
        (3, (2, 3), False),
        (0, 7, True),
        (-1, 7, False),
        (True, 7, False),
        (True, False, True),
        (1, False, False),
        (None, None, True),
        (0, None, False),
    ],
)
def test_the_form_of_a_value(value, example, same):
    assert same_form(value, example) is same


def test_every_parameter_is_described_for_who_adds_a_text():
    described = (ROOT / "docs/rulebook/engine.md").read_text(encoding="utf-8")

    assert [name for name in parameters_of(shipped()) if f"| `{name}` |" not in described] == []


def test_every_parameter_of_the_code_is_shipped_once_for_all():
    known = parameters_of(shipped())

    assert known["support_test"] == (None, (3, 10))
    assert known["surplus_rounding"] == ("down", "down", "up")
    assert with_added(shipped(), shipped()) == shipped()


@pytest.mark.rule("E-02")
def test_the_command_reads_the_folder_that_the_administrator_names(folder):
    put(folder, ROW)
    vote = line([6, 5], base=12, seats=1, kind="tie_revote", valid=11, invalid=1, held_on="2031-03-01")
    environment = os.environ | {"REGIMES_DIR": str(folder), "DATABASE_URL": "postgres://nobody@127.0.0.1:1/none"}
    command = [sys.executable, "manage.py", "decide_elections"]

    def run():
        data = json.dumps(vote).encode()
        return subprocess.run(command, cwd=ROOT, env=environment, input=data, capture_output=True, check=False)

    decided = json.loads(run().stdout)
    put(folder, without("title"))
    refused = run()

    assert (decided["regime"], decided["status"]) == ("999-QĐ/TW", "short")
    assert (decided["reasoning"][2]["citation"], decided["reasoning"][2]["certainty"]) == (
        f"{ROW['title']}, Điều 2",
        "",
    )
    assert refused.returncode != 0
    assert "999.json" in refused.stderr.decode()
