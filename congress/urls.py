"""Addresses of plans, progress and congresses."""

from django.urls import path

from congress.views import (
    calendar,
    congresses,
    hung_wall,
    plans,
    preparing,
    progress,
    reminders,
    rolls,
    sitting,
    timeline,
    wall,
)

app_name = "congress"

urlpatterns = [
    # Plans and guidance
    path("ke-hoach/", plans.plans, name="plans"),
    path("ke-hoach/soan/<int:organization_id>/", plans.draft, name="draft_plan"),
    path("ke-hoach/<int:plan_id>/", plans.plan, name="plan"),
    path("ke-hoach/<int:plan_id>/sua/", plans.edit, name="edit_plan"),
    path("ke-hoach/<int:plan_id>/ban-hanh/", plans.issue, name="issue_plan"),
    path("ke-hoach/<int:plan_id>/sua-doi/", plans.amend, name="amend_plan"),
    path("ke-hoach/<int:plan_id>/lo-trinh/", plans.stations, name="plan_stations"),
    path("ke-hoach/<int:plan_id>/tieu-ban/", plans.add_subcommittee, name="add_subcommittee"),
    path("chi-dao/", plans.guidance_list, name="guidance_list"),
    path("chi-dao/gui/<int:organization_id>/", plans.record_guidance, name="record_guidance"),
    path("chi-dao/<int:guidance_id>/", plans.guidance, name="guidance"),
    # Timeline, deviations, calendars
    path("dai-hoi/<int:congress_id>/lo-trinh/", timeline.timeline, name="timeline"),
    path("dai-hoi/<int:congress_id>/lo-trinh/lap/", timeline.lay_out, name="lay_out"),
    path("moc/<int:milestone_id>/ngay/", timeline.milestone_day, name="milestone_day"),
    path("moc/<int:milestone_id>/xong/", timeline.milestone_done, name="milestone_done"),
    path("moc/<int:milestone_id>/chua-xong/", timeline.milestone_undone, name="milestone_undone"),
    path("dai-hoi/<int:congress_id>/lam-khac/", timeline.ask_deviation, name="ask_deviation"),
    path("de-nghi/<int:deviation_id>/", timeline.deviation, name="deviation"),
    path("de-nghi/<int:deviation_id>/tra-loi/", timeline.answer_deviation, name="answer_deviation"),
    path("de-nghi/<int:deviation_id>/rut/", timeline.withdraw_deviation, name="withdraw_deviation"),
    path("lich/", calendar.calendar, name="calendar"),
    path("lich/to-chuc/<int:organization_id>/", calendar.committee_gantt, name="committee_gantt"),
    path("lich/ngay-nghi/", calendar.holidays, name="holidays"),
    path("lich/ngay-nghi/ghi/<int:organization_id>/", calendar.keep_holiday, name="keep_holiday"),
    path("lich/ngay-nghi/bo/<int:organization_id>/", calendar.drop_holiday, name="drop_holiday"),
    path("lich/<str:secret>.ics", calendar.feed, name="feed"),
    # Progress
    path("tien-do/", progress.progress, name="progress"),
    path("tien-do/bang/", wall.wall, name="wall"),
    path("bang-treo/<str:secret>/", hung_wall.hung_wall, name="hung_wall"),
    path("nhac-viec/", reminders.reminders, name="reminders"),
    path("nhac-viec/da-xem/", reminders.seen, name="reminders_seen"),
    # Congresses
    path("dai-hoi/", congresses.congresses, name="list"),
    path("dai-hoi/<int:congress_id>/", congresses.detail, name="detail"),
    path("dai-hoi/<int:congress_id>/ho-so/", congresses.dossier, name="dossier"),
    path("dai-hoi/<int:congress_id>/ho-so/hoan-tat/", congresses.complete, name="complete"),
    path("dai-hoi/<int:congress_id>/ho-so/mo-lai/", congresses.reopen, name="reopen"),
    # Preparing and clearance
    path("dai-hoi/<int:congress_id>/thong-tin/", preparing.details, name="details"),
    path("dai-hoi/<int:congress_id>/chon-diem/", preparing.pilot, name="pilot"),
    path("dai-hoi/<int:congress_id>/dang-vien/", preparing.roll, name="roll"),
    path("dai-hoi/<int:congress_id>/dang-vien/trieu-tap/", preparing.convene, name="convene"),
    path("dai-hoi/<int:congress_id>/dang-vien/diem-danh/", preparing.take_roll, name="take_roll"),
    path("dai-hoi/<int:congress_id>/co-so/", rolls.meter, name="meter"),
    path("diem-danh/<int:attendance_id>/vang-mat/", preparing.excuse, name="excuse"),
    path("diem-danh/<int:attendance_id>/nhan-phieu/", rolls.choose_ballot, name="choose_ballot"),
    path("dai-hoi/<int:congress_id>/dai-bieu/", rolls.delegates, name="delegates"),
    path("dai-bieu/<int:attendance_id>/bo/", rolls.dismiss_delegate, name="dismiss_delegate"),
    path("dai-bieu/<int:attendance_id>/thay/", rolls.replace_delegate, name="replace_delegate"),
    path("dai-hoi/<int:congress_id>/hoi-nghi-cap-uy/", rolls.call_meeting, name="call_meeting"),
    path("dai-hoi/<int:congress_id>/trinh-duyet/", preparing.clearance, name="clearance"),
    path("dai-hoi/<int:congress_id>/trinh-duyet/trinh/", preparing.submit, name="submit"),
    path("dai-hoi/<int:congress_id>/trinh-duyet/rut/", preparing.withdraw, name="withdraw"),
    path("dai-hoi/<int:congress_id>/trinh-duyet/duyet/", preparing.clear, name="clear"),
    path("dai-hoi/<int:congress_id>/trinh-duyet/tra-lai/", preparing.send_back, name="return"),
    path("dai-hoi/<int:congress_id>/trinh-duyet/thu-hoi/", preparing.revoke, name="revoke"),
    # The sitting
    path("dai-hoi/<int:congress_id>/dien-bien/", sitting.sitting, name="sitting"),
    path("dai-hoi/<int:congress_id>/dien-bien/khai-mac/", sitting.open_sitting, name="open"),
    path("dai-hoi/<int:congress_id>/dien-bien/dieu-hanh/", sitting.officers, name="officers"),
    path("dai-hoi/<int:congress_id>/dien-bien/bieu-quyet/", sitting.card_vote, name="card_vote"),
    path("dai-hoi/<int:congress_id>/dien-bien/ghi/", sitting.proceeding, name="proceeding"),
    path("dien-bien/<int:proceeding_id>/xoa/", sitting.remove_proceeding, name="remove_proceeding"),
    path("dai-hoi/<int:congress_id>/dien-bien/be-mac/", sitting.close, name="close"),
]
