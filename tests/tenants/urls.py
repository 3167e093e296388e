"""Xenofy's addresses, and views that try out the middleware."""

from __future__ import annotations

import io
from collections.abc import Iterator

from django.db import connection
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    JsonResponse,
    StreamingHttpResponse,
)
from django.template.response import SimpleTemplateResponse
from django.urls import path

from shop_data.models import Customer
from tenants.scope import tenant_id_or_none
from tenants.streams import TenantStream, WrittenFile
from tests.invariants.rows import make
from xenofy import urls


def state(request: HttpRequest) -> HttpResponse:
    """Tell what the view's transaction is like."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_setting('transaction_isolation'),"
            " coalesce(current_setting('xenofy.tenant_id', true), '')"
        )
        isolation, announced = cursor.fetchone()
    seen = {"scope": str(tenant_id_or_none()), "announced": announced, "isolation": isolation}
    return JsonResponse(seen)


def write(request: HttpRequest, status: int) -> HttpResponse:
    """Write a customer, then answer with the status."""
    make(Customer)
    return HttpResponse(status=status)


def fail(request: HttpRequest, how: str) -> HttpResponse:
    """Write a customer, then fail."""
    make(Customer)
    raise {"missing": Http404, "broken": ZeroDivisionError}[how]


def stream(request: HttpRequest) -> StreamingHttpResponse:
    """Answer with rows that are read while the answer is sent."""

    def lines() -> Iterator[str]:
        for customer in Customer.objects.all():
            yield str(customer.tenant_id)

    return StreamingHttpResponse(lines())


def kept_stream(request: HttpRequest, fails: int) -> TenantStream:
    """Answer with rows that are read while the answer is sent, inside the tenant's scope."""

    def lines() -> Iterator[bytes]:
        for customer in Customer.objects.order_by("shopify_id").iterator(1):
            yield f"{customer.tenant_id} {tenant_id_or_none()}\n".encode()
        if fails:
            raise ZeroDivisionError

    return TenantStream(lines, broken=b"incomplete\n")


def written_file(request: HttpRequest) -> WrittenFile:
    """Answer with a file that is there."""
    return WrittenFile(io.BytesIO(str(Customer.objects.count()).encode()))


def late_template(request: HttpRequest) -> SimpleTemplateResponse:
    """Answer with a template that is rendered after the view has returned."""
    return SimpleTemplateResponse("tenants/names.txt", {"customers": Customer.objects.all()})


urlpatterns = [
    path("probe/state/", state),
    path("probe/write/<int:status>/", write),
    path("probe/fail/<how>/", fail),
    path("probe/stream/", stream),
    path("probe/kept-stream/<int:fails>/", kept_stream),
    path("probe/file/", written_file),
    path("probe/late/", late_template),
    *urls.urlpatterns,
]
handler400, handler403 = urls.handler400, urls.handler403
handler404, handler500 = urls.handler404, urls.handler500
