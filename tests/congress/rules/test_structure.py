"""Age bands and who counts as young, at their edges."""

from datetime import date

import pytest

from congress.rules.structure import BANDS, band_of, young_below


@pytest.mark.parametrize(
    ("age", "label"),
    [
        (0, "Dưới 40 tuổi"),
        (39, "Dưới 40 tuổi"),
        (40, "Từ 40 đến 50 tuổi"),
        (50, "Từ 40 đến 50 tuổi"),
        (51, "Trên 50 tuổi"),
        (200, "Trên 50 tuổi"),
    ],
)
def test_the_age_bands_have_sharp_edges(age, label):
    assert band_of(age) == label


def test_every_age_is_in_one_band():
    assert [label for label, first, last in BANDS for _ in range(first, last + 1)] == [
        band_of(age) for age in range(201)
    ]


@pytest.mark.parametrize(
    ("on", "age"),
    [
        pytest.param(date(2010, 1, 1), 40, id="before all texts"),
        pytest.param(date(2014, 1, 1), 40, id="first day of the first"),
        pytest.param(date(2024, 6, 13), 40, id="last day of the first"),
        pytest.param(date(2024, 6, 14), 42, id="first day of the second"),
        pytest.param(date(2025, 7, 1), 42, id="later"),
    ],
)
def test_who_is_young_depends_on_the_text_of_the_day(on, age):
    assert young_below(on) == age
