"""What a person types or pastes is stored as it reads, or refused with the place."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django import forms

from accounts.formfields import ClockField, TextField

ROOT = Path(__file__).resolve().parent.parent.parent
APPS = ("accounts", "organizations", "congress", "documents", "elections")
TURNING = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"


@pytest.mark.parametrize("sign", TURNING, ids=lambda sign: f"U+{ord(sign):04X}")
def test_a_sign_that_turns_the_writing_is_refused_with_its_place(sign):
    with pytest.raises(forms.ValidationError) as refusal:
        TextField().clean(f"Vì đồng chí Nguyễn Văn {sign}nA xin rút")

    assert refusal.value.messages == [
        f"Trong chữ đã dán có ký tự ẩn làm đảo chiều chữ (U+{ord(sign):04X}), sau “chí Nguyễn Văn”. "
        "Xóa đoạn ấy rồi gõ lại bằng tay."
    ]


def test_such_a_sign_is_refused_at_the_head_of_a_text_and_in_a_time_of_day_too():
    for field in (TextField(), ClockField()):
        with pytest.raises(forms.ValidationError, match="ở đầu dòng"):
            field.clean("\u202e14:00")


@pytest.mark.parametrize(
    "text",
    ["Nguyễn Thị Ánh", "Nguyê\u0303n Thi\u0323 A\u0301nh", "“Lý do” – 1.234,5 % … ½", "dòng một\ndòng hai\tô"],
)
def test_what_vietnamese_is_written_with_goes_through_as_typed(text):
    assert TextField(strip=False).clean(text) == text


def test_every_form_of_ours_takes_words_through_the_field_that_refuses_them():
    plain = re.compile(r"forms\.CharField\b")
    sources = [path for app in APPS for path in (ROOT / app).rglob("*.py")]

    found = [str(path.relative_to(ROOT)) for path in sources if plain.search(path.read_text("utf-8"))]

    assert found == ["accounts/formfields.py"]
