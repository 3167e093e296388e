"""Addresses of the page of data health."""

from django.urls import path

from xenofy.data_health import views

app_name = "data_health"
urlpatterns = [
    path("", views.page, name="page"),
    path("retry/", views.retry, name="retry"),
    path("report/", views.report, name="report"),
    path("deliveries/<uuid:event_id>/", views.delivery, name="delivery"),
    path("deliveries/<uuid:event_id>/body", views.body, name="body"),
]
