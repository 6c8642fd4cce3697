"""Facts about the repository as a whole."""

from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent


def pins(lock_file: str) -> dict[str, str]:
    lines = (ROOT / lock_file).read_text().splitlines()
    return dict(line.split(" ")[0].split("==") for line in lines if "==" in line and not line.startswith((" ", "#")))


def test_the_development_lock_contains_the_runtime_lock():
    development = pins("requirements-dev.txt")

    assert {name: development.get(name) for name in pins("requirements.txt")} == pins("requirements.txt")
