"""What the Content-Security-Policy and the offline form of use demand of templates and style sheets."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
PAGES = [path for path in TEMPLATES if "print" not in path.relative_to(ROOT / "templates").parts]
STYLES = sorted(path for path in (ROOT / "static").rglob("*.css") if "vendor" not in path.parts)
NAMESPACES = ("http://www.w3.org/",)  # names, never fetched


def places(paths: list[Path], pattern: str) -> list[str]:
    """ "file:line" of every match outside template comments."""
    found = []
    for path in paths:
        text = re.sub(r"\{#.*?#\}|\{% comment %\}.*?\{% endcomment %\}", blank, path.read_text(), flags=re.DOTALL)
        for match in re.finditer(pattern, text, flags=re.IGNORECASE):
            found.append(f"{path.relative_to(ROOT)}:{text[: match.start()].count(chr(10)) + 1}: {match[0][:60]}")
    return found


def blank(match: re.Match[str]) -> str:
    return "\n" * match[0].count("\n")


@pytest.mark.parametrize(
    "pattern",
    [
        pytest.param(r"<script(?![^>]*\bsrc=)", id="no script in the page"),
        pytest.param(r"<style\b", id="no style sheet in the page"),
        pytest.param(r"""\sstyle\s*=\s*["']""", id="no style attribute"),
        pytest.param(r"""<[^>]*\son[a-z]+\s*=\s*["']""", id="no event handler"),
        pytest.param(r"""hx-on[:=-]|hx-vals\s*=\s*["']js:|hx-headers\s*=\s*["']js:""", id="no script through htmx"),
        pytest.param(r"javascript:", id="no javascript address"),
        pytest.param(r"<iframe(?![^>]*\bsandbox)", id="no frame without sandbox"),
    ],
)
def test_pages_hold_no_code(pattern):
    assert places(PAGES, pattern) == []


def test_templates_and_styles_fetch_nothing_from_elsewhere():
    addresses = places(TEMPLATES + STYLES, r"""(?:https?:)?//[a-z0-9-]+\.[a-z.]+[^\s"')]*""")

    assert [place for place in addresses if not any(name in place for name in NAMESPACES)] == []


def test_escaping_is_never_switched_off():
    assert places(TEMPLATES, r"\|\s*safe\b|\|\s*safeseq\b|\{%\s*autoescape\s+off") == []


def test_every_post_form_carries_the_token():
    forms = []
    for path in PAGES:
        for form in re.findall(r"<form\b.*?</form>", path.read_text(), flags=re.DOTALL | re.IGNORECASE):
            posts = re.search(r"""method\s*=\s*["']?post""", form, flags=re.IGNORECASE)
            if posts and not re.search(r"\{%\s*(csrf_token|crispy)\b", form):
                forms.append(f"{path.relative_to(ROOT)}: {form[:80]}")

    assert forms == []
