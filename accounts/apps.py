from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "accounts"
    verbose_name = "Người dùng và nhật ký"

    def ready(self) -> None:
        from accounts import audit, insert_only, sentences  # models must be loaded first
        from accounts.models import AuditEvent

        insert_only.register(AuditEvent)
        audit.describe(sentences.ACCOUNTS)
