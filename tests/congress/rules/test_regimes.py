import re
from dataclasses import replace
from datetime import date

import pytest

from congress.rules.majority import Threshold
from congress.rules.regimes import NoRegime, by_code, codes_known, in_force, shipped
from congress.rules.texts import texts_from

GUIDED_2014, GUIDED_2020, GUIDED_2024 = "04-HD/TW (2014)", "03-HD/TW (2020)", "04-HD/TW (2024)"


@pytest.mark.rule("E-01")
@pytest.mark.parametrize(
    ("on", "regulation", "implementation", "guidance"),
    [
        pytest.param(date(2014, 6, 9), "244-QĐ/TW", "45-QĐ/TW", None, id="first day of 244"),
        pytest.param(date(2016, 7, 24), "244-QĐ/TW", "45-QĐ/TW", GUIDED_2014, id="day before 29"),
        pytest.param(date(2016, 7, 25), "244-QĐ/TW", "29-QĐ/TW", GUIDED_2014, id="first day of 29"),
        pytest.param(date(2020, 2, 15), "244-QĐ/TW", "29-QĐ/TW", GUIDED_2014, id="K-29 15/02/2020"),
        pytest.param(date(2020, 3, 19), "244-QĐ/TW", "29-QĐ/TW", GUIDED_2014, id="day before the 2020 guidance"),
        pytest.param(date(2020, 5, 15), "244-QĐ/TW", "29-QĐ/TW", GUIDED_2020, id="K-29 15/05/2020"),
        pytest.param(date(2022, 8, 10), "244-QĐ/TW", "24-QĐ/TW", GUIDED_2020, id="K-29 10/08/2022"),
        pytest.param(date(2024, 10, 9), "244-QĐ/TW", "24-QĐ/TW", GUIDED_2020, id="K-29 last day of 244"),
        pytest.param(date(2024, 10, 10), "190-QĐ/TW", "24-QĐ/TW", GUIDED_2020, id="K-29 first day of 190"),
        pytest.param(date(2024, 12, 20), "190-QĐ/TW", "24-QĐ/TW", GUIDED_2020, id="K-29 20/12/2024"),
        pytest.param(date(2025, 6, 5), "190-QĐ/TW", "232-QĐ/TW", GUIDED_2024, id="K-29 05/06/2025"),
        pytest.param(date(2025, 6, 30), "190-QĐ/TW", "232-QĐ/TW", GUIDED_2024, id="294 signed, not yet in force"),
        pytest.param(date(2025, 7, 20), "190-QĐ/TW", "294-QĐ/TW", GUIDED_2024, id="K-29 20/07/2025"),
    ],
)
def test_the_texts_of_the_day(on, regulation, implementation, guidance):
    regime = in_force(on)

    found = regime.text("election_guidance")
    assert (regime.code, regime.text("implementation").code) == (regulation, implementation)
    assert (found.code if found else None) == guidance
    assert regime.on == on


def test_a_day_before_all_texts_is_an_error_not_a_guess():
    with pytest.raises(NoRegime, match="08/06/2014 trước mọi quy chế"):
        in_force(date(2014, 6, 8))


@pytest.mark.rule("E-02")
def test_after_the_fourteenth_congress_the_implementing_text_is_in_doubt():
    assert in_force(date(2026, 1, 23)).doubts == ()
    assert "20-QĐ/TW" in in_force(date(2026, 1, 24)).doubts[0]
    assert by_code("190-QĐ/TW").doubts == ()


@pytest.mark.parametrize(
    ("on", "rule", "place"),
    [
        (date(2025, 3, 1), "E-13", "Quyết định 190-QĐ/TW ngày 10/10/2024, Điều 30 khoản 2"),
        (date(2022, 3, 1), "E-13", "Quyết định 244-QĐ/TW ngày 09/6/2014, Điều 32 khoản 2"),
        (date(2025, 3, 1), "E-53", "Quyết định 190-QĐ/TW ngày 10/10/2024, Điều 30 khoản 4 (chưa kiểm chứng)"),
        (date(2025, 3, 1), "E-15", "Điều lệ Đảng do Đại hội XI thông qua ngày 19/01/2011, Điều 24 khoản 4"),
        (date(2022, 3, 1), "E-15", "Quy định 24-QĐ/TW ngày 30/7/2021, mục 22"),
        (date(2025, 8, 1), "E-56", "Quy định 294-QĐ/TW ngày 26/5/2025"),
        (date(2025, 3, 1), "E-63e", "Suy ra từ Quyết định 190-QĐ/TW ngày 10/10/2024"),
    ],
)
def test_citations_name_document_date_and_article(on, rule, place):
    assert in_force(on).cite(rule) == place
    assert in_force(on).cite(rule) == place  # the second time from memory
    assert in_force(on).is_certain(rule) is ("chưa kiểm chứng" not in place)


