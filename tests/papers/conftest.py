"""Fixtures of the papers; the helpers live in ``cases``."""

from tests.papers.cases import printed as printed
