"""Short cuts that are only allowed where somebody looked at them."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
APPS = ("outbox", "accounts", "organizations", "congress", "documents", "elections", "config")
CODE = [path for app in APPS for path in sorted((ROOT / app).rglob("*.py")) if "migrations" not in path.parts]


def files_with(pattern: str) -> set[str]:
    return {str(path.relative_to(ROOT)) for path in CODE if re.search(pattern, path.read_text(), flags=re.MULTILINE)}


@pytest.mark.parametrize(
    "pattern",
    [
        pytest.param(r"\bmark_safe\(|\bSafeString\(", id="no text declared safe"),
        pytest.param(r"\.raw\(|\.extra\(|\bRawSQL\(", id="no raw SQL in queries"),
        pytest.param(r"^\s*(?:import|from) (?:pickle|marshal|shelve)\b", id="nothing is unpickled"),
    ],
)
def test_no_short_cut_is_taken(pattern):
    assert files_with(pattern) == set()


def test_only_the_browsers_own_reports_come_without_a_token():
    exempt = re.compile(r"^@csrf_exempt\n(?:@.*\n)*def (\w+)", re.MULTILINE)
    views = {name for path in CODE for name in exempt.findall(path.read_text())}

    assert views == {"csp_report"}


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
