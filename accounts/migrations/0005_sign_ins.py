"""Which sessions a person has, so that they can be looked at and ended one by one."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0004_cache_table"),
    ]

    operations = [
        migrations.CreateModel(
            name="SignIn",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "session_key",
                    models.CharField(editable=False, max_length=40, unique=True, verbose_name="khóa phiên"),
                ),
                ("started_at", models.DateTimeField(verbose_name="đăng nhập lúc")),
                ("browser", models.CharField(blank=True, max_length=300, verbose_name="trình duyệt tự khai")),
                ("address", models.CharField(blank=True, max_length=45, verbose_name="địa chỉ mạng")),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="sign_ins",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="người dùng",
                    ),
                ),
            ],
            options={
                "verbose_name": "phiên đăng nhập",
                "verbose_name_plural": "phiên đăng nhập",
                "ordering": ["-started_at", "-pk"],
            },
        ),
    ]
