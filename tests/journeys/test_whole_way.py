"""From the plan to the decision in the hand: a branch of six without chi ủy, every role at its own screen.

Nothing is done but by pages: the tree, the roll and the accounts too. Given are only the root of the tree and its
administrator, as an installation gives them. The branch and its committee are those of the first story (Chi bộ phòng
Kế hoạch - Tài chính - Tổng hợp, bí thư elected with 6/6); everyone but Lê Huy Tuấn and the signer is invented.
"""

from __future__ import annotations

import hashlib
import re
import subprocess
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from accounts import audit
from tests import factories
from tests.browser.conftest import Watch
from tests.journeys.counting_room import fill_sheet, keep_ledger, type_sheet
from tests.journeys.desks import Desk, clock, short
from tests.journeys.signing import sign_minutes

pytestmark = [
    pytest.mark.browser,
    pytest.mark.postgresql,
    pytest.mark.redis,
    pytest.mark.django_db(transaction=True),
]

BLOC = "Đảng bộ Khối Cơ quan và Doanh nghiệp tỉnh Thanh Hóa"
COMMITTEE = "Đảng bộ Sở Công Thương"
BRANCH = "Chi bộ phòng Kế hoạch - Tài chính - Tổng hợp"
ELECTED = "Lê Huy Tuấn"
SECRETARY, DRAFTER, CLERK = "Nguyễn Văn Ánh", "Trần Thị Bình", "Phạm Văn Chi"
TELLER, HEAD_TELLER = "Đỗ Thị Dung", "Vũ Văn Em"
MEMBERS = (ELECTED, SECRETARY, DRAFTER, CLERK, TELLER, HEAD_TELLER)
STAFF, APPROVER, SIGNER = "Cao Thị Hạnh", "Hà Văn Duyệt", "Phạm Bá Oai"
OWN_PASSWORD = "sông Mã mùa nước {} lên"


@dataclass
class Story:
    """The people at their screens, by name."""

    open_browser: Callable[..., object]
    folder: Path
    today: date = field(default_factory=timezone.localdate)
    desks: dict[str, Desk] = field(default_factory=dict)
    passwords: dict[str, tuple[str, str]] = field(default_factory=dict)

    @property
    def term(self) -> str:
        return f"{self.today.year}-{self.today.year + 2}"

    def at(self, name: str) -> Desk:
        """The person's own browser; the first time they sign in and choose a password of their own."""
        if name not in self.desks:
            desk = self.desks[name] = Desk(self.open_browser().new_page())  # type: ignore[attr-defined]  # set by the test
            username, given = self.passwords[name]
            sign_in(desk, username, given)
            own = OWN_PASSWORD.format(len(self.desks))
            desk.write({"Mật khẩu hiện tại": given, "Mật khẩu mới": own, "Nhập lại mật khẩu mới": own})
            desk.press("Đổi mật khẩu")
            assert desk.heading() == "Việc cần làm"
        return self.desks[name]


def sign_in(desk: Desk, username: str, password: str) -> None:
    desk.page.goto("/")
    desk.write({"Tên đăng nhập": username, "Mật khẩu": password})
    desk.press("Đăng nhập")


@pytest.fixture
def story(open_browser: Callable[..., object], start_worker: Callable[..., object], tmp_path: Path) -> Story:
    """The installation as delivered: a root, its administrator, one worker."""
    start_worker()
    admin = factories.make_admin()
    story = Story(open_browser, tmp_path)
    desk = story.desks["admin"] = Desk(open_browser().new_page())  # type: ignore[attr-defined]  # set by the test
    sign_in(desk, admin.username, factories.PASSWORD)
    return story


