"""Starting an import and asking how far it is, for machines: /api/ingestion/."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Annotated, Any, TypedDict, cast

from django.urls import path
from django.utils import timezone
from rest_framework.fields import ChoiceField
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from shop_data.imports import importing, sweeping
from shop_data.imports.progress import progress
from shop_data.models import Import, Reconciliation
from shop_data.reconciliation import reconciling
from shop_data.shopify.client import admin_client
from tenants.credentials import Credential
from tenants.rights import Right
from webhooks.serializers import iso_or_none
from xenofy.common.operations import Nothing, operation
from xenofy.common.shapes import Id, Moment, Share
from xenofy.common.strict_query import StrictQuery


def _reconcile(*, now: datetime) -> Import | Reconciliation:
    """Begin a reconciliation; the shop's past first where it is not here: nothing to compare."""
    begin = importing.begin if sweeping.last_known() is None else reconciling.begin
    return begin(now=now)


STARTS: Mapping[str, Callable[..., Import | Reconciliation]] = {
    "import": importing.begin,
    "reconciliation": _reconcile,
}
NOT_KEPT = {"Cache-Control": "no-store"}
Status = Annotated[str, "`idle` before any import, else `running`, `done`, `failed`, `cancelled`."]
Brought = Annotated[Share | None, "Of all orders; null while nobody has counted them."]


class StartedBody(TypedDict):
    """The import or reconciliation that runs now."""

    id: Id
    status: Status


class IngestionBody(TypedDict):
    """How far the import of the shop's past is, and when Shopify was last asked."""

    status: Status
    lastSync: Moment | None
    progress: Brought


class TriggerParameters(StrictQuery):
    """What is to be done: import all of the past, or hold what is here against Shopify."""

    kind = ChoiceField(choices=["import", "reconciliation"], default="import")


class TriggerView(APIView):
    right = Right.WRITE_WEBHOOKS

    @operation(StartedBody, TriggerParameters, status=202, errors=(409,))
    def post(self, request: Request, given: TriggerParameters) -> Response:
        """Start an import or a reconciliation, or join the one that runs."""
        tenant_id = cast("Credential", request.auth).tenant_id
        assert tenant_id is not None  # noqa: S101 - who has this right has a tenant
        admin_client(tenant_id)
        start = STARTS[given.validated_data["kind"]]
        running = start(now=timezone.now())
        body = {"id": str(running.id), "status": running.state}
        return Response(body, status=202, headers=NOT_KEPT)


class StatusView(APIView):
    right = Right.READ_ANALYTICS

    @operation(IngestionBody, Nothing)
    def get(self, request: Request, given: Nothing) -> Response:
        """Answer how far the import of the shop's past is."""
        found = progress(now=timezone.now())
        body: dict[str, Any] = {
            "status": found.status,
            "lastSync": iso_or_none(found.last_sync_at),
            "progress": found.share,
        }
        return Response(body, headers=NOT_KEPT)


urlpatterns = [
    path("trigger", TriggerView.as_view(), name="ingestion-trigger"),
    path("status", StatusView.as_view(), name="ingestion-status"),
]
