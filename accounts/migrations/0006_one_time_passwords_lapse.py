"""One-time passwords have a last day, and whoever once had a password of their own is known by it.

Those handed out and not used yet get thirty days from now. Whoever has signed in is taken to have had one of their
own: a slip is only revoked while nobody works with the account.
"""

from datetime import timedelta

from django.db import migrations, models
from django.db.models import F
from django.utils import timezone


def begin(apps, schema_editor):
    users = apps.get_model("accounts", "User").objects
    users.filter(must_change_password=True).update(one_time_until=timezone.now() + timedelta(days=30))
    users.filter(must_change_password=False).update(own_password_at=F("joined_at"))
    users.filter(last_login__isnull=False).update(own_password_at=F("last_login"))


class Migration(migrations.Migration):
    dependencies = [("accounts", "0005_sign_ins")]

    operations = [
        migrations.AddField(
            "user",
            "one_time_until",
            models.DateTimeField(
                blank=True, editable=False, null=True, verbose_name="mật khẩu dùng một lần có hạn đến"
            ),
        ),
        migrations.AddField(
            "user",
            "own_password_at",
            models.DateTimeField(blank=True, editable=False, null=True, verbose_name="tự đặt mật khẩu lúc"),
        ),
        migrations.RunPython(begin, migrations.RunPython.noop),
    ]