def test_a_branch_of_six_goes_the_whole_way(story: Story, watch: Watch, tmp_path: Path) -> None:
    watch.expected = ["status of 422"]  # one wrong count is entered on purpose

    found_the_tree(story)
    the_committee_plans(story)
    the_branch_gets_ready(story)
    papers_are_written(story)
    papers_are_judged(story)
    the_congress_is_cleared(story)
    the_congress_opens(story)
    the_ballot_is_held(story)
    the_congress_closes(story)
    results_are_ratified(story)
    decision = the_decision_is_in_the_hand(story)

    for words in (ELECTED, BRANCH, story.term, SIGNER, "Điều 1", "chuẩn y"):
        assert words in decision
    everybody_sees_what_happened(story)
    assert audit.verify_chain() == []


# ---- the tree, the roll, the accounts ----


def found_the_tree(story: Story) -> None:
    admin = story.at("admin")
    admin.section("Tổ chức")
    admin.press("Đảng Cộng sản Việt Nam")
    found(admin, BLOC, code="TH-K", kind="khối", symbol="ĐUK", committee="Đảng ủy Khối", place="Thanh Hóa")
    found(admin, COMMITTEE, code="TH-SCT", kind="cơ sở", symbol="ĐU", committee="Đảng ủy Sở Công Thương")
    open_account(story, admin, STAFF, "chuyen.vien", "Chuyên viên cấp ủy")
    open_account(story, admin, APPROVER, "nguoi.duyet", "Người có thẩm quyền chuẩn y")
    found(admin, BRANCH, code="TH-SCT-KH", kind="Chi bộ", symbol="CB")
    enroll(admin, SECRETARY)


def found(desk: Desk, name: str, *, code: str, kind: str, symbol: str, committee: str = "", place: str = "") -> None:
    """From the page of the organization above to the page of the new one."""
    desk.press("Thành lập tổ chức trực thuộc")
    values = {"Tên tổ chức": name, "Mã": code, "Loại hình": kind, "Ký hiệu văn bản": symbol, "Tên cấp ủy": committee}
    desk.write(values | ({"Địa danh": place} if place else {}))
    desk.press("Ghi nhận thành lập")
    assert desk.heading() == name


def enroll(desk: Desk, name: str) -> None:
    desk.press("Thêm đảng viên")
    desk.write(
        {
            "Họ và tên": name,
            "Giới tính": "Nữ" if " Thị " in name else "Nam",
            "Ngày sinh": "12/3/1980",
            "Chức vụ, đơn vị công tác": "phòng Kế hoạch - Tài chính - Tổng hợp",
            "Ngày vào Đảng": "3/2/2009",
            "Ngày chính thức": "3-2-2010",
        }
    )
    desk.press("Thêm đảng viên")
    desk.is_told(f"Đã thêm đồng chí {name}")


def open_account(story: Story, desk: Desk, name: str, username: str, role: str, *, member: bool = False) -> None:
    """From the organization's page and back; the password is read from the page that shows it once."""
    desk.press("Mở tài khoản")
    fill_account(story, desk, name, username, role, member=member)


def fill_account(story: Story, desk: Desk, name: str, username: str, role: str, *, member: bool) -> None:
    desk.write({"Đảng viên của chi bộ" if member else "Họ và tên": name, "Tên đăng nhập": username, "Vai trò": role})
    desk.press("Mở tài khoản")
    password = desk.main.locator("dl div").filter(has_text="Mật khẩu dùng một lần").locator("dd").inner_text()
    story.passwords[name] = (username, password)
    desk.press("Đã trao mật khẩu")


# ---- the plan ----


def the_committee_plans(story: Story) -> None:
    staff = story.at(STAFF)
    staff.section("Kế hoạch")
    staff.press("Soạn kế hoạch")
    staff.write(
        {
            "Trích yếu": "về tổ chức đại hội các chi bộ trực thuộc",
            "Nhiệm kỳ": story.term,
            "Căn cứ": "Kế hoạch số 44-KH/ĐUK của Đảng ủy Khối\nĐiều lệ Đảng",
        }
    )
    staff.press("Lưu dự thảo kế hoạch")
    staff.sees("Ban hành kế hoạch")

    approver = story.at(APPROVER)
    approver.take_duty("Ban hành kế hoạch")
    approver.press("Ban hành kế hoạch")
    approver.write({"Số kế hoạch": "22", "Ngày ban hành": short(story.today)})
    approver.press("Ban hành kế hoạch")
    assert "22-KH/ĐU" in approver.heading()
    approver.sees(BRANCH)

    staff.take_duty("Mở tài khoản cho bí thư")
    fill_account(story, staff, SECRETARY, "bi.thu", "Bí thư chi bộ", member=True)


