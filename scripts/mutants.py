"""Mutation testing of the rules: every small change of ``elections/rules`` and ``congress/rules`` should fail a test.

    make mutants                                          all modules, two processes, low priority
    make mutants ARGS="elections/rules/outcome.py"        some modules
    make mutants ARGS="--known var/mutants.jsonl"         only what survived the last time or has changed since

Each mutant lives in a forked process that imports the changed module and runs the test files which reach the
changed line, until one fails. Nothing is written to the tree. The result is one JSON line per mutant
(``var/mutants.jsonl``) and a table; exit code 1 below 95 %, or when a changed ``<``, ``<=``, ``>`` or ``>=`` survived.
"""

from __future__ import annotations

import argparse
import ast
import copy
import hashlib
import importlib.abc
import importlib.util
import json
import os
import resource
import signal
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from types import CodeType, FrameType, ModuleType
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("congress/rules", "elections/rules")
TESTS = ("tests/congress/rules", "tests/elections/rules")
RESULTS = ROOT / "var" / "mutants.jsonl"
GOAL = 95
PATIENCE = 90
"""Seconds of computing that a mutant gets, however busy the machine is: one that never ends is killed by then."""
FIRST, SLOW = "answers", ("oracle", "lines", "outcome")
QUIET = ["-x", "-q", "--noconftest", "-p", "no:cacheprovider", "-c", os.devnull, f"--rootdir={ROOT}"]
QUIET += ["--import-mode=importlib", "-W", "ignore", "-k", "not the_command"]

SWAPPED: dict[type, tuple[type, ...]] = {
    ast.Lt: (ast.LtE, ast.GtE),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.LtE),
    ast.GtE: (ast.Gt, ast.Lt),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
    ast.Add: (ast.Sub,),
    ast.Sub: (ast.Add,),
    ast.Mult: (ast.FloorDiv,),
    ast.FloorDiv: (ast.Mult,),
    ast.Mod: (ast.Mult,),
    ast.And: (ast.Or,),
    ast.Or: (ast.And,),
    ast.BitOr: (ast.BitAnd,),
    ast.BitAnd: (ast.BitOr,),
}
ORDER = (ast.Lt, ast.LtE, ast.Gt, ast.GtE)
OTHER_CALL = {"any": "all", "all": "any", "min": "max", "max": "min"}


@dataclass(frozen=True)
class Mutant:
    """One change: ``number`` counts the changes of its module, ``kind`` is "order" for a comparison by size."""

    module: str
    number: int
    line: int
    kind: str
    change: str


# ---- the changes ----


