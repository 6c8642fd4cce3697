"""The life cycles drawn in the README are those in the code."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent


def test_the_readme_draws_the_tables_of_the_code():
    result = subprocess.run([sys.executable, "scripts/draw_lifecycles.py", "--check"], cwd=ROOT)

    assert result.returncode == 0, "run: .venv/bin/python scripts/draw_lifecycles.py"
