from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from convive.accounts.tokens import views as tokens

app_name = "accounts"
urlpatterns: list[URLPattern | URLResolver] = [
    path("llaves/", tokens.token_list, name="tokens"),
    path("llaves/<int:pk>/terminar/", tokens.token_revoke, name="token_revoke"),
]
