"""A paper becomes a PDF: tagged (PDF/UA-1), fonts embedded, the same bytes for the same data on any day and host.

Only files under ``static/print`` may be loaded. Any other address is refused *and* noted, and a PDF
during whose making anything was refused, or WeasyPrint had anything to remark, is thrown away:
what leaves here is complete or does not leave. Run it in a worker, not in a web process or thread.
"""

from __future__ import annotations

import gc
import logging
import re
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from django.template.loader import render_to_string
from django.utils import translation
from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

from documents.papers import layouts
from documents.papers.base import Paper
from documents.papers.layouts import Layout, recipient_lines

PRINT_ASSETS = Path(__file__).resolve().parent.parent / "static" / "print"
STYLESHEETS = ("paper.css", "slip.css", "account_slip.css", "particulars.css")
LOG = logging.getLogger("weasyprint")
# What a line may not break: 190-QĐ/TW · 2026 - 2028 · đạt 53,85 % · 12/13 phiếu · phòng 2
UNBROKEN = re.compile(
    r"(?<![\w&#;])(?:\d+-\w+/\w+|\d{4} - \d{4}|(?:đạt )?\d[\d,/]*(?: %| phiếu| đồng chí)"
    r"|\w+ \d{1,2}\b(?![/,.\-]\w| %| phiếu| đồng chí))"
)
PICTURE = re.compile(r"(<svg\b.*?</svg>)", re.DOTALL)


class RenderingRefused(Exception):
    """No PDF was made; ``str()`` is a Vietnamese sentence for the user, ``refused`` the addresses or remarks."""

    def __init__(self, message: str, *, refused: tuple[str, ...] = ()) -> None:
        super().__init__(message)
        self.refused = refused


class PrintAssetsOnly(URLFetcher):  # type: ignore[misc]  # weasyprint ships no types
    """Loads the print assets and nothing else; every other address is noted in ``refused``.

    Noting matters: an image inside inline SVG swallows even ``FatalURLFetchingError``.
    """

    def __init__(self) -> None:
        super().__init__(allowed_protocols=("file",), allow_redirects=False, fail_on_errors=True)
        self.refused: list[str] = []

    def fetch(self, url: str, headers: dict[str, str] | None = None) -> URLFetcherResponse:
        if not _is_print_asset(url):
            self.refused.append(url[:200])
            raise FatalURLFetchingError(f"print templates may not load {url[:200]}")
        return super().fetch(url, headers)


def _is_print_asset(url: str) -> bool:
    try:
        parts = urlsplit(url)
        asset = Path(unquote(parts.path)).resolve()
    except ValueError:
        return False
    return parts.scheme == "file" and not parts.netloc and asset.is_relative_to(PRINT_ASSETS) and asset.is_file()


def render(paper: Paper, layout_code: str, *, double_sided: bool = False) -> bytes:
    """The PDF of ``paper``. What is printed has passed the paper's own door, so it can also be stored and read back.

    Raises InvalidInput for data the paper does not accept, RenderingRefused when no complete PDF can be made.
    """
    layout = layouts.layout(layout_code)
    entered = paper.checked()
    return html_to_pdf(
        paper_html(entered, layout),
        layout,
        identifier=f"{entered.fingerprint()}/{layout.code}",
        double_sided=double_sided,
    )


def paper_html(paper: Paper, layout: Layout) -> str:
    """The page as HTML, from the template named by the paper; autoescaped, no model objects."""
    context = {
        "paper": paper,
        "layout": layout,
        "head": paper.letterhead,
        "recipients": recipient_lines(getattr(paper, "recipients", ()), layout),
        "created": paper.letterhead.date.isoformat() if paper.letterhead.date else "",
    }
    with translation.override("vi"):
        return _keep_whole(render_to_string(f"print/{paper.template}.html", context))


def _keep_whole(html: str) -> str:
    """Wraps what a line may not break; works on escaped text between tags of the body, so it adds no markup of data.

    Pictures are left alone: nothing breaks there, and a span is no SVG.
    """
    head, body_tag, body = html.partition("<body>")
    parts = PICTURE.split(body)
    parts[::2] = [re.sub(r">[^<]+<", lambda text: UNBROKEN.sub(_whole, text[0]), part) for part in parts[::2]]
    return head + body_tag + "".join(parts)


def _whole(match: re.Match[str]) -> str:
    return f'<span class="nowrap">{match[0]}</span>'


def html_to_pdf(html: str, layout: Layout, *, identifier: str, double_sided: bool = False) -> bytes:
    """PDF of trusted markup; ``identifier`` becomes the file's fixed identity."""
    _refuse_missing_letters(html)
    stylesheets = [_fonts(), _stylesheet(layout.code, double_sided)]
    fetcher = PrintAssetsOnly()
    try:
        with _remarks() as remarks, _calm_memory():
            pdf: bytes = HTML(string=html, base_url=None, url_fetcher=fetcher).write_pdf(
                stylesheets=stylesheets,
                font_config=_font_configuration(),
                pdf_variant="pdf/ua-1",
                pdf_identifier=identifier.encode(),
                custom_metadata=True,
                cache={},
            )
    except FatalURLFetchingError:
        pdf = b""
    if fetcher.refused:
        raise RenderingRefused(
            "Không tạo được tệp PDF: văn bản đòi tải nội dung ngoài các tệp in của phần mềm. "
            "Báo người quản trị hệ thống kèm tên văn bản này.",
            refused=tuple(fetcher.refused),
        )
    _refuse_remarks(remarks)
    return pdf


