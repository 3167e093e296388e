"""`manage.py import_csv` says what it understood, then imports."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from shop_data.models import Order
from tenants import audit
from tenants.models import Tenant, TenantState
from tenants.scope import tenant_scope
from tests.builders import OrderBuilder
from tests.shop_data.csv_exports.files import orders_file

pytestmark = pytest.mark.django_db


@pytest.fixture
def file(tmp_path: Path) -> Path:
    order = OrderBuilder(id=5001)
    order.line("15.00", 2)
    path = tmp_path / "orders_export.csv"
    path.write_bytes(orders_file(order, Total="30.00"))
    return path


def test_a_dry_run_writes_nothing_and_the_run_does(
    tenant: Tenant, file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("import_csv", file, shop=str(tenant.id), dry_run=True)

    said = capsys.readouterr().out
    assert "Orders: 1" in said
    assert "Net sales $30.00" in said
    with tenant_scope(tenant.id):
        assert not Order.objects.exists()

    with tenant_scope(tenant.id):
        TenantState.objects.update(known_since_at=None)

    call_command("import_csv", file, shop=str(tenant.id), complete=True)

    assert "1 orders said something new." in capsys.readouterr().out
    with tenant_scope(tenant.id):
        assert Order.objects.get().name == "#5001"
        assert TenantState.objects.get().known_since_at is not None
        assert audit.entries(before=None, limit=1)[0].actor == "manage.py import_csv"


def test_a_file_that_is_cut_is_refused(tenant: Tenant, file: Path) -> None:
    file.write_bytes(file.read_bytes()[:-5])

    with pytest.raises(CommandError, match="Nothing of the file was taken"):
        call_command("import_csv", file, shop=str(tenant.id))

    with pytest.raises(CommandError, match="0 shops"):
        call_command("import_csv", file, shop="nobody.myshopify.com")
