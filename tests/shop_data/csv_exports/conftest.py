"""What the tests of CSV exports share."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from shop_data.csv_exports import uploads
from shop_data.models import CsvUpload
from tenants.models import Tenant
from tenants.scope import tenant_scope

NOW = datetime(2026, 6, 15, 12, tzinfo=UTC)
Take = Callable[..., CsvUpload]


@pytest.fixture
def understood(tenant: Tenant) -> Take:
    """Upload a file and let it be read."""

    def upload(content: bytes, *, later: int = 0) -> CsvUpload:
        now = NOW + timedelta(minutes=later)
        with tenant_scope(tenant.id):
            kept = uploads.keep("export.csv", [content], now=now)
        uploads.step(tenant.id, now=now, alive=lambda: None)
        return again(tenant.id, kept.id)

    return upload


@pytest.fixture
def taken(tenant: Tenant, understood: Take) -> Take:
    """Upload a file, confirm what was understood and let it be taken."""

    def upload(content: bytes, *, later: int = 0) -> CsvUpload:
        kept = understood(content, later=later)
        now = NOW + timedelta(minutes=later)
        with tenant_scope(tenant.id):
            assert uploads.confirm(kept.id, now=now)
        uploads.step(tenant.id, now=now, alive=lambda: None)
        return again(tenant.id, kept.id)

    return upload


def again(tenant_id: UUID, upload_id: UUID) -> CsvUpload:
    with tenant_scope(tenant_id):
        found: CsvUpload = CsvUpload.objects.get(id=upload_id)
        return found
