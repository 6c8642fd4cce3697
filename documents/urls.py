"""Addresses of drafts and official papers."""

from django.urls import path

from documents.views import drafts, files, papers, particulars, reports, reviews

app_name = "documents"

urlpatterns = [
    # Drafts
    path("van-kien/", drafts.every, name="all"),
    path("dai-hoi/<int:congress_id>/van-kien/", drafts.of_congress, name="list"),
    path("dai-hoi/<int:congress_id>/van-kien/moi/", drafts.create, name="create"),
    path("van-kien/<int:document_id>/", drafts.detail, name="detail"),
    path("van-kien/<int:document_id>/soan/", drafts.edit, name="edit"),
    path("van-kien/<int:document_id>/tai-len/", drafts.upload, name="upload"),
    path("van-kien/<int:document_id>/trinh/", reviews.submit, name="submit"),
    path("van-kien/<int:document_id>/rut/", reviews.withdraw, name="withdraw"),
    # Review
    path("van-kien/<int:document_id>/gop-y/", reviews.comment, name="comment"),
    path("van-kien/<int:document_id>/yeu-cau-sua/", reviews.request_changes, name="request_changes"),
    path("van-kien/<int:document_id>/phe-duyet/", reviews.approve, name="approve"),
    path("van-kien/<int:document_id>/mo-lai/", reviews.reopen, name="reopen"),
    # Versions and their files
    path("du-thao/<int:version_id>/", drafts.version, name="version"),
    path("du-thao/<int:version_id>/tep/", files.draft_file, name="file"),
    # Official papers
    path("dai-hoi/<int:congress_id>/van-ban/", papers.of_congress, name="papers"),
    path("dai-hoi/<int:congress_id>/van-ban/bien-ban/", papers.issue_minutes, name="minutes"),
    path("van-ban/<int:paper_id>/tep/", files.paper_file, name="paper"),
    path("van-ban/<int:paper_id>/dong/", papers.row, name="paper_row"),
    path("van-ban/<int:paper_id>/tao-lai/", papers.retry, name="paper_retry"),
    path("to-chuc/<int:organization_id>/trich-ngang/", particulars.particulars, name="particulars"),
    # Reports of committees
    path("bao-cao/", reports.every, name="reports"),
    path("to-chuc/<int:organization_id>/bao-cao/", reports.draft, name="report_draft"),
    path("bao-cao/<int:report_id>/", reports.detail, name="report"),
    path("bao-cao/<int:report_id>/<str:kind>/", reports.file, name="report_file"),
]
