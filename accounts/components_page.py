"""Every component of the interface in every state, on one page; in development and tests only.

The data is invented here, so that the page needs no database. ``?size=largest&contrast=high`` shows the other looks.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.messages.storage.base import Message
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from accounts import charts, wording
from accounts.access import public
from accounts.formfields import TextField
from accounts.navigation import NavItem

LOCAL = ZoneInfo("Asia/Ho_Chi_Minh")
PARTS = (
    ("viec", "Việc cần làm và nhiệm vụ"),
    ("chang", "Chặng của đại hội"),
    ("nut", "Nút, nhãn trạng thái, thông báo"),
    ("bieu-mau", "Biểu mẫu"),
    ("bang", "Bảng, bộ lọc, trang"),
    ("so-lieu", "Số liệu và biểu đồ"),
    ("tep", "Tệp và việc chạy lâu"),
    ("doc", "Đọc và góp ý"),
)


class TallyForm(forms.Form):
    """Số phiếu: the fields of a count, with an error in one of them."""

    held_on = TextField(label="Ngày đại hội", help_text="Gõ tự do, ví dụ 29/6/22 hoặc 29-06-2022.")
    issued = forms.IntegerField(label="Số phiếu phát ra", widget=forms.TextInput(attrs={"inputmode": "numeric"}))
    returned = forms.IntegerField(
        label="Số phiếu thu về", help_text="Ô C trong biên bản.", widget=forms.TextInput(attrs={"inputmode": "numeric"})
    )
    head = forms.ChoiceField(
        label="Trưởng ban kiểm phiếu", choices=[("", "Chọn đồng chí"), ("1", "Nguyễn Thị Hòa"), ("2", "Trần Văn Minh")]
    )
    seats = forms.ChoiceField(
        label="Bầu chức danh",
        widget=forms.RadioSelect,
        choices=[("secretary", "Bí thư chi bộ"), ("deputy", "Phó bí thư chi bộ")],
    )
    note = TextField(label="Ghi chú", required=False, widget=forms.Textarea(attrs={"rows": 3}))
    read_out = forms.BooleanField(label="Đã công bố kết quả trước đại hội", required=False)

    def clean_returned(self) -> int:
        if self.cleaned_data["returned"] > self.cleaned_data.get("issued", 0):
            raise forms.ValidationError(
                "Thu về 31 phiếu nhưng chỉ phát ra 30 phiếu. Ban kiểm phiếu kiểm tra lại số phiếu thu về (ô C)."
            )
        return int(self.cleaned_data["returned"])


class FilterForm(forms.Form):
    """Bộ lọc của danh sách chi bộ."""

    all_optional = True
    name = TextField(label="Tên chi bộ", required=False)
    state = forms.ChoiceField(
        label="Trạng thái", required=False, choices=[("", "Tất cả"), ("sitting", "Đang họp"), ("done", "Đã xong")]
    )


@public("GET")
def components(request: HttpRequest) -> HttpResponse:
    if not settings.COMPONENTS_PAGE:
        raise Http404
    context = sample(request)
    if request.GET.get("tin") == "1":
        context["messages"] = [
            Message(
                messages.SUCCESS, "Đã trình Đảng ủy Sở Công Thương duyệt đại hội. Đảng ủy trả lời trước 10/6/2022."
            ),
            Message(messages.ERROR, "Chưa gửi được thư báo. Đồng chí báo đảng ủy bằng điện thoại."),
        ]
    return render(request, "components/page.html", context)


def sample(request: HttpRequest) -> dict[str, Any]:
    tally = TallyForm(
        {"held_on": "29/6/2022", "issued": "30", "returned": "31", "head": "1", "seats": "secretary", "note": ""}
    )
    page = Paginator(range(261), 25).get_page(request.GET.get("page", 4))
    return {
        "shell": shell(request),
        "user": SimpleNamespace(full_name="Nguyễn Thị Thanh Hòa", is_authenticated=True),
        "crumbs": [
            ("Khối các cơ quan và doanh nghiệp tỉnh", "#"),
            ("Đảng bộ Sở Công Thương", "#"),
            ("Chi bộ Văn phòng", "#"),
            ("Đại hội nhiệm kỳ 2022–2025", ""),
        ],
        "parts": PARTS,
        "duties": duties(),
        "groups": task_groups(),
        "stations": stations(),
        "clean_form": TallyForm(auto_id="sach_%s"),
        "tally": tally,
        "filters": FilterForm(request.GET or None, auto_id="loc_%s"),
        "answers": answers(),
        "page_obj": page,
        "draft_saved": request.GET.get("da-luu") == "1",
        **tables(),
        **pictures(),
        "since": date(2022, 6, 1),
        "due_on": date(2022, 6, 10),
        "events": events(),
        "gaps": [
            SimpleNamespace(
                sentence="Đảng ủy chưa duyệt đại hội.", action="Trình đảng ủy duyệt", url_name="components", kwargs={}
            ),
            SimpleNamespace(
                sentence="Đề án nhân sự chưa được thông qua.", action="Sửa đề án", url_name="components", kwargs={}
            ),
        ],
        "file_errors": [{"text": "Chi bộ Thanh tra: thiếu ngày sinh của hai đồng chí", "url": "#tep"}],
    }


def shell(request: HttpRequest) -> SimpleNamespace:
    labels = (
        ("Việc cần làm", "duties", 3),
        ("Đại hội", "congress", 0),
        ("Văn kiện", "document", 0),
        ("Bầu cử", "ballot", 0),
        ("Tổ chức", "organization", 0),
        ("Kế hoạch", "plan", 0),
        ("Báo cáo", "report", 0),
        ("Nhật ký", "journal", 0),
    )
    branch = SimpleNamespace(
        pk=1,
        organization=SimpleNamespace(name="Chi bộ Văn phòng – Sở Công Thương"),
        get_role_display="Bí thư chi bộ",
    )
    staff = SimpleNamespace(
        pk=2, organization=SimpleNamespace(name="Đảng bộ Sở Công Thương"), get_role_display="Chuyên viên cấp ủy"
    )
    return SimpleNamespace(
        text_size=request.GET.get("size", "normal"),
        high_contrast=request.GET.get("contrast") == "high",
        assignments=[branch, staff],
        acting=branch,
        nav=[NavItem(label, f"#{icon}", icon, index == 1) for index, (label, icon, _) in enumerate(labels)],
        version="1.0",
    )


def duties() -> list[dict[str, Any]]:
    return [
        {
            "title": "Trả lời đảng ủy về đề án nhân sự",
            "where": "Đại hội Chi bộ Văn phòng nhiệm kỳ 2022–2025 · Đảng ủy trả lại kèm 2 ý kiến",
            "due": date(2022, 6, 6),
            "left": -2,
            "action": "Sửa đề án",
            "url": "#viec",
        },
        {
            "title": "Trình đảng ủy duyệt đại hội",
            "where": "Đại hội Chi bộ Văn phòng nhiệm kỳ 2022–2025",
            "due": date(2022, 6, 8),
            "left": 0,
            "action": "Trình đảng ủy duyệt",
            "url": "#viec",
            "post": True,
        },
        {
            "title": "Mời đảng viên dự đại hội",
            "where": "Đại hội Chi bộ Văn phòng nhiệm kỳ 2022–2025",
            "due": date(2022, 6, 13),
            "left": 3,
            "action": "Lập giấy mời",
            "url": "#viec",
            "reason": "Mời được sau khi đảng ủy duyệt đại hội.",
        },
    ]


def task_groups() -> list[dict[str, Any]]:
    return [
        {
            "title": "Chuẩn bị",
            "done": 2,
            "total": 4,
            "tasks": [
                {
                    "title": "Kế hoạch đại hội của chi bộ",
                    "url": "#viec",
                    "owner": "Đ/c Hòa",
                    "state": "Đã ban hành",
                    "tone": "done",
                },
                {
                    "title": "Báo cáo chính trị",
                    "hint": "Dự thảo lần 3 · 14 ý kiến góp ý",
                    "url": "#viec",
                    "owner": "Đ/c Minh",
                    "state": "Đã thông qua",
                    "tone": "done",
                },
                {
                    "title": "Đề án nhân sự chi ủy",
                    "hint": "Đảng ủy trả lại kèm 2 ý kiến",
                    "url": "#viec",
                    "owner": "Đ/c Hòa",
                    "due": date(2022, 6, 10),
                    "left": 3,
                    "state": "Cần chỉnh sửa",
                    "tone": "wait",
                    "next": True,
                },
                {
                    "title": "Báo cáo kiểm điểm của chi ủy",
                    "url": "#viec",
                    "owner": "Đ/c Hòa",
                    "due": date(2022, 6, 6),
                    "left": -2,
                    "state": "Quá hạn",
                    "tone": "late",
                },
            ],
        },
        {
            "title": "Tại đại hội",
            "tasks": [
                {
                    "title": "Điểm danh",
                    "reason": "Mở được khi đại hội khai mạc.",
                    "owner": "Thư ký",
                    "state": "Chưa đến lượt",
                    "tone": "todo",
                },
                {
                    "title": "Kết quả bầu bí thư",
                    "url": "#viec",
                    "owner": "Ban kiểm phiếu",
                    "state": "Đã niêm phong",
                    "tone": "sealed",
                },
            ],
        },
    ]


def stations() -> list[dict[str, str]]:
    names = (
        "Chuẩn bị",
        "Trình duyệt",
        "Đã duyệt",
        "Đang họp",
        "Bế mạc",
        "Báo cáo kết quả",
        "Chuẩn y",
        "Đủ hồ sơ",
    )
    return [
        {"label": name, "state": "done" if index < 2 else "now" if index == 2 else "next", "url": "#chang"}
        for index, name in enumerate(names)
    ]


def answers() -> list[dict[str, str]]:
    return [
        {"label": "Đại hội", "value": "Chi bộ Văn phòng, nhiệm kỳ 2022–2025"},
        {
            "label": "Số phiếu phát ra",
            "value": "30 phiếu",
            "url": "#sach_issued",
            "change": "số phiếu phát ra",
        },
        {"label": "Số phiếu thu về", "value": "30 phiếu", "url": "#sach_returned", "change": "số phiếu thu về"},
        {"label": "Trưởng ban kiểm phiếu", "value": "Đồng chí Nguyễn Thị Hòa", "url": "#sach_head"},
    ]


def tables() -> dict[str, Any]:
    columns = [
        {"label": "Chi bộ", "sort_url": "?sort=-name#bang", "sorted": "ascending"},
        {"label": "Trạng thái"},
        {"label": "Ngày đại hội", "numeric": True, "sort_url": "?sort=held#bang"},
        {"label": "Đảng viên", "numeric": True},
        {"label": "Có mặt", "numeric": True},
        {"label": "Hạn chuẩn y"},
    ]
    rows = [
        row("Chi bộ Văn phòng", "Đã chuẩn y", "done", "29/6/2022", 6, 6, None, None),
        row("Chi bộ Quản lý năng lượng", "Đang họp", "now", "30/6/2022", 11, 10, None, None),
        row("Chi bộ Trung tâm Khuyến công và Tư vấn phát triển", "Chờ chuẩn y", "wait", "24/6/2022", 23, 22, 3, 15),
        row("Chi bộ Thanh tra", "Quá hạn", "late", "9/6/2022", 9, 9, -2, 8),
        row("Chi bộ Quản lý thương mại", "Chưa mở", "todo", None, 1234, None, None, None),
    ]
    return {
        "columns": columns,
        "rows": rows,
        "foot": ["Toàn đảng bộ", "", "", "1.283", "47", ""],
        "wide_columns": [{"label": "Đảng bộ"}] + [{"label": f"Tuần {week}", "numeric": True} for week in range(1, 15)],
        "wide_rows": [
            {
                "url": "#bang",
                "cells": [f"Đảng bộ {name}", *[(index * 7 + week * 3) % 12 for week in range(1, 15)]],
            }
            for index, name in enumerate(("Sở Công Thương", "Sở Xây dựng", "Viện kiểm sát nhân dân tỉnh", "Báo tỉnh"))
        ],
    }


def row(
    name: str,
    state: str,
    tone: str,
    held: str | None,
    summoned: int,
    present: int | None,
    left: int | None,
    day: int | None,
) -> dict[str, Any]:
    due = {"due": date(2022, 7, day), "left": left} if day else None
    return {
        "url": "#bang",
        "cells": [name, {"badge": state, "tone": tone}, held, wording.number(summoned), present, due],
    }


def pictures() -> dict[str, Any]:
    start = date(2022, 5, 16)
    counts = (2, 2, 3, 5, 6, 8, 11, 15, 16, 19, 24, 27, 30, 36, 38)
    names = ("Sở Công Thương", "Sở Xây dựng", "Viện kiểm sát nhân dân", "Báo tỉnh", "Tỉnh đoàn", "Công ty Điện lực")
    totals = ((12, 12), (3, 9), (0, 7), (4, 4), (5, 8), (14, 31))
    return {
        "metrics": [
            {"label": "Chi bộ đã đại hội", "value": 38, "of": 261, "note": "14,56 % · hôm qua 36"},
            {"label": "Đang chờ chuẩn y", "value": 9, "note": "2 chi bộ quá hạn"},
            {"label": "Cần mỗi ngày làm việc", "value": "10,6", "note": "để kịp 28/6/2022"},
        ],
        "curve": charts.curve(
            title="38/261 chi bộ đã đại hội; cần 8 chi bộ mỗi ngày để kịp 28/6",
            note="Tính đến 30/5/2022. Nét đứt: kế hoạch; nét chấm: nhịp cần có từ nay đến hạn.",
            total=261,
            actual=[(start + timedelta(days=index), count) for index, count in enumerate(counts)],
            starts_on=start,
            deadline=date(2022, 6, 28),
        ),
        "bars": charts.bars(
            title="Ba đồng chí quá nửa; số lượng cần bầu là 3",
            note="Cơ sở tính: 11 đảng viên chính thức được triệu tập.",
            items=[("Nguyễn Thị Hòa", 11), ("Trần Văn Minh", 9), ("Lê Đức Thịnh", 6), ("Phạm Thu Trang", 5)],
            base=11,
            threshold=6,
            threshold_label="quá nửa: từ 6 phiếu",
        ),
        "multiples": charts.multiples(
            title="2/6 đảng bộ đã xong; Viện kiểm sát nhân dân chưa có chi bộ nào đại hội",
            items=[(name, *done, "#so-lieu") for name, done in zip(names, totals, strict=True)],
        ),
    }


def events() -> list[dict[str, Any]]:
    return [
        {
            "at": datetime(2022, 6, 3, 9, 5, tzinfo=LOCAL),
            "who": "Đồng chí Lê Đức Thịnh",
            "text": "trả lại đề án nhân sự, yêu cầu bổ sung (vòng 2)",
            "note": "Bổ sung nhận xét của nơi cư trú đối với đồng chí Trang; nêu rõ phương án phó bí thư.",
            "kind": "main",
        },
        {
            "at": datetime(2022, 6, 1, 16, 40, tzinfo=LOCAL),
            "who": "Đồng chí Nguyễn Thị Hòa",
            "text": "trình “Đề án nhân sự chi ủy” xin ý kiến (vòng 2)",
        },
        {
            "at": datetime(2022, 6, 1, 16, 12, tzinfo=LOCAL),
            "who": "Đồng chí Trần Văn Minh",
            "text": "không được phép niêm phong kết quả: cần vai trò trưởng ban kiểm phiếu",
            "kind": "refused",
        },
        {"on": date(2022, 5, 19), "who": "Đảng ủy Sở Công Thương", "text": "ban hành Kế hoạch số 22-KH/ĐU"},
    ]