# ---- the branch prepares ----


def the_branch_gets_ready(story: Story) -> None:
    secretary = story.at(SECRETARY)
    secretary.section("Tổ chức")
    secretary.press(BRANCH)
    for name in MEMBERS:
        if name != SECRETARY:
            enroll(secretary, name)
    for name, username, role in (
        (DRAFTER, "soan.thao", "Người soạn thảo"),
        (CLERK, "thu.ky", "Thư ký chi bộ"),
        (ELECTED, "le.huy.tuan", "Đảng viên"),
    ):
        open_account(story, secretary, name, username, role, member=True)
    the_superior_opens_accounts_of_tellers(story)

    secretary.take_duty("Chưa ghi thời gian, địa điểm")
    secretary.write(
        {
            "Đại hội lần thứ": "7",
            "Ngày đại hội": short(story.today),
            "Giờ khai mạc dự kiến": "14h30",
            "Địa điểm": "Trụ sở cơ quan Sở Công Thương",
        }
    )
    secretary.press("Lưu thời gian, địa điểm")
    secretary.take_duty("Chưa lập danh sách triệu tập")
    secretary.press("Lập danh sách triệu tập")
    secretary.is_told("Đã lập danh sách triệu tập 6 đồng chí")


def the_superior_opens_accounts_of_tellers(story: Story) -> None:
    """Nobody in the branch comes to hold both their passwords."""
    staff = story.at(STAFF)
    staff.section("Tổ chức")
    staff.press(BRANCH)
    for name, username in ((TELLER, "kiem.phieu"), (HEAD_TELLER, "truong.ban")):
        open_account(story, staff, name, username, "Kiểm phiếu viên", member=True)


# ---- the papers ----


def papers_are_written(story: Story) -> None:
    drafter = story.at(DRAFTER)
    drafter.take_duty("báo cáo chính trị")
    write_sections(drafter, "báo cáo chính trị", "Chi bộ hoàn thành xuất sắc nhiệm vụ năm năm liền.")
    drafter.part("Văn kiện")
    write_sections(drafter, "dự thảo nghị quyết", "Thông qua báo cáo và phương hướng nhiệm kỳ mới.")
    drafter.part("Văn kiện")
    drafter.press("Soạn", within="Đề án nhân sự")
    drafter.press("Lập văn kiện")
    drafter.press("Quay lại")
    drafter.press("Tải tệp lên")
    drafter.write(
        {"Tệp văn kiện": str(word_file(story.folder / "De an nhan su.docx")), "Tài liệu này không có độ mật": "x"}
    )
    drafter.press("Tải tệp lên")
    drafter.is_told("Đã nhận tệp")

    secretary = story.at(SECRETARY)
    submit_every_paper(secretary)


def write_sections(drafter: Desk, kind: str, text: str) -> None:
    drafter.press(f"Soạn {kind}")
    drafter.press("Lập văn kiện")
    drafter.write({"Nội dung phần 1": text, "Nội dung phần 2": "Công tác xây dựng Đảng được giữ nền nếp."})
    drafter.press("Lưu dự thảo")
    drafter.is_told("Đã lưu dự thảo")


def submit_every_paper(secretary: Desk) -> None:
    """Home names each paper that is not submitted yet."""
    for _ in range(3):
        secretary.take_duty("chưa trình xin ý kiến")
        secretary.press("Trình xin ý kiến")
        secretary.is_told("xin ý kiến")


