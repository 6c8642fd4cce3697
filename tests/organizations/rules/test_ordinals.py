"""HD 06-HD/TW 09/6/2025: which number the next congress bears."""

from datetime import date

import pytest

from organizations.rules.ordinals import Body, Origin, held_by, next_ordinal

ON = date(2022, 6, 29)


def origin(kind: str = "split", count: int | None = 6, carries: bool | None = None) -> Origin:
    return Origin("Chi bộ Văn phòng", kind, count, carries)


@pytest.mark.parametrize(
    ("body", "number"),
    [
        pytest.param({"before": 6}, 7, id="so many before"),
        pytest.param({"before": 0}, 1, id="none before"),
        pytest.param({"before": 6, "held": 2}, 9, id="some before and some here"),
        pytest.param({"founded_on": date(2019, 2, 19)}, 1, id="newly founded begins anew"),
        pytest.param({"founded_on": date(2019, 2, 19), "held": 1}, 2, id="its second"),
        pytest.param({"founded_on": date(2017, 6, 30)}, 1, id="a day less than the longest term ago"),
        pytest.param({"founded_on": date(2017, 6, 29)}, None, id="founded a whole term ago and nothing known"),
        pytest.param({"founded_on": date(2016, 2, 29)}, None, id="founded on a leap day"),
        pytest.param({}, None, id="nothing known"),
        pytest.param({"held": 2}, None, id="here twice, before unknown"),
        pytest.param({"origins": (origin(),)}, 7, id="split: counted on"),
        pytest.param({"origins": (origin(carries=True),)}, 7, id="split: counted on by decision"),
        pytest.param({"origins": (origin(carries=False),)}, 1, id="split: not counted by decision (seed 002)"),
        pytest.param({"origins": (origin(count=None),)}, None, id="split from one of which nothing is known"),
        pytest.param({"origins": (origin(count=None, carries=False),)}, 1, id="not counted, so it need not be known"),
        pytest.param({"origins": (origin("consolidate", 3), origin("consolidate", 4))}, 8, id="consolidated: added up"),
        pytest.param(
            {"origins": (origin("consolidate", 3), origin("consolidate", 4, carries=False))}, 4, id="one of the two"
        ),
        pytest.param({"before": 6, "origins": (origin("merge", 4),)}, 11, id="another merged into it"),
        pytest.param({"before": 6, "origins": (origin("merge", 4, carries=False),)}, 7, id="merged, not counted"),
        pytest.param(
            {"before": 6, "origins": (origin("split", 4),)}, 7, id="what is written covers where it came from"
        ),
        pytest.param({"before": 6, "origins": (origin("merge", None),)}, None, id="merged, unknown"),
    ],
)
def test_the_number_of_the_next_congress(body, number):
    assert next_ordinal(Body("Chi bộ 2", **body), on=ON).number == number


def test_the_reasons_say_how_it_was_counted():
    body = Body("Chi bộ 2", before=6, held=1, origins=(origin("merge", 4), origin("merge", 9, carries=False)))

    assert held_by(body, on=ON) == (
        11,
        (
            "6 kỳ đại hội trước khi ghi trên hệ thống.",
            "Tính tiếp 4 kỳ đại hội khi sáp nhập Chi bộ Văn phòng.",
            "Không tính tiếp từ Chi bộ Văn phòng theo quyết định khi ghi việc tổ chức.",
            "1 kỳ đại hội sau đó đã ghi trên hệ thống.",
        ),
    )


def test_the_unknown_is_written_as_the_years_of_the_term():
    reasons = next_ordinal(Body("Chi bộ 2"), on=ON).reasons

    assert reasons == (
        "Chưa ghi số kỳ đại hội Chi bộ 2 đã qua.",
        "Chưa rõ số thứ tự thì ghi năm của nhiệm kỳ (HD 36, mục 1.2.1a).",
    )
