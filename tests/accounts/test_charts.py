"""Charts: the numbers that the templates draw."""

from datetime import date

import pytest

from accounts import charts

MAY_16 = date(2022, 5, 16)
MAY_30 = date(2022, 5, 30)
JUNE_28 = date(2022, 6, 28)


def test_bars_are_as_long_as_their_share_of_the_base():
    chart = charts.bars(title="", items=[("Hòa", 11), ("Minh", 0)], base=11)

    assert [bar.length for bar in chart.bars] == [chart.width, 0]


def test_a_bar_that_reaches_the_line_stands_out_and_one_below_does_not():
    chart = charts.bars(title="", items=[("Thịnh", 6), ("Trang", 5)], base=11, threshold=6)

    assert [bar.strong for bar in chart.bars] == [True, False]
    assert chart.threshold_x == chart.bars[0].length


def test_bars_of_an_empty_base_have_no_length():
    chart = charts.bars(title="", items=[("Hòa", 0)], base=0)

    assert [(bar.length, bar.value) for bar in chart.bars] == [(0, "0")]


def test_a_curve_shows_the_pace_still_needed():
    chart = charts.curve(title="", total=261, actual=[(MAY_16, 2), (MAY_30, 38)], deadline=JUNE_28)

    assert chart.last is not None
    assert chart.need == f"{chart.last.x:g},{chart.last.y:g} {chart.right:g},{chart.top:g}"


@pytest.mark.parametrize(
    ("as_of", "forecast", "ends"),
    [
        (MAY_30, None, "28/6"),
        (date(2022, 7, 21), None, "21/7"),
        (MAY_30, (date(2022, 7, 5), 261), "5/7"),
    ],
    ids=["before the deadline", "after the deadline", "a forecast beyond it"],
)
def test_the_axis_reaches_deadline_day_looked_from_and_forecast_and_marks_the_first_two(as_of, forecast, ends):
    chart = charts.curve(
        title="",
        total=261,
        actual=[(MAY_16, 2), (as_of, 38)],
        deadline=JUNE_28,
        as_of=as_of,
        as_of_word="hôm nay",
        forecast=forecast,
    )

    assert chart.x_ticks[-1].label == ends
    assert chart.last is not None and chart.marks[1] == chart.last.x
    assert [label.text for label in chart.labels[:2]] == ["hạn 28/6: 261", f"hôm nay {as_of.day}/{as_of.month}"]
    assert all(chart.left <= mark <= chart.right for mark in chart.marks)
    assert (chart.marks[0] < chart.right) is (ends != "28/6")


def test_a_finished_curve_needs_nothing_more():
    chart = charts.curve(title="", total=12, actual=[(MAY_16, 2), (MAY_30, 12)], deadline=JUNE_28)

    assert chart.need == ""


def test_a_curve_without_a_day_yet_shows_the_plan_alone():
    chart = charts.curve(title="", total=12, actual=[], starts_on=MAY_16, deadline=JUNE_28)

    assert (chart.actual, chart.last) == ("", None)
    assert chart.plan != ""


def test_a_curve_survives_a_deadline_on_its_first_day():
    chart = charts.curve(title="", total=0, actual=[(MAY_16, 0)], deadline=MAY_16)

    assert [tick.label for tick in chart.x_ticks] == ["16/5"]


def test_every_chart_carries_its_table():
    chart = charts.multiples(title="", items=[("Sở Công Thương", 3, 12), ("Báo tỉnh", 0, 0)])

    assert [row[:3] for row in chart.table.rows] == [("Sở Công Thương", "3", "12"), ("Báo tỉnh", "0", "0")]


def test_ticks_of_days_are_even_and_include_both_ends():
    ticks = charts.day_ticks(MAY_16, JUNE_28)

    assert (ticks[0], ticks[-1]) == (MAY_16, JUNE_28)
    assert 4 <= len(ticks) <= 7


@pytest.mark.parametrize(
    ("day", "anchor"),
    [
        pytest.param(date(2022, 5, 30), "start", id="in the middle of the picture"),
        pytest.param(date(2022, 6, 28), "end", id="at its right edge"),
    ],
)
def test_the_words_at_the_last_point_stay_inside_the_picture(day, anchor):
    chart = charts.curve(
        title="38/261", total=261, actual=[(day, 38)], deadline=date(2022, 6, 28), starts_on=date(2022, 5, 4)
    )

    assert chart.last is not None
    assert chart.last.anchor == anchor
