"""Takes pictures of the running demo: every page of the list at a desk and on a phone, chosen ones in the largest
text and in high contrast, and every paper. The user guide's pictures are copied to where it looks for them.

``make pictures`` writes to var/pictures; ``make pictures ARGS="--only kiem-phieu"`` takes those whose name begins so.
A page that does not answer as listed is named and fails the run, after all the others have been taken.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from PIL import Image  # noqa: E402  (the repository's root is no installed package)
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright  # noqa: E402  (see above)

from benchmarks.processes import product  # noqa: E402  (see above)
from scripts.picture_list import Act, Shot  # noqa: E402  (see above)

GUIDE = ROOT / "docs" / "huong-dan" / "anh"
CHROMIUM = "/usr/bin/chromium"
FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-dev-shm-usage")
DESK, PHONE = {"width": 1280, "height": 800}, {"width": 360, "height": 740}
WAYS: dict[str, tuple[dict[str, int], dict[str, Any]]] = {
    "ban": (DESK, {}),
    "dien-thoai": (PHONE, {}),
    "chu-lon": (DESK, {"text_size": "largest"}),
    "chu-lon-dien-thoai": (PHONE, {"text_size": "largest"}),
    "tuong-phan": (DESK, {"high_contrast": True}),
}
"""Folder → window, and what the person has chosen."""
BUTTONS = {"text_size": "Cỡ chữ lớn nhất", "high_contrast": "Tương phản cao"}
EVERY_TIME = ("ban", "dien-thoai")
REAUTHENTICATE = "/xac-nhan-mat-khau/"
COLOURS = 64
LARGEST_FILE = 200_000
TALLEST = 12_000


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, default=ROOT / "var" / "pictures")
    parser.add_argument("--only", default="", help="pictures whose name begins so (what is done between them, is done)")
    parser.add_argument("--guide", type=Path, default=GUIDE, help="folder of the guide's pictures")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="pictures-") as folder, demo(Path(folder)) as address:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
            album = Album(browser, address, options.out, options.guide, options.only)
            album.take()
            browser.close()
        if not options.only:
            take_papers(options.out / "van-ban", options.guide)
    for fault in album.faults:
        print(f"HỎNG  {fault}", file=sys.stderr)
    print(f"{album.taken} ảnh trong {options.out}, {len(album.faults)} trang hỏng")
    return 1 if album.faults else 0


@contextmanager
def demo(folder: Path) -> Iterator[str]:
    """The five stories on a database of their own, served with a worker; gone at the end."""
    os.environ.update(
        DATABASE_URL=f"sqlite:///{folder / 'db.sqlite3'}",
        VAR_DIR=str(folder),
        DJANGO_SETTINGS_MODULE="scripts.settings_of_pictures",
        DJANGO_ALLOW_ASYNC_UNSAFE="true",  # Playwright's loop runs in this thread, and so do our look-ups
        REDIS_URL="",
    )
    import django

    django.setup()
    from scripts.run import collect_static_files, migrate, replay_stories  # the steps of ``make run``

    replay_stories(migrate(), practice=False)  # of 2025, and the pictures are of 2022
    collect_static_files()
    from outbox import runner

    runner.run_waiting()  # no page of the stories says that its papers are still being made
    with product(os.environ, folder / "serve.log", web_workers=2) as port:
        yield f"http://127.0.0.1:{port}"


class Album:
    """Goes through the list with a browser; each person signs in once and is known by the cookies from then on."""

    def __init__(self, browser: Browser, address: str, out: Path, guide: Path, only: str) -> None:
        self.browser, self.address, self.out, self.guide, self.only = browser, address, out, guide, only
        self.taken = 0
        self.faults: list[str] = []
        self._cookies: dict[str, Any] = {}
        self._profiles: dict[tuple[str, str], BrowserContext] = {}

    def take(self) -> None:
        from scripts.picture_list import THE_LIST

        for item in THE_LIST:
            try:
                if isinstance(item, Act):
                    self._do(item)
                elif item.name.startswith(self.only):
                    self._picture(item)
            except Exception as error:  # the others are still worth taking
                self.faults.append(f"{getattr(item, 'name', item.page)} ({item.who or 'khách'}): {short(error)}")

    def _picture(self, shot: Shot) -> None:
        for way in WAYS if shot.every_way else EVERY_TIME:
            with self._page(shot.who, way) as page:
                self._open(page, shot, expected=shot.status)
                self._step(page, shot.steps)
                file = self.out / way / f"{shot.name}.png"
                file.parent.mkdir(parents=True, exist_ok=True)
                show_whole(page)
                page.screenshot(path=file, animations="disabled")
                self.taken += 1
                if way == "ban" and shot.for_guide:
                    for_guide(file, self.guide / f"{shot.name}.png", shot.until)

    def _do(self, act: Act) -> None:
        with self._page(act.who, "ban") as page:
            self._open(page, act, expected=200)
            self._step(page, act.steps)

    @contextmanager
    def _page(self, who: str, way: str) -> Iterator[Page]:
        choose(who, WAYS[way][1])
        page = self._profile(who, way).new_page()
        try:
            yield page
        finally:
            page.close()

    def _profile(self, who: str, way: str) -> BrowserContext:
        """One browser profile per person and window; signed in by the cookies of the person's first sign-in."""
        if (who, way) not in self._profiles:
            profile = self.browser.new_context(
                base_url=self.address, viewport=WAYS[way][0], locale="vi-VN", timezone_id="Asia/Ho_Chi_Minh"
            )
            profile.set_default_timeout(8000)
            self._profiles[who, way] = profile
            if not who:
                press_choices(profile, WAYS[way][1])
            elif who in self._cookies:
                profile.add_cookies(self._cookies[who])
            else:
                self._cookies[who] = sign_in(profile, who)
        return self._profiles[who, way]

    def _open(self, page: Page, item: Shot | Act, *, expected: int) -> None:
        path = address_of(item)
        answer = page.goto(path)
        if REAUTHENTICATE in page.url:
            page.get_by_label("Mật khẩu", exact=True).fill(password())
            with page.expect_navigation() as going:
                page.locator("main button[type=submit], main form button").first.click()
            answer = going.value
        if answer is None or answer.status != expected:
            raise RuntimeError(f"{path} trả lời {answer.status if answer else 'không'}")

    def _step(self, page: Page, steps: Sequence[tuple[str, ...]]) -> None:
        for what, name, *rest in steps:
            if what == "fill":
                page.get_by_label(name).first.fill(rest[0])
            elif what == "choose":
                page.get_by_label(name).first.select_option(label=rest[0])
            elif what == "check":
                page.get_by_label(name).first.check()
            elif what == "open":
                page.get_by_text(name).first.click()
            elif what == "press":
                page.get_by_role("button", name=name).or_(page.get_by_role("link", name=name)).first.click()
                page.wait_for_load_state("load")
            else:
                raise ValueError(what)


