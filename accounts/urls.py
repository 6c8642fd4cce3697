"""Addresses of this app. Names without a namespace: allauth looks its own up by them."""

from allauth.account import views as allauth_views
from django.urls import path

from accounts import views
from accounts.access import public, signed_in

urlpatterns = [
    path("dang-nhap/", public("GET", "POST")(allauth_views.login), name="account_login"),
    path("dang-xuat/", signed_in("GET", "POST")(allauth_views.logout), name="account_logout"),
    path("doi-mat-khau/", signed_in("GET", "POST")(allauth_views.password_change), name="account_change_password"),
    path("xac-nhan-mat-khau/", signed_in("GET", "POST")(allauth_views.reauthenticate), name="account_reauthenticate"),
    path("tuy-chon/co-chu/", views.set_text_size, name="set_text_size"),
    path("tuy-chon/tuong-phan/", views.set_contrast, name="set_contrast"),
    path("tuy-chon/vai-tro/", views.act_as, name="act_as"),
    path("nhat-ky/", views.audit_page, name="audit"),
    path("bao-cao-csp/", views.csp_report, name="csp_report"),
]
