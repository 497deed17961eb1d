"""Addresses of this room; allauth's are in sign_in_urls, outside the name space."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from convive.accounts.entrance import views as entrance
from convive.accounts.members import views as members
from convive.accounts.mine import views as mine
from convive.accounts.tokens import views as tokens
from convive.accounts.trail import views as trail

app_name = "accounts"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", mine.my_account, name="my_account"),
    path("salir-de-todo/", mine.sign_out_everywhere, name="sign_out_everywhere"),
    path("enlace/<str:token>/", entrance.link_open, name="link_open"),
    path("personas/", members.member_list, name="members"),
    path("personas/agregar/", members.member_add, name="member_add"),
    path("personas/<int:pk>/", members.member_detail, name="member"),
    path("personas/<int:pk>/dar/", members.role_give, name="role_give"),
    path("personas/<int:pk>/quitar/", members.role_take, name="role_take"),
    path("personas/<int:pk>/enlace/", members.link_issue, name="link_issue"),
    path("personas/<int:pk>/desbloquear/", members.unlock, name="unlock"),
    path("personas/<int:pk>/desactivar/", members.deactivate, name="deactivate"),
    path("personas/<int:pk>/activar/", members.activate, name="activate"),
    path("bitacora/", trail.audit_list, name="audit"),
    path("bitacora/descargar/", trail.audit_download, name="audit_download"),
    path("llaves/", tokens.token_list, name="tokens"),
    path("llaves/<int:pk>/terminar/", tokens.token_revoke, name="token_revoke"),
]
