"""Compiles requirements*.in into the lock files, with hashes and without the address of any index."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import venv
from pathlib import Path

DEBIAN_12 = "3.11.2"  # one patch level more and the lock would lack what redis needs there
ROOT = Path(__file__).resolve().parent.parent


def main(arguments: list[str]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        venv.create(folder, with_pip=True)
        python = Path(folder) / "bin" / "python"
        subprocess.run([python, "-m", "pip", "install", "--quiet", "uv"], check=True)
        for name, constraints in (("requirements", []), ("requirements-dev", ["--constraint", "requirements.txt"])):
            subprocess.run(
                [python, "-m", "uv", "pip", "compile", "--quiet", "--generate-hashes", "--no-emit-index-url"]
                + ["--python-version", DEBIAN_12, "--custom-compile-command", "make lock", *constraints, *arguments]
                + [f"{name}.in", "--output-file", f"{name}.txt"],
                cwd=ROOT,
                check=True,
            )


if __name__ == "__main__":
    main(sys.argv[1:])
