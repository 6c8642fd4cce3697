"""The life of one ballot round: slate, ballots, count, proposal, seal; or the congress decides not to vote."""

from accounts.transitions import Lifecycle, transition

SLATE_OPEN = "slate_open"
SLATE_FIXED = "slate_fixed"
COUNTING = "counting"
COUNTED = "counted"
SEALED = "sealed"
SET_ASIDE = "set_aside"
OVER = (SEALED, SET_ASIDE)

STATE_NAMES = {
    SLATE_OPEN: "Đang lập danh sách",
    SLATE_FIXED: "Đã chốt số lượng, danh sách",
    COUNTING: "Đang kiểm phiếu",
    COUNTED: "Đã nhập kết quả kiểm phiếu",
    SEALED: "Đã niêm phong kết quả",
    SET_ASIDE: "Không bỏ phiếu",
}

ROUND_LIFECYCLE = Lifecycle(
    [
        transition("fix_slate", SLATE_OPEN, to=SLATE_FIXED, label="Chốt số lượng, danh sách"),
        transition("set_aside", SLATE_OPEN, to=SET_ASIDE, label="Đại hội quyết định không bỏ phiếu"),
        transition("reopen_slate", SLATE_FIXED, to=SLATE_OPEN, label="Mở lại danh sách"),
        transition("start_count", SLATE_FIXED, to=COUNTING, label="Bắt đầu kiểm phiếu"),
        transition("agree", COUNTING, to=COUNTED, label="Hai bản nhập khớp nhau"),
        transition("drop_count", COUNTING, COUNTED, to=SLATE_FIXED, label="Kiểm đếm lại"),
        transition("seal", COUNTED, to=SEALED, label="Xác nhận và niêm phong kết quả"),
    ],
    names=STATE_NAMES,
    subject="lần bầu",
)
