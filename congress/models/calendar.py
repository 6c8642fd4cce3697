"""Days off and days worked in exchange."""

from __future__ import annotations

from django.db import models


class Holiday(models.Model):
    """Ngày nghỉ, ngày làm bù: the table behind every working-day clock."""

    day = models.DateField("ngày", unique=True)
    name = models.CharField("tên", max_length=100)
    is_working = models.BooleanField("là ngày làm bù", default=False)
    source = models.CharField("nguồn", max_length=200, blank=True)

    class Meta:
        verbose_name = "ngày nghỉ, ngày làm bù"
        verbose_name_plural = "ngày nghỉ, ngày làm bù"
        ordering = ["day"]

    def __str__(self) -> str:
        return f"{self.day:%d/%m/%Y} {self.name}"
