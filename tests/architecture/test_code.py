"""Short cuts that are only allowed where somebody looked at them."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
APPS = ("outbox", "accounts", "organizations", "congress", "documents", "elections", "config")
CODE = [path for app in APPS for path in sorted((ROOT / app).rglob("*.py")) if "migrations" not in path.parts]

REVIEWED: dict[str, set[str]] = {
    "csrf_exempt": set(),
    "mark_safe": set(),
    "raw or extra SQL": set(),
    "pickle": set(),
}


def files_with(pattern: str) -> set[str]:
    return {str(path.relative_to(ROOT)) for path in CODE if re.search(pattern, path.read_text())}


@pytest.mark.parametrize(
    ("name", "pattern"),
    [
        pytest.param("csrf_exempt", r"\bcsrf_exempt\b", id="no view without CSRF protection"),
        pytest.param("mark_safe", r"\bmark_safe\(|\bSafeString\(", id="no text declared safe"),
        pytest.param("raw or extra SQL", r"\.raw\(|\.extra\(|\bRawSQL\(", id="no raw SQL in queries"),
        pytest.param("pickle", r"^\s*(?:import|from) (?:pickle|marshal|shelve)\b", id="nothing is unpickled"),
    ],
)
def test_a_short_cut_is_taken_only_where_reviewed(name, pattern):
    assert files_with(pattern) == REVIEWED[name]


def test_only_services_and_models_assign_a_state():
    """Commands, views, admin and tasks call services; outbox jobs are rows of the machinery, not of the Party."""
    allowed = ("services", "models", "outbox")
    assigning = {
        str(path.relative_to(ROOT))
        for path in CODE
        if not any(part.startswith(allowed) for part in path.relative_to(ROOT).parts)
        and re.search(r"\.state = ", path.read_text())
    }

    assert assigning == set()


def test_the_environment_is_read_in_the_settings_and_nowhere_else():
    reading = {name for name in files_with(r"os\.environ\b|os\.getenv\(") if not name.startswith("config/")}

    assert reading == set()


def test_every_exemption_says_why():
    exemption = re.compile(r"#\s*(?:noqa: [A-Z0-9, ]+|type: ignore\[[\w, -]+\])(?P<rest>.*)$", re.MULTILINE)
    silent = [
        f"{path.relative_to(ROOT)}: {match[0]}"
        for path in [*CODE, *(ROOT / "scripts").rglob("*.py"), *(ROOT / "tests").rglob("*.py")]
        for match in exemption.finditer(path.read_text())
        if not match["rest"].strip()
    ]

    assert silent == []