def address_of(item: Shot | Act) -> str:
    from django.urls import reverse

    found = reverse(item.page, args=[item.of()] if item.of else [])
    query = getattr(item, "query", "")
    return f"{found}?{query}" if query else found


def show_whole(page: Page) -> None:
    """A window as high as the page: what is fixed to its edges would else stand in the middle of the picture."""
    width, height = page.evaluate("[window.innerWidth, document.documentElement.scrollHeight]")
    page.set_viewport_size({"width": width, "height": min(height, TALLEST)})
    page.evaluate("window.scrollTo(0, 0)")


def sign_in(profile: BrowserContext, who: str) -> Any:
    page = profile.new_page()
    page.goto("/dang-nhap/")
    page.get_by_label("Tên đăng nhập").fill(who)
    page.get_by_label("Mật khẩu", exact=True).fill(password())
    page.get_by_role("button", name="Đăng nhập").click()
    page.wait_for_url(lambda url: "/dang-nhap/" not in url)
    page.close()
    return profile.cookies()


def press_choices(profile: BrowserContext, choices: dict[str, Any]) -> None:
    """Of somebody not signed in, whose choices are kept in the session."""
    page = profile.new_page()
    for name in choices:
        page.goto("/dang-nhap/")
        page.get_by_role("button", name=BUTTONS[name], exact=True).click()
        page.wait_for_load_state("load")
    page.close()


def choose(who: str, choices: dict[str, Any]) -> None:
    """Written where the person's own choice is kept, so that no page has to be visited for it."""
    from accounts.models import User

    User.objects.filter(username=who).update(**{"text_size": "normal", "high_contrast": False} | choices)


def password() -> str:
    from elections.stories.people import DEMO_PASSWORD

    return DEMO_PASSWORD


def for_guide(source: Path, target: Path, until: int) -> None:
    """The upper part in few colours: screens have few, and the repository keeps every version of every picture."""
    with Image.open(source) as picture:
        part = picture.convert("RGB").crop((0, 0, picture.width, min(picture.height, until)))
        few = part.quantize(COLOURS, dither=Image.Dither.NONE)
    target.parent.mkdir(parents=True, exist_ok=True)
    few.save(target, optimize=True)
    if target.stat().st_size > LARGEST_FILE:
        raise RuntimeError(f"{target.name} có {target.stat().st_size} byte, quá {LARGEST_FILE}")


def take_papers(out: Path, guide: Path) -> None:
    """Some papers of each form as pictures of their pages; those of the guide are the list's."""
    from documents.models import IssuedPaper
    from scripts.picture_list import GUIDE_PAPERS

    shutil.rmtree(out, ignore_errors=True)
    out.mkdir(parents=True)
    for code in sorted(set(IssuedPaper.objects.values_list("code", flat=True))):
        for place, paper in enumerate(IssuedPaper.objects.filter(code=code).exclude(sha256="").order_by("pk")[:3], 1):
            pages_of(paper, out / f"{code}-{place}")
    for name, (code, branch) in GUIDE_PAPERS.items():
        paper = IssuedPaper.objects.filter(code=code, congress__organization__code=branch).earliest("pk")
        for_guide(pages_of(paper, out / name)[0], guide / f"{name}.png", 2000)


def pages_of(paper: Any, stem: Path) -> list[Path]:
    """One picture per page of the paper's PDF, in their order."""
    from django.conf import settings

    pdf = Path(settings.MEDIA_ROOT) / paper.file_name
    subprocess.run(["pdftoppm", "-png", "-r", "70", str(pdf), str(stem)], check=True)
    return sorted(stem.parent.glob(f"{stem.name}-*.png"))


def short(error: Exception) -> str:
    return re.sub(r"\s+", " ", str(error))[:300]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
