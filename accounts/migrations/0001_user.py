"""Người dùng."""

import django.core.validators
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='User',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('password', models.CharField(max_length=128, verbose_name='password')),
                ('last_login', models.DateTimeField(blank=True, null=True, verbose_name='last login')),
                ('username', models.CharField(max_length=64, unique=True, validators=[django.core.validators.RegexValidator('^[a-z0-9][a-z0-9._-]{2,63}\\Z', 'Tên đăng nhập gồm 3 đến 64 ký tự: chữ thường không dấu, chữ số, dấu chấm, gạch nối, gạch dưới; bắt đầu bằng chữ hoặc số.')], verbose_name='tên đăng nhập')),
                ('full_name', models.CharField(max_length=150, verbose_name='họ và tên')),
                ('email', models.EmailField(blank=True, max_length=254, verbose_name='thư điện tử')),
                ('phone', models.CharField(blank=True, max_length=20, verbose_name='số điện thoại')),
                ('is_active', models.BooleanField(default=True, verbose_name='đang hoạt động')),
                ('is_staff', models.BooleanField(default=False, verbose_name='được vào trang dữ liệu nền')),
                ('must_change_password', models.BooleanField(default=False, verbose_name='phải đổi mật khẩu ở lần đăng nhập tới')),
                ('text_size', models.CharField(choices=[('normal', 'Chữ vừa'), ('large', 'Chữ lớn'), ('largest', 'Chữ rất lớn')], default='normal', max_length=10, verbose_name='cỡ chữ')),
                ('high_contrast', models.BooleanField(default=False, verbose_name='tương phản cao')),
                ('session_epoch', models.PositiveIntegerField(default=0, editable=False, verbose_name='lần cắt phiên')),
                ('joined_at', models.DateTimeField(auto_now_add=True, verbose_name='tạo lúc')),
            ],
            options={
                'verbose_name': 'người dùng',
                'verbose_name_plural': 'người dùng',
                'ordering': ['full_name', 'username'],
            },
        ),
    ]
