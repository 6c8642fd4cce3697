"""Dates and figures in the words of the office."""

from datetime import date, datetime
from decimal import Decimal

import pytest

from accounts import wording


@pytest.mark.parametrize(
    ("left", "words"),
    [
        pytest.param(3, "còn 3 ngày làm việc", id="days left"),
        pytest.param(1, "còn 1 ngày làm việc", id="one day left"),
        pytest.param(0, "hạn hôm nay", id="due today"),
        pytest.param(-1, "quá hạn 1 ngày làm việc", id="one day late"),
        pytest.param(-250, "quá hạn 250 ngày làm việc", id="a working year late"),
        pytest.param(-251, "quá hạn hơn một năm", id="later than that"),
    ],
)
def test_a_deadline_in_words(left, words):
    assert wording.working_days(left) == words


@pytest.mark.parametrize(
    ("value", "places", "text"),
    [
        pytest.param(0, None, "0", id="nought"),
        pytest.param(261, None, "261", id="below a thousand"),
        pytest.param(1234, None, "1.234", id="point between thousands"),
        pytest.param("1234.5", None, "1.234,5", id="comma before decimals"),
        pytest.param("10.60", None, "10,6", id="no idle noughts"),
        pytest.param("10.6", 2, "10,60", id="as many decimals as asked"),
        pytest.param(Decimal("-1234.5"), None, "-1.234,5", id="below nought"),
        pytest.param(100, None, "100", id="noughts of a whole number stay"),
    ],
)
def test_numbers_are_written_the_vietnamese_way(value, places, text):
    assert wording.number(value, places) == text


@pytest.mark.parametrize(
    ("part", "whole", "text"),
    [
        pytest.param(2, 11, "18,18 %", id="two decimals"),
        pytest.param(6, 6, "100 %", id="all"),
        pytest.param(1, 8, "12,5 %", id="one decimal is enough"),
        pytest.param(0, 7, "0 %", id="none"),
        pytest.param(2, 3, "66,67 %", id="rounded half up"),
        pytest.param(0, 0, "–", id="nobody to share"),
    ],
)
def test_a_share_in_percent(part, whole, text):
    assert wording.share(part, whole).replace("\N{NO-BREAK SPACE}", " ") == text


def test_a_day_and_its_name():
    assert wording.day(date(2022, 6, 9)) == "9/6/2022"
    assert wording.day_in_full(date(2022, 6, 29)) == "thứ tư, ngày 29/6/2022"


@pytest.mark.parametrize(("hour", "part"), [(11, "sáng"), (12, "chiều"), (17, "chiều"), (18, "tối")])
def test_a_half_day_is_named_by_its_hour(hour, part):
    assert wording.half_day(datetime(2022, 6, 29, hour)) == f"{part} 29/6/2022"  # noqa: DTZ001  (already local)


@pytest.mark.parametrize(
    ("name", "letters"), [("Nguyễn Văn An", "NA"), ("Đỗ Ân", "ĐÂ"), ("An", "A"), ("Lê An (bịa)", "LA"), ("", "?")]
)
def test_initials_are_of_the_family_name_and_the_given_name(name, letters):
    assert wording.initials(name) == letters
