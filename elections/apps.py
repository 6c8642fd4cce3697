from django.apps import AppConfig


class ElectionsConfig(AppConfig):
    name = "elections"
    verbose_name = "Bầu cử"

    def ready(self) -> None:
        from accounts import audit, insert_only, navigation  # models must be loaded first
        from congress import alerts, callings, duties, readiness, steps
        from congress import freezes as congress_freezes
        from documents.papers import sections
        from elections import checks, congress_record, freezes, late_arrivals, providers, queries, sentences
        from elections.models import (
            BoardRuling,
            CountEntry,
            CountSeat,
            DisposalCertificate,
            SealedResult,
            SuperiorOpinion,
            TallySheet,
        )

        audit.describe(sentences.ELECTIONS)
        insert_only.register(TallySheet, SealedResult, CountSeat, CountEntry, BoardRuling)
        insert_only.register(DisposalCertificate, SuperiorOpinion)
        readiness.register(checks.slates)
        readiness.register(checks.results)
        readiness.register(checks.recounts)
        readiness.register(checks.grounds)
        readiness.register(checks.roll_of_meeting)
        readiness.register(checks.committee_of_meeting)
        readiness.register(checks.signed_sheets)
        readiness.register(checks.minutes_after_recount)
        congress_freezes.register(freezes.while_counting)
        congress_freezes.register_last_act(freezes.last_seal)
        congress_freezes.register_bar(freezes.on_a_slate)
        congress_freezes.register_bar(freezes.secretaries)
        alerts.register(late_arrivals.late_arrivals)
        callings.register_committee(queries.elected_committee)
        steps.register_days_to_decide(queries.days_to_decide)
        for provider in providers.DUTIES:
            duties.register(provider)
        sections.offer_elections(congress_record.election_records)
        navigation.register(navigation.Section("Bầu cử", "elections:all", "ballot", order=40))
