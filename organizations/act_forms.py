"""The forms of acts on the tree: each gives ``arguments``, what its service takes besides who and when."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from django import forms
from django.db.models import QuerySet

from accounts.formfields import DayField, TextField
from accounts.models import User
from organizations import queries
from organizations.models import NodeType, Organization, TreeAct
from organizations.pick_fields import SHORT, organization_field, with_parent
from organizations.rules import placement
from organizations.rules.names import title_key
from organizations.services import Ground, NewBody

LABELS = {one.value: one.label for one in NodeType}
CARRY = [("yes", "Tính tiếp qua các thời kỳ (HD 06-HD/TW)"), ("no", "Không tính tiếp")]


def by_title(organizations: Iterable[Organization]) -> list[Organization]:
    return sorted(organizations, key=lambda one: title_key(one.name))


def _choices(organizations: Iterable[Organization]) -> list[tuple[str, str]]:
    return [(str(one.pk), one.name) for one in by_title(organizations)]


def _id_of(chosen: int | Organization) -> int:
    """Of a list its id, of a search the organization itself."""
    return chosen.pk if isinstance(chosen, Organization) else chosen


class ActForm(forms.Form):
    """The decision behind every act; what the act itself needs stands above it."""

    decision = TextField(label="Số quyết định", max_length=200, help_text="Ví dụ 118-QĐ/ĐU.")
    decided_by = forms.TypedChoiceField(
        label="Cấp quyết định", coerce=int, error_messages={"required": "Chọn cấp ra quyết định."}
    )
    decided_on = DayField(label="Ngày quyết định")
    effective_on = DayField(
        label="Có hiệu lực từ ngày",
        help_text="Hôm nay hoặc một ngày đã qua. Việc có hiệu lực trong tương lai thì ghi vào ngày đó.",
    )
    says_earlier = forms.BooleanField(
        label="Quyết định ghi rõ hiệu lực từ một ngày trước ngày quyết định",
        required=False,
        help_text="Chỉ đánh dấu khi văn bản ghi như vậy; việc xác nhận được giữ cùng quyết định.",
    )
    last = ("decision", "decided_by", "decided_on", "effective_on", "says_earlier")

    def __init__(self, *args: Any, organization: Organization, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.organization, self.user = organization, user
        above = [*queries.ancestors(organization), organization][::-1]
        line = [one for one in above if not one.is_branch] or above
        self.fields["decided_by"].choices = [(str(one.pk), one.committee) for one in line]  # type: ignore[attr-defined]  # a ChoiceField
        self.fields["decided_by"].initial = organization.parent_id
        self.prepare()
        self.order_fields([name for name in self.fields if name not in self.last] + list(self.last))

    def prepare(self) -> None:
        """Fields that depend on the organization."""

    def among(self, *, of_types: Sequence[str]) -> QuerySet[Organization]:
        """Open organizations in reach of these kinds, without this one and what lies in it."""
        found = queries.visible_to(self.user).filter(node_type__in=of_types, closed_on=None)
        return found.exclude(queries.below(self.organization.path))

    def beside(self) -> list[Organization]:
        """Those of the same kind under the same parent."""
        now = self.organization
        return by_title(self.among(of_types=[now.node_type]).filter(parent_id=now.parent_id))

    def offer_one(
        self, name: str, found: QuerySet[Organization], label_of: Callable[[Organization], str], *, empty: str
    ) -> None:
        """A list while it is short, else a search."""
        short = list(found[: SHORT + 1])
        if len(short) <= SHORT:
            self.offer(name, [(str(one.pk), label_of(one)) for one in by_title(short)], empty=empty)
            return
        before = self.fields[name]
        self.fields[name] = organization_field(
            found,
            label=before.label,
            help_text="Ghi tên hoặc mã tổ chức, có dấu hay không dấu, rồi gửi: phần mềm tìm và để đồng chí chọn.",
            error_messages={"required": before.error_messages["required"]},
        )

    def offer(self, name: str, choices: Sequence[tuple[str, str]], *, empty: str = "") -> None:
        self.fields[name].choices = [("", empty), *choices] if empty else list(choices)  # type: ignore[attr-defined]  # a ChoiceField

    @property
    def ground(self) -> Ground:
        data = self.cleaned_data
        return Ground(
            data["decision"],
            data["decided_on"],
            data["effective_on"],
            data["decided_by"],
            data.get("says_earlier", False),
        )

    @property
    def arguments(self) -> dict[str, Any]:
        own = {name: value for name, value in self.cleaned_data.items() if name not in self.last}
        return own | {"ground": self.ground}


class NeverBackForm(ActForm):
    """A name or kind is not borne before the day of its decision: nothing to confirm."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["says_earlier"]


