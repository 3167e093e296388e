"""Every address of Xenofy; the contract of those for machines is docs/api.md."""

from django.conf import settings
from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path

from xenofy import api_document, health, metrics
from xenofy.data_health.api import DataHealthView

handler400 = "xenofy.common.http.bad_request"
handler403 = "xenofy.common.http.forbidden"
handler404 = "xenofy.common.http.not_found"
handler500 = "xenofy.common.http.server_error"

api: list[URLPattern | URLResolver] = [
    path("data/reports/data-health", DataHealthView.as_view(), name="data-health"),
    path("data/", include("analytics.api_urls")),
    path("webhooks/", include("webhooks.urls")),
    path("ingestion/", include("xenofy.ingestion")),
    path("schema", api_document.DocumentView.as_view(), name="schema"),
    path("docs", api_document.browse, name="docs"),
]
urlpatterns = [
    path("health", health.AliveView.as_view(), name="health"),
    path("health/ready", health.ReadyView.as_view(), name="ready"),
    path("metrics", metrics.metrics, name="metrics"),
    path("auth/", include("accounts.api_urls")),
    path("api/", include(api)),
    path("api/v1/", include((api, "v1"))),
    path(f"{settings.ADMIN_PATH}/", admin.site.urls),
    path("data-health/", include("xenofy.data_health.urls")),
    path("", include("accounts.urls")),
    path("", include("analytics.urls")),
]
