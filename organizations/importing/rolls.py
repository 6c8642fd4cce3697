"""A roll of members: its columns (F-05 and what staff call them), each row read or refused with its reason."""

from __future__ import annotations

from collections.abc import Mapping

from organizations.importing import cells
from organizations.importing.cells import Reader, Reading, shown
from organizations.importing.columns import Header, dictionary
from organizations.importing.rowreading import Entry, RowReader
from organizations.importing.rows import Raw
from organizations.rules import particulars
from organizations.rules.names import fold

ROLL = dictionary(
    """
number | Số thứ tự | stt, tt, so tt, so thu tu, so
full_name | Họ và tên | ho va ten, ho ten, ho va ten dang vien, ho va ten khai sinh, ten dang vien,
    ho ten dang vien
family_name | Họ và tên đệm | ho, ho dem, ho va dem, ho va ten dem, ho lot, ho va ten lot
given_name | Tên | ten, ten goi
born_on | Ngày sinh | ngay sinh, nam sinh, ngay thang nam sinh, ngay thang sinh, sinh ngay,
    ngay sinh dang vien
born_male | Nam sinh | nam sinh ngay, ngay sinh nam, nam
    below sinh: nam
    below gioi tinh: nam
born_female | Nữ sinh | nu sinh, nu sinh ngay, ngay sinh nu, nu
    below sinh: nu
    below gioi tinh: nu
gender | Giới tính | gioi tinh, nam nu, phai, gioi, nu nam
ethnicity | Dân tộc | dan toc
religion | Tôn giáo | ton giao
native_place | Quê quán | que quan, nguyen quan, que
residence | Nơi ở hiện nay | noi o hien nay, noi o, cho o, cho o hien nay, dia chi, noi cu tru, noi thuong tru,
    tru quan
admitted_on | Ngày vào Đảng | ngay vao dang, vao dang, ngay ket nap, ngay ket nap dang,
    ngay thang nam vao dang, ngay duoc ket nap
    below vao dang: du bi, ngay vao, ket nap, ngay ket nap
    below ket nap: du bi
official_on | Ngày chính thức | ngay chinh thuc, chinh thuc, ngay cong nhan chinh thuc, ngay chuyen chinh thuc,
    vao dang chinh thuc
    below vao dang: chinh thuc
    below ket nap: chinh thuc
kind | Chính thức hay dự bị | chinh thuc du bi, du bi chinh thuc, loai dang vien, dang vien, dien dang vien,
    ct db
card_number | Số thẻ đảng viên | so the dang vien, so the dang, so the, the dang vien, so the dv
education | Trình độ chuyên môn | trinh do chuyen mon, chuyen mon, chuyen mon nghiep vu, trinh do cmnv, hoc vi,
    trinh do, bang cap
political_level | Lý luận chính trị | ly luan chinh tri, llct, trinh do llct, trinh do ly luan chinh tri,
    ly luan, trinh do ly luan
languages | Ngoại ngữ, tin học | ngoai ngu tin hoc, ngoai ngu, tin hoc ngoai ngu, trinh do ngoai ngu,
    ngoai ngu va tin hoc
job | Chức vụ, đơn vị công tác | chuc vu don vi cong tac, chuc vu, nghe nghiep, don vi cong tac,
    chuc vu noi cong tac, chuc vu dang chinh quyen doan the hien nay, chuc vu dang chinh quyen doan the,
    noi cong tac, chuc vu cong tac, nghe nghiep chuc vu, cong viec, chuc vu hien nay, chuc danh
joined_on | Ngày về chi bộ | ngay ve chi bo, ngay chuyen den, ngay ve sinh hoat, ngay den chi bo,
    ngay sinh hoat, ngay sinh hoat tai chi bo
is_planned_cadre | Quy hoạch cấp ủy | quy hoach, quy hoach cap uy, trong quy hoach, quy hoach can bo
classification | Xếp loại 3 năm gần nhất | xep loai 3 nam gan nhat, xep loai, danh gia xep loai,
    xep loai dang vien, ket qua xep loai
awards | Khen thưởng, kỷ luật | khen thuong ky luat, khen thuong, ky luat, khen thuong va ky luat
retires_on | Thời điểm nghỉ hưu | thoi diem nghi huu, ngay nghi huu, thoi diem nghi huu du kien, nghi huu
phone | Số điện thoại | so dien thoai, dien thoai, sdt, dt, di dong, so dt, dien thoai di dong
branch | Chi bộ | chi bo, ten chi bo, ma chi bo, sinh hoat tai chi bo, chi bo sinh hoat, thuoc chi bo
    """,
    required=[("full_name",), ("family_name", "given_name")],
    enough=2,
)
READERS: dict[str, Reader] = {
    "born_on": cells.birthday,
    "admitted_on": cells.day,
    "official_on": cells.day,
    "joined_on": cells.day,
    "retires_on": cells.day,
    "gender": cells.gender,
    "political_level": cells.level,
    "is_planned_cadre": cells.yes_or_no,
    "kind": cells.official,
    "full_name": cells.name,
    "family_name": cells.name,
    "given_name": cells.name,
    "phone": cells.phone,
    "card_number": cells.card,
}
READ_APART = ("number", "family_name", "given_name", "born_male", "born_female")
NOT_KEPT = ("kind", "branch")
DAYS_BEFORE_NOW = ("admitted_on", "official_on", "joined_on")


