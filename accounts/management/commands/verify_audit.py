"""Reads the whole record of events and says where its chain does not hold."""

from typing import Any

from django.core.management.base import BaseCommand

from accounts.audit import verify_chain
from accounts.models import AuditEvent


class Command(BaseCommand):
    help = "Kiểm tra chuỗi dấu vết của nhật ký; mã thoát 1 khi có chỗ bị sửa, bị xóa hoặc chèn thêm."

    def handle(self, *args: Any, **options: Any) -> None:
        faults = verify_chain()
        for fault in faults:
            self.stdout.write(fault.message)
        if faults:
            raise SystemExit(1)
        last = AuditEvent.objects.order_by("-sequence").first()
        end = f"Dấu vết cuối: {last.hash}." if last else "Nhật ký còn trống."
        self.stdout.write(f"Nhật ký nguyên vẹn: {last.sequence if last else 0} sự kiện. {end}")