class RenameForm(NeverBackForm):
    name = TextField(label="Tên mới của tổ chức", max_length=200)
    committee_name = TextField(label="Tên cấp ủy mới", max_length=200, required=False)
    symbol = TextField(label="Ký hiệu văn bản mới", max_length=20, required=False)

    def prepare(self) -> None:
        now = self.organization
        self.fields["name"].help_text = f"Hiện nay: {now.name}."
        self.fields["symbol"].help_text = f"Để trống nếu giữ nguyên {now.symbol}."
        if now.is_branch:
            del self.fields["committee_name"]
        else:
            self.fields["committee_name"].help_text = f"Hiện nay: {now.committee}. Để trống nếu gọi theo tên tổ chức."


class ConvertForm(NeverBackForm):
    node_type = forms.ChoiceField(label="Loại hình mới", widget=forms.RadioSelect)
    committee_name = TextField(label="Tên cấp ủy", max_length=200, required=False, help_text="Để trống nếu giữ nguyên.")
    symbol = TextField(label="Ký hiệu văn bản", max_length=20, required=False, help_text="Để trống nếu giữ nguyên.")

    def prepare(self) -> None:
        now, parent = self.organization, self.organization.parent
        fitting = [
            one
            for one in NodeType
            if one != now.node_type
            and (parent is None or placement.fits(one, parent.node_type, sector=now.sector))
            and one != NodeType.TEAM
        ]
        fitting.sort(key=lambda one: (one in placement.BRANCHES) != now.is_branch)
        self.offer("node_type", [(one.value, one.label) for one in fitting])
        if not fitting:
            self.fields[
                "node_type"
            ].help_text = "Dưới cấp trên hiện nay không có loại hình khác. Chuyển cấp trên trước."


def _checkboxes(label: str, help_text: str = "") -> forms.TypedMultipleChoiceField:
    return forms.TypedMultipleChoiceField(
        label=label, coerce=int, required=False, widget=forms.CheckboxSelectMultiple, help_text=help_text
    )


class MoveForm(ActForm):
    parent = forms.TypedChoiceField(label="Cấp trên trực tiếp mới", coerce=int)
    together_with = _checkboxes("Chuyển cùng theo quyết định này", "Các tổ chức khác thuộc cấp trên hiện nay.")

    def prepare(self) -> None:
        now = self.organization
        kinds = placement.parents_of(now.node_type, sector=now.sector)
        found = self.among(of_types=kinds).exclude(pk=now.parent_id)
        kinds_in_words = ", ".join(LABELS[kind] for kind in kinds)
        self.fields["parent"].error_messages["required"] = f"Chọn cấp trên trực tiếp mới ({kinds_in_words})."
        self.offer_one(
            "parent", found, lambda one: f"{one.name} ({one.get_node_type_display()})", empty="Chọn cấp trên"
        )
        about = "Chỉ những tổ chức trong phạm vi của đồng chí, đúng loại hình làm cấp trên."
        if not found.exists():
            about += " Không có tổ chức nào như vậy: đề nghị cấp trên chung của hai bên ghi việc này."
        self.fields["parent"].help_text = f"{about} {self.fields['parent'].help_text}".strip()
        beside = self.beside()
        if beside:
            self.offer("together_with", [(str(one.pk), one.name) for one in beside])
        else:
            del self.fields["together_with"]

    @property
    def arguments(self) -> dict[str, Any]:
        data = self.cleaned_data
        return {
            "parent_id": _id_of(data["parent"]),
            "together_with": data.get("together_with", ()),
            "ground": self.ground,
        }


class CloseForm(ActForm):
    """Nothing besides the decision."""


class Carrying(forms.Form):
    """Whether the congresses of the former organization are counted on."""

    carries = forms.ChoiceField(
        label="Số thứ tự đại hội",
        choices=CARRY,
        initial="yes",
        widget=forms.RadioSelect,
        help_text="Theo quyết định hoặc ý kiến của cấp trên; xem lại được ở lịch sử tổ chức.",
    )


