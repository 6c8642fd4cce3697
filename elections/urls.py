"""Addresses of elections, counting and ratification."""

from django.urls import path

from elections.rehearsal import views as rehearsals
from elections.views import (
    ballots,
    complaints,
    going_on,
    leaders,
    opinions,
    outcomes,
    overview,
    ratification,
    recounts,
    reopening,
    signed_sheets,
    situations,
    slates,
    wall,
    withdrawals,
)
from elections.views.counting import board, ledger, papers, rulings, totals

app_name = "elections"

urlpatterns = [
    # Elections of a congress
    path("bau-cu/", overview.every, name="all"),
    path("dai-hoi/<int:congress_id>/bau-cu/", overview.of_congress, name="overview"),
    path("dai-hoi/<int:congress_id>/bau-cu/lap/", overview.set_up, name="set_up"),
    # Situation cards
    path("bau-cu/tinh-huong/", situations.every, name="situations"),
    path("bau-cu/tinh-huong/<slug:slug>/", situations.one, name="situation"),
    path("dai-hoi/<int:congress_id>/tinh-huong/", situations.of_congress, name="congress_situations"),
    path("dai-hoi/<int:congress_id>/tinh-huong/<slug:slug>/", situations.one_of_congress, name="congress_situation"),
    path("lan-bau/<int:round_id>/tinh-huong/<slug:slug>/", situations.one_of_round, name="round_situation"),
    # Rehearsals
    path("dai-hoi/<int:congress_id>/dien-tap/", rehearsals.of_congress, name="rehearsals"),
    path("dai-hoi/<int:congress_id>/dien-tap/bat-dau/", rehearsals.start, name="rehearsal_start"),
    path("dien-tap/<int:rehearsal_id>/", rehearsals.play, name="rehearsal"),
    path("dien-tap/<int:rehearsal_id>/xoa/", rehearsals.delete, name="rehearsal_delete"),
    # One ballot round: its slate
    path("lan-bau/<int:round_id>/", slates.detail, name="round"),
    path("lan-bau/<int:round_id>/gioi-thieu/", slates.nominate, name="nominate"),
    path("ung-vien/<int:candidate_id>/rut/", slates.strike, name="strike"),
    path("lan-bau/<int:round_id>/so-luong/", slates.seats, name="seats"),
    path("ung-vien/<int:candidate_id>/ung-ho/", slates.support, name="support"),
    path("lan-bau/<int:round_id>/xin-rut/", withdrawals.withdrawals, name="withdrawals"),
    path("xin-rut/<int:withdrawal_id>/quyet-dinh/", withdrawals.decide, name="decide_withdrawal"),
    path("lan-bau/<int:round_id>/phieu-xin-y-kien/", opinions.opinions, name="opinions"),
    path("phieu-xin-y-kien/<int:opinion_id>/xac-nhan/", opinions.confirm, name="confirm_opinions"),
    path("lan-bau/<int:round_id>/vao-danh-sach/", opinions.joining, name="joining"),
    path("cuoc-bau/<int:election_id>/nguoi-du-kien/", leaders.plan_leader, name="plan_leader"),
    path("cuoc-bau/<int:election_id>/y-kien-cap-tren/", leaders.superior_opinion, name="superior_opinion"),
    path("lan-bau/<int:round_id>/chot/", slates.fix, name="fix_slate"),
    path("lan-bau/<int:round_id>/mo-lai/", reopening.reopen, name="reopen_slate"),
    # Its papers for the room
    path("lan-bau/<int:round_id>/in-phieu/", ballots.ballots, name="ballots"),
    path("lan-bau/<int:round_id>/in-phieu-kiem/", ballots.tally_sheet, name="print_tally_sheet"),
    path("lan-bau/<int:round_id>/in-phieu-xin-y-kien/", ballots.opinions, name="print_opinions"),
    # Its count
    path("lan-bau/<int:round_id>/so-phieu/", ledger.ledger, name="ledger"),
    path("lan-bau/<int:round_id>/so-phieu/huy/", ledger.void, name="void_ledger"),
    path("lan-bau/<int:round_id>/bat-dau-kiem-phieu/", ledger.start, name="start_count"),
    path("lan-bau/<int:round_id>/kiem-phieu/", board.count, name="count"),
    path("lan-bau/<int:round_id>/kiem-phieu/tinh-hinh/", board.standing, name="count_standing"),
    path("lan-kiem/<int:count_id>/nhan-cho/", board.take_seat, name="take_seat"),
    path("lan-kiem/<int:count_id>/nhap/", totals.entry, name="entry"),
    path("lan-kiem/<int:count_id>/tung-phieu/", papers.read, name="papers"),
    path("lan-kiem/<int:count_id>/tung-phieu/gui/", papers.submit, name="submit_papers"),
    path("lan-kiem/<int:count_id>/ket-luan/", rulings.rule, name="rulings"),
    path("lan-bau/<int:round_id>/ket-qua/", outcomes.proposal, name="proposal"),
    path("lan-bau/<int:round_id>/kiem-dem-lai/", outcomes.reject, name="reject_count"),
    path("lan-bau/<int:round_id>/niem-phong/", outcomes.seal, name="seal"),
    path("lan-bau/<int:round_id>/giai-trinh/", outcomes.explain, name="explain_warnings"),
    # After the seal
    path("lan-bau/<int:round_id>/man-chieu/", wall.wall, name="wall"),
    path("lan-bau/<int:round_id>/niem-phong/kiem-dem-lai/", recounts.recount, name="recount"),
    path("lan-bau/<int:round_id>/ket-qua/kiem-dem-lai/", outcomes.recounted, name="recounted"),
    path("lan-bau/<int:round_id>/niem-phong/cac-ban/", recounts.every_edition, name="editions"),
    path("lan-bau/<int:round_id>/niem-phong/ban-<int:edition>.json", recounts.sealed_text, name="sealed_text"),
    path("lan-bau/<int:round_id>/bien-ban-da-ky/", signed_sheets.of_round, name="signed_sheets"),
    path("lan-bau/<int:round_id>/bien-ban-da-ky/tai-len/", signed_sheets.upload, name="upload_signed_sheet"),
    path(
        "lan-bau/<int:round_id>/bien-ban-da-ky/<int:edition>/<int:number>/anh/",
        signed_sheets.picture,
        name="signed_picture",
    ),
    path(
        "lan-bau/<int:round_id>/bien-ban-da-ky/<int:edition>/<int:number>/doc-lai/",
        signed_sheets.read,
        name="read_signed_sheet",
    ),
    path(
        "lan-bau/<int:round_id>/bien-ban-da-ky/<int:edition>/<int:number>/luot-doc-moi/",
        signed_sheets.read_again,
        name="read_signed_sheet_again",
    ),
    path("cuoc-bau/<int:election_id>/bau-tiep/", going_on.next_round, name="next_round"),
    path("cuoc-bau/<int:election_id>/dung-bau/", going_on.conclude, name="conclude"),
    path("cuoc-bau/<int:election_id>/bo-ket-qua/", going_on.vote_anew, name="vote_anew"),
    # Ratification
    path("chuan-y/", ratification.every, name="ratifications"),
    path("dai-hoi/<int:congress_id>/chuan-y/", ratification.of_congress, name="ratification"),
    path("dai-hoi/<int:congress_id>/chuan-y/trinh/", ratification.report, name="report"),
    path("dai-hoi/<int:congress_id>/chuan-y/khieu-nai/", complaints.complaints, name="complaints"),
    path("dai-hoi/<int:congress_id>/chuan-y/quyet-dinh/", ratification.ratify, name="ratify"),
    path("dai-hoi/<int:congress_id>/chuan-y/tra-lai/", ratification.send_back, name="return_results"),
    path("dai-hoi/<int:congress_id>/chuan-y/khong-chuan-y/", ratification.refuse, name="refuse_results"),
]
