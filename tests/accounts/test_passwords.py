"""Which passwords will do, and what the others are told."""

from __future__ import annotations

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from accounts.models import User
from accounts.passwords import one_time_password

AN = User(username="nguyen.an", full_name="Nguyễn Văn An", email="van.an@example.vn", phone="0912345678")


def code_of(password: str) -> str:
    try:
        validate_password(password, AN)
    except ValidationError as error:
        return str(error.error_list[0].code)
    return "good"


@pytest.mark.parametrize(
    ("password", "code"),
    [
        pytest.param("9 ký tự x", "too_short", id="nine characters"),
        pytest.param("gà trống mì", "good", id="eleven characters"),
        pytest.param("trâu giếng", "good", id="ten characters"),
        pytest.param("ababababab", "too_plain", id="two characters repeated"),
        pytest.param("aaaaabbbbb", "too_plain", id="two characters in rows"),
        pytest.param("nguyen.an-9x7k", "too_similar", id="the user name"),
        pytest.param("NguyễnVănAn#9x7k", "too_similar", id="the full name with marks"),
        pytest.param("nguyenvanan 9x7k", "too_similar", id="the full name without marks"),
        pytest.param("nhà 0912345678", "too_similar", id="the telephone number"),
        pytest.param("1234567890", "too_common", id="figures in a row"),
        pytest.param("29061985291", "too_common", id="a day of birth"),
        pytest.param("qwertyuiop", "too_common", id="the row of keys"),
        pytest.param("matkhau2025", "too_common", id="matkhau and the year"),
        pytest.param("Mật khẩu 2025", "too_common", id="with marks and blanks"),
        pytest.param("M@tkh4u2025!", "too_common", id="with look-alikes"),
        pytest.param("DaiHoiChiBo2025@", "too_common", id="the office's words"),
        pytest.param("đảngbộhànội123", "too_common", id="two known words together"),
        pytest.param("anhyeuem1314", "too_common", id="anh yêu em"),
        pytest.param("con trâu giếng nước", "good", id="a short sentence"),
        pytest.param("k7mf-2xpt-9qrd", "good", id="a one-time password"),
    ],
)
def test_which_passwords_will_do(password, code):
    assert code_of(password) == code


def test_every_refusal_is_told_in_vietnamese():
    with pytest.raises(ValidationError) as refusal:
        validate_password("matkhau", AN)

    assert refusal.value.messages == [
        "Mật khẩu mới có 7 ký tự, cần ít nhất 10 ký tự.",
        "Mật khẩu này nằm trong danh sách hay bị thử đầu tiên. Chọn mật khẩu khác.",
    ]


def test_one_time_passwords_differ_and_will_do_themselves():
    made = {one_time_password() for _ in range(200)}

    assert len(made) == 200
    assert {code_of(one) for one in made} == {"good"}
    assert not set("".join(made)) & set("iloO01I")
