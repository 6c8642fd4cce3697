import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from organizations.rules.names import fold, sort_key, sort_text, title_key

K53 = ["Phạm An", "Nguyễn Văn Ánh", "Vũ Đình Ân", "Hoàng Văn Bình", "Trần Thị Dung", "Lê Văn Đạt"]


@pytest.mark.rule("E-39")
def test_k53_names_stand_by_given_name():
    shuffled = [K53[5], K53[4], K53[1], K53[0], K53[3], K53[2]]

    assert sorted(shuffled, key=sort_key) == K53


@pytest.mark.rule("E-39")
@pytest.mark.parametrize(
    "ordered",
    [
        pytest.param(["An", "Ăn", "Ân", "Bn"], id="a ă â b"),
        pytest.param(["Dung", "Đung", "Em"], id="d đ e"),
        pytest.param(["Bê B", "Ơn", "Um", "Ưm"], id="o ô ơ u ư"),
        pytest.param(["Lan", "Làn", "Lản", "Lãn", "Lán", "Lạn", "Lang"], id="tones after letters"),
        pytest.param(["Bùi Văn Hà", "Lê Văn Hà", "Lê Xuân Hà"], id="same given name: surname, then middle"),
        pytest.param(["Hà", "Lê Hà"], id="a single word is the given name"),
        pytest.param(["Hà", "An Hà"], id="a single word has no surname"),
        pytest.param(["An Y", "An 文"], id="letters of other alphabets last"),
        pytest.param(["", "An"], id="nothing first"),
    ],
)
def test_order(ordered):
    assert sorted(reversed(ordered), key=sort_key) == ordered


@given(st.sampled_from(K53))
def test_both_forms_of_unicode_sort_and_fold_alike(name):
    nfd = unicodedata.normalize("NFD", name)

    assert sort_key(nfd) == sort_key(name)
    assert fold(nfd) == fold(name)


@given(st.text())
def test_any_text_has_a_place(text):
    sort_key(text)
    assert fold(fold(text)) == fold(text)


def test_searching_ignores_marks():
    assert fold("  Đặng   Thị ƯỚC ") == "dang thi uoc"


@given(st.lists(st.text(alphabet="aăâbcdđeêghiklmnoôơpqrstuưvxy áàảãạế ộợ", min_size=1), min_size=2, max_size=2))
def test_the_text_that_a_column_sorts_by_keeps_the_order_of_the_key(names):
    first, second = names
    by_key = sort_key(first)[:3] < sort_key(second)[:3]

    assert (sort_text(first).encode() < sort_text(second).encode()) is by_key


@pytest.mark.parametrize(
    "ordered",
    [
        pytest.param(["Chi bộ 2", "Chi bộ 10", "Chi bộ Văn phòng"], id="numbers by value, before words"),
        pytest.param(["Chi bộ Dân vận", "Chi bộ Đoàn thể"], id="d before đ"),
        pytest.param(["Đảng bộ", "Đảng bộ Sở"], id="the shorter first"),
    ],
)
def test_organizations_stand_by_the_words_of_their_names(ordered):
    assert sorted(reversed(ordered), key=title_key) == ordered
