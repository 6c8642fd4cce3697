from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "accounts"
    verbose_name = "Người dùng và nhật ký"

    def ready(self) -> None:
        from django.contrib.auth.signals import user_logged_in
        from django.core.checks import Tags, register

        from accounts import (  # models must be loaded first
            audit,
            checks,
            insert_only,
            navigation,
            sentences,
            sessions,
            typed,
        )
        from accounts.audit_trail import READERS
        from accounts.models import AuditEvent

        register(checks.database_keeps_what_it_acknowledged, Tags.database, deploy=True)
        user_logged_in.connect(sessions.start_clock, dispatch_uid="accounts.sessions")
        user_logged_in.connect(sessions.remember, dispatch_uid="accounts.sign_ins")
        user_logged_in.connect(typed.forget_what_others_typed, dispatch_uid="accounts.typed")
        navigation.register(navigation.Section("Nhật ký", "audit", "journal", roles=READERS, order=80))
        insert_only.register(AuditEvent)
        audit.describe(sentences.ACCOUNTS)