class MergeForm(ActForm):
    into = forms.TypedChoiceField(
        label="Sáp nhập vào", coerce=int, error_messages={"required": "Chọn tổ chức nhận sáp nhập."}
    )
    carries = Carrying.base_fields["carries"]

    def prepare(self) -> None:
        now = self.organization
        kinds = [one.value for one in NodeType if _same_sort(one, now)]
        self.offer_one("into", self.among(of_types=kinds), with_parent, empty="Chọn tổ chức")

    @property
    def arguments(self) -> dict[str, Any]:
        data = self.cleaned_data
        return {"into_id": _id_of(data["into"]), "carries_ordinal": data["carries"] == "yes", "ground": self.ground}


def _same_sort(node_type: str, organization: Organization) -> bool:
    if NodeType.TEAM in {node_type, organization.node_type}:
        return node_type == organization.node_type
    return (node_type in placement.BRANCHES) == organization.is_branch


class NewBodyFields(forms.Form):
    """The names of an organization that the act founds."""

    name = TextField(label="Tên tổ chức mới", max_length=200, help_text="Ví dụ: Chi bộ Văn phòng 2.")
    code = TextField(label="Mã", max_length=40, help_text="Không trùng tổ chức nào khác.")
    symbol = TextField(label="Ký hiệu văn bản", max_length=20, help_text="Ví dụ CB hoặc ĐU.")
    committee_name = TextField(label="Tên cấp ủy", max_length=200, required=False, help_text="Chi bộ để trống.")


NEW = NewBodyFields.base_fields


class SplitForm(ActForm):
    """One or two new organizations and who goes there; whoever is not ticked stays."""

    name, code, symbol, committee_name = (NEW[one] for one in ("name", "code", "symbol", "committee_name"))
    members = _checkboxes("Đảng viên về tổ chức mới", "Ai không chọn thì ở lại.")
    children = _checkboxes("Tổ chức trực thuộc chuyển về tổ chức mới", "Tổ chức nào không chọn thì ở lại.")
    continues = forms.ChoiceField(
        label="Tổ chức cũ",
        choices=[("yes", "Tiếp tục hoạt động"), ("no", "Kết thúc hoạt động, mọi đảng viên về các tổ chức mới")],
        initial="yes",
        widget=forms.RadioSelect,
    )
    second_name = TextField(
        label="Tên tổ chức mới thứ hai",
        max_length=200,
        required=False,
        help_text="Chỉ ghi khi chia thành hai tổ chức mới.",
    )
    second_code = TextField(label="Mã của tổ chức mới thứ hai", max_length=40, required=False)
    second_members = _checkboxes("Đảng viên về tổ chức mới thứ hai")
    second_children = _checkboxes("Tổ chức trực thuộc chuyển về tổ chức mới thứ hai")
    carries = Carrying.base_fields["carries"]

    def prepare(self) -> None:
        now = self.organization
        self.fields["symbol"].initial = now.symbol
        people = [(str(one.pk), one.display_name) for one in now.members.filter(left_on=None)] if now.is_branch else []
        below = _choices(now.children.filter(closed_on=None))
        for stem, choices in (("members", people), ("children", below)):
            for name in (stem, f"second_{stem}"):
                if choices:
                    self.offer(name, choices)
                else:
                    del self.fields[name]
        if now.is_branch:
            del self.fields["committee_name"]

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if data.get("second_name") and not data.get("second_code"):
            self.add_error("second_code", "Ghi mã của tổ chức mới thứ hai.")
        for stem in ("members", "children"):
            if set(data.get(stem, ())) & set(data.get(f"second_{stem}", ())):
                self.add_error(f"second_{stem}", "Một đồng chí hoặc một tổ chức chỉ về một nơi. Bỏ chọn ở một bên.")
        if not data.get("second_name") and (data.get("second_members") or data.get("second_children")):
            self.add_error("second_name", "Ghi tên tổ chức mới thứ hai, hoặc bỏ chọn những ai về đó.")
        return data

    @property
    def arguments(self) -> dict[str, Any]:
        data = self.cleaned_data
        bodies = [
            NewBody(
                code=data["code"],
                name=data["name"],
                symbol=data["symbol"],
                committee_name=data.get("committee_name", ""),
                members=data.get("members", ()),
                children=data.get("children", ()),
            )
        ]
        if data["second_name"]:
            bodies.append(
                NewBody(
                    code=data["second_code"],
                    name=data["second_name"],
                    symbol=data["symbol"],
                    members=data.get("second_members", ()),
                    children=data.get("second_children", ()),
                )
            )
        return {
            "bodies": bodies,
            "continues": data["continues"] == "yes",
            "carries_ordinal": data["carries"] == "yes",
            "ground": self.ground,
        }


