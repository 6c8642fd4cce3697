"""The eight roles a person may hold somewhere in the tree, and when."""

from django.db import models


class Role(models.TextChoices):
    """Vai trò. Held at one organization from a day to a day; rights roll down the tree from there."""

    SYSTEM_ADMINISTRATOR = "system_administrator", "Quản trị hệ thống"
    COMMITTEE_STAFF = "committee_staff", "Chuyên viên cấp ủy"
    APPROVER = "approver", "Người có thẩm quyền chuẩn y"
    SECRETARY = "secretary", "Bí thư chi bộ"
    CLERK = "clerk", "Thư ký chi bộ"
    DRAFTER = "drafter", "Người soạn thảo"
    TELLER = "teller", "Kiểm phiếu viên"
    MEMBER = "member", "Đảng viên"

    def named_at(self, place: object) -> str:
        """As it is called there: the bí thư and clerk of a đảng bộ are the đảng ủy's."""
        own = str(self.label)
        return own if getattr(place, "is_branch", True) else own.replace("chi bộ", "đảng ủy")


EVERY_ROLE = frozenset(Role)

ROLES_WITH_SECOND_FACTOR = frozenset(
    {Role.SYSTEM_ADMINISTRATOR, Role.COMMITTEE_STAFF, Role.APPROVER, Role.SECRETARY, Role.TELLER}
)
"""Roles that seal, ratify or grant: a password alone is not enough for them (any teller may head the board)."""