def _refuse_remarks(remarks: list[str]) -> None:
    if remarks:
        raise RenderingRefused(
            "Không tạo được tệp PDF: mẫu in có chỗ trình bày chưa đúng nên tệp có thể thiếu nội dung. "
            "Báo người quản trị hệ thống kèm tên văn bản này.",
            refused=tuple(remarks),
        )


def _refuse_missing_letters(html: str) -> None:
    """A letter outside the fonts would be taken from whatever font the host has, so the paper would differ by host."""
    missing = sorted({sign for sign in html if sign > "~" and ord(sign) not in _letters()})
    if missing:
        shown = ", ".join(f"“{sign}” ({unicodedata.name(sign, 'ký tự lạ')})" for sign in missing[:5])
        raise RenderingRefused(
            f"Không tạo được tệp PDF: phông chữ in không có ký tự {shown}. Sửa lại chỗ có ký tự này rồi in lại.",
            refused=tuple(missing),
        )


@cache
def _letters() -> frozenset[int]:
    from fontTools.ttLib import TTFont  # slow to import; only workers print

    common = None
    for file in sorted((PRINT_ASSETS / "fonts").glob("*.ttf")):
        with TTFont(file, lazy=True) as font:
            letters = frozenset(font.getBestCmap())
        common = letters if common is None else common & letters
    return (common or frozenset()) | {0xA0}


@cache
def _font_configuration() -> Any:
    return FontConfiguration()


@cache
def _fonts() -> Any:
    return _css(filename=str(PRINT_ASSETS / "fonts.css"))


@cache
def _stylesheet(layout_code: str, double_sided: bool) -> Any:
    rules = page_rules(layouts.layout(layout_code), double_sided=double_sided)
    return _css(string=rules + "".join((PRINT_ASSETS / name).read_text("utf-8") for name in STYLESHEETS))


def _css(**source: str) -> Any:
    with _remarks() as remarks:
        sheet = CSS(**source, url_fetcher=PrintAssetsOnly(), font_config=_font_configuration())
    _refuse_remarks(remarks)
    return sheet


def page_rules(layout: Layout, *, double_sided: bool = False) -> str:
    """The layout's data as CSS: page, margins, page number, and one variable per size."""
    sizes = {
        "party-title": layout.party_title_size,
        "superior": layout.superior_size,
        "issuer": layout.issuer_size,
        "number": layout.number_size,
        "place-date": layout.place_date_size,
        "title": layout.title_size,
        "subject": layout.subject_size,
        "body": layout.body_size,
        "signature": layout.signature_size,
        "salutation": layout.salutation_size,
        "recipients-label": layout.recipients_label_size,
        "recipients": layout.recipients_size,
        "contact": layout.contact_size,
        "page-number": layout.page_number_size,
        "line": layout.line_spacing,
        "gap": layout.paragraph_gap,
    }
    variables = " ".join(f"--{name}: {size}pt;" for name, size in sizes.items())
    verso = (
        f"@page :left {{ margin-left: {layout.verso_left}mm; margin-right: {layout.verso_right}mm }}\n"
        if double_sided
        else ""
    )
    return (
        f"html {{ {variables} --first-line: {layout.first_line}mm }}\n"
        f"@page {{ size: {layout.page_width}mm {layout.page_height}mm;"
        f" margin: {layout.margin_top}mm {layout.margin_right}mm {layout.margin_bottom}mm {layout.margin_left}mm;"
        f" @top-center {{ content: counter(page); font-size: {layout.page_number_size}pt; line-height: 1;"
        f" vertical-align: top; padding-top: {layout.page_number_from_top}mm }} }}\n"
        f"{verso}@page :first {{ @top-center {{ content: none }} }}\n"
    )


@contextmanager
def _remarks() -> Iterator[list[str]]:
    """Collects what WeasyPrint warns about while the body runs, however logging is configured."""
    collected: list[str] = []

    class Collector(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            collected.append(record.getMessage()[:200])

    handler = Collector(logging.WARNING)
    usual = LOG.level, LOG.disabled
    LOG.addHandler(handler)
    LOG.setLevel(min(LOG.level or logging.WARNING, logging.WARNING))
    LOG.disabled = False
    try:
        yield collected
    finally:
        LOG.setLevel(usual[0])
        LOG.disabled = usual[1]
        LOG.removeHandler(handler)


@contextmanager
def _calm_memory() -> Iterator[None]:
    """A third of WeasyPrint's time goes to collecting garbage that is not there."""
    usual = gc.get_threshold()
    gc.set_threshold(100_000, 50, 50)
    try:
        yield
    finally:
        gc.set_threshold(*usual)
