"""Every rule of the rulebook is a function with a test, or is listed here with the reason why it is none."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
RULEBOOK = ROOT / "docs/rulebook/rules.md"
ID = re.compile(r"[EU]-\d\d[a-k]?")
OPENING = re.compile(r"(?:^|\. |\n)([EU]-\d\d[a-k]?) —|; ([EU]-\d\d[a-k]?) —")
HEADING = re.compile(r"^\*\*(E-\d\d) —|^\| (E-\d\d[a-k]) \|", re.MULTILINE)
PACKAGES = ("congress/rules", "elections/rules", "organizations/rules")

NOT_COMPUTED = {
    "E-03": "văn bản chỉ đạo về nhân sự và thời gian, không quy định cách tính kết quả",
    "E-22": "nguyên tắc chung; từng hệ quả (đa số quá bán, chuẩn y) là quy tắc riêng E-51, E-65",
    "E-23": "việc cấp ủy triệu tập chuẩn bị, là các bước của chuẩn bị đại hội (congress/readiness.py)",
    "E-24": "việc của đoàn chủ tịch: người làm, không tính; quyền ghi ở policies",
    "E-25": "việc của thư ký đại hội: người làm, không tính",
    "E-29": "điều kiện dùng phần mềm (U-06): phần mềm chỉ giúp đếm và lập biên bản, người ký",
    "E-40": "danh sách trích ngang là một mẫu in (documents/papers)",
    "E-42": "chưa đọc được nội dung (U-10), là bước tùy chọn, không ảnh hưởng kết quả",
    "E-62": "thể thức văn bản của chi bộ (documents/letterheads.py)",
    "E-66": "cấp trên không chuẩn y là một bước chuyển (congress/lifecycle.py, refuse_results)",
    "E-68": "trúng cử và được chuẩn y là hai trạng thái (congress/lifecycle.py, CLOSED và RATIFIED)",
    "E-69": "xử lý vi phạm là việc kỷ luật đảng, ngoài phần mềm",
}


def docstrings(path: Path) -> list[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    found = [ast.get_docstring(node) for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.ClassDef)]
    return [text for text in found if text]


def rules_in_code() -> set[str]:
    paths = [path for package in PACKAGES for path in (ROOT / package).glob("*.py")]
    found = (match for path in paths for text in docstrings(path) for match in OPENING.findall(text))
    return {rule for match in found for rule in match if rule}


def rules_marked() -> set[str]:
    paths = [path for package in PACKAGES for path in (ROOT / "tests" / package).glob("*.py")]
    return {rule for path in paths for rule in re.findall(r'mark\.rule\("([^"]+)"\)', path.read_text(encoding="utf-8"))}


def rules_of_the_rulebook() -> set[str]:
    text = RULEBOOK.read_text(encoding="utf-8")
    return {rule for match in HEADING.findall(text) for rule in match if rule}


def test_the_rulebook_is_read_whole():
    numbers = {int(rule[2:4]) for rule in rules_of_the_rulebook()}

    assert numbers == set(range(1, 71))
    assert {rule for rule in rules_of_the_rulebook() if len(rule) == 5} == {f"E-63{letter}" for letter in "abcdefghijk"}


def test_every_rule_is_a_function_or_has_a_reason_why_not():
    assert rules_of_the_rulebook() - rules_in_code() - set(NOT_COMPUTED) == set()
    assert rules_in_code() & set(NOT_COMPUTED) == set()
    assert set(NOT_COMPUTED) - rules_of_the_rulebook() == set()


def test_every_rule_has_a_test():
    assert rules_in_code() - rules_marked() == set()


def test_rules_and_markers_are_those_of_the_rulebook():
    known = set(ID.findall(RULEBOOK.read_text(encoding="utf-8")))

    assert (rules_marked() | rules_in_code()) - known == set()


@pytest.mark.parametrize(
    "docstring", ["E-13 — Base.", "What. E-14 — Base.", "What.\n\nE-14 — Base.", "This; E-53 — Tie."]
)
def test_how_a_docstring_names_its_rules(docstring):
    assert OPENING.search(docstring)
    assert not OPENING.search(docstring.replace(" —", ":"))
