"""Addresses of the tree, the rolls of members and the accounts."""

from django.urls import path

from organizations.views import accounts, acts, exports, imports, links, members, slips, tree

app_name = "organizations"

urlpatterns = [
    # The tree
    path("to-chuc/", tree.tree, name="tree"),
    path("to-chuc/<int:organization_id>/chuc-vu/", members.give_post, name="give_post"),
    path("to-chuc/<int:organization_id>/", tree.detail, name="detail"),
    path("to-chuc/<int:organization_id>/thanh-lap/", tree.found, name="found"),
    path("to-chuc/<int:organization_id>/nguon-goc/", tree.record_split, name="record_split"),
    # Acts on the tree
    path("to-chuc/<int:organization_id>/viec-to-chuc/", acts.choose, name="choose_act"),
    path("to-chuc/<int:organization_id>/chia-tach/", acts.split, name="split"),
    path("to-chuc/<int:organization_id>/sap-nhap/", acts.merge, name="merge"),
    path("to-chuc/<int:organization_id>/hop-nhat/", acts.consolidate, name="consolidate"),
    path("to-chuc/<int:organization_id>/doi-ten/", acts.rename, name="rename"),
    path("to-chuc/<int:organization_id>/chuyen-giao/", acts.move, name="move"),
    path("to-chuc/<int:organization_id>/chuyen-loai-hinh/", acts.convert, name="convert"),
    path("to-chuc/<int:organization_id>/ket-thuc/", acts.close, name="close"),
    path("to-chuc/<int:organization_id>/lich-su/", acts.history, name="history"),
    path("to-chuc/<int:organization_id>/so-thu-tu-dai-hoi/", acts.ordinal, name="ordinal"),
    path("to-chuc/viec/", acts.acts, name="acts"),
    path("to-chuc/viec/<int:act_id>/", acts.act, name="act"),
    # Members
    path("to-chuc/<int:organization_id>/dang-vien/them/", members.enroll, name="enroll"),
    path("dang-vien/<int:member_id>/", members.member, name="member"),
    path("dang-vien/<int:member_id>/sua/", members.update, name="update_member"),
    path("dang-vien/<int:member_id>/chuyen-sinh-hoat/", members.transfer, name="transfer"),
    path("dang-vien/<int:member_id>/dien/", members.set_standing, name="set_standing"),
    path("dien-dang-vien/<int:standing_id>/ket-thuc/", members.end_standing, name="end_standing"),
    # Excel out and in
    path("to-chuc/<int:organization_id>/dang-vien/xuat/", exports.roll, name="export_roll"),
    path("to-chuc/<int:organization_id>/tai-khoan/xuat/", exports.accounts, name="export_accounts"),
    path("to-chuc/<int:organization_id>/nhap-danh-sach/", imports.upload_roll, name="upload_roll"),
    path("to-chuc/<int:organization_id>/nhap-cay-to-chuc/", imports.upload_tree, name="upload_tree"),
    path("nhap-excel/<int:batch_id>/", imports.batch, name="import"),
    path("nhap-excel/<int:batch_id>/tien-do/", imports.progress, name="import_progress"),
    path("nhap-excel/<int:batch_id>/cot/", imports.set_columns, name="import_columns"),
    path("nhap-excel/<int:batch_id>/trung-ten/", imports.answer, name="import_answer"),
    path("nhap-excel/<int:batch_id>/xac-nhan/", imports.confirm, name="import_confirm"),
    path("nhap-excel/<int:batch_id>/thu-lai/", imports.retry, name="import_retry"),
    path("nhap-excel/<int:batch_id>/bo/", imports.discard, name="import_discard"),
    path("nhap-excel/<int:batch_id>/dong-tra-lai/", imports.refused_rows, name="import_refused"),
    # Accounts and roles
    path("to-chuc/<int:organization_id>/tai-khoan/mo/", accounts.open_account, name="open_account"),
    path("to-chuc/<int:organization_id>/vai-tro/giao/", accounts.grant_role, name="grant_role"),
    path("vai-tro/<int:assignment_id>/", accounts.assignment, name="assignment"),
    path("vai-tro/<int:assignment_id>/thu-hoi/", accounts.revoke_role, name="revoke_role"),
    path("vai-tro/<int:assignment_id>/ban-giao/", accounts.hand_over, name="hand_over"),
    path("vai-tro/<int:assignment_id>/mat-khau/", accounts.reset_password, name="reset_password"),
    path("vai-tro/<int:assignment_id>/xac-thuc-hai-buoc/", accounts.reset_second_factor, name="reset_second_factor"),
    path("vai-tro/<int:assignment_id>/phien/", accounts.end_sessions, name="end_sessions"),
    path("vai-tro/<int:assignment_id>/ngung/", accounts.deactivate, name="deactivate"),
    path("vai-tro/<int:assignment_id>/mo-lai/", accounts.reactivate, name="reactivate"),
    # Accounts in one go, on sealed slips
    path("to-chuc/<int:organization_id>/tai-khoan/hang-loat/", slips.make_accounts, name="make_accounts"),
    path("dot-phieu/<int:batch_id>/", slips.batch, name="slip_batch"),
    path("dot-phieu/<int:batch_id>/tai/", slips.take_file, name="take_slips"),
    path("dot-phieu/<int:batch_id>/da-trao/", slips.confirm_handed_over, name="slips_handed_over"),
    path("dot-phieu/<int:batch_id>/in-lai/", slips.print_again, name="print_slips_again"),
    path("phieu/<int:slip_id>/thu-hoi/", slips.revoke_slip, name="revoke_slip"),
    # Links that need no sign-in
    path("lien-ket/", links.own_links, name="own_links"),
    path("lien-ket/thu-hoi/", links.revoke_own, name="revoke_own_link"),
    path("lien-ket/<int:link_id>/thu-hoi/", links.revoke, name="revoke_link"),
    path("to-chuc/<int:organization_id>/lien-ket/", links.links, name="links"),
]
