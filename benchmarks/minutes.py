"""The counting minutes (F-10): from the click that seals to the file, and how many one worker makes."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Iterator
from datetime import datetime

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from benchmarks.figures import Figure, Goal, medians_in_turns
from benchmarks.processes import Visitor, product
from benchmarks.scratch import Scratch
from documents.models import IssuedPaper
from documents.papers import registry
from documents.rendering import render
from documents.services.papers import RENDER
from outbox import runner
from outbox.models import Job
from outbox.services import promise
from tests.factories import PASSWORD, World, congress_at

LINE = "<p>Đại hội chi bộ nhiệm kỳ 2025-2027</p>"


def measure(place: Scratch) -> Iterator[Figure]:
    runner.run_waiting()  # papers of the stories, which would stand before ours in the queue
    worlds = [congress_at("counted") for _ in range(place.times(10))]
    with product(place.environment, place.folder / "minutes.log") as port:
        clicks = [click_to_file(port, world) for world in worlds]
        papers = [sealed_paper(world) for world in worlds]
        rate = papers_per_second(papers, copies=place.times(60) // len(papers))
    rendering, one_line = medians_in_turns(place.times(20), [rendering_alone(papers[0]), one_line_page])
    yield Figure(
        name="F-10, from the click that seals to the file",
        value=statistics.median(clicks),
        unit="s",
        reference="rendering the same paper, nothing else",
        reference_value=rendering,
        goal=Goal("value", "<", 3),
    )
    yield Figure(
        name="F-10 per second, one worker",
        value=rate,
        unit="papers/s",
        reference="WeasyPrint on a page of one line, per second in one process",
        reference_value=1 / one_line,
        goal=Goal("ratio", ">=", 0.05),
    )


def click_to_file(port: int, world: World) -> float:
    """The head teller posts the form of the confirming page; then the file is asked for until it is there."""
    visitor = Visitor(port)
    visitor.sign_in(world.head_teller.username, PASSWORD)
    number = world.round.pk
    path = reverse("elections:seal", args=[number])
    form = visitor.form(path)
    started = time.perf_counter()
    status, content = visitor.post(path, form)
    if status not in (302, 303):
        raise RuntimeError(f"POST {path} answered {status}: {content.decode()[:2000]}")
    file = reverse("documents:paper", args=[sealed_paper(world).pk])
    while True:
        status, content = visitor.get(file)
        if status == 200 and content.startswith(b"%PDF"):
            return time.perf_counter() - started
        if time.perf_counter() - started > 60:
            raise RuntimeError(f"{file} still answers {status} after a minute")
        time.sleep(0.01)


def sealed_paper(world: World) -> IssuedPaper:
    return IssuedPaper.objects.get(code="F-10", congress_id=world.congress_id)


def papers_per_second(papers: list[IssuedPaper], *, copies: int) -> float:
    """Hands over copies of real papers at once; from the first file to the last."""
    now = timezone.now()
    with transaction.atomic():
        for copy in range(copies):
            for paper in papers:
                again(paper, edition=copy + 2, at=now)
    made = IssuedPaper.objects.filter(created_at=now)
    wait_until(lambda: not made.filter(sha256="").exists())
    moments = sorted(made.values_list("rendered_at", flat=True))
    return (len(moments) - 1) / (moments[-1] - moments[0]).total_seconds()


def again(paper: IssuedPaper, *, edition: int, at: datetime) -> Job:
    fields = {field.attname: getattr(paper, field.attname) for field in IssuedPaper._meta.concrete_fields}
    fields |= {"id": None, "edition": edition, "number": 1000 * edition + paper.number, "created_at": at}
    fields |= {"sha256": "", "file_name": "", "size": 0, "rendered_at": None}
    copy = IssuedPaper.objects.create(**fields)
    return promise(RENDER, f"paper:{copy.pk}", {"paper_id": copy.pk}, at=at)


def wait_until(condition: Callable[[], bool], seconds: float = 300) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            raise RuntimeError("the worker did not finish its papers")
        time.sleep(0.1)


def rendering_alone(issued: IssuedPaper) -> Callable[[], object]:
    paper = registry.get(issued.code).from_dict(issued.data)
    return lambda: render(paper, issued.layout)


def one_line_page() -> None:
    from weasyprint import HTML  # slow to load, and needed here alone

    HTML(string=LINE).write_pdf()
