"""Addresses of this app. Names without a namespace: allauth looks its own up by them."""

from allauth.account import views as allauth_views
from allauth.mfa.base import views as mfa_views
from django.urls import path

from accounts.access import public, signed_in
from accounts.views import own_sessions, pages, second_factor

urlpatterns = [
    path("dang-nhap/", public("GET", "POST")(allauth_views.login), name="account_login"),
    path("dang-nhap/ma-xac-thuc/", public("GET", "POST")(mfa_views.authenticate), name="mfa_authenticate"),
    path("dang-xuat/", signed_in("GET", "POST")(allauth_views.logout), name="account_logout"),
    path("doi-mat-khau/", signed_in("GET", "POST")(allauth_views.password_change), name="account_change_password"),
    path("xac-nhan-mat-khau/", signed_in("GET", "POST")(allauth_views.reauthenticate), name="account_reauthenticate"),
    path("xac-nhan-ma/", signed_in("GET", "POST")(mfa_views.reauthenticate), name="mfa_reauthenticate"),
    path("xac-thuc-hai-buoc/", second_factor.overview, name="mfa_index"),
    path("xac-thuc-hai-buoc/cai-dat/", second_factor.set_up, name="mfa_activate_totp"),
    path("xac-thuc-hai-buoc/ma-du-phong/", second_factor.print_new_codes, name="print_new_codes"),
    path("xac-thuc-hai-buoc/tat/", second_factor.turn_off, name="turn_off_second_factor"),
    path("xac-thuc-hai-buoc/de-sau/", second_factor.put_off, name="put_off_second_factor"),
    path("phien-dang-nhap/", own_sessions.own_sessions, name="own_sessions"),
    path("phien-dang-nhap/ket-thuc/", own_sessions.end_one, name="end_own_session"),
    path("phien-dang-nhap/ket-thuc-cac-phien-khac/", own_sessions.end_others, name="end_other_sessions"),
    path("tuy-chon/co-chu/", pages.set_text_size, name="set_text_size"),
    path("tuy-chon/tuong-phan/", pages.set_contrast, name="set_contrast"),
    path("tuy-chon/vai-tro/", pages.act_as, name="act_as"),
    path("nhat-ky/", pages.audit_page, name="audit"),
    path("bao-cao-csp/", pages.csp_report, name="csp_report"),
]
