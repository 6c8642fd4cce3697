"""Redraws the life cycles in README.md from the tables in the code. With ``--check`` only says whether they agree."""

from __future__ import annotations

import re
import sys
from importlib import import_module
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from accounts.transitions import Lifecycle  # noqa: E402  (the repository's root is no installed package)

APPS = ("congress", "documents", "elections")
START, END = "<!-- life cycles: drawn by scripts/draw_lifecycles.py -->", "<!-- end of life cycles -->"


def drawings() -> str:
    """One heading and one mermaid block per table, in the order of the modules."""
    blocks = []
    for app in APPS:
        module = import_module(f"{app}.lifecycle")
        for name, table in vars(module).items():
            if isinstance(table, Lifecycle):
                title = table.subject[:1].upper() + table.subject[1:]
                blocks.append(f"### {title} (`{app}.lifecycle.{name}`)\n\n```mermaid\n{table.as_mermaid()}\n```")
    return "\n\n".join(blocks)


def redrawn(readme: str) -> str:
    if START not in readme or END not in readme:
        raise ValueError("README.md lacks the marks between which the life cycles are drawn")
    return re.sub(f"{START}.*?{END}", lambda _: f"{START}\n\n{drawings()}\n\n{END}", readme, flags=re.DOTALL)


def main() -> int:
    path = ROOT / "README.md"
    before = path.read_text()
    after = redrawn(before)
    if "--check" in sys.argv[1:]:
        return 0 if before == after else 1
    path.write_text(after)
    return 0


if __name__ == "__main__":
    sys.exit(main())
