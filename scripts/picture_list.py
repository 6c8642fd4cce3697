"""What ``make pictures`` takes pictures of: pages of the demo, in this order, and what is done between them.

A page is named by its address (``app:name``), the person who looks at it, and the object it is about.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

Finder = Callable[[], Any]
Step = tuple[str, ...]
"""Fill a field, choose in it, check it, open what is folded, press a button: ("fill", label, text), ("press", name)."""


@dataclass(frozen=True, slots=True)
class Shot:
    """``name`` is the file's; ``who`` is blank for somebody not signed in.

    ``every_way`` adds the largest text and the high contrast; ``for_guide`` copies it into the user guide,
    cut off after ``until`` pixels. ``steps`` are taken on the page first and must leave nothing behind.
    """

    name: str
    who: str
    page: str
    of: Finder | None = None
    query: str = ""
    steps: tuple[Step, ...] = ()
    status: int = 200
    every_way: bool = False
    for_guide: bool = False
    until: int = 900


@dataclass(frozen=True, slots=True)
class Act:
    """Something a person does on a page between two pictures."""

    who: str
    page: str
    steps: tuple[Step, ...]
    of: Finder | None = None


def organization(code: str) -> Finder:
    def find() -> int:
        from organizations.models import Organization

        return int(Organization.objects.get(code=code).pk)

    return find


def member(code: str, place: int = 0) -> Finder:
    def find() -> int:
        from organizations.models import Member

        return int(Member.objects.filter(organization__code=code).order_by("pk")[place].pk)

    return find


def congress(code: str) -> Finder:
    def find() -> int:
        from congress.models import Congress

        return int(Congress.objects.filter(organization__code=code).latest("term_label").pk)

    return find


def plan(code: str, number: int | None) -> Finder:
    def find() -> int:
        from congress.models import Plan

        return int(Plan.objects.get(organization__code=code, number=number).pk)

    return find


def letter(code: str, notation: str) -> Finder:
    def find() -> int:
        from congress.models import Guidance

        return int(Guidance.objects.get(organization__code=code, notation=notation).pk)

    return find


def team(code: str) -> Finder:
    def find() -> int:
        from congress.models import Subcommittee

        return int(Subcommittee.objects.get(organization__code=code).pk)

    return find


def draft(code: str, kind: str) -> Finder:
    def find() -> int:
        from documents.models import Document

        return int(Document.objects.get(congress__pk=congress(code)(), kind=kind).pk)

    return find


def ballot(code: str, place: int = -1) -> Finder:
    """A ballot round of the congress, in the order of the elections; the last one unless said."""

    def find() -> int:
        from elections.models import BallotRound

        rounds = BallotRound.objects.filter(election__congress__pk=congress(code)())
        return int(list(rounds.order_by("election", "number"))[place].pk)

    return find


def count(code: str) -> Finder:
    """The newest count of that branch."""

    def find() -> int:
        from elections.models import Count

        return int(Count.objects.filter(round__election__congress__organization__code=code).order_by("-pk")[0].pk)

    return find


BLOC, SUPERIOR = "TH-K", "TH-SCT"
DONE, REPORTED, SITTING, COUNTING = "TH-SCT-KH", "TH-SCT-VP", "TH-SCT-TM", "TH-SCT-CN"
CLEARED, SUBMITTED, DRAFTING, FRESH = "TH-SCT-TT", "TH-SCT-NL", "TH-SCT-KT", "TH-SCT-KC"

ADMIN, STAFF, APPROVER = "quantri", "dangu.chuyenvien", "dangu.duyet"
SECRETARY, CLERK, DRAFTER = "chibo.bithu", "chibo.thuky", "chibo.soanthao"
TELLER, HEAD, MEMBER = "chibo.kiemphieu1", "chibo.kiemphieu2", "chibo.dangvien"
PROVINCE = "langson.chuyenvien"

LEDGER = (
    ("fill", "S1. Số phiếu in", "15"),
    ("fill", "E. Số phiếu phát ra", "13"),
    ("fill", "S2. Số phiếu chưa dùng", "1"),
    ("fill", "S3. Số phiếu hỏng", "1"),
    ("fill", "G. Số phiếu thu về", "13"),
)
FIGURES = (
    ("fill", "G. Số phiếu thu về", "13"),
    ("fill", "H. Số phiếu hợp lệ", "13"),
    ("fill", "K. Số phiếu không hợp lệ", "0"),
    ("fill", "L1. ", "13"),
    ("fill", "L2. ", "11"),
    ("fill", "L3. ", "9"),
    ("fill", "L4. ", "5"),
)
DECISION = (("fill", "Chức vụ người ký", "Phó Bí thư"), ("fill", "Họ và tên người ký", "Phạm Công An (bịa)"))
WRONG = (("fill", "G. Số phiếu thu về", "14"), *FIGURES[1:])

THE_LIST: tuple[Shot | Act, ...] = (
    # Signing in
    Shot("dang-nhap", "", "account_login", every_way=True, for_guide=True, until=620),
    Shot("doi-mat-khau", MEMBER, "account_change_password"),
    # What is to be done next, for each role
    Shot("viec-quan-tri", ADMIN, "home"),
    Shot("viec-chuyen-vien", STAFF, "home", every_way=True, for_guide=True),
    Shot("viec-nguoi-duyet", APPROVER, "home", for_guide=True),
    Shot("viec-bi-thu", SECRETARY, "home", every_way=True, for_guide=True),
    Shot("viec-thu-ky", CLERK, "home"),
    Shot("viec-nguoi-soan", DRAFTER, "home"),
    Shot("viec-kiem-phieu", TELLER, "home"),
    Shot("viec-truong-ban", HEAD, "home"),
    Shot("viec-dang-vien", MEMBER, "home", for_guide=True),
    Shot("viec-lang-son", PROVINCE, "home"),
    # The tree, members, accounts
    Shot("to-chuc", ADMIN, "organizations:tree", every_way=True),
    Shot("to-chuc-chi-bo", ADMIN, "organizations:detail", organization(SITTING), for_guide=True, until=1300),
    Shot("thanh-lap", ADMIN, "organizations:found", organization(SUPERIOR)),
    Shot("chia-tach", ADMIN, "organizations:record_split", organization(SITTING)),
    Shot("mo-tai-khoan", ADMIN, "organizations:open_account", organization(SITTING), for_guide=True, until=1200),
    Shot("giao-vai-tro", ADMIN, "organizations:grant_role", organization(SITTING)),
    Shot("them-dang-vien", STAFF, "organizations:enroll", organization(FRESH)),
    Shot("dang-vien", SECRETARY, "organizations:member", member(SITTING)),
    Shot("dien-dang-vien", SECRETARY, "organizations:set_standing", member(SITTING)),
    Shot("nhat-ky", STAFF, "audit", every_way=True),
    # Plans and progress
    Shot("ke-hoach", STAFF, "congress:plans"),
    Shot("ke-hoach-22", STAFF, "congress:plan", plan(SUPERIOR, 22)),
    Shot("soan-ke-hoach", STAFF, "congress:draft_plan", organization(SUPERIOR), for_guide=True, until=1300),
    Shot("ban-hanh-ke-hoach", "khoi.duyet", "congress:issue_plan", plan(BLOC, None)),
    Shot("chi-dao", STAFF, "congress:guidance_list"),
    Shot("gui-chi-dao", STAFF, "congress:record_guidance", organization(SUPERIOR)),
    Shot("tien-do", STAFF, "congress:progress"),
    Shot(
        "tien-do-lang-son", PROVINCE, "congress:progress", query="tinh_den=30/5/2022",
        every_way=True, for_guide=True, until=1300,
    ),
    # What a superior does beside: board, timeline, sharing out work, lessons, reminders
    Shot(
        "cap-tren-bang-theo-doi", PROVINCE, "congress:wall", query="tinh_den=30/5/2022",
        every_way=True, for_guide=True, until=1300,
    ),
    Shot("cap-tren-cac-bao-cao", PROVINCE, "documents:reports"),
    Shot("cap-tren-lap-bao-cao", PROVINCE, "documents:report_draft", organization("LS-K")),
    Shot("cap-tren-lo-trinh", SECRETARY, "congress:timeline", congress(SITTING)),
    Shot("cap-tren-lo-trinh-moi", CLERK, "congress:timeline", congress(CLEARED), for_guide=True, until=1300),
    Shot("cap-tren-lich", STAFF, "congress:calendar", query="thang=2022-07"),
    Shot("cap-tren-theo-doi", PROVINCE, "congress:following", organization("LS-K"), query="de-xuat=1"),
    Shot(
        "cap-tren-du-dai-hoi", STAFF, "congress:representatives", organization(SUPERIOR), query="de-xuat=1",
        for_guide=True, until=1300,
    ),
    Shot("cap-tren-rut-kinh-nghiem", STAFF, "congress:pilot_review", congress(DONE)),
    Shot("cap-tren-bai-hoc", STAFF, "congress:guidance", letter(SUPERIOR, "16-TB/ĐU")),
    Shot("cap-tren-to-giup-viec", STAFF, "congress:subcommittee", team(SUPERIOR)),
    Shot("cap-tren-nhac-viec", PROVINCE, "congress:reminders"),
    Shot("cap-tren-thu-nhac", PROVINCE, "congress:mail_choice"),
    # One congress, as its branch and its superior see it
    Shot("cac-dai-hoi", STAFF, "congress:list"),
    Shot("dai-hoi-moi", STAFF, "congress:detail", congress(FRESH)),
    Shot("dai-hoi-dang-soan", STAFF, "congress:detail", congress(DRAFTING)),
    Shot(
        "dai-hoi-dang-hop", SECRETARY, "congress:detail", congress(SITTING),
        every_way=True, for_guide=True, until=1300,
    ),
    Shot("dai-hoi-hoan-tat", STAFF, "congress:detail", congress(DONE)),
    Shot("dang-vien-trieu-tap", SECRETARY, "congress:roll", congress(SITTING), for_guide=True, until=1500),
    Shot("trinh-duyet", APPROVER, "congress:clearance", congress(SUBMITTED), for_guide=True, until=1200),
    Shot("duyet-dai-hoi", APPROVER, "congress:clear", congress(SUBMITTED)),
    Shot("tra-lai-ho-so", APPROVER, "congress:return", congress(SUBMITTED)),
    Shot("dien-bien", SECRETARY, "congress:sitting", congress(SITTING), every_way=True, for_guide=True, until=1300),
    Shot("be-mac", SECRETARY, "congress:close", congress(SITTING)),
    Shot("ho-so", STAFF, "congress:dossier", congress(DONE)),
    # Drafts
    Shot("van-kien-cua-toi", DRAFTER, "documents:all"),
    Shot("van-kien-dai-hoi", SECRETARY, "documents:list", congress(SITTING)),
    Shot("tao-van-kien", DRAFTER, "documents:create", congress(DRAFTING)),
    Shot(
        "van-kien-can-sua", DRAFTER, "documents:detail", draft(DRAFTING, "political_report"),
        for_guide=True, until=1200,
    ),
    Shot("soan-van-kien", DRAFTER, "documents:edit", draft(DRAFTING, "political_report"), for_guide=True, until=1100),
    Shot("tai-len", DRAFTER, "documents:upload", draft(DRAFTING, "political_report")),
    Shot(
        "van-kien-cho-duyet", STAFF, "documents:detail", draft(SUBMITTED, "political_report"),
        every_way=True, for_guide=True, until=1200,
    ),
    Shot("yeu-cau-sua", STAFF, "documents:request_changes", draft(SUBMITTED, "political_report")),
    Shot("phe-duyet", APPROVER, "documents:approve", draft(SUBMITTED, "political_report")),
    Shot("bien-ban", SECRETARY, "documents:papers", congress(SITTING)),
    Shot("bien-ban-hoan-tat", STAFF, "documents:papers", congress(DONE), for_guide=True, until=1000),
    # Elections
    Shot("cac-cuoc-bau", SECRETARY, "elections:all"),
    Shot("tinh-huong", MEMBER, "elections:situations", every_way=True),
    Shot("dien-tap", CLERK, "elections:rehearsals", congress(CLEARED), every_way=True),
    Shot("bau-cu", SECRETARY, "elections:overview", congress(SITTING)),
    Shot("danh-sach-bau", SECRETARY, "elections:round", ballot(SITTING), for_guide=True, until=1500),
    Shot("so-phieu", TELLER, "elections:ledger", ballot(COUNTING, 0), steps=LEDGER, every_way=True),
    Act(TELLER, "elections:ledger", (*LEDGER, ("press", "Đóng sổ phiếu")), ballot(COUNTING, 0)),
    Shot("bat-dau-kiem-phieu", TELLER, "elections:start_count", ballot(COUNTING, 0)),
    Act(TELLER, "elections:start_count", (("press", "Bắt đầu kiểm phiếu"),), ballot(COUNTING, 0)),
    Shot("kiem-phieu", TELLER, "elections:count", ballot(COUNTING, 0), every_way=True),
    Shot("kiem-phieu-da-ghi", TELLER, "elections:entry", count(COUNTING), steps=FIGURES, for_guide=True, until=1450),
    Shot(
        "kiem-phieu-sai", TELLER, "elections:entry", count(COUNTING),
        steps=(*WRONG, ("press", "Gửi bản nhập")), every_way=True, for_guide=True, until=1100,
    ),
    Shot("ket-qua-de-xuat", HEAD, "elections:proposal", ballot(SITTING, 0), for_guide=True, until=1640),
    Shot("kiem-dem-lai", HEAD, "elections:reject_count", ballot(SITTING, 0)),
    Shot("niem-phong", HEAD, "elections:seal", ballot(SITTING, 0), every_way=True),
    Act(HEAD, "elections:seal", (("press", "Xác nhận và niêm phong kết quả"),), ballot(SITTING, 0)),
    Shot("ket-qua-niem-phong", HEAD, "elections:proposal", ballot(SITTING, 0)),
    Shot("man-chieu", HEAD, "elections:wall", ballot(SITTING, 0), every_way=True),
    Shot("cac-ban-niem-phong", HEAD, "elections:editions", ballot(SITTING, 0)),
    # Ratification
    Shot("cac-de-nghi", APPROVER, "elections:ratifications"),
    Shot("de-nghi-chuan-y", APPROVER, "elections:ratification", congress(REPORTED), every_way=True, for_guide=True),
    Shot("chuan-y", APPROVER, "elections:ratify", congress(REPORTED)),
    Shot(
        "chuan-y-xem-lai", APPROVER, "elections:ratify", congress(REPORTED),
        steps=(*DECISION, ("press", "Xem lại quyết định")), for_guide=True, until=1100,
    ),
    Shot("tra-lai-de-nghi", APPROVER, "elections:return_results", congress(REPORTED)),
    Shot("khong-chuan-y", APPROVER, "elections:refuse_results", congress(REPORTED)),
    # Where nothing is, and where one may not go
    Shot("khong-co", MEMBER, "congress:detail", lambda: 999999, status=404),
    Shot("khong-duoc", MEMBER, "congress:details", congress(SITTING), status=403),
)  # fmt: skip

GUIDE_PAPERS = {"bien-ban-kiem-phieu": ("F-10", REPORTED), "quyet-dinh-chuan-y": ("F-18", "TB-SCT-01")}
"""Picture of the guide → the form and the branch whose paper it shows: people on it are invented, all of them."""
