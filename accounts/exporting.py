"""The button "Xuất Excel" of a list: the same address, the same filters, as a workbook."""

from __future__ import annotations

from django.http import HttpRequest

ASKED = ("xuat", "excel")


def wants_excel(request: HttpRequest) -> bool:
    return request.GET.get(ASKED[0]) == ASKED[1]


def excel_url(request: HttpRequest) -> str:
    """This page with its filters, as a workbook of all its pages."""
    asked = request.GET.copy()
    for page in ("trang", "page"):
        asked.pop(page, None)
    asked[ASKED[0]] = ASKED[1]
    return f"{request.path}?{asked.urlencode()}"
