from django.apps import AppConfig


class CongressConfig(AppConfig):
    name = "congress"
    verbose_name = "Đại hội"

    def ready(self) -> None:
        from django.conf import settings

        from accounts import audit, insert_only, navigation, places  # models must be loaded first
        from congress import (
            alerts,
            cautions,
            checks,
            dues,
            duties,
            impacts,
            providers,
            queries,
            readiness,
            sentences,
            stale_rolls,
        )
        from congress.models import CardVote
        from congress.rules import regimes
        from congress.services import reminding
        from organizations import cautions as before_a_roll_changes
        from organizations import impacts as acts_on_the_tree
        from organizations import related
        from organizations.queries import COMMITTEE_ROLES
        from outbox import handlers

        regimes.use_folder(settings.REGIMES_DIR)
        audit.describe(sentences.CONGRESS)
        insert_only.register(CardVote)
        places.register_congresses(queries.names_under)
        acts_on_the_tree.register(impacts.follow)
        before_a_roll_changes.register(cautions.sitting)
        alerts.register(stale_rolls.stale_roll)
        readiness.register(checks.preparation)
        readiness.register(checks.sitting)
        for provider in providers.DUTIES:
            duties.register(provider)
        dues.register(dues.of_congresses)
        handlers.register(reminding.MAIL, reminding.mail_digest, doing="Đang gửi thư", failed="Không gửi được thư")
        for section in providers.RELATED:
            related.register(section)
        navigation.register(navigation.Section("Việc cần làm", "home", "duties", order=10, needs_role=False))
        navigation.register(navigation.Section("Đại hội", "congress:list", "congress", order=20))
        navigation.register(navigation.Section("Kế hoạch", "congress:plans", "plan", order=60))
        committees = frozenset(COMMITTEE_ROLES)
        navigation.register(navigation.Section("Tiến độ", "congress:progress", "report", committees, order=70))