class ConsolidateForm(ActForm):
    """Those that become one, and what it is called."""

    others = forms.TypedMultipleChoiceField(
        label="Hợp nhất với",
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Chọn ít nhất một tổ chức để hợp nhất."},
    )
    name, code, symbol, committee_name = (NEW[one] for one in ("name", "code", "symbol", "committee_name"))
    counted = _checkboxes(
        "Tính tiếp số kỳ đại hội từ", "Theo HD 06-HD/TW thì cộng qua các thời kỳ; bỏ chọn nếu không tính."
    )

    def prepare(self) -> None:
        now = self.organization
        beside = self.beside()
        self.offer("others", [(str(one.pk), one.name) for one in beside])
        self.fields["others"].help_text = (
            f"Các tổ chức cùng loại hình thuộc {now.parent.name if now.parent else 'cùng cấp trên'}. "
            "Tổ chức thuộc cấp trên khác thì ghi việc chuyển cấp trên trước."
        )
        self.offer("counted", [(str(now.pk), now.name), *((str(one.pk), one.name) for one in beside)])
        self.fields["counted"].initial = [str(now.pk), *(str(one.pk) for one in beside)]
        self.fields["symbol"].initial = now.symbol
        if now.is_branch:
            del self.fields["committee_name"]

    @property
    def arguments(self) -> dict[str, Any]:
        data = self.cleaned_data
        sources = [self.organization.pk, *data["others"]]
        return {
            "others": data["others"],
            "body": NewBody(
                code=data["code"],
                name=data["name"],
                symbol=data["symbol"],
                committee_name=data.get("committee_name", ""),
            ),
            "carries": {pk: pk in data["counted"] for pk in sources},
            "ground": self.ground,
        }


class OrdinalForm(forms.Form):
    """How the congresses of an organization are counted."""

    congresses_before = forms.IntegerField(
        label="Số kỳ đại hội đã qua trước khi ghi trên hệ thống",
        required=False,
        min_value=0,
        max_value=88,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        help_text="Tính cả các kỳ tính tiếp từ tổ chức trước. Để trống nếu chưa rõ.",
        error_messages={
            "invalid": "Ghi bằng chữ số, ví dụ 6.",
            "min_value": "Ghi số từ 0 trở lên.",
            "max_value": "Số kỳ đại hội không quá 88. Kiểm tra lại.",
        },
    )

    def __init__(self, *args: Any, organization: Organization, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["congresses_before"].initial = organization.congresses_before
        self.rows = list(organization.origins.select_related("predecessor"))
        for row in self.rows:
            self.fields[f"carries_{row.pk}"] = forms.ChoiceField(
                label=f"{row.get_kind_display()} từ {row.predecessor.name}",
                choices=[("", "Theo HD 06-HD/TW: tính tiếp"), *CARRY],
                required=False,
                initial={True: "yes", False: "no", None: ""}[row.carries_ordinal],
            )

    @property
    def arguments(self) -> dict[str, Any]:
        said = {"yes": True, "no": False, "": None}
        return {
            "congresses_before": self.cleaned_data["congresses_before"],
            "carries": {row.pk: said[self.cleaned_data[f"carries_{row.pk}"]] for row in self.rows},
        }


class ActFilter(forms.Form):
    """Narrows the list of acts."""

    all_optional = True
    viec = forms.ChoiceField(label="Việc", choices=[("", "Mọi việc"), *TreeAct.Kind.choices], required=False)
    nam = forms.IntegerField(label="Năm có hiệu lực", required=False, min_value=1930, max_value=2100)
    tim = TextField(label="Tên tổ chức hoặc số quyết định", required=False, help_text="Có dấu hay không dấu.")


class PastDay(forms.Form):
    """The day on which the tree is looked at."""

    all_optional = True
    ngay = DayField(label="Cây tổ chức ngày", required=False, help_text="Để trống là hôm nay. Ví dụ 29/6/2022.")
