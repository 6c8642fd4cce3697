"""What every page must hold, as functions: each returns its complaints as sentences, an empty list is a pass."""

from __future__ import annotations

import gzip
from dataclasses import dataclass
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, Response

RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
COMPRESSED_TYPES = ("text/", "javascript", "json", "svg")
KILOBYTE = 1024

SMALL_TARGETS = """
() => {
  const inSentence = (node) =>
    node.matches("a") &&
    getComputedStyle(node).display === "inline" &&
    [...node.parentElement.childNodes].some((one) => one.nodeType === 3 && one.textContent.trim().length > 1);
  const shown = (node) => {
    const box = node.getBoundingClientRect();
    return box.width > 1 && box.height > 1 && node.checkVisibility({ visibilityProperty: true });
  };
  const small = [];
  const controls = "a[href], button, summary, select, textarea, input:not([type=hidden])";
  for (const node of document.querySelectorAll(controls)) {
    if (!shown(node) || inSentence(node) || node.closest(".skip, .visually-hidden")) continue;
    node.scrollIntoView({ block: "center", inline: "center" });
    const box = node.getBoundingClientRect();
    const labels = [...(node.labels ?? [])];
    const hits = (x, y) => {
      const top = document.elementFromPoint(x, y);
      return top !== null && (node.contains(top) || labels.some((label) => label.contains(top)));
    };
    const x = box.left + box.width / 2;
    const y = box.top + box.height / 2;
    const tall = box.height >= 44 || (hits(x, y - 21) && hits(x, y + 21));
    const wide = box.width >= 44 || (hits(x - 21, y) && hits(x + 21, y));
    if (!tall || !wide) {
      const words = (node.textContent.trim() || node.name || "").slice(0, 40);
      small.push(`${node.tagName.toLowerCase()} “${words}” ${Math.round(box.width)} × ${Math.round(box.height)}`);
    }
  }
  return small;
}
"""

TOO_WIDE = """
() => {
  const room = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= room) return [];
  const end = (node) => Math.round(node.getBoundingClientRect().right);
  const inside = (node) => {
    const box = node.parentElement;
    return box !== document.body && (getComputedStyle(box).overflowX !== "visible" || inside(box));
  };
  const out = [...document.querySelectorAll("body *")].filter((node) => end(node) > room + 1);
  const culprits = out.filter((node) => !inside(node));
  const named = culprits.length > 0 ? culprits : out;
  return ["the page is too wide", ...named.slice(-3).map(
    (node) => `${node.tagName}.${node.getAttribute("class")} ends at ${end(node)} of ${room}`)];
}
"""


def axe_complaints(page: Page) -> list[str]:
    """Every violation of WCAG 2.2 AA and of axe's best practice, with the first places."""
    violations: list[dict[str, Any]] = Axe().run(page, options=RULES).response["violations"]
    return [
        f"{one['id']}: {one['help']} — " + "; ".join(str(node["target"][0]) for node in one["nodes"][:4])
        for one in violations
    ]


def reflow_complaints(page: Page) -> list[str]:
    """What sticks out to the right, so that the page would scroll sideways."""
    found: list[str] = page.evaluate(TOO_WIDE)
    return found


def target_complaints(page: Page) -> list[str]:
    """Controls that a finger finds smaller than 44 pixels; links within a sentence are free."""
    found: list[str] = page.evaluate(SMALL_TARGETS)
    return found


@dataclass
class Load:
    """Bytes of one first load, as they would travel: text compressed, fonts as they are."""

    page: int = 0
    styles: int = 0
    scripts: int = 0
    fonts: int = 0
    images: int = 0

    @property
    def without_fonts(self) -> int:
        return self.page + self.styles + self.scripts + self.images


def first_load(page: Page, url: str) -> Load:
    """Open `url` with an empty cache and weigh what came."""
    answers: list[Response] = []
    page.on("response", lambda answer: answers.append(answer))
    page.goto(url, wait_until="networkidle")
    load = Load()
    for answer in answers:
        if answer.status != 200:
            continue
        body = answer.body()
        kind = answer.headers.get("content-type", "")
        size = len(gzip.compress(body)) if any(one in kind for one in COMPRESSED_TYPES) else len(body)
        match answer.request.resource_type:
            case "document":
                load.page += size
            case "stylesheet":
                load.styles += size
            case "script":
                load.scripts += size
            case "font":
                load.fonts += size
            case _:
                load.images += size
    return load
