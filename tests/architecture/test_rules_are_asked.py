"""A rule that only tests ask decides nothing: each is reached from code that a person or a command starts."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
APPS = ("outbox", "accounts", "organizations", "congress", "documents", "elections", "config", "scripts", "benchmarks")
RULES = re.compile(r"(congress|elections)\.rules\.\w+")

Name = tuple[str, str]
"""Module and the name in it."""


def module_of(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


TREES = {
    module_of(path): ast.parse(path.read_text(encoding="utf-8"))
    for app in APPS
    for path in sorted((ROOT / app).rglob("*.py"))
    if "migrations" not in path.parts
}
RULE_TREES = {module: tree for module, tree in TREES.items() if RULES.fullmatch(module)}
DEFINED: dict[Name, ast.stmt] = {
    (module, node.name): node
    for module, tree in RULE_TREES.items()
    for node in tree.body
    if isinstance(node, ast.FunctionDef | ast.ClassDef)
}


def imported(tree: ast.Module) -> dict[str, Name]:
    """Name here → where it comes from, wherever in the module it is imported."""
    found = (node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.module)
    return {one.asname or one.name: (str(node.module), one.name) for node in found for one in node.names}


def used(module: str, node: ast.AST, names: dict[str, Name]) -> Iterator[Name]:
    """What this piece of code names: its own module's, imported, or of an imported module."""
    for one in ast.walk(node):
        if isinstance(one, ast.Name):
            yield names.get(one.id, (module, one.id))
        elif isinstance(one, ast.Attribute) and isinstance(one.value, ast.Name) and one.value.id in names:
            package, name = names[one.value.id]
            yield f"{package}.{name}", one.attr


def outside() -> Iterator[Name]:
    """Named by other code, or when a module of rules is loaded (tables, constants)."""
    for module, tree in TREES.items():
        names = imported(tree)
        loaded = [node for node in tree.body if (module, getattr(node, "name", "")) not in DEFINED]
        for node in loaded:
            if not isinstance(node, ast.Import | ast.ImportFrom):
                yield from used(module, node, names)


def reached() -> set[Name]:
    found: set[Name] = set()
    waiting = list(outside())
    while waiting:
        name = waiting.pop()
        if name in DEFINED and name not in found:
            found.add(name)
            waiting += used(name[0], DEFINED[name], imported(TREES[name[0]]))
    return found


def test_every_public_rule_is_asked_by_more_than_its_tests():
    unasked = sorted(f"{module}.{name}" for module, name in set(DEFINED) - reached() if not name.startswith("_"))

    assert unasked == []


def test_rules_were_found_at_all():
    """Else the test above would pass on nothing."""
    assert len(DEFINED) > 200
    assert ("elections.rules.decide", "decide") in DEFINED
    assert ("congress.rules.majority", "votes_needed") in reached()


def words_of_the_product() -> set[str]:
    """Attributes named anywhere in code, and words of templates."""
    code = {one.attr for tree in TREES.values() for one in ast.walk(tree) if isinstance(one, ast.Attribute)}
    templates = (path.read_text(encoding="utf-8") for path in (ROOT / "templates").rglob("*.html"))
    return code.union(*(re.findall(r"\w+", text) for text in templates))


def test_every_public_method_of_a_rule_is_named_somewhere():
    words = words_of_the_product()
    methods = {
        f"{module}.{name}.{one.name}": one.name
        for (module, name), node in DEFINED.items()
        if isinstance(node, ast.ClassDef)
        for one in node.body
        if isinstance(one, ast.FunctionDef) and not one.name.startswith("_")
    }

    assert sorted(path for path, name in methods.items() if name not in words) == []
