"""Addresses of the REST API for signing in, under /auth/."""

from django.urls import path

from accounts import api

app_name = "auth"
urlpatterns = [
    path("register", api.RegisterView.as_view(), name="register"),
    path("login", api.LoginView.as_view(), name="login"),
    path("refresh", api.RefreshView.as_view(), name="refresh"),
    path("me", api.MeView.as_view(), name="me"),
    path("switch", api.SwitchView.as_view(), name="switch"),
    path("logout", api.LogoutView.as_view(), name="logout"),
]
