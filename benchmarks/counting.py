"""Typing a count: from the press that sends a sheet to the answer, against a signed-in POST that changes one field."""

from __future__ import annotations

import re
import statistics
import time
from collections.abc import Iterator
from itertools import count

from django.urls import reverse

from benchmarks.figures import Figure, Goal
from benchmarks.processes import Visitor, product
from benchmarks.scratch import Scratch
from elections.services import counting
from tests.factories import PASSWORD, World, congress_at

TOKEN = re.compile(r'name="(csrfmiddlewaretoken)" value="([^"]+)"')


def measure(place: Scratch) -> Iterator[Figure]:
    totals, papers = counted_by("totals"), counted_by("papers")
    with product(place.environment, place.folder / "counting.log") as port:
        typists = [signed_in(port, person) for person in totals.typists]
        sheets = Sheets(totals, typists)
        reader = signed_in(port, papers.teller)
        slips = count(1)
        sheet_times, paper_times, bare_times = [], [], []
        for _ in range(place.times(10)):
            sheet_times += sheets.both_send()
            paper_times += [send_paper(papers, reader, next(slips)) for _ in range(2)]
            bare_times += [bare_post(typists[0]) for _ in range(2)]
    bare = statistics.median(bare_times)
    for name, times in (("a sheet of totals", sheet_times), ("one ballot paper", paper_times)):
        yield Figure(
            name=f"sending {name}",
            value=statistics.median(times) * 1000,
            unit="ms",
            reference="a signed-in POST that changes the size of the text",
            reference_value=bare * 1000,
            goal=Goal("ratio", "<=", 8),
        )


def counted_by(method: str) -> World:
    """Twenty-four voters elect three of four."""
    world = congress_at("slate_fixed", members=24, committee_seats=3)
    world.close_ledger()
    counting.start_count(world.round.pk, method=method, actor=world.teller, at=world.when(0, 14, 50))
    return world


def signed_in(port: int, person: object) -> Visitor:
    visitor = Visitor(port)
    visitor.sign_in(person.username, PASSWORD)  # type: ignore[attr-defined]  # a user
    return visitor


class Sheets:
    """Two people whose second figure differs every time, so that every sheet sent leads to another."""

    def __init__(self, world: World, typists: list[Visitor]) -> None:
        self.world, self.typists, self.revision = world, typists, 0
        self.pks = [one.pk for one in world.slate()]
        self.path = reverse("elections:entry", args=[world.count.pk])

    def both_send(self) -> list[float]:
        self.revision += 1
        return [self._send(visitor, 20 - place) for place, visitor in enumerate(self.typists)]

    def _send(self, visitor: Visitor, second: int) -> float:
        form = visitor.form(self.path) | {f"votes_{self.pks[1]}": str(second), "revision": str(self.revision)}
        if self.revision == 1:
            form |= {"returned": "24", "valid": "24", "invalid": "0"}
            form |= {f"votes_{pk}": figure for pk, figure in zip(self.pks, ("24", str(second), "18", "9"), strict=True)}
        return timed(visitor, self.path, form)


def send_paper(world: World, reader: Visitor, slip: int) -> float:
    path = reverse("elections:papers", args=[world.count.pk])
    form = reader.form(path) | {"slip": str(slip), f"struck_{world.slate()[3].pk}": "on"}
    return timed(reader, path, form)


def bare_post(visitor: Visitor) -> float:
    token = dict(TOKEN.findall(visitor.page("/")))
    return timed(visitor, reverse("set_text_size"), token | {"size": "normal"})


def timed(visitor: Visitor, path: str, form: dict[str, str]) -> float:
    started = time.perf_counter()
    status, content = visitor.post(path, form)
    seconds = time.perf_counter() - started
    if status not in (302, 303):
        raise RuntimeError(f"POST {path} answered {status}: {content.decode()[:2000]}")
    return seconds