class Changes(ast.NodeTransformer):
    """Walks a module in a fixed order, counts every possible change, and makes the one that is wanted."""

    def __init__(self, wanted: int | None = None) -> None:
        self.wanted = wanted
        self.found: list[tuple[int, str, str]] = []
        self.depth = 0  # of functions: texts outside of them are labels and sentences
        self.raising = False

    def offer(self, node: Any, kind: str, make: Callable[[], Any], told: str = "") -> Any:
        """The node itself, or what ``make`` puts in its place when this is the wanted change."""
        number = len(self.found)
        new = make()
        if new is None:
            change = "removed"
        else:
            change = f"{told or ast.unparse(node)} → {ast.unparse(new)}"
        self.found.append((node.lineno, kind, change[:160]))
        return ast.copy_location(new, node) if number == self.wanted and new is not None else node

    def removed(self, node: Any) -> Any:
        number = len(self.found)
        self.found.append((node.lineno, "statement", f"removed: {ast.unparse(node)[:120]}"))
        return ast.copy_location(ast.Pass(), node) if number == self.wanted else node

    def visit_FunctionDef(self, node: ast.FunctionDef) -> Any:
        self.depth += 1
        node.args.defaults = [self.visit(value) for value in node.args.defaults]
        node.args.kw_defaults = [None if value is None else self.visit(value) for value in node.args.kw_defaults]
        node.body = self.statements(node.body)
        self.depth -= 1
        return node

    def visit_ClassDef(self, node: ast.ClassDef) -> Any:
        node.body = self.statements(node.body)
        return node

    def visit_Module(self, node: ast.Module) -> Any:
        node.body = self.statements(node.body)
        return node

    def statements(self, body: list[ast.stmt]) -> list[ast.stmt]:
        return [statement if is_text(statement) else self.visit(statement) for statement in body]

    def visit_AnnAssign(self, node: ast.AnnAssign) -> Any:
        if node.value is not None:
            node.value = self.visit(node.value)
        return node

    def visit_Import(self, node: ast.Import) -> Any:
        return node

    def visit_ImportFrom(self, node: ast.ImportFrom) -> Any:
        return node

    def visit_Raise(self, node: ast.Raise) -> Any:
        self.raising = True
        self.generic_visit(node)
        self.raising = False
        return self.removed(node)

    def visit_Expr(self, node: ast.Expr) -> Any:
        self.generic_visit(node)
        return self.removed(node)

    def visit_Return(self, node: ast.Return) -> Any:
        self.generic_visit(node)
        if node.value is None or (isinstance(node.value, ast.Constant) and node.value.value is None):
            return node
        return self.offer(node, "return", lambda: ast.Return(ast.Constant(None)))

    def visit_Compare(self, node: ast.Compare) -> Any:
        self.generic_visit(node)
        for place, operator in enumerate(node.ops):
            for other in SWAPPED[type(operator)]:
                kind = "order" if isinstance(operator, ORDER) else "comparison"
                node = self.offer(node, kind, lambda p=place, o=other, n=node: with_operator(n, p, o()))
        return node

    def visit_BoolOp(self, node: ast.BoolOp) -> Any:
        self.generic_visit(node)
        return self.offer(node, "logic", lambda: ast.BoolOp(SWAPPED[type(node.op)][0](), node.values))

    def visit_BinOp(self, node: ast.BinOp) -> Any:
        if in_a_type(node):
            return node
        self.generic_visit(node)
        for other in SWAPPED.get(type(node.op), ()):
            node = self.offer(node, "arithmetic", lambda o=other, n=node: ast.BinOp(n.left, o(), n.right))
        return node

    def visit_AugAssign(self, node: ast.AugAssign) -> Any:
        node.value = self.visit(node.value)
        for other in SWAPPED.get(type(node.op), ()):
            node = self.offer(node, "arithmetic", lambda o=other, n=node: ast.AugAssign(n.target, o(), n.value))
        return node

    def visit_UnaryOp(self, node: ast.UnaryOp) -> Any:
        self.generic_visit(node)
        return self.offer(node, "logic", lambda: node.operand)

    def visit_If(self, node: ast.If) -> Any:
        self.generic_visit(node)
        return self.offer(node, "condition", lambda: ast.If(negated(node.test), node.body, node.orelse), "if")

    def visit_While(self, node: ast.While) -> Any:
        self.generic_visit(node)
        return self.offer(node, "condition", lambda: ast.While(negated(node.test), node.body, node.orelse), "while")

    def visit_IfExp(self, node: ast.IfExp) -> Any:
        self.generic_visit(node)
        return self.offer(node, "condition", lambda: ast.IfExp(negated(node.test), node.body, node.orelse))

    def visit_comprehension(self, node: ast.comprehension) -> Any:
        self.generic_visit(node)
        node.ifs = [self.offer(test, "condition", lambda t=test: negated(t)) for test in node.ifs]
        return node

    def visit_Call(self, node: ast.Call) -> Any:
        if isinstance(node.func, ast.Name) and node.func.id in ("TypeVar", "cast"):
            return node
        self.generic_visit(node)
        if isinstance(node.func, ast.Name) and node.func.id in OTHER_CALL:
            name = OTHER_CALL[node.func.id]
            node = self.offer(node, "call", lambda n=node: ast.Call(ast.Name(name, ast.Load()), n.args, n.keywords))
        return node

    def visit_Constant(self, node: ast.Constant) -> Any:
        value = node.value
        if isinstance(value, bool):
            return self.offer(node, "constant", lambda: ast.Constant(not value))
        if isinstance(value, int):
            return self.offer(node, "constant", lambda: ast.Constant(value + 1))
        if isinstance(value, str) and value.strip() and self.depth and not self.raising:
            return self.offer(node, "text", lambda: ast.Constant(f"XX{value}"))
        return node


def is_text(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)


def in_a_type(node: ast.BinOp) -> bool:
    """``int | None`` where it is no annotation: an alias."""
    return isinstance(node.op, ast.BitOr) and any(
        isinstance(part, ast.Constant) and part.value is None for part in (node.left, node.right)
    )


def negated(test: ast.expr) -> ast.expr:
    return ast.copy_location(ast.UnaryOp(ast.Not(), test), test)


def with_operator(node: ast.Compare, place: int, operator: ast.cmpop) -> ast.Compare:
    operators = [*node.ops]
    operators[place] = operator
    return ast.Compare(node.left, operators, node.comparators)