def word_file(path: Path) -> Path:
    """The smallest file that Word opens."""
    space = "http://schemas.openxmlformats.org"
    main = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
    relations = "application/vnd.openxmlformats-package.relationships+xml"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(
            "[Content_Types].xml",
            f'<Types xmlns="{space}/package/2006/content-types"><Default Extension="rels" ContentType="{relations}"/>'
            f'<Override PartName="/word/document.xml" ContentType="{main}"/></Types>',
        )
        archive.writestr(
            "_rels/.rels",
            f'<Relationships xmlns="{space}/package/2006/relationships"><Relationship Id="r" '
            f'Type="{space}/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/>'
            "</Relationships>",
        )
        archive.writestr(
            "word/document.xml",
            f'<w:document xmlns:w="{space}/wordprocessingml/2006/main"><w:body><w:p><w:r>'
            f"<w:t>Giới thiệu đồng chí {ELECTED} để bầu bí thư.</w:t></w:r></w:p></w:body></w:document>",
        )
    return path


def papers_are_judged(story: Story) -> None:
    staff = story.at(STAFF)
    staff.take_duty("của Chi bộ phòng")
    staff.press("Báo cáo chính trị")
    staff.write(
        {
            "Góp ý vào phần": "III. Kết quả công tác xây dựng Đảng",
            "Ý kiến": "Phần này còn sơ sài, bổ sung kết quả kiểm tra, giám sát.",
        }
    )
    staff.press("Ghi ý kiến")
    staff.is_told("Đã ghi ý kiến")
    staff.press("Yêu cầu chỉnh sửa")
    staff.write({"Lý do, yêu cầu": "Bổ sung phần III theo góp ý."})
    staff.press("Yêu cầu chỉnh sửa")
    staff.is_told("Đã gửi yêu cầu chỉnh sửa")

    drafter = story.at(DRAFTER)
    drafter.take_duty("báo cáo chính trị theo ý kiến")
    drafter.press("Soạn dự thảo")
    drafter.sees("Bổ sung phần III theo góp ý.", "Phần này còn sơ sài")
    drafter.write({"Nội dung phần 3": "Chi ủy kiểm tra ba đảng viên, giám sát hai đảng viên."})
    drafter.write({"Nội dung chỉnh sửa": "bổ sung phần III"})
    drafter.press("Lưu dự thảo")
    secretary = story.at(SECRETARY)
    secretary.take_duty("Trình lại báo cáo chính trị")
    secretary.press("Trình xin ý kiến")

    approver = story.at(APPROVER)
    for title in ("Báo cáo chính trị", "nghị quyết", "nhân sự"):
        approver.home()
        approver.section("Văn kiện")
        approver.main.get_by_role("link", name=re.compile(title, re.I)).first.click()
        approver.press("Phê duyệt")
        approver.press("Phê duyệt")
        approver.is_told("Đã phê duyệt")
        approver.sees("Mã băm SHA-256")


def the_congress_is_cleared(story: Story) -> None:
    secretary = story.at(SECRETARY)
    secretary.take_duty("Trình cấp ủy duyệt đại hội")
    secretary.press("Trình duyệt đại hội")
    secretary.press("Trình duyệt đại hội")
    secretary.is_told("Đã trình Đảng ủy Sở Công Thương duyệt đại hội")

    approver = story.at(APPROVER)
    approver.take_duty("Xem xét hồ sơ trình duyệt")
    approver.press("Duyệt")
    approver.press("Duyệt")
    approver.is_told("Đã duyệt")


# ---- the day of the congress ----


