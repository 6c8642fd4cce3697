"""Facts about the repository as a whole."""

import re
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
WORKSHOP = re.compile("|".join(["\\.\\./" + "shared", "/work/" + r"(?:main|shared)", "file:" + "///opt"]))
INDEX = re.compile(r"^\s*(?:--(?:extra-)?index-url|--find-links|-[if]\b|--trusted-host)|https?://", re.MULTILINE)


def tracked_files() -> list[Path]:
    listing = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout
    return [ROOT / name for name in listing.decode().split("\0") if name and (ROOT / name).is_file()]


def pins(lock_file: str) -> dict[str, str]:
    lines = (ROOT / lock_file).read_text().splitlines()
    return dict(line.split(" ")[0].split("==") for line in lines if "==" in line and not line.startswith((" ", "#")))


def test_no_file_speaks_of_the_workshop_it_was_made_in():
    speaking = [
        str(path.relative_to(ROOT))
        for path in tracked_files()
        if path.stat().st_size < 2_000_000 and WORKSHOP.search(path.read_bytes().decode("utf-8", "ignore"))
    ]

    assert speaking == []


def test_the_lock_files_name_no_package_index():
    assert [
        name for name in ("requirements.txt", "requirements-dev.txt") if INDEX.search((ROOT / name).read_text())
    ] == []


def test_every_pin_has_a_hash():
    for name in ("requirements.txt", "requirements-dev.txt"):
        blocks = re.split(r"^(?=[a-zA-Z0-9])", (ROOT / name).read_text(), flags=re.MULTILINE)
        assert [block.split(" ")[0] for block in blocks if "==" in block and "--hash=sha256:" not in block] == []


def test_the_development_lock_contains_the_runtime_lock():
    development = pins("requirements-dev.txt")

    assert {name: development.get(name) for name in pins("requirements.txt")} == pins("requirements.txt")


def test_psycopg_3_is_not_beside_psycopg_2():
    """Django would silently prefer it."""
    assert "psycopg" not in pins("requirements-dev.txt")


def test_continuous_integration_runs_what_the_readme_says():
    commands = [
        line
        for line in (ROOT / ".ci" / "run").read_text().splitlines()
        if line and not line.startswith(("#", "set ", "cd "))
    ]

    assert commands == ["make test </dev/null"]
    assert "make test" in (ROOT / "README.md").read_text()
