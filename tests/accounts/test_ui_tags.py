"""The smallest components: what they print, and that they escape what people typed."""

import re
from datetime import date

import pytest
from django import forms
from django.template import Context, Template
from django.template.loader import render_to_string

from accounts.formfields import DayField
from accounts.navigation import NavItem


def printed(source, **values):
    return Template("{% load ui %}" + source).render(Context(values))


def test_a_badge_is_a_word_with_a_shape():
    page = printed('{% badge label "done" %}', label="Đã <b>duyệt</b>")

    assert 'class="badge-state is-done"' in page
    assert 'icons.svg#done"' in page
    assert "Đã &lt;b&gt;duyệt&lt;/b&gt;" in page


@pytest.mark.parametrize(
    ("left", "kind"),
    [
        pytest.param(1, 'class="due"', id="time left"),
        pytest.param(0, 'class="due due-today"', id="today"),
        pytest.param(-1, 'class="due due-late"', id="late"),
    ],
)
def test_a_deadline_shows_how_near_it_is(left, kind):
    page = printed("{% due day left %}", day=date(2022, 6, 9), left=left)

    assert kind in page
    assert '<time datetime="2022-06-09">9/6/2022</time>' in page


def test_a_deadline_nobody_set_says_nothing():
    assert printed("{% due task.due task.left %}", task={}) == ""


def test_a_row_of_a_table_escapes_every_cell():
    columns = [{"label": "Tên"}, {"label": "Số", "numeric": True}, {"label": "Ghi chú"}]
    row = {"url": "/a/?b=1&c=2", "cells": ["<i>Một</i>", 12, {"text": "<script>", "note": "'x'"}]}

    page = printed("{% row_cells row columns %}", row=row, columns=columns)

    assert page == (
        '<th scope="row"><a class="row-link" href="/a/?b=1&amp;c=2">&lt;i&gt;Một&lt;/i&gt;</a></th>'
        '<td data-label="Số" class="numeric"><span>12</span></td>'
        '<td data-label="Ghi chú"><span>&lt;script&gt; <span class="muted">&#x27;x&#x27;</span></span></td>'
    )


def test_ids_on_one_page_are_never_the_same():
    assert printed('{% uid "a" as one %}{% uid "a" as two %}{{ one }} {{ two }}') == "a-1 a-2"


@pytest.mark.parametrize(
    ("sections", "under_more"), [(6, []), (7, ["Mục 6", "Mục 7"]), (8, ["Mục 6", "Mục 7", "Mục 8"])]
)
def test_the_bar_of_a_phone_holds_six_places_and_the_sixth_opens_the_rest(sections, under_more):
    nav = [NavItem(f"Mục {number}", f"/{number}/", "duties", number == 7) for number in range(1, sections + 1)]

    page = render_to_string("components/shell/rail.html", {"shell": {"nav": nav}})

    _, _, rest = page.partition("<details")
    assert re.findall(r"Mục \d", rest) == under_more
    assert ("data-current" in rest) is (sections > 6)


class Asked(forms.Form):
    name = forms.CharField(label="Họ và tên")
    gender = forms.ChoiceField(label="Giới tính", choices=[("", "–"), ("m", "Nam")])
    since = DayField(label="Từ ngày")
    agreed = forms.BooleanField(label="Đồng ý")


def test_every_error_names_its_field_above_the_form_and_beside_it():
    form = Asked({"since": "hôm qua", "name": ""})

    summary = render_to_string("components/error_summary.html", {"form": form})
    beside = render_to_string("components/field_errors.html", {"field": form["gender"]})

    said = re.findall(r"<a [^>]*>([^<]*)</a>", summary)
    assert said == [
        "Chưa ghi “Họ và tên”.",
        "Chưa chọn “Giới tính”.",
        "Từ ngày: Ghi ngày theo dạng ngày/tháng/năm, ví dụ 29/6/2022.",
        "Chưa đánh dấu “Đồng ý”.",
    ]
    assert "Chưa chọn “Giới tính”." in beside
