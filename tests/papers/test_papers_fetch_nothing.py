"""A paper loads its fonts and stylesheet and nothing else, whoever wrote whatever into it (T10)."""

from __future__ import annotations

import base64
import http.server
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from weasyprint.urls import FatalURLFetchingError

from documents import rendering
from documents.papers.layouts import HD05_2026
from documents.rendering import PRINT_ASSETS, PrintAssetsOnly, RenderingRefused, html_to_pdf
from tests.papers.cases import case, paper

CANARY = "CON-CHIM-HOANG-YEN-7719"


def _data(svg: str) -> str:
    return "data:image/svg+xml;base64," + base64.b64encode(svg.encode()).decode()


def _svg(inner: str) -> str:
    return f'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink">{inner}</svg>'


VECTORS = {
    "an image over the network": '<img src="{net}" alt="x">',
    "an image from a file": '<img src="{file}" alt="x">',
    "an image from a file with a query": '<img src="{file}?x=1" alt="x">',
    "an image up from the print assets": '<img src="{assets}/../../manage.py" alt="x">',
    "an image up, percent-encoded": '<img src="{assets}/%2e%2e/%2e%2e/manage.py" alt="x">',
    "a file on another host": '<img src="file://127.0.0.1{path}" alt="x">',
    "an image set": '<img srcset="{net} 1x" src="{net}" alt="x">',
    "a data image that is not ours": '<img src="data:image/png;base64,AAAA" alt="x">',
    "an SVG that loads an image": "<img src='{svg_net}' alt='x'>",
    "an SVG that loads a file": "<img src='{svg_file}' alt='x'>",
    "an SVG with a stylesheet": "<img src='{svg_css}' alt='x'>",
    "inline SVG with an image": _svg('<title>x</title><image href="{net}" width="9" height="9"/>'),
    "inline SVG with a file image": _svg('<title>x</title><image xlink:href="{file}" width="9" height="9"/>'),
    "inline SVG with an imported stylesheet": _svg("<title>x</title><style>@import url({net});</style><rect/>"),
    "an imported stylesheet": "<style>@import url({net});</style>",
    "an imported file stylesheet": "<style>@import '{file}';</style>",
    "a linked stylesheet": '<link rel="stylesheet" href="{net}">',
    "a background": '<p style="background: url({net})">x</p>',
    "a list mark": '<ul style="list-style-image: url({net})"><li>x</li></ul>',
    "generated content": "<style>p::before {{ content: url({net}) }}</style><p>x</p>",
    "a border image": '<p style="border: 1px solid; border-image: url({net}) 1">x</p>',
    "a font": "<style>@font-face {{ font-family: Lạ; src: url({net}) }} p {{ font-family: Lạ }}</style><p>x</p>",
    "a font file": "<style>@font-face {{ font-family: L; src: url({file}) }} p {{ font-family: L }}</style><p>x</p>",
    "a linked attachment": '<link rel="attachment" href="{file}">',
    "an attachment over the network": '<link rel="attachment" href="{net}">',
    "an attachment by anchor": '<a rel="attachment" href="{file}">x</a>',
    "an object": '<object data="{net}" type="image/png">x</object>',
    "an embedded thing": '<embed src="{net}" type="image/png">',
    "a colour profile": "<style>@color-profile --a {{ src: url({net}) }} p {{ color: color(--a 1 0 0) }}</style>x",
    "a base address and a relative image": '<base href="{net}/"><img src="a.png" alt="x">',
    "ftp": '<img src="ftp://127.0.0.1:9/x" alt="x">',
    "a scheme nobody knows": '<img src="gopher://127.0.0.1:9/x" alt="x">',
    "a relative image without a base": '<img src="x.png" alt="x">',
}


@pytest.fixture(scope="module")
def listener() -> Iterator[tuple[str, list[str]]]:
    """A web server that notes who called, with an address that would answer anything."""
    calls: list[str] = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            calls.append(self.path)
            self.send_response(200)
            self.end_headers()
            self.wfile.write(CANARY.encode())

        def log_message(self, *args: object) -> None:
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/x.png", calls
    server.shutdown()


@pytest.fixture(scope="module")
def secret(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("secret") / "secret.txt"
    path.write_text(CANARY)
    return path


def _filled(vector: str, net: str, secret: Path) -> str:
    return vector.format(
        net=net,
        file=secret.as_uri(),
        path=secret,
        assets=PRINT_ASSETS.as_uri(),
        svg_net=_data(_svg(f'<image href="{net}" width="9" height="9"/>')),
        svg_file=_data(_svg(f'<image href="{secret.as_uri()}" width="9" height="9"/>')),
        svg_css=_data(_svg(f"<style>@import url({net});</style><rect/>")),
    )


@pytest.mark.parametrize("vector", VECTORS.values(), ids=VECTORS)
def test_markup_that_loads_anything_ends_without_a_pdf(vector, listener, secret):
    net, calls = listener
    page = f"<!DOCTYPE html><html lang=vi><title>t</title><body>{_filled(vector, net, secret)}</body></html>"

    with pytest.raises(RenderingRefused) as refusal:
        html_to_pdf(page, HD05_2026, identifier="thử")

    assert refusal.value.refused != ()
    assert calls == []


def test_a_use_of_a_foreign_drawing_is_not_followed(listener):
    """WeasyPrint looks for ``use`` in the same drawing only, so there is nothing to refuse."""
    net, calls = listener
    drawing = _svg(f'<title>x</title><use href="{net}#a"/>')

    html_to_pdf(f"<html lang=vi><title>t</title><body>{drawing}</body></html>", HD05_2026, identifier="thử")

    assert calls == []


@pytest.mark.parametrize("vector", VECTORS.values(), ids=VECTORS)
def test_the_same_as_words_of_a_user_is_only_words(vector, listener, secret):
    net, calls = listener
    data = case("ratification_request/full") | {"explanation": _filled(vector, net, secret)}

    pdf = rendering.render(type(paper("ratification_request/full")).from_dict(data), "HD05_2026")

    assert pdf.startswith(b"%PDF")
    assert calls == []
    assert b"/EmbeddedFile" not in pdf


def test_a_refusal_is_an_ordinary_exception_that_a_task_sees():
    assert issubclass(RenderingRefused, Exception)
    assert not issubclass(FatalURLFetchingError, Exception)


def test_a_refused_page_does_not_spoil_the_next(listener, secret):
    net, _ = listener
    before = rendering.render(paper("tally_minutes/tie"), "HD05_2026")

    with pytest.raises(RenderingRefused):
        html_to_pdf(f"<html lang=vi><img src='{net}' alt=x></html>", HD05_2026, identifier="thử")

    assert rendering.render(paper("tally_minutes/tie"), "HD05_2026") == before


def test_the_fetcher_notes_what_it_refuses():
    fetcher = PrintAssetsOnly()

    with pytest.raises(FatalURLFetchingError):
        fetcher.fetch("http://127.0.0.1:9/x")

    assert fetcher.refused == ["http://127.0.0.1:9/x"]


def test_the_fetcher_serves_the_print_assets():
    response = PrintAssetsOnly().fetch((PRINT_ASSETS / "fonts.css").as_uri())

    assert b"Tinos" in response.read()


def test_a_link_within_the_print_assets_does_not_lead_out_of_them(tmp_path, monkeypatch, secret):
    (tmp_path / "inside.txt").symlink_to(secret)
    monkeypatch.setattr(rendering, "PRINT_ASSETS", tmp_path)

    with pytest.raises(FatalURLFetchingError):
        PrintAssetsOnly().fetch((tmp_path / "inside.txt").as_uri())