def tree_of(module: str) -> ast.Module:
    return ast.parse((ROOT / module).read_text(encoding="utf-8"))


def mutants_of(module: str) -> list[Mutant]:
    changes = Changes()
    changes.visit(tree_of(module))
    return [Mutant(module, number, *found) for number, found in enumerate(changes.found)]


def code_of(mutant: Mutant) -> CodeType:
    changed = Changes(mutant.number).visit(copy.deepcopy(tree_of(mutant.module)))
    return compile(ast.fix_missing_locations(changed), str(ROOT / mutant.module), "exec")


# ---- running tests in a forked process ----


class Mutated(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Imports one module with its change and leaves all others alone."""

    def __init__(self, mutant: Mutant) -> None:
        self.name = mutant.module.removesuffix(".py").replace("/", ".")
        self.path = str(ROOT / mutant.module)
        self.code = code_of(mutant)

    def find_spec(self, name: str, path: Any, target: ModuleType | None = None) -> Any:
        if name != self.name:
            return None
        spec = importlib.util.spec_from_loader(name, self, origin=self.path)
        if spec is not None:
            spec.has_location = True
        return spec

    def exec_module(self, module: ModuleType) -> None:
        exec(self.code, module.__dict__)  # noqa: S102  (our own source, with one change)


def forked(act: Callable[[], bytes]) -> tuple[bytes, bool]:
    """What ``act`` answers in a process of its own, and whether it came to its end in time."""
    reader, writer = os.pipe()
    process = os.fork()
    if process == 0:
        os.close(reader)
        silence = os.open(os.devnull, os.O_RDWR)
        os.dup2(silence, 1)
        os.dup2(silence, 2)
        resource.setrlimit(resource.RLIMIT_CPU, (PATIENCE, PATIENCE))
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
        signal.alarm(20 * PATIENCE)
        with suppress(BaseException), os.fdopen(writer, "wb") as pipe:
            pipe.write(act())
        os._exit(0)  # whatever happened: a copy of this program must not go on with its work
    os.close(writer)
    with os.fdopen(reader, "rb") as pipe:
        answer = pipe.read()
    _, status = os.waitpid(process, 0)
    return answer, os.WIFEXITED(status)


def run_tests(files: list[str], mutant: Mutant | None = None) -> bool:
    """Whether every file passes."""
    import pytest

    if mutant is not None:
        sys.meta_path.insert(0, Mutated(mutant))
    return all(pytest.main([*QUIET, file]) == 0 for file in files)


def lines_reached(test: str) -> dict[str, list[int]]:
    """The lines of the rules that one test file runs, by module; an empty answer when the file fails unchanged."""
    folders = tuple(str(ROOT / package) for package in PACKAGES)
    reached: dict[str, set[int]] = {}

    def entered(frame: FrameType, event: str, argument: Any) -> Any:
        file = frame.f_code.co_filename
        if not file.startswith(folders):
            return None
        lines = reached.setdefault(file[len(str(ROOT)) + 1 :], set())
        lines.add(frame.f_lineno)

        def inside(frame: FrameType, event: str, argument: Any) -> Any:
            lines.add(frame.f_lineno)
            return inside

        return inside

    sys.settrace(entered)
    passed = run_tests([test])
    sys.settrace(None)
    return {module: sorted(lines) for module, lines in reached.items()} if passed else {}


def reach_of(tests: list[str], workers: ThreadPoolExecutor) -> dict[str, dict[str, set[int]]]:
    """Test file → module → lines; a test that fails without any change ends everything."""
    os.environ["ELECTIONS_COMPARED"] = "300"
    answers = list(workers.map(lambda test: forked(lambda: json.dumps(lines_reached(test)).encode())[0], tests))
    os.environ["ELECTIONS_COMPARED"] = "2000"
    reach = {}
    for test, answer in zip(tests, answers, strict=True):
        lines = json.loads(answer or b"{}")
        if not lines:
            print(f"left out, reaches no rule or fails by itself: {test}", file=sys.stderr)
        reach[test] = {module: set(numbers) for module, numbers in lines.items()}
    return reach


def survives(mutant: Mutant, reach: dict[str, dict[str, set[int]]]) -> bool:
    """Runs the files that reach the line, quick ones first."""
    files = [test for test, lines in reach.items() if mutant.line in lines.get(mutant.module, ())]
    files += [test for test, lines in reach.items() if test not in files and lines and at_import(mutant)]
    files.sort(key=lambda test: (any(word in test for word in SLOW), FIRST not in test, len(reach[test])))
    answer, ended = forked(lambda: b"survived" if run_tests(files, mutant) else b"killed")
    return ended and answer == b"survived"


def at_import(mutant: Mutant) -> bool:
    """Whether the change is outside of every function: then any test may notice it."""
    for node in ast.walk(tree_of(mutant.module)):
        if isinstance(node, ast.FunctionDef) and node.body[0].lineno <= mutant.line <= (node.end_lineno or 0):
            return False
    return True


# ---- the report ----


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("modules", nargs="*", help="modules to change; all of the rules when none is named")
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--nice", type=int, default=10, help="how much others on this machine go first")
    parser.add_argument("--known", type=Path, help="an earlier result: what was killed of a module that did not change")
    parser.add_argument("--out", type=Path, default=RESULTS)
    options = parser.parse_args(arguments)
    os.nice(options.nice)
    os.chdir(ROOT)
    sys.path.insert(0, str(ROOT))
    sys.dont_write_bytecode = True
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    prepare()
    mutants = [mutant for module in options.modules or all_modules() for mutant in mutants_of(module)]
    killed = killed_before(options.known) if options.known else set()
    started = time.monotonic()
    with ThreadPoolExecutor(options.processes) as workers:
        reach = reach_of(sorted(str(path) for folder in TESTS for path in Path(folder).glob("test_*.py")), workers)
        fates = workers.map(lambda mutant: key_of(mutant) not in killed and survives(mutant, reach), mutants)
        rows = list(written(options.out, mutants, fates))
    return report(rows, time.monotonic() - started)


def prepare() -> None:
    """Everything that no mutant changes is imported once, before the processes part."""
    import hypothesis
    import hypothesis.strategies
    import pytest

    hypothesis.settings.register_profile("mutants", derandomize=True, deadline=None, database=None)
    hypothesis.settings.load_profile("mutants")
    assert pytest.__version__  # noqa: S101  (imported for what importing does)


def all_modules() -> list[str]:
    return sorted(str(path) for package in PACKAGES for path in Path(package).glob("*.py"))


def killed_before(result: Path) -> set[tuple[str, str, int]]:
    """Tests only grow, so what they once killed in the same text they still kill."""
    rows = [json.loads(row) for row in result.read_text(encoding="utf-8").splitlines()]
    return {(row["module"], row["text"], row["number"]) for row in rows if not row["survived"]}


def key_of(mutant: Mutant) -> tuple[str, str, int]:
    return mutant.module, text_of(mutant.module), mutant.number


@cache
def text_of(module: str) -> str:
    """A short name for the text of a module as it is now."""
    return hashlib.sha256((ROOT / module).read_bytes()).hexdigest()[:12]


def written(out: Path, mutants: list[Mutant], fates: Iterator[bool]) -> Iterator[dict[str, Any]]:
    """Each row as soon as it is known, so that a run can be watched."""
    out.parent.mkdir(parents=True, exist_ok=True)
    with out.open("w", encoding="utf-8", buffering=1) as file:
        for mutant, survived in zip(mutants, fates, strict=True):
            row = asdict(mutant) | {"survived": survived, "text": text_of(mutant.module)}
            file.write(f"{json.dumps(row, ensure_ascii=False)}\n")
            yield row


def report(rows: list[dict[str, Any]], seconds: float) -> int:
    made = Counter(row["module"] for row in rows)
    lived = Counter(row["module"] for row in rows if row["survived"])
    for row in rows:
        if row["survived"]:
            print(f"survived {row['module']}:{row['line']} [{row['kind']}] {row['change']}")
    print(f"\n{'module':44}{'mutants':>8}{'killed':>8}{'score':>9}")
    for module in sorted(made):
        killed = made[module] - lived[module]
        print(f"{module:44}{made[module]:8}{killed:8}{100 * killed / made[module]:8.1f}%")
    total, killed = sum(made.values()), sum(made.values()) - sum(lived.values())
    order = [row for row in rows if row["kind"] == "order"]
    order_lived = sum(row["survived"] for row in order)
    print(f"{'all':44}{total:8}{killed:8}{100 * killed / max(1, total):8.1f}%   in {seconds:.0f} s")
    print(f"of these < <= > >=: {len(order)}, survived {order_lived}")
    return 1 if 100 * killed < GOAL * total or order_lived else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
