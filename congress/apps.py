from django.apps import AppConfig


class CongressConfig(AppConfig):
    name = "congress"
    verbose_name = "Đại hội"

    def ready(self) -> None:
        from accounts import audit, navigation, places  # models must be loaded first
        from congress import checks, queries, readiness, sentences

        audit.describe(sentences.CONGRESS)
        places.register_congresses(queries.names_under)
        readiness.register(checks.preparation)
        readiness.register(checks.sitting)
        navigation.register(navigation.Section("Việc cần làm", "home", "duties", order=10, needs_role=False))
        navigation.register(navigation.Section("Đại hội", "congress:list", "congress", order=20))
        navigation.register(navigation.Section("Kế hoạch", "congress:plans", "plan", order=60))
        navigation.register(navigation.Section("Tiến độ", "congress:progress", "report", order=70))