def the_congress_opens(story: Story) -> None:
    secretary = story.at(SECRETARY)
    secretary.take_duty("Chưa lập các cuộc bầu")
    secretary.press("Lập các cuộc bầu")
    secretary.take_duty("chưa có danh sách")
    secretary.write({"Đồng chí": ELECTED})
    secretary.press("Đưa vào danh sách")
    secretary.is_told(f"Đã đưa đồng chí {ELECTED}")
    secretary.take_duty("chưa điểm danh")
    secretary.press("Tất cả có mặt")
    secretary.is_told("6 đồng chí có mặt")
    secretary.take_duty("Khai mạc đại hội")
    secretary.press("Khai mạc đại hội")
    secretary.sees("Đủ điều kiện khai mạc")
    secretary.write({"Ngày": short(story.today), "Giờ": clock(minutes_ago=2)})
    secretary.press("Khai mạc đại hội")
    secretary.is_told("Đã ghi khai mạc đại hội")


def the_ballot_is_held(story: Story) -> None:
    clerk = story.at(CLERK)
    clerk.take_duty("Chưa ghi kết quả bầu chủ tịch")
    clerk.write({"Chủ tịch đại hội": ELECTED, "Tán thành": "6"}, within="#presidium")
    clerk.press("Ghi kết quả bầu đoàn chủ tịch")
    clerk.write({"Thư ký đại hội": CLERK, "Tán thành": "6"}, within="#clerk")
    clerk.press("Ghi kết quả bầu thư ký đại hội")
    clerk.write({"Trưởng ban kiểm phiếu": HEAD_TELLER, TELLER: "x", "Tán thành": "6"}, within="#tellers")
    clerk.press("Ghi kết quả bầu ban kiểm phiếu")

    secretary = story.at(SECRETARY)
    secretary.take_duty("bầu bí thư")
    secretary.sees("Phiếu không có số dư", ELECTED)
    secretary.write({"Tán thành": "6"})
    secretary.press("Ghi biểu quyết chốt danh sách")
    secretary.is_told("Đã ghi đại hội chốt số lượng, danh sách")

    teller = story.at(TELLER)
    teller.take_duty("bầu bí thư")
    keep_ledger(teller, 6)
    type_sheet(teller, {ELECTED: (6, 1)}, returned=7, valid=6, invalid=0)
    assert teller.heading() == "Nhập kết quả kiểm phiếu"
    errors = teller.errors()
    assert len(errors) >= 3, errors
    assert teller.value_of("G. Số phiếu thu về") == "7"
    fill_sheet(teller, {ELECTED: (6, 0)}, returned=6, valid=6, invalid=0)
    teller.sees("Đồng chí đã gửi. Chờ người nhập thứ hai.")

    head = story.at(HEAD_TELLER)
    head.take_duty("Nhập kết quả kiểm phiếu bầu bí thư")
    type_sheet(head, {ELECTED: (6, 0)}, returned=6, valid=6, invalid=0)
    head.sees("Hai bản khớp nhau.")
    head.take_duty("Xác nhận, niêm phong kết quả bầu bí thư")
    head.press("Xem kết quả")
    head.sees("Bầu đủ số lượng: 1 đồng chí trúng cử")
    head.press("Xem lại và niêm phong")
    head.press("Xác nhận và niêm phong kết quả")
    head.is_told("Đã niêm phong kết quả")
    head.download("Biên bản kiểm phiếu", story.folder)


def the_congress_closes(story: Story) -> None:
    clerk = story.at(CLERK)
    clerk.take_duty("biểu quyết thông qua nghị quyết")
    clerk.write({"Nội dung biểu quyết": "nghị quyết", "Tán thành": "6"}, within="section:has(#bieu-quyet)")
    clerk.press("Ghi biểu quyết")
    clerk.is_told("được thông qua")
    clerk.write(
        {
            "Loại diễn biến": "chỉ đạo",
            "Đồng chí": SIGNER,
            "Chức vụ": "Bí thư Đảng ủy, Giám đốc Sở",
            "Nội dung": "Biểu dương thành tích, đề nghị nâng cao chất lượng công tác giáo dục chính trị, tư tưởng.",
        },
        within="section:has(#dien-bien)",
    )
    clerk.press("Ghi diễn biến")
    clerk.take_duty("Bế mạc đại hội")
    clerk.press("Bế mạc đại hội")
    clerk.write({"Giờ": clock()})
    clerk.press("Bế mạc đại hội")
    clerk.is_told("Đã ghi bế mạc đại hội")
    clerk.take_duty("Chưa lập biên bản đại hội")
    clerk.press("Lập biên bản đại hội")
    clerk.is_told("Tệp PDF đang được tạo")
    minutes = text_of(clerk.download("Biên bản đại hội", story.folder))
    for words in (ELECTED, SIGNER, "lần thứ VII", "06 đồng chí", "06/06"):
        assert words in minutes, minutes


