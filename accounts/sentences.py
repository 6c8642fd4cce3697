"""What the record of events says about accounts; the page puts the actor before and the time after."""

ACCOUNTS = {
    "account.signed_in": "đăng nhập",
    "account.signed_out": "đăng xuất",
    "account.sign_in_failed": "đăng nhập không thành công bằng tên “{username}”",
    "account.password_changed": "đổi mật khẩu của mình",
    "account.password_reset": "đặt lại mật khẩu cho {subject}",
    "account.created": "lập tài khoản cho {subject}{purpose}",
    "account.deactivated": "ngừng tài khoản của {subject}",
    "account.reactivated": "mở lại tài khoản của {subject}",
    "account.sessions_ended": "đóng mọi phiên làm việc của {subject}",
    "account.acted_as": "chuyển sang làm việc với vai trò {role}",
    "account.text_size_set": "chọn cỡ chữ “{size}”",
    "account.contrast_set": "chọn độ tương phản “{contrast}”",
    "access.refused": "bị từ chối tại {path}: {reason}",
}