def test_by_code_alone_no_implementing_text_is_assumed():
    regime = by_code("244-QĐ/TW")

    assert (regime.code, regime.on, regime.text("implementation")) == ("244-QĐ/TW", None, None)
    assert regime.cite("E-13") == "Quyết định 244-QĐ/TW ngày 09/6/2014, Điều 32 khoản 2"
    with pytest.raises(NoRegime, match="244-QĐ/TW, 190-QĐ/TW"):
        by_code("191-QĐ/TW")


@pytest.mark.rule("E-67")
def test_parameters_differ_between_regimes():
    old, new = in_force(date(2022, 1, 1)), in_force(date(2025, 1, 1))

    assert (old.number("complaint_days"), new.number("complaint_days")) == (None, 15)
    assert old.threshold("support_test", inclusive=False) is None
    assert new.threshold("support_test", inclusive=False) == Threshold(3, 10, inclusive=False)
    assert new.number("report_days") == 7
    assert (new.parameter("quorum").doubt, new.parameter("complaint_days").doubt) == ("MEM", "")
    with pytest.raises(TypeError, match="not a number"):
        new.number("quorum_base")
    with pytest.raises(TypeError, match="not a number"):
        new.number("tellers_list_and_head")


def test_a_regime_is_added_as_a_row():
    row = {
        "kind": "election_regulation",
        "code": "999-QĐ/TW",
        "title": "Quyết định 999-QĐ/TW ngày 01/01/2031",
        "effective_from": "2031-01-01",
        "certainty": "C1",
        "articles": {"E-13": ["Điều 1", "C1"]},
    }
    texts = texts_from({"documents": [row], "parameters": {"report_days": {"value": 9, "certainty": "C1"}}})

    regime = in_force(date(2031, 1, 1), texts)

    assert (regime.code, regime.cite("E-13"), regime.number("report_days")) == (
        "999-QĐ/TW",
        "Quyết định 999-QĐ/TW ngày 01/01/2031, Điều 1",
        9,
    )
    assert codes_known(texts) == ("999-QĐ/TW",)
    assert by_code("999-QĐ/TW", texts).code == "999-QĐ/TW"
    with pytest.raises(NoRegime):
        in_force(date(2030, 12, 31), texts)


def test_regimes_of_one_day_are_equal_whatever_was_cited():
    cited, fresh = in_force(date(2025, 7, 20)), replace(in_force(date(2025, 7, 20)), places={}, grounds={})

    cited.step("E-13", "x")

    assert cited == fresh
    assert "places" not in repr(cited) and "grounds" not in repr(cited)
    assert by_code("190-QĐ/TW").text("charter").code == "ĐL-2011"


def test_every_shipped_row_says_how_sure_it_is():
    known = {"C1", "C2", "C3", "INF", "MEM"}
    for text in shipped().rows:
        assert text.certainty in known
        for _, certainty in text.articles.values():
            assert certainty in known or certainty.startswith("U-")


def test_every_text_is_cited_with_its_date():
    """ "04-HD/TW" exists twice, so a number alone names no document."""
    for on in (date(2014, 6, 9), date(2020, 2, 15), date(2022, 8, 10), date(2024, 12, 20), date(2025, 7, 20)):
        regime = in_force(on)
        for rule in {rule for text in shipped().rows for rule in text.articles} | {"E-63e"}:
            assert re.search(r" ngày \d\d/\d{1,2}/\d{4}(?:, |$| \()", regime.cite(rule)), (on, rule)
