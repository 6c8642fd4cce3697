"""The life of one draft: written, reviewed, sent back with reasons, approved."""

from accounts.transitions import Lifecycle, transition

DRAFT = "draft"
IN_REVIEW = "in_review"
CHANGES_REQUESTED = "changes_requested"
APPROVED = "approved"

STATE_NAMES = {
    DRAFT: "Đang soạn",
    IN_REVIEW: "Đang xin ý kiến",
    CHANGES_REQUESTED: "Cần chỉnh sửa",
    APPROVED: "Đã phê duyệt",
}

DOCUMENT_LIFECYCLE = Lifecycle(
    [
        transition("submit", DRAFT, CHANGES_REQUESTED, to=IN_REVIEW, label="Trình xin ý kiến"),
        transition("withdraw", IN_REVIEW, to=DRAFT, label="Rút về để sửa"),
        transition("request_changes", IN_REVIEW, to=CHANGES_REQUESTED, label="Yêu cầu chỉnh sửa"),
        transition("approve", IN_REVIEW, to=APPROVED, label="Phê duyệt văn kiện"),
        transition("reopen", APPROVED, to=CHANGES_REQUESTED, label="Mở lại để chỉnh sửa"),
    ],
    names=STATE_NAMES,
    subject="văn kiện",
)

EDITABLE = (DRAFT, CHANGES_REQUESTED)
