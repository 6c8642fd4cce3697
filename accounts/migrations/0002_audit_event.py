"""Sự kiện nhật ký."""

import accounts.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("accounts", "0001_user"),
    ]

    operations = [
        migrations.CreateModel(
            name='AuditEvent',
            fields=[
                ('sequence', models.BigIntegerField(primary_key=True, serialize=False, verbose_name='số thứ tự')),
                ('at', models.DateTimeField(verbose_name='thời điểm làm')),
                ('recorded_at', models.DateTimeField(verbose_name='thời điểm ghi')),
                ('acting_role', models.CharField(blank=True, max_length=30, verbose_name='với vai trò')),
                ('action', models.CharField(max_length=80, verbose_name='việc')),
                ('outcome', models.CharField(choices=[('done', 'Đã thực hiện'), ('refused', 'Bị từ chối')], max_length=10, verbose_name='kết quả')),
                ('subject_type', models.CharField(blank=True, max_length=80, verbose_name='loại đối tượng')),
                ('subject_id', models.CharField(blank=True, max_length=64, verbose_name='mã đối tượng')),
                ('subject_label', models.CharField(blank=True, max_length=300, verbose_name='đối tượng')),
                ('organization_path', accounts.fields.PathField(blank=True, db_index=True, max_length=255, verbose_name='nơi xảy ra')),
                ('congress_id', models.BigIntegerField(db_index=True, null=True, verbose_name='mã đại hội')),
                ('details', models.JSONField(default=dict, verbose_name='chi tiết')),
                ('previous_hash', models.CharField(blank=True, max_length=64, verbose_name='dấu vết của sự kiện trước')),
                ('hash', models.CharField(max_length=64, unique=True, verbose_name='dấu vết')),
                ('actor', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='người làm')),
            ],
            options={
                'verbose_name': 'sự kiện nhật ký',
                'verbose_name_plural': 'nhật ký',
                'ordering': ['-sequence'],
            },
        ),
    ]