# ---- afterwards ----


def results_are_ratified(story: Story) -> None:
    secretary = story.at(SECRETARY)
    sign_minutes(story.at(CLERK), secretary, (6, 6, 6, 0, 6, 1), story.folder)
    secretary.take_duty("chuẩn y")
    secretary.press("Trình đề nghị chuẩn y")
    secretary.sees(ELECTED, "6/6", "Biên bản kiểm phiếu", "Biên bản đại hội")
    secretary.tick_every_box()
    secretary.press("Trình đề nghị chuẩn y")
    secretary.is_told("Đã trình Đảng ủy Sở Công Thương chuẩn y")

    approver = story.at(APPROVER)
    approver.take_duty("Xem xét chuẩn y kết quả bầu cử")
    approver.press("Chuẩn y kết quả bầu cử")
    approver.write({"Chức vụ người ký": "Bí thư", "Họ và tên người ký": SIGNER})
    approver.press("Xem lại quyết định")
    approver.sees(ELECTED, SIGNER)
    approver.press("Chuẩn y kết quả bầu cử")
    approver.is_told("Đã chuẩn y kết quả bầu cử")


def the_decision_is_in_the_hand(story: Story) -> str:
    """The approver's own file and the branch's are the same, and hash to what both pages show."""
    taken = []
    for name in (APPROVER, SECRETARY):
        desk = story.at(name)
        desk.section("Đại hội")
        if name == APPROVER:
            desk.press(BRANCH)
        desk.part("Chuẩn y")
        folder = story.folder / name
        folder.mkdir()
        file = desk.download("Quyết định chuẩn y", folder)
        shown = desk.main.locator("li.file").filter(has_text="Quyết định").locator("code").inner_text()
        digest = hashlib.sha256(file.read_bytes()).hexdigest()
        assert digest.startswith(shown.rstrip("…")) and len(shown) >= 16
        taken.append(file)
    assert taken[0].read_bytes() == taken[1].read_bytes()
    return text_of(taken[0])


def text_of(pdf: Path) -> str:
    """All of its words, lines joined."""
    assert pdf.read_bytes().startswith(b"%PDF-")
    words = subprocess.run(["pdftotext", "-layout", str(pdf), "-"], capture_output=True, check=True, text=True).stdout
    return " ".join(words.split())


def everybody_sees_what_happened(story: Story) -> None:
    secretary = story.at(SECRETARY)
    secretary.take_duty("Hoàn tất hồ sơ đại hội")
    secretary.press("Hoàn tất hồ sơ")
    secretary.is_told("Đã hoàn tất hồ sơ đại hội")

    approver = story.at(APPROVER)
    approver.section("Nhật ký")
    told = approver.main.inner_text()
    for name, deed in (
        (SECRETARY, "hoàn tất hồ sơ"),
        (APPROVER, "chuẩn y"),
        (HEAD_TELLER, "niêm phong"),
        (TELLER, "nhập"),
    ):
        assert re.search(rf"{name}.*{deed}", told, re.I), f"{name} … {deed} is not told in:\n{told}"
    assert not re.search(r"\b[a-z]+\.[a-z_]+\b(?!\.)|\{|None|True|False", told), told

    member = story.at(ELECTED)
    member.section("Đại hội")
    member.part("Chuẩn y")
    expect(member.main).to_contain_text(ELECTED)
    member.section("Tổ chức")
    member.press(BRANCH)
    member.sees("Bí thư", ELECTED)
