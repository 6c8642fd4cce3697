"""Papers by code. Each app keeps its own in ``<app>/papers``; they are found there and register themselves."""

from __future__ import annotations

from functools import cache
from typing import TypeVar

from django.utils.module_loading import autodiscover_modules

from documents.papers.base import Paper

P = TypeVar("P", bound=Paper)

_papers: dict[str, type[Paper]] = {}


class UnknownPaper(LookupError):
    """No paper of that code is made here; ``str()`` is a sentence that lists those that are."""


def register(paper: type[P]) -> type[P]:
    """Class decorator; two papers of one code are a mistake of ours."""
    if _papers.setdefault(paper.code, paper) is not paper:
        raise ValueError(f"{paper.code} is taken by {_papers[paper.code].__name__}")
    return paper


def get(code: str) -> type[Paper]:
    _discover()
    try:
        return _papers[code]
    except KeyError:
        raise UnknownPaper(f"Chưa có mẫu {code}. Các mẫu in được: {', '.join(codes())}.") from None


def codes() -> tuple[str, ...]:
    _discover()
    return tuple(sorted(_papers))


@cache
def _discover() -> None:
    autodiscover_modules("papers")
