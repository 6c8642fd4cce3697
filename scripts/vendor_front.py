"""Fetch the front end's third-party files into static/ui/vendor; run by hand, its result is committed.

    python scripts/vendor_front.py

Versions are pinned here and nowhere else. Needs npm (its registry client checks each package's hash) and, from
requirements-dev.txt, fonttools with brotli. No file keeps a sourceMappingURL: collectstatic would look for the map
and stop.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import tarfile
import tempfile
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont

VENDOR = Path(__file__).resolve().parent.parent / "static" / "ui" / "vendor"

BOOTSTRAP = "bootstrap@5.3.9"
HTMX = "htmx.org@2.0.11"  # the newest major is 4: stay on 2
BE_VIETNAM_PRO = "@expo-google-fonts/be-vietnam-pro@0.4.1"  # whole TTF files: one woff2 a weight instead of three

WEIGHTS = {400: "400Regular/BeVietnamPro_400Regular.ttf", 600: "600SemiBold/BeVietnamPro_600SemiBold.ttf"}
LETTERS = (
    "U+0020-007E,U+00A0-00FF,U+0102-0103,U+0110-0111,U+0128-0129,U+0168-0169,U+01A0-01A1,U+01AF-01B0,"
    "U+0300-0304,U+0306,U+0309,U+031B,U+0323,U+1EA0-1EF9,U+20AB,U+2010-2015,U+2018-201E,U+2020,U+2022,"
    "U+2026,U+2030,U+2032-2033,U+2039-203A,U+2044,U+2212,U+2248,U+2260,U+2264-2265"
)
DIGIT_WIDTH = 690  # thousandths of an em; the face has no tabular figures of its own


def main() -> None:
    VENDOR.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        bootstrap = unpack(BOOTSTRAP, work)
        write_text("bootstrap.min.css", bootstrap / "dist/css/bootstrap.min.css")
        shutil.copyfile(bootstrap / "LICENSE", VENDOR / "bootstrap.LICENSE")

        htmx = unpack(HTMX, work)
        write_text("htmx.min.js", htmx / "dist/htmx.min.js")
        shutil.copyfile(htmx / "LICENSE", VENDOR / "htmx.LICENSE")

        fonts = unpack(BE_VIETNAM_PRO, work)
        shutil.copyfile(fonts / "LICENSE_FONT", VENDOR / "be-vietnam-pro.LICENSE")
        for weight, name in WEIGHTS.items():
            text_face(fonts / name, VENDOR / f"be-vietnam-pro-{weight}.woff2")
            figure_face(fonts / name, VENDOR / f"be-vietnam-pro-figures-{weight}.woff2")
    for path in sorted(VENDOR.iterdir()):
        print(f"{path.stat().st_size:>8} {path.name}")


def unpack(package: str, work: Path) -> Path:
    """The folder of one npm package at its pinned version."""
    answer = subprocess.run(
        ["npm", "pack", "--silent", package],
        cwd=work,
        check=True,
        capture_output=True,
        text=True,
    )
    archive = work / answer.stdout.split()[-1]
    target = work / archive.stem
    with tarfile.open(archive) as tar:
        tar.extractall(target, filter="data")
    return target / "package"


def write_text(name: str, source: Path) -> None:
    text = source.read_text(encoding="utf-8")
    text = re.sub(r"/\*# sourceMappingURL=.*?\*/|//# sourceMappingURL=.*", "", text).rstrip() + "\n"
    (VENDOR / name).write_text(text, encoding="utf-8")


def text_face(source: Path, target: Path) -> None:
    options = subset.Options(flavor="woff2", hinting=False, desubroutinize=True)
    options.layout_features = ["kern", "mark", "mkmk", "ccmp", "locl", "calt", "liga"]
    cut(TTFont(source), LETTERS, options, target)


def figure_face(source: Path, target: Path) -> None:
    """Ten digits of one width, for columns of figures: each digit keeps its shape and is centred in its box."""
    font = TTFont(source)
    names = font.getBestCmap()
    for digit in "0123456789":
        name = names[ord(digit)]
        width, left = font["hmtx"][name]
        shift = (DIGIT_WIDTH - width) // 2
        font["glyf"][name].coordinates.translate((shift, 0))
        font["glyf"][name].recalcBounds(font["glyf"])
        font["hmtx"][name] = (DIGIT_WIDTH, left + shift)
    options = subset.Options(flavor="woff2", hinting=False)
    options.layout_features = []
    cut(font, "U+0030-0039", options, target)


def cut(font: TTFont, unicodes: str, options: subset.Options, target: Path) -> None:
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=subset.parse_unicodes(unicodes.replace("U+", "")))
    subsetter.subset(font)
    font["head"].modified = font["head"].created  # the same input gives the same bytes
    font.recalcTimestamp = False
    subset.save_font(font, str(target), options)


if __name__ == "__main__":
    main()
