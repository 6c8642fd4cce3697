"""The life of one congress, from preparing to the complete dossier, with the ways back."""

from accounts.transitions import Lifecycle, transition

PREPARING = "preparing"
SUBMITTED = "submitted"
CLEARED = "cleared"
SITTING = "sitting"
CLOSED = "closed"
REPORTED = "reported"
RATIFIED = "ratified"
COMPLETE = "complete"

STATE_NAMES = {
    PREPARING: "Đang chuẩn bị",
    SUBMITTED: "Đã trình duyệt",
    CLEARED: "Đã được duyệt",
    SITTING: "Đang đại hội",
    CLOSED: "Đã bế mạc",
    REPORTED: "Đã báo cáo kết quả",
    RATIFIED: "Đã chuẩn y",
    COMPLETE: "Hoàn tất hồ sơ",
}

CONGRESS_LIFECYCLE = Lifecycle(
    [
        transition("submit_for_clearance", PREPARING, to=SUBMITTED, label="Trình duyệt đại hội"),
        transition("withdraw_submission", SUBMITTED, to=PREPARING, label="Rút hồ sơ trình duyệt"),
        transition("return_for_changes", SUBMITTED, to=PREPARING, label="Trả lại để hoàn thiện"),
        transition("clear", SUBMITTED, to=CLEARED, label="Duyệt đại hội"),
        transition("revoke_clearance", CLEARED, to=PREPARING, label="Thu hồi ý kiến duyệt"),
        transition("open_sitting", CLEARED, to=SITTING, label="Khai mạc đại hội"),
        transition("close_sitting", SITTING, to=CLOSED, label="Bế mạc đại hội"),
        transition("report_results", CLOSED, to=REPORTED, label="Trình đề nghị chuẩn y"),
        transition("return_results", REPORTED, to=CLOSED, label="Trả lại hồ sơ đề nghị chuẩn y"),
        transition("refuse_results", REPORTED, to=CLEARED, label="Không chuẩn y, yêu cầu bầu lại"),
        transition("ratify", REPORTED, to=RATIFIED, label="Chuẩn y kết quả bầu cử"),
        transition("complete_dossier", RATIFIED, to=COMPLETE, label="Hoàn tất hồ sơ"),
        transition("reopen_dossier", COMPLETE, to=RATIFIED, label="Mở lại hồ sơ"),
    ],
    names=STATE_NAMES,
    subject="đại hội",
)

HELD = (CLOSED, REPORTED, RATIFIED, COMPLETE)
"""States of a congress that has met and closed: what "đã hoàn thành đại hội" counts."""

PLAN_DRAFT = "draft"
PLAN_ISSUED = "issued"
PLAN_LIFECYCLE = Lifecycle(
    [transition("issue", PLAN_DRAFT, to=PLAN_ISSUED, label="Ban hành kế hoạch")],
    names={PLAN_DRAFT: "Dự thảo", PLAN_ISSUED: "Đã ban hành"},
    subject="kế hoạch",
)
