"""Cases of papers: a folder per paper, a file per situation."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from documents import rendering
from documents.papers import registry
from documents.papers.base import Paper

CASES = Path(__file__).parent
PAPERS = {registry.get(code).template: registry.get(code) for code in registry.codes()}
ALL_CASES = sorted(f"{path.parent.name}/{path.stem}" for path in CASES.glob("*/*.json"))


def case(name: str) -> dict[str, Any]:
    data: dict[str, Any] = json.loads((CASES / f"{name}.json").read_text("utf-8"))
    return data


def paper(name: str) -> Paper:
    return PAPERS[name.split("/")[0]].from_dict(case(name))


def pages(pdf: bytes, *, raw: bool = False) -> list[str]:
    """The text of each page as a reader would copy it; blanks folded unless ``raw``."""
    command = ["pdftotext", "-layout", "-", "-"]
    text = subprocess.run(command, input=pdf, capture_output=True, check=True).stdout.decode()
    split = text.split("\f")[:-1]
    return split if raw else [" ".join(page.split()) for page in split]


@pytest.fixture(scope="session")
def printed() -> Callable[..., bytes]:
    """Prints a case once per layout for the whole run."""
    made: dict[tuple[str, str], bytes] = {}

    def of(name: str, layout: str = "HD05_2026") -> bytes:
        if (name, layout) not in made:
            made[name, layout] = rendering.render(paper(name), layout)
        return made[name, layout]

    return of
