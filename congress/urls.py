"""Addresses of plans, progress and congresses."""

from django.urls import path

from congress.views import plans, progress

app_name = "congress"

urlpatterns = [
    # Plans and guidance
    path("ke-hoach/", plans.plans, name="plans"),
    path("ke-hoach/soan/<int:organization_id>/", plans.draft, name="draft_plan"),
    path("ke-hoach/<int:plan_id>/", plans.plan, name="plan"),
    path("ke-hoach/<int:plan_id>/sua/", plans.edit, name="edit_plan"),
    path("ke-hoach/<int:plan_id>/ban-hanh/", plans.issue, name="issue_plan"),
    path("ke-hoach/<int:plan_id>/sua-doi/", plans.amend, name="amend_plan"),
    path("ke-hoach/<int:plan_id>/tieu-ban/", plans.add_subcommittee, name="add_subcommittee"),
    path("chi-dao/", plans.guidance_list, name="guidance_list"),
    path("chi-dao/gui/<int:organization_id>/", plans.record_guidance, name="record_guidance"),
    path("chi-dao/<int:guidance_id>/", plans.guidance, name="guidance"),
    # Progress
    path("tien-do/", progress.progress, name="progress"),
    # Congresses
]
