"""What the particulars of a member must agree with: their name and the days of their life in the Party."""

from __future__ import annotations

from datetime import date

ADULT = 18


def problems(
    full_name: str, *, born_on: date | None = None, admitted_on: date | None = None, official_on: date | None = None
) -> dict[str, str]:
    """Field → what is wrong with it. Điều lệ Đảng, Điều 1: a member is admitted from 18 on."""
    found: dict[str, str] = {}
    if len(full_name.split()) < 2:
        found["full_name"] = "Ghi đủ họ và tên của đồng chí, ví dụ “Nguyễn Văn An”."
    if born_on and admitted_on and admitted_on < _adult_on(born_on):
        found["admitted_on"] = "Ngày vào Đảng phải sau khi đủ 18 tuổi. Kiểm tra lại ngày sinh và ngày vào Đảng."
    if admitted_on and official_on and official_on < admitted_on:
        found["official_on"] = "Ngày chính thức không thể trước ngày vào Đảng."
    return found


def _adult_on(born_on: date) -> date:
    """The 18th birthday, or a day or two before it at the end of a month: the 28th is in every month."""
    return born_on.replace(year=born_on.year + ADULT, day=min(born_on.day, 28))
