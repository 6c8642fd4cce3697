"""The holiday table: days off and days worked in exchange, kept by the system administrator."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Q

from accounts import audit, wording
from accounts.errors import InvalidInput
from accounts.models import User
from accounts.roles import Role
from congress.lifecycle import COMPLETE
from congress.models import Congress, Holiday
from congress.services import milestones
from organizations.authority import needs
from organizations.models import Organization

QUARTER = timedelta(days=92)


@transaction.atomic
def keep_holiday(
    organization_id: int, *, day: date, name: str, is_working: bool, source: str, actor: User, at: datetime
) -> Holiday:
    """Ghi ngày nghỉ hoặc ngày làm bù; a day that is known is written anew. Every open timeline is counted again."""
    organization = Organization.objects.select_for_update(no_key=True).get(pk=organization_id)
    needs(actor, Role.SYSTEM_ADMINISTRATOR, at=organization).require()
    if not is_working and day.weekday() == 6:
        sentence = "Chủ nhật đã là ngày nghỉ, không cần ghi."
        raise InvalidInput(sentence, fields={"day": [sentence]})
    if is_working and day.weekday() < 5 and not Holiday.objects.filter(day=day).exists():
        sentence = "Ngày làm bù là thứ bảy hoặc chủ nhật đi làm thay ngày khác."
        raise InvalidInput(sentence, fields={"day": [sentence]})
    values = {"name": name.strip(), "is_working": is_working, "source": source.strip()}
    holiday, _ = Holiday.objects.update_or_create(day=day, defaults=values)
    _count_again(day)
    audit.record("holiday.kept", organization, actor=actor, at=at, name=holiday.name, day=wording.day(day))
    return holiday


@transaction.atomic
def drop_holiday(organization_id: int, *, day: date, actor: User, at: datetime) -> None:
    """Bỏ một ngày khỏi bảng. Raises InvalidInput when it is not there."""
    organization = Organization.objects.select_for_update(no_key=True).get(pk=organization_id)
    needs(actor, Role.SYSTEM_ADMINISTRATOR, at=organization).require()
    holiday = Holiday.objects.filter(day=day).first()
    if holiday is None:
        raise InvalidInput("Ngày này không có trong bảng. Tải lại trang để xem bảng hiện nay.")
    name = holiday.name
    holiday.delete()
    _count_again(day)
    audit.record("holiday.dropped", organization, actor=actor, at=at, name=name, day=wording.day(day))


def _count_again(day: date) -> None:
    """The timelines whose working days may include the day: those of a quarter before and after it."""
    near = Q(planned_for__date__range=(day - QUARTER, day + QUARTER)) | Q(plan__issued_on__range=(day - QUARTER, day))
    milestones.lay_out(Congress.objects.filter(near).exclude(state=COMPLETE))
