"""How one branch goes from its plan to its dossier, day by day before and after the day it meets."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import Any

from elections.stories.branch.afterwards import Afterwards
from elections.stories.branch.day import TheDay
from elections.stories.branch.preparation import Preparation
from elections.stories.branch.script import (
    CLEARED,
    CLOSED,
    COMPLETE,
    COUNTED,
    PREPARED,
    RATIFIED,
    REPORTED,
    SEATED,
    SENT_BACK,
    SLATE_FIXED,
    SUBMITTED,
)
from elections.stories.player import Player, Story


class Branch(Preparation, TheDay, Afterwards):
    """The way of the congress, step by step."""

    def story(self, player: Player) -> Story:
        """Waits for each hour and acts; ends at ``stop`` or after ``ends_on``."""
        for moment, step, act in self.steps():
            if self.ends_on is not None and moment.date() > self.ends_on:
                return
            yield moment
            act(player)
            if step == self.stop:
                return

    def steps(self) -> list[tuple[datetime, str, Any]]:
        """(hour, name of the step or blank, act); weekends draw days together, so later steps have later hours."""
        plan = [
            (self.before(24), "", self.prepare),
            (self.before(24, 9), PREPARED, self.convene),
            (self.before(22, 10), "", self.draft),
            (self.before(20, 14), "", self.submit_drafts),
        ]
        if self.reviewed_twice:
            plan += [
                (self.before(18, 15), SENT_BACK, self.send_back),
                (self.before(16, 16), "", self.revise),
            ]
        plan += [
            (self.before(15, 17), SUBMITTED, self.ask_clearance),
            (self.before(12), "", self.approve_drafts),
            (self.before(10, 10), CLEARED, self.clear),
            (self.before(9, 14), "", self.prepare_slates),
            (self.on_the_day(-15), "", self.take_roll),
            (self.on_the_day(0), "", self.open),
            (self.on_the_day(10), SEATED, self.elect_officers),
            (self.on_the_day(30), "", self.record_entries),
        ]
        for turn in range(self.elections):
            start = 60 + turn * 30
            if turn:
                plan.append((self.on_the_day(start), "", partial(self.nominate_leader, turn=turn)))
            plan += [
                (self.on_the_day(start + 5), SLATE_FIXED, partial(self.fix_slate, turn=turn)),
                (self.on_the_day(start + 12), "", partial(self.close_ledger, turn=turn)),
                (self.on_the_day(start + 14), "", partial(self.start_count, turn=turn)),
                (self.on_the_day(start + 20), "", partial(self.enter_count, turn=turn, place=0)),
                (self.on_the_day(start + 22), COUNTED, partial(self.enter_count, turn=turn, place=1)),
                (self.on_the_day(start + 25), "", partial(self.seal, turn=turn)),
            ]
        end = 60 + self.elections * 30
        plan += [
            (self.on_the_day(end), "", self.adopt_resolution),
            (self.on_the_day(end + 15), CLOSED, self.close),
            (self.on_the_day(end + 45), "", self.issue_minutes),
            (self.on_the_day(end + 50), "", self.send_signed_minutes),
            (self.on_the_day(end + 55), "", self.read_signed_minutes),
            (self.after(2), REPORTED, self.report),
            (self.after(9), RATIFIED, self.ratify),
            (self.after(20), COMPLETE, self.complete),
        ]
        return plan
