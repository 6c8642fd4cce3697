from django.apps import AppConfig


class ElectionsConfig(AppConfig):
    name = "elections"
    verbose_name = "Bầu cử"

    def ready(self) -> None:
        from accounts import audit, insert_only, navigation  # models must be loaded first
        from congress import duties, readiness
        from documents.papers import sections
        from elections import checks, minutes, providers, sentences
        from elections.models import SealedResult, TallySheet

        audit.describe(sentences.ELECTIONS)
        insert_only.register(TallySheet, SealedResult)
        readiness.register(checks.slates)
        readiness.register(checks.results)
        for provider in providers.DUTIES:
            duties.register(provider)
        sections.offer_elections(minutes.election_records)
        navigation.register(navigation.Section("Bầu cử", "elections:all", "ballot", order=40))
