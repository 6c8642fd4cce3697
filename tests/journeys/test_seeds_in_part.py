"""Telling the stories up to a day, on a database that must be empty."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from accounts import audit
from accounts.models import AuditEvent
from congress.lifecycle import HELD
from congress.models import Congress
from elections.stories.player import VIETNAM
from tests.factories import make_user
from tests.journeys.telling import tell

pytestmark = pytest.mark.django_db


def held() -> set[str]:
    return set(Congress.objects.filter(state__in=HELD).values_list("organization__name", flat=True))


def test_until_a_day_tells_what_had_happened_by_its_end_and_a_later_day_goes_on() -> None:
    tell("--until", "2020-01-15")
    assert held() == set()

    lines = tell("--until", "2020-01-16")
    assert held() == {"Chi bộ Văn phòng Sở 2", "Chi bộ số 01"}
    assert lines["001"]["figures"]["held"] == "1/12"

    lines = tell("--until", "2020-01-17")
    assert lines["002"]["congresses"] == {"preparing": 1, "closed": 1}
    assert lines["001"]["figures"]["held"] == "2/12"
    assert lines["000"]["organizations"] == lines["003"]["organizations"] == 0

    last = AuditEvent.objects.order_by("-at").first()
    assert last.at.astimezone(VIETNAM).date().isoformat() <= "2020-01-17"
    assert audit.verify_chain() == []


def test_other_data_are_never_mixed_with_the_stories() -> None:
    make_user()

    with pytest.raises(CommandError, match="dữ liệu khác"):
        call_command("replay_seeds")


def test_a_day_that_is_none_is_a_wrong_call() -> None:
    with pytest.raises(CommandError, match="không phải một ngày"):
        call_command("replay_seeds", "--until", "30/5/2022")


def test_without_stories_there_are_no_accounts_to_show() -> None:
    with pytest.raises(CommandError, match="Không có tài khoản dùng thử"):
        call_command("demo_accounts", stdout=StringIO())
