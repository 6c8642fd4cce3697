"""An article without a test shows up: ids that begin docstrings of the rules against ``rule`` markers."""

import ast
import re
from pathlib import Path

ROOT = Path(__file__).parents[3]
ID = re.compile(r"[EU]-\d\d[a-k]?")
OPENING = re.compile(r"(?:^|\. )([EU]-\d\d[a-k]?) —")
PACKAGES = ("congress/rules", "elections/rules")


def docstrings(path: Path) -> list[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    found = [ast.get_docstring(node) for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.ClassDef)]
    return [text for text in found if text]


def rules_in_code() -> set[str]:
    paths = [path for package in PACKAGES for path in (ROOT / package).glob("*.py")]
    return {rule for path in paths for text in docstrings(path) for rule in OPENING.findall(text)}


def rules_marked() -> set[str]:
    texts = [
        path.read_text(encoding="utf-8") for package in PACKAGES for path in (ROOT / "tests" / package).glob("*.py")
    ]
    return {rule for text in texts for rule in re.findall(r'mark\.rule\("([^"]+)"\)', text)}


def test_every_rule_has_a_test():
    assert rules_in_code() - rules_marked() == set()


def test_markers_name_rules_of_the_rulebook():
    rulebook = (ROOT / "docs/rulebook/rules.md").read_text(encoding="utf-8")

    assert rules_marked() - set(ID.findall(rulebook)) == set()
    assert len(rules_in_code()) > 30
