"""The same data are the same bytes: on another day, in another time zone, by another process."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from documents import rendering
from tests.papers.cases import paper

ROOT = Path(__file__).parent.parent.parent


@pytest.mark.parametrize(
    "name", ["tally_minutes/complete", "congress_minutes/full", "ratification_decision/full", "ballot/tie_revote"]
)
def test_twice_in_one_process(name):
    assert rendering.render(paper(name), "HD05_2026") == rendering.render(paper(name), "HD05_2026")


@pytest.mark.parametrize(
    "name", ["tally_minutes/complete", "tally_minutes/undated_unnumbered", "congress_minutes/full", "ballot/tie_revote"]
)
def test_in_two_processes_with_different_clocks_and_languages(name, tmp_path):
    code = registry_code(name)
    hashes = set()
    for number, surroundings in enumerate(
        [
            {"TZ": "Asia/Ho_Chi_Minh", "LANG": "C.UTF-8", "PYTHONHASHSEED": "1"},
            {"TZ": "America/Los_Angeles", "LANG": "C", "PYTHONHASHSEED": "2", "SOURCE_DATE_EPOCH": "1"},
        ]
    ):
        out = tmp_path / f"{number}.pdf"
        case = ROOT / "tests" / "papers" / f"{name}.json"
        subprocess.run(
            [sys.executable, "manage.py", "render_paper", code, str(case), str(out)],
            cwd=ROOT,
            env=os.environ | surroundings | {"PYTHONUTF8": "1"},
            check=True,
            capture_output=True,
        )
        hashes.add(hashlib.sha256(out.read_bytes()).hexdigest())

    assert len(hashes) == 1


def test_printing_other_papers_first_changes_nothing():
    alone = rendering.render(paper("ratification_request/full"), "HD05_2026")
    rendering.render(paper("tally_minutes/every_letter"), "HD36_2018")

    assert rendering.render(paper("ratification_request/full"), "HD05_2026") == alone


def test_one_different_figure_is_a_different_file_and_fingerprint():
    one = paper("ratification_decision/full")
    other = replace(one, term="2026 - 2029")

    assert rendering.render(one, "HD05_2026") != rendering.render(other, "HD05_2026")
    assert one.fingerprint() != other.fingerprint()


def registry_code(name: str) -> str:
    return paper(name).code
