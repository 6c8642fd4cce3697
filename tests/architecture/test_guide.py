"""The user guide speaks of what is on the screen: its **words in bold** stand there, its pictures and pages exist."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
GUIDE = ROOT / "docs" / "huong-dan"
PAGES = sorted(GUIDE.glob("*.md"))
APPS = ("accounts", "congress", "documents", "elections", "organizations", "outbox")
EMPHASIS = {"chữ đậm", "Ví dụ.", "số đảng viên chính thức được triệu tập", "quá một nửa", "suốt", "không chọn thay"}
EMPHASIS |= {"không cần quá một nửa", "nhiều hơn", "bằng", "kiểm phiếu viên", "trưởng ban kiểm phiếu"}
"""Bold for weight, not a name on the screen. A list item's own heading ends with a full stop and is emphasis, too."""
MOST_PICTURES, LARGEST_PICTURE = 28, 200_000


def names_on(page: Path) -> list[str]:
    text = re.sub(r"^\s*\d+\. \*\*[^*]+\.\*\*", "", page.read_text("utf-8"), flags=re.MULTILINE)
    return [name for name in re.findall(r"\*\*([^*\n]+)\*\*", text) if name not in EMPHASIS]


def screen() -> str:
    """Every text that a template holds or that the code gives to a page, without its markup."""
    files = [path for path in (ROOT / "templates").rglob("*.html") if "print" not in path.parts]
    files += [path for app in APPS for path in (ROOT / app).rglob("*.py") if "migrations" not in path.parts]
    return re.sub(r"\s+", " ", "\n".join(path.read_text("utf-8") for path in files))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_every_name_in_bold_stands_on_the_screen(page):
    words = screen()

    def is_there(name: str) -> bool:
        """Whole labels only; a field of the tally sheet ("E. Số phiếu phát ra") is put together from its parts."""
        sheet = re.fullmatch(r"[EGHK]\. Số (.+)", name)
        if sheet:
            return f'"{name[0]}", "{sheet[1]}"' in words
        return re.search(rf'["“>}}]\s*{re.escape(name)}\s*["”<{{]', words) is not None

    assert [name for name in names_on(page) if not is_there(name)] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_every_picture_and_page_it_points_to_exists(page):
    targets = re.findall(r"\]\(([^)#]+)\)", page.read_text("utf-8"))

    assert [target for target in targets if not (page.parent / target).is_file()] == []


def test_every_picture_is_used_and_small():
    pictures = sorted(path.name for path in (GUIDE / "anh").glob("*.png"))
    used = {name for page in PAGES for name in re.findall(r"\(anh/([^)]+)\)", page.read_text("utf-8"))}

    assert pictures == sorted(used)
    assert len(pictures) <= MOST_PICTURES
    assert [path.name for path in (GUIDE / "anh").glob("*.png") if path.stat().st_size > LARGEST_PICTURE] == []


def test_the_index_leads_to_every_page():
    index = (GUIDE / "README.md").read_text("utf-8")

    assert [page.name for page in PAGES if page.name != "README.md" and f"({page.name})" not in index] == []
