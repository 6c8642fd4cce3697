"""The forms of the tree, the rolls and the accounts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from django import forms
from django.db.models import QuerySet

from accounts.formfields import DayField, TextField
from accounts.models import USERNAME, User
from accounts.roles import Role
from organizations.models import Gender, Member, MemberStanding, NodeType, Organization, PoliticalLevel, Post, Sector
from organizations.pick_fields import SHORT, member_field, organization_field, person_field


class TreeFilter(forms.Form):
    """Finds an organization by name or code, without tone marks."""

    all_optional = True
    tim = TextField(label="Tên hoặc mã tổ chức", required=False, help_text="Có dấu hay không dấu.")
    thieu = forms.BooleanField(label="Chỉ chi bộ chưa có bí thư được giao vai trò", required=False)
    thuoc = forms.IntegerField(required=False, widget=forms.HiddenInput)


class OrganizationForm(forms.Form):
    """A new organization below another one."""

    name = TextField(label="Tên tổ chức", max_length=200, help_text="Ví dụ: Chi bộ phòng Quản lý năng lượng.")
    code = TextField(label="Mã", max_length=40, help_text="Không trùng tổ chức nào khác, ví dụ SCT-QLNL.")
    node_type = forms.ChoiceField(label="Loại hình", choices=[("", "Chọn loại hình"), *NodeType.choices])
    symbol = TextField(label="Ký hiệu văn bản", max_length=20, help_text="Phần ghi sau số văn bản, ví dụ CB hoặc ĐU.")
    committee_name = TextField(
        label="Tên cấp ủy", max_length=200, required=False, help_text="Ví dụ Đảng ủy Sở Công Thương; chi bộ để trống."
    )
    place = TextField(label="Địa danh", max_length=80, required=False, help_text="Ghi trên văn bản, ví dụ Thanh Hóa.")
    sector = forms.ChoiceField(label="Khối công tác", choices=[("", "Không ghi"), *Sector.choices], required=False)
    has_standing_committee = forms.BooleanField(label="Có ban thường vụ", required=False)
    founded_on = DayField(label="Ngày thành lập", required=False)
    founding_decision = TextField(
        label="Quyết định thành lập", max_length=200, required=False, help_text="Ví dụ 118-QĐ/ĐU ngày 02/3/2022."
    )


class SplitForm(forms.Form):
    """Which organization this one was split from."""

    predecessor = forms.ModelChoiceField(
        label="Tách ra từ tổ chức", queryset=Organization.objects.none(), empty_label="Chọn tổ chức"
    )
    decided_on = DayField(label="Ngày quyết định")
    decision = TextField(label="Quyết định", max_length=200, help_text="Ví dụ 118-QĐ/ĐU.")

    def __init__(self, *args: Any, candidates: QuerySet[Organization], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["predecessor"].queryset = candidates


class MemberForm(forms.Form):
    """A member of a branch: who they are, their life in the Party, and what the list of particulars (F-05) asks."""

    GROUPS = (
        ("", ("full_name", "gender", "born_on", "job", "phone")),
        ("Sinh hoạt đảng", ("card_number", "admitted_on", "official_on", "joined_on", "left_on")),
        ("Lý lịch trích ngang", ("ethnicity", "religion", "native_place", "residence")),
        ("Trình độ", ("education", "political_level", "languages")),
        ("Công tác cán bộ", ("is_planned_cadre", "classification", "awards", "retires_on")),
    )

    full_name = TextField(label="Họ và tên", max_length=100)
    gender = forms.ChoiceField(label="Giới tính", choices=[("", "Không ghi"), *Gender.choices], required=False)
    born_on = DayField(label="Ngày sinh", required=False)
    job = TextField(label="Chức vụ, đơn vị công tác", max_length=200, required=False)
    phone = TextField(label="Số điện thoại", max_length=20, required=False)
    card_number = TextField(label="Số thẻ đảng viên", max_length=20, required=False)
    admitted_on = DayField(label="Ngày vào Đảng", required=False)
    official_on = DayField(
        label="Ngày chính thức", required=False, help_text="Để trống nếu đồng chí còn là đảng viên dự bị."
    )
    joined_on = DayField(label="Ngày về chi bộ", required=False)
    left_on = DayField(
        label="Ngày rời chi bộ",
        required=False,
        help_text="Để trống khi đồng chí đang sinh hoạt tại chi bộ; chuyển sang chi bộ khác thì ghi chuyển sinh hoạt.",
    )
    ethnicity = TextField(label="Dân tộc", max_length=40, required=False)
    religion = TextField(label="Tôn giáo", max_length=40, required=False)
    native_place = TextField(label="Quê quán", max_length=200, required=False)
    residence = TextField(label="Nơi ở hiện nay", max_length=200, required=False)
    education = TextField(
        label="Trình độ chuyên môn", max_length=200, required=False, help_text="Ví dụ Thạc sĩ, Quản lý kinh tế."
    )
    political_level = forms.ChoiceField(
        label="Lý luận chính trị", choices=[("", "Không ghi"), *PoliticalLevel.choices], required=False
    )
    languages = TextField(label="Ngoại ngữ, tin học", max_length=200, required=False)
    is_planned_cadre = forms.TypedChoiceField(
        label="Trong quy hoạch cấp ủy",
        choices=[("", "Không ghi"), ("True", "Có"), ("False", "Không")],
        coerce=lambda value: value == "True",
        empty_value=None,
        required=False,
    )
    classification = TextField(
        label="Xếp loại 3 năm gần nhất", max_length=200, required=False, help_text="Mức xếp loại của từng năm."
    )
    awards = TextField(label="Khen thưởng, kỷ luật", max_length=300, required=False)
    retires_on = DayField(label="Thời điểm nghỉ hưu dự kiến", required=False)

    def groups(self) -> Iterator[tuple[str, list[forms.BoundField], bool]]:
        """(title, fields, open): the first group always shows, the others once there is something in them."""
        for title, names in self.GROUPS:
            fields = [self[name] for name in names]
            yield title, fields, not title or any(field.value() or field.errors for field in fields)


class TransferForm(forms.Form):
    """Where a member goes, from when, by which letter."""

    target = forms.ModelChoiceField(
        label="Chuyển đến chi bộ", queryset=Organization.objects.none(), empty_label="Chọn chi bộ"
    )
    on = DayField(label="Sinh hoạt tại chi bộ mới từ ngày")
    decision = TextField(
        label="Quyết định, giấy giới thiệu",
        max_length=200,
        help_text="Số, ngày và nơi cấp, ví dụ 15-GT/ĐU ngày 02/6/2025.",
    )

    def __init__(self, *args: Any, branches: QuerySet[Organization], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if branches.count() > SHORT:
            self.fields["target"] = organization_field(
                branches,
                label="Chuyển đến chi bộ",
                help_text="Ghi tên hoặc mã chi bộ rồi gửi: phần mềm tìm và để đồng chí chọn.",
                error_messages={"required": "Ghi tên chi bộ cần tìm."},
            )
            return
        self.fields["target"].queryset = branches
        self.fields["target"].label_from_instance = lambda one: (
            f"{one.name} ({one.parent.name})" if one.parent else one.name
        )


class StandingForm(forms.Form):
    """A dated status that changes the vote base."""

    kind = forms.ChoiceField(label="Diện", choices=MemberStanding.Kind.choices, widget=forms.RadioSelect)
    starts_on = DayField(label="Từ ngày")
    ends_on = DayField(label="Đến ngày", required=False, help_text="Để trống khi chưa biết ngày kết thúc.")
    ground = TextField(label="Căn cứ", max_length=200, help_text="Số, ngày văn bản hoặc lý do.")
    accepted_by = TextField(label="Cấp có thẩm quyền", max_length=200, help_text="Cơ quan đã quyết định, đồng ý.")


class EndStandingForm(forms.Form):
    """The last day of a status."""

    ends_on = DayField(label="Ngày kết thúc")


def role_choices(roles: Sequence[Role]) -> list[tuple[str, str]]:
    return [("", "Chọn vai trò"), *((role.value, role.label) for role in roles)]


class AccountForm(forms.Form):
    """A new account with its first role; for a member the name is taken from the roll."""

    member = forms.ModelChoiceField(
        label="Đảng viên của chi bộ",
        queryset=Member.objects.none(),
        required=False,
        empty_label="Không phải đảng viên trong danh sách này",
        help_text="Chọn để tài khoản gắn với đảng viên, ví dụ khi đồng chí là kiểm phiếu viên.",
    )
    full_name = TextField(
        label="Họ và tên", max_length=150, required=False, help_text="Để trống khi đã chọn đảng viên ở trên."
    )
    username = TextField(
        label="Tên đăng nhập",
        max_length=64,
        validators=[USERNAME],
        help_text="Chữ thường không dấu, chữ số, dấu chấm; ví dụ nguyen.van.an.",
        widget=forms.TextInput(attrs={"autocapitalize": "none", "spellcheck": "false", "autocomplete": "off"}),
    )
    role = forms.ChoiceField(label="Vai trò")
    phone = TextField(label="Số điện thoại", max_length=20, required=False)
    email = forms.EmailField(label="Thư điện tử", max_length=254, required=False)

    def __init__(self, *args: Any, roles: Sequence[Role], members: QuerySet[Member], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = role_choices(roles)
        self.fields["member"].queryset = members
        if not members.exists():
            del self.fields["member"]
            self.fields["full_name"].required = True
            self.fields["full_name"].help_text = ""

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        member = data.pop("member", None)
        data["member_id"] = member.pk if member else None
        if member and not data.get("full_name"):
            data["full_name"] = member.full_name
        if not data.get("full_name") and "full_name" not in self.errors:
            self.add_error("full_name", "Ghi họ và tên, hoặc chọn đảng viên trong danh sách.")
        return data


class GrantForm(forms.Form):
    """One more role for somebody who has an account."""

    user = forms.Field(label="Người dùng")
    role = forms.ChoiceField(label="Vai trò")
    starts_on = DayField(label="Từ ngày", required=False, help_text="Để trống là từ hôm nay.")
    ends_on = DayField(label="Đến hết ngày", required=False, help_text="Để trống là đến khi thu hồi.")

    def __init__(self, *args: Any, roles: Sequence[Role], people: QuerySet[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = role_choices(roles)
        self.fields["user"] = person_field(people, label="Người dùng", empty_label="Chọn người dùng")


class HandOverForm(forms.Form):
    """To whom the roles go, and from which day."""

    user = forms.Field(label="Đồng chí nhận")
    from_day = DayField(
        label="Từ ngày", help_text="Đồng chí đang giữ vai trò làm đến hết ngày hôm trước. Ví dụ 01/7/2025."
    )

    def __init__(self, *args: Any, people: QuerySet[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["user"] = person_field(people, label="Đồng chí nhận", empty_label="Chọn đồng chí")


class LinkForm(forms.Form):
    """Where a link that needs no sign-in will be used; for one's own calendar also whose work it shows."""

    organization = forms.ModelChoiceField(
        label="Lịch công việc tại", queryset=Organization.objects.none(), empty_label="Chọn tổ chức"
    )
    label = TextField(
        label="Dùng ở đâu",
        max_length=100,
        help_text="Để sau này biết liên kết nào là của máy nào, ví dụ: màn hình phòng họp tầng 2.",
    )

    def __init__(self, *args: Any, organizations: QuerySet[Organization] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if organizations is None:
            del self.fields["organization"]
        else:
            self.fields["organization"].queryset = organizations
            self.fields["label"].help_text = "Để sau này biết liên kết nào ở máy nào, ví dụ: điện thoại của tôi."


class PostForm(forms.Form):
    """Who holds which Party post at an organization, by which decision."""

    member = forms.Field(label="Đồng chí")
    post = forms.ChoiceField(label="Chức vụ", choices=[("", "Chọn chức vụ"), *Post.choices])
    starts_on = DayField(label="Từ ngày")
    decision = TextField(
        label="Quyết định",
        max_length=200,
        required=False,
        help_text="Ví dụ 118-QĐ/ĐU ngày 02/3/2022. Để trống khi chức vụ có từ trước mà chưa tìm được văn bản.",
    )
    corrects = forms.BooleanField(
        label="Sửa ngày đã ghi: đồng chí đang giữ chức vụ này, lần trước ghi sai ngày hoặc quyết định",
        required=False,
    )

    def __init__(self, *args: Any, members: QuerySet[Member], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["member"] = member_field(members, label="Đồng chí")