def entry(raw: Raw, header: Header, reading: Reading, limits: Mapping[str, int]) -> Entry:
    """The row read cell by cell. ``limits``: the most signs that each field takes."""
    return _Row(raw, header, reading, limits).read()


class _Row(RowReader):
    dictionary, readers = ROLL, READERS

    def read(self) -> Entry:
        values = self.entry.values
        for key in self.header.columns.values():
            if key not in READ_APART:
                values[key] = self.cell(key)
        self.name()
        self.birth_in_two_columns()
        self.agreement()
        self.entry.branch = values.pop("branch", None) or ""
        values.pop("kind", None)
        return self.entry

    def name(self) -> None:
        values = self.entry.values
        if not values.get("full_name"):
            parts = [self.cell(key) for key in ("family_name", "given_name")]
            values["full_name"] = " ".join(part for part in parts if part)
        most = self.limits.get("full_name", 100)
        if len(values["full_name"]) > most:
            self.refuse("full_name", f"Họ tên dài hơn {most} ký tự. Kiểm tra lại.")

    def birth_in_two_columns(self) -> None:
        """Nam sinh / Nữ sinh (F-05): the column that is filled says both; a mark in it says the gender alone."""
        filled = [key for key in ("born_male", "born_female") if self.cells.get(key) is not None]
        if len(filled) == 2:
            return self.refuse("born_female", "Cả cột nam và cột nữ đều có ghi. Để một cột.")
        for key in filled:
            gender = "male" if key == "born_male" else "female"
            if self.entry.values.get("gender") not in (None, gender):
                self.refuse(key, "Cột này khác với cột giới tính.")
            self.entry.values["gender"] = gender
            if fold(shown(self.cells[key])) not in cells.YES:
                self.entry.values["born_on"] = self.cell(key, cells.birthday)
        return None

    @property
    def refused(self) -> set[str]:
        """Fields of which something has been said; a part of the name stands for the whole."""
        parts = {"family_name": "full_name", "given_name": "full_name"}
        return {parts.get(key, key) for key in self.told}

    def agreement(self) -> None:
        """What several cells say together; a cell that is refused already says nothing here."""
        values, today = self.entry.values, self.reading.today
        days = {key: values.get(key) for key in ("born_on", "admitted_on", "official_on")}
        for key, reason in particulars.problems(values["full_name"], **days).items():
            if key not in self.refused:
                self.refuse(key, reason)
        for key in DAYS_BEFORE_NOW:
            if values.get(key) and values[key] > today and key != "official_on":
                self.refuse(key, "Ngày này ở sau hôm nay. Kiểm tra lại năm.")
        official_on, said = values.get("official_on"), values.get("kind")
        if "official_on" in self.refused:
            return
        if said is True and official_on is None and "official_on" in self.header.columns.values():
            self.refuse("kind", "Ghi là chính thức nhưng thiếu ngày chính thức. Ghi ngày chính thức.")
        elif said is True and official_on is None:
            self.refuse("kind", "Ghi là chính thức nhưng tệp không có cột ngày chính thức. Thêm cột “Ngày chính thức”.")
        elif said is False and official_on is not None and official_on <= today:
            self.refuse("kind", "Ghi là dự bị nhưng đã có ngày chính thức. Kiểm tra lại.")
