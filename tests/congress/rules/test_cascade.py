"""A lower plan tightens and never loosens; presets and the shipped timeline are sound data."""

from datetime import date

import pytest

from congress.rules import presets, timeline
from congress.rules.cascade import Bound, looser
from congress.rules.terms import LABELS

MAY, JUNE, JULY = date(2022, 5, 1), date(2022, 6, 28), date(2022, 7, 15)
HIGHER = {
    "papers": Bound(MAY, "Kế hoạch số 44-KH/ĐUK"),
    "window_opens": Bound(date(2022, 5, 16), "Kế hoạch số 44-KH/ĐUK"),
    "window_closes": Bound(JUNE, "Kế hoạch số 44-KH/ĐUK"),
}


@pytest.mark.parametrize(
    ("days", "refused"),
    [
        pytest.param({}, [], id="nothing set, all inherited"),
        pytest.param({"papers": MAY}, [], id="the same day"),
        pytest.param({"papers": date(2022, 4, 30)}, [], id="one day tighter"),
        pytest.param({"papers": date(2022, 5, 2)}, ["papers"], id="one day looser"),
        pytest.param({"window_closes": JUNE}, [], id="window closes on the last day"),
        pytest.param({"window_closes": date(2022, 6, 29)}, ["window_closes"], id="window closes a day late"),
        pytest.param({"window_closes": date(2022, 5, 15)}, ["window_closes"], id="window closes before it may open"),
        pytest.param({"window_opens": date(2022, 5, 16)}, [], id="window opens on the first day"),
        pytest.param({"window_opens": date(2022, 5, 15)}, ["window_opens"], id="window opens a day early"),
        pytest.param({"window_opens": date(2022, 6, 29)}, ["window_opens"], id="window opens after the end"),
        pytest.param({"dossier": JULY}, [], id="a deadline that the higher plan does not set"),
    ],
)
def test_a_lower_plan_may_only_tighten(days, refused):
    assert sorted(looser(days, HIGHER, plan="Kế hoạch số 22-KH/ĐU")) == refused


@pytest.mark.parametrize(
    ("kind", "day", "said"),
    [
        (
            "papers",
            date(2022, 5, 2),
            "Hạn {label} 2/5/2022 của Kế hoạch số 22-KH/ĐU muộn hơn hạn 1/5/2022 của Kế hoạch số 44-KH/ĐUK. "
            "Cấp dưới chỉ được đặt hạn sớm hơn hoặc bằng.",
        ),
        (
            "window_opens",
            date(2022, 5, 15),
            "Ngày {label} 15/5/2022 của Kế hoạch số 22-KH/ĐU trước ngày sớm nhất 16/5/2022 của Kế hoạch số 44-KH/ĐUK. "
            "Chọn ngày trong khoảng cấp trên cho phép.",
        ),
        (
            "window_closes",
            date(2022, 6, 29),
            "Ngày {label} 29/6/2022 của Kế hoạch số 22-KH/ĐU sau ngày chậm nhất 28/6/2022 của Kế hoạch số 44-KH/ĐUK. "
            "Chọn ngày trong khoảng cấp trên cho phép.",
        ),
    ],
)
def test_the_refusal_names_both_plans_and_both_days(kind, day, said):
    assert looser({kind: day}, HIGHER, plan="Kế hoạch số 22-KH/ĐU") == {kind: said.format(label=LABELS[kind])}


def test_five_presets_name_their_source_and_set_only_what_a_plan_has():
    found = presets.presets()
    keys = {one.key for one in timeline.shipped()}

    assert len(found) == len({one.key for one in found}) == 5
    for one in found:
        assert one.source and one.name
        assert set(one.settings) <= set(presets.SETTINGS)
        assert set(one.lead_times) <= keys
        assert set(one.assumed) <= set(one.settings) | set(one.lead_times)
    assert presets.preset("thai-binh-2020").settings["personnel_steps"] == 5
    assert presets.preset("khong-co") is None
