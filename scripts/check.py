"""Every machine check that is no test, each run to its end so that one call shows all there is to mend."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PYTHON = sys.executable
CHECKS: dict[str, list[str]] = {
    "style": [PYTHON, "-m", "ruff", "check", "."],
    "format": [PYTHON, "-m", "ruff", "format", "--check", "."],
    "types": [PYTHON, "-m", "mypy"],
    "templates": [PYTHON, "-m", "djlint", "templates", "--lint", "--quiet"],
    "layers": [str(Path(PYTHON).with_name("lint-imports")), "--no-cache"],
    "migrations": [PYTHON, "manage.py", "makemigrations", "--check", "--dry-run"],
    "system": [PYTHON, "manage.py", "check"],
}


def main(names: list[str]) -> int:
    unknown = set(names) - set(CHECKS)
    if unknown:
        sys.exit(f"no such check: {', '.join(sorted(unknown))}; there are {', '.join(CHECKS)}")
    failed = []
    for name in names or CHECKS:
        print(f"=== {name}", flush=True)
        environment = os.environ | {"PYTHONPATH": str(ROOT), "DATABASE_URL": "sqlite://:memory:"}
        if subprocess.run(CHECKS[name], cwd=ROOT, env=environment, stdin=subprocess.DEVNULL).returncode != 0:
            failed.append(name)
    print(f"failed: {', '.join(failed)}" if failed else "all checks passed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
