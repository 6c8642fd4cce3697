"""Addresses of the tree, the rolls of members and the accounts."""

from django.urls import path

from organizations.views import accounts, acts, links, members, tree

app_name = "organizations"

urlpatterns = [
    # The tree
    path("to-chuc/", tree.tree, name="tree"),
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
    path("viec-to-chuc/", acts.acts, name="acts"),
    path("viec-to-chuc/<int:act_id>/", acts.act, name="act"),
    # Members
    path("to-chuc/<int:organization_id>/dang-vien/them/", members.enroll, name="enroll"),
    path("dang-vien/<int:member_id>/", members.member, name="member"),
    path("dang-vien/<int:member_id>/sua/", members.update, name="update_member"),
    path("dang-vien/<int:member_id>/dien/", members.set_standing, name="set_standing"),
    path("dien-dang-vien/<int:standing_id>/ket-thuc/", members.end_standing, name="end_standing"),
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
    # Links that need no sign-in
    path("lien-ket/", links.own_links, name="own_links"),
    path("lien-ket/thu-hoi/", links.revoke_own, name="revoke_own_link"),
    path("lien-ket/<int:link_id>/thu-hoi/", links.revoke, name="revoke_link"),
    path("to-chuc/<int:organization_id>/lien-ket/", links.links, name="links"),
]
