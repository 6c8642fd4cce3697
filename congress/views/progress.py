"""Tiến độ: how far the branches are, against the deadline."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from accounts.access import signed_in


@signed_in("GET")
def progress(request: HttpRequest) -> HttpResponse:
    return render(request, "congress/progress.html", {"crumbs": [("Tiến độ", request.path)]})
