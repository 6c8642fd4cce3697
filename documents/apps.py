from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    name = "documents"
    verbose_name = "Văn kiện"

    def ready(self) -> None:
        from accounts import audit, insert_only, navigation  # models must be loaded first
        from accounts.errors import DomainError
        from congress import duties, readiness
        from documents import checks, doors, providers, sentences
        from documents.models import DocumentVersion, ReviewComment
        from documents.services import account_slips, papers, particulars, reports
        from organizations import related
        from organizations.services import slips
        from outbox import handlers

        audit.describe(sentences.DOCUMENTS)
        insert_only.register(DocumentVersion, ReviewComment)
        readiness.register(checks.drafts)
        readiness.register(checks.papers)
        related.register(doors.particulars)
        for provider in providers.DUTIES:
            duties.register(provider)
        handlers.register(papers.RENDER, papers.render_paper, sentences=(DomainError,))
        handlers.register(slips.PRINT, account_slips.print_batch, doing="Đang in phiếu", failed="Không in được phiếu")
        handlers.register(particulars.PRINT, particulars.print_list, sentences=(DomainError,))
        handlers.register(reports.RENDER, reports.render_report, sentences=(DomainError,))
        navigation.register(navigation.Section("Văn kiện", "documents:all", "document", order=30))
