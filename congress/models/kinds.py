"""How an assembly meets and whose congresses a plan opens."""

from __future__ import annotations

from django.db import models

from congress.rules.bases import Assembly


class Coverage(models.TextChoices):
    """Phạm vi của kế hoạch: whose congresses it opens when it is issued."""

    BRANCHES = "branches", "Đại hội các chi bộ trực thuộc"
    OWN = "own", "Đại hội của chính đảng bộ"
    GUIDING = "guiding", "Chỉ đạo chung, cấp dưới ban hành kế hoạch cụ thể"


class AssemblyKind(models.TextChoices):
    """Loại hình: who meets, and so who votes and on what base (E-13, E-14)."""

    MEMBERS = Assembly.MEMBERS.value, "Đại hội đảng viên"
    DELEGATES = Assembly.DELEGATES.value, "Đại hội đại biểu"
    MEETING = Assembly.MEETING.value, "Hội nghị cấp ủy"


OWN_KINDS = (AssemblyKind.MEMBERS, AssemblyKind.DELEGATES)
"""What a plan may call at the committee's own level; a committee meets once a congress has elected it."""
