"""One table for rehearsals, apart from every other: it points at a congress and a person, and nothing points at it."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('congress', '0005_kinds_of_assembly'),
        ('elections', '0007_the_count_stands'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Rehearsal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('seed', models.PositiveIntegerField(verbose_name='số gieo của phiếu bịa')),
                ('title', models.CharField(max_length=100, verbose_name='cuộc bầu được diễn tập')),
                ('step', models.CharField(choices=[('hand_out', 'Phát phiếu'), ('open_box', 'Mở hòm phiếu'), ('ruling', 'Kết luận phiếu không rõ'), ('count', 'Nhập kết quả kiểm phiếu'), ('difference', 'Nhập lại chỗ lệch'), ('result', 'Xem kết quả'), ('done', 'Đã diễn tập xong')], default='hand_out', max_length=12, verbose_name='bước')),
                ('content', models.JSONField(verbose_name='nội dung bịa')),
                ('started_at', models.DateTimeField(verbose_name='bắt đầu lúc')),
                ('finished_at', models.DateTimeField(blank=True, null=True, verbose_name='xong lúc')),
                ('congress', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='congress.congress', verbose_name='đại hội sắp tới')),
                ('played_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='người diễn tập')),
            ],
            options={
                'verbose_name': 'buổi diễn tập',
                'verbose_name_plural': 'buổi diễn tập',
                'ordering': ['-started_at', '-pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('finished_at__isnull', False), ('step', 'done')), models.Q(models.Q(('step', 'done'), _negated=True), ('finished_at__isnull', True)), _connector='OR'), name='a_finished_rehearsal_says_when')],
            },
        ),
    ]
