from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from congress.rules.deadlines import (
    ballots_kept_until,
    complaints_until,
    decision_due,
    is_working_day,
    notice_due,
    report_due,
    working_days_after,
    working_days_between,
    working_days_left,
)
from congress.rules.holidays import from_data, shipped

TABLE = shipped()
HOLIDAYS, MADE_UP = frozenset(day.on for day in TABLE.days_off), TABLE.made_up
DAYS = st.dates(date(2019, 1, 1), date(2027, 12, 31))


@pytest.mark.rule("E-64")
def test_k131_report_deadline():
    assert report_due(date(2025, 6, 20), 7, HOLIDAYS) == date(2025, 7, 1)


@pytest.mark.rule("E-65")
def test_k133_decision_deadline():
    assert decision_due(date(2025, 7, 1), 15, HOLIDAYS) == date(2025, 7, 22)


@pytest.mark.rule("E-65")
def test_k136_a_pending_complaint_suspends_the_deadline():
    assert decision_due(date(2025, 7, 1), 15, HOLIDAYS, complaint_pending=True) is None


@pytest.mark.rule("E-07")
@pytest.mark.parametrize(
    ("opens", "days", "due"),
    [
        pytest.param(date(2025, 6, 20), 30, date(2025, 5, 9), id="thirty working days before"),
        pytest.param(date(2025, 6, 20), 1, date(2025, 6, 19), id="the day before"),
        pytest.param(date(2025, 6, 23), 1, date(2025, 6, 20), id="before a Monday"),
        pytest.param(date(2025, 2, 3), 1, date(2025, 1, 24), id="Tết between"),
        pytest.param(date(2025, 4, 28), 1, date(2025, 4, 26), id="a Saturday worked in exchange"),
        pytest.param(date(2025, 6, 20), 0, date(2025, 6, 20), id="no notice"),
    ],
)
def test_the_opening_is_announced_in_time(opens, days, due):
    assert notice_due(opens, days, HOLIDAYS, made_up=MADE_UP) == due


@pytest.mark.rule("E-61")
def test_ballots_are_kept_for_months():
    assert ballots_kept_until(date(2025, 6, 20), 6) == date(2025, 12, 20)
    assert ballots_kept_until(date(2025, 8, 31), 6) == date(2026, 2, 28)


@pytest.mark.rule("E-67")
def test_complaints():
    """K-134: the tenth working day is in time, the sixteenth is not; under 244 no period was read."""
    until = complaints_until(date(2025, 6, 20), 15, HOLIDAYS)

    assert until == date(2025, 7, 11)
    assert date(2025, 7, 4) <= until < date(2025, 7, 14)
    assert complaints_until(date(2025, 6, 20), None, HOLIDAYS) is None


def test_k134_the_number_of_the_working_day():
    closed = date(2025, 6, 20)

    assert working_days_between(closed, date(2025, 7, 4), HOLIDAYS) == 10
    assert working_days_between(closed, date(2025, 7, 14), HOLIDAYS) == 16
    assert working_days_between(closed, closed, HOLIDAYS) == 0
    assert working_days_between(closed, date(2025, 6, 1), HOLIDAYS) == 0


@pytest.mark.rule("U-18")
@pytest.mark.parametrize(
    ("day", "worked"),
    [
        pytest.param(date(2025, 4, 25), True, id="a Friday"),
        pytest.param(date(2025, 4, 26), True, id="a Saturday worked in exchange"),
        pytest.param(date(2025, 4, 27), False, id="a Sunday"),
        pytest.param(date(2025, 5, 2), False, id="the Friday taken for it"),
        pytest.param(date(2025, 5, 3), False, id="an ordinary Saturday"),
        pytest.param(date(2025, 1, 29), False, id="Tết"),
        pytest.param(date(2022, 1, 3), False, id="a Monday after a holiday on Saturday"),
        pytest.param(date(2024, 9, 3), False, id="second day of Quốc khánh"),
    ],
)
def test_working_days(day, worked):
    assert is_working_day(day, HOLIDAYS, made_up=MADE_UP) is worked


