"""The life of one ballot round: slate, count, proposal, seal."""

from accounts.transitions import Lifecycle, transition

SLATE_OPEN = "slate_open"
SLATE_FIXED = "slate_fixed"
COUNTED = "counted"
SEALED = "sealed"

STATE_NAMES = {
    SLATE_OPEN: "Đang lập danh sách",
    SLATE_FIXED: "Đã chốt số lượng, danh sách",
    COUNTED: "Đã nhập kết quả kiểm phiếu",
    SEALED: "Đã niêm phong kết quả",
}

ROUND_LIFECYCLE = Lifecycle(
    [
        transition("fix_slate", SLATE_OPEN, to=SLATE_FIXED, label="Chốt số lượng, danh sách"),
        transition("reopen_slate", SLATE_FIXED, to=SLATE_OPEN, label="Mở lại danh sách"),
        transition("enter_count", SLATE_FIXED, to=COUNTED, label="Nhập kết quả kiểm phiếu"),
        transition("reject_count", COUNTED, to=SLATE_FIXED, label="Yêu cầu kiểm đếm lại"),
        transition("seal", COUNTED, to=SEALED, label="Xác nhận và niêm phong kết quả"),
    ],
    names=STATE_NAMES,
    subject="lần bầu",
)
