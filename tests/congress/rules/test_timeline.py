"""The template of stations, the days it gives, and what a changed day breaks."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from congress.rules.cascade import Bound
from congress.rules.deadlines import working_days_after, working_days_before
from congress.rules.timeline import (
    CHAIN,
    HELD,
    Station,
    Stop,
    Surroundings,
    check_template,
    due_of,
    judge,
    shipped,
    template,
)

OPENING = date(2022, 6, 29)  # a Wednesday
HOLIDAYS = {date(2022, 9, 2): "Quốc khánh 2/9"}
PLAN = "Kế hoạch số 22-KH/ĐU"


def keys(**settings: object) -> list[str]:
    return [one.key for one in template(settings)]


# ---- the template ----


def test_every_station_waits_only_for_stations_that_are_there_and_names_its_source():
    for settings in ({}, {"personnel_steps": 5}, {"has_preliminary": True, "is_pilot": True, "contents": 4}):
        stations = template(settings)
        there = [one.key for one in stations]

        assert len(set(there)) == len(there)
        assert all(set(one.after) <= set(there) for one in stations)
        assert check_template(stations) == ""
    assert all(one.source and one.certainty in "ABCD" for one in shipped())


def test_settings_decide_which_stations_there_are():
    assert "personnel_5" not in keys() and "personnel_3" in keys()
    assert "personnel_5" in keys(personnel_steps=5)
    assert "preliminary" not in keys(has_preliminary=False) and "preliminary" in keys(has_preliminary=True)
    assert "pilot_review" not in keys(is_pilot=False) and "pilot_review" in keys(is_pilot=True)
    assert "opinions_sent" not in keys(contents=2) and "opinions_sent" in keys(contents=4)


@pytest.mark.parametrize(
    ("stations", "says"),
    [
        ([], ""),
        ([Station(HELD, "Đại hội", "presidium", "opening", 0)], ""),
        ([Station("a", "A", "branch", "opening", 0)], "phải có bước “Đại hội”"),
        ([Station(HELD, "A", "branch", "opening", 0)] * 2, "trùng mã"),
        (
            [
                Station(HELD, "Đại hội", "presidium", "opening", 0),
                Station("a", "A", "branch", "opening", 0, ("b",)),
                Station("b", "B", "branch", "opening", 0, ("a",)),
            ],
            "thành vòng: A, B",
        ),
    ],
)
def test_a_template_has_the_congress_once_and_no_circle(stations, says):
    found = check_template(stations)

    assert says in found and bool(found) == bool(says)


@pytest.mark.parametrize(
    ("anchor", "offset", "deadline", "due"),
    [
        pytest.param("opening", 0, None, OPENING, id="the day itself"),
        pytest.param("opening", -1, None, date(2022, 6, 28), id="the working day before"),
        pytest.param("opening", -3, None, date(2022, 6, 24), id="over a weekend backwards"),
        pytest.param("opening", 3, None, date(2022, 7, 4), id="over a weekend forwards"),
        pytest.param("opening", -3, date(2022, 6, 20), date(2022, 6, 20), id="the plan's earlier deadline wins"),
        pytest.param("opening", -3, date(2022, 6, 27), date(2022, 6, 24), id="the plan's later deadline does not"),
        pytest.param("plan", 5, None, date(2022, 5, 26), id="from the day of the plan"),
    ],
)
@pytest.mark.rule("U-18")
def test_the_day_of_a_station(anchor, offset, deadline, due):
    station = Station("drafts", "Soạn dự thảo", "branch", anchor, offset)

    found = due_of(station, opening=OPENING, issued=date(2022, 5, 19), deadline=deadline, holidays=HOLIDAYS)

    assert found == due


def test_without_a_day_of_the_congress_only_the_plans_deadline_is_known():
    station = Station("drafts", "Soạn dự thảo", "branch", "opening", -3)

    assert due_of(station, opening=None, issued=None, deadline=None, holidays=()) is None
    assert due_of(station, opening=None, issued=None, deadline=OPENING, holidays=()) == OPENING


@given(st.dates(date(2020, 1, 1), date(2027, 1, 1)), st.integers(0, 60))
def test_going_back_and_forth_in_working_days_returns(start, days):
    day = working_days_after(start, days, HOLIDAYS)

    assert working_days_after(working_days_before(day, days, HOLIDAYS), days, HOLIDAYS) == day or days == 0


# ---- what a changed day breaks ----


def around(*stops: Stop, **more: object) -> Surroundings:
    return Surroundings(stops=stops, bounds=more.pop("bounds", {}), holidays=HOLIDAYS, **more)


def codes(key: str, day: date, where: Surroundings) -> list[str]:
    return [one.code for one in judge(key, day, where)]


STOPS = (
    Stop("papers_submitted", "Trình dự thảo", date(2022, 6, 6), fixed=True),
    Stop("cleared", "Duyệt đại hội", date(2022, 6, 20), ("papers_submitted",), fixed=True),
    Stop(HELD, "Đại hội", OPENING, ("cleared",)),
    Stop("reported", "Báo cáo", date(2022, 7, 8), (HELD,), fixed=True),
    Stop("ratified", "Chuẩn y", date(2022, 7, 29), ("reported",)),
)
WINDOW = {"window_opens": Bound(date(2022, 6, 1), PLAN), "window_closes": Bound(date(2022, 7, 6), PLAN)}


@pytest.mark.parametrize(
    ("key", "day", "expected"),
    [
        pytest.param(HELD, OPENING, [], id="as planned"),
        pytest.param(HELD, date(2022, 6, 1), ["F901"], id="first day of the window, before its clearance"),
        pytest.param(HELD, date(2022, 6, 20), [], id="on the day of the clearance"),
        pytest.param(HELD, date(2022, 7, 6), [], id="last day of the window"),
        pytest.param(HELD, date(2022, 7, 7), ["W901"], id="a day after the window"),
        pytest.param(HELD, date(2022, 7, 11), ["F901", "W901"], id="after its own report"),
        pytest.param(HELD, date(2022, 7, 2), ["W903"], id="a Saturday"),
        pytest.param("papers_submitted", date(2022, 6, 20), [], id="papers on the day of the clearance"),
        pytest.param("papers_submitted", date(2022, 6, 21), ["W904"], id="papers after the clearance"),
        pytest.param("cleared", date(2022, 6, 30), ["F901"], id="cleared after the congress"),
        pytest.param("cleared", date(2022, 6, 3), ["W904"], id="cleared before the papers came"),
    ],
)
def test_what_a_day_breaks(key, day, expected):
    assert codes(key, day, around(*STOPS, bounds=WINDOW)) == expected


@pytest.mark.rule("E-64")
@pytest.mark.parametrize(("day", "expected"), [(date(2022, 7, 8), []), (date(2022, 7, 11), ["F902"])])
def test_the_report_comes_within_seven_working_days(day, expected):
    assert codes("reported", day, around(*STOPS, report_days=7, decision_days=15)) == expected


@pytest.mark.rule("E-65")
@pytest.mark.parametrize(
    ("day", "expected"), [(date(2022, 7, 29), []), (date(2022, 8, 1), ["F903"]), (date(2022, 7, 7), ["F901"])]
)
def test_the_decision_comes_within_fifteen_working_days_of_the_report(day, expected):
    assert codes("ratified", day, around(*STOPS, report_days=7, decision_days=15)) == expected


def test_a_superiors_deadline_binds_its_station():
    bounds = {"papers": Bound(date(2022, 6, 10), PLAN)}

    assert codes("papers_submitted", date(2022, 6, 10), around(*STOPS, bounds=bounds)) == []
    (finding,) = judge("papers_submitted", date(2022, 6, 13), around(*STOPS, bounds=bounds))
    assert finding.code == "W902" and PLAN in finding.message and "10/6/2022" in finding.message


def test_holidays_made_up_saturdays_and_unknown_years():
    alone = Stop("drafts", "Soạn dự thảo", None)

    (finding,) = judge("drafts", date(2022, 9, 2), around(alone))
    assert finding.code == "W903" and "Quốc khánh" in finding.message
    saturday = date(2022, 9, 10)
    assert codes("drafts", saturday, around(alone)) == ["W903"]
    assert codes("drafts", saturday, around(alone, made_up={saturday})) == []
    assert codes("drafts", date(2031, 9, 2), around(alone, covered=False)) == ["W906"]


def test_a_representative_elsewhere_matters_for_the_congress_alone():
    where = around(*STOPS, booked=lambda day: ["Đồng chí An đã được phân công dự đại hội khác cùng buổi."])

    assert codes(HELD, OPENING, where) == ["W905"]
    assert codes("papers_submitted", date(2022, 6, 6), where) == []


def test_another_day_than_the_superior_has_agreed_to_is_said():
    for day, cleared_on, expected in (
        (OPENING, None, []),
        (OPENING, OPENING, []),
        (OPENING, OPENING - timedelta(days=1), ["W907"]),
        (OPENING, OPENING + timedelta(days=1), ["W907"]),
    ):
        assert codes(HELD, day, around(*STOPS, cleared_on=cleared_on)) == expected
    assert codes("papers_submitted", date(2022, 6, 6), around(*STOPS, cleared_on=OPENING)) == []
    (finding,) = judge(HELD, OPENING, around(*STOPS, cleared_on=date(2022, 6, 15)))
    assert "15/6/2022" in finding.message and finding.level == "warning"


def test_steps_that_move_along_do_not_hold_the_congress():
    moving = tuple(Stop(one.key, one.title, one.day, one.after) for one in STOPS)

    assert codes(HELD, OPENING - timedelta(days=20), around(*moving)) == []
    assert CHAIN.index("cleared") < CHAIN.index(HELD) < CHAIN.index("reported")