def test_a_period_over_tet_skips_it():
    assert working_days_after(date(2025, 1, 24), 1, HOLIDAYS) == date(2025, 2, 3)
    assert working_days_after(date(2025, 4, 25), 1, HOLIDAYS, made_up=MADE_UP) == date(2025, 4, 26)
    assert working_days_after(date(2025, 4, 26), 0, HOLIDAYS) == date(2025, 4, 26)
    with pytest.raises(ValueError, match="-1 days"):
        working_days_after(date(2025, 1, 1), -1, HOLIDAYS)


@pytest.mark.parametrize(
    ("today", "left"),
    [
        pytest.param(date(2025, 6, 30), 1, id="tomorrow"),
        pytest.param(date(2025, 7, 1), 0, id="the last day"),
        pytest.param(date(2025, 7, 2), -1, id="one working day late"),
        pytest.param(date(2025, 7, 5), -3, id="late on a Saturday: three working days"),
        pytest.param(date(2025, 6, 28), 2, id="from a Saturday"),
    ],
)
def test_days_left(today, left):
    assert working_days_left(today, date(2025, 7, 1), HOLIDAYS) == left


@given(start=DAYS, days=st.integers(1, 40))
def test_a_period_ends_on_a_working_day_and_counts_back(start, days):
    end = working_days_after(start, days, HOLIDAYS, made_up=MADE_UP)

    assert is_working_day(end, HOLIDAYS, made_up=MADE_UP)
    assert working_days_between(start, end, HOLIDAYS, made_up=MADE_UP) == days
    assert working_days_left(start, end, HOLIDAYS, made_up=MADE_UP) == days


def test_the_holiday_table_is_whole():
    for year in range(2019, 2028):
        names = {day.name.split(" (")[0] for day in TABLE.days_off if day.on.year == year}
        assert {"Tết Dương lịch", "Tết Nguyên đán", "Giỗ Tổ Hùng Vương", "Quốc khánh 2/9"} <= names
        tet = [day.on for day in TABLE.days_off if day.on.year == year and day.name.startswith("Tết Nguyên đán")]
        assert 5 <= len(tet) <= 7
        assert tet == [tet[0] + timedelta(number) for number in range(len(tet))]
    assert all(day.weekday() == 5 for day in MADE_UP)
    assert not MADE_UP & HOLIDAYS
    assert len(HOLIDAYS) == len(TABLE.days_off)


def test_a_day_off_is_certain_when_it_was_announced_and_keeps_its_note():
    rows = [{"on": "2025-01-01", "name": "Tết", "certainty": "announced", "note": "công bố"}]
    rows.append({"on": "2025-01-02", "name": "Tết", "certainty": "unverified"})
    table = from_data({"first_year": 2025, "last_year": 2025, "days_off": rows, "worked_instead": []})

    assert [day.note for day in table.days_off] == ["công bố", ""]
    assert table.is_certain(date(2025, 1, 1), date(2025, 1, 1))
    assert not table.is_certain(date(2025, 1, 1), date(2025, 1, 2))


def test_the_table_says_what_it_does_not_know():
    assert TABLE.covers(date(2019, 1, 1)) and TABLE.covers(date(2027, 12, 31))
    assert not TABLE.covers(date(2018, 12, 30)) and not TABLE.covers(date(2028, 1, 1))
    assert TABLE.is_certain(date(2025, 6, 20), date(2025, 7, 22))
    assert not TABLE.is_certain(date(2026, 11, 20), date(2026, 11, 30))
    assert not TABLE.is_certain(date(2026, 11, 24), date(2026, 11, 25))
    assert not TABLE.is_certain(date(2026, 11, 23), date(2026, 11, 24))
    assert TABLE.is_certain(date(2026, 11, 25), date(2026, 11, 30))
    assert not TABLE.is_certain(date(2027, 12, 30), date(2028, 1, 3))
    assert not TABLE.is_certain(date(2018, 12, 1), date(2019, 1, 3))
