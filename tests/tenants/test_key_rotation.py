"""Rotating the key over every encrypted column, while rows of both keys are read."""

from __future__ import annotations

from io import StringIO
from typing import Any

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import models

from shop_data.models import PrivacyRequest
from tenants import key_rotation
from tenants.crypto import Undecryptable
from tenants.key_rotation import Rotated, rotate, secrets
from tenants.models import Connection, ShopifyApp, Tenant
from tenants.scope import tenant_scope
from tests.factories import ConnectionFactory
from tests.invariants.rows import make

OLD, NEW = "o" * 43, "n" * 43
pytestmark = [pytest.mark.django_db, pytest.mark.threat(10)]


@pytest.fixture
def connection(tenant: Tenant, other_tenant: Tenant, settings: Any) -> Connection:
    """A shop of which everything is encrypted with the old key, as in two other shops."""
    settings.ENCRYPTION_KEYS = [OLD]
    for each in (tenant, other_tenant):
        row = ConnectionFactory(tenant=each)
        row.access_token, row.refresh_token = "shpat_one", "shprt_one"
        row.save()
        with tenant_scope(each.id):
            request = make(PrivacyRequest)
            request.customer = "somebody"
            request.save(update_fields=["customer_encrypted"])
    settings.ENCRYPTION_KEYS = [NEW, OLD]
    return Connection.objects.get(tenant=tenant)


def done() -> dict[str, tuple[int, int]]:
    return {each.secret.column: each[1:] for each in rotate() if each[1:] != (0, 0)}


def test_every_encrypted_column_is_known() -> None:
    columns = {
        (model, field.name)
        for model in apps.get_models()
        for field in model._meta.local_fields
        if isinstance(field, models.BinaryField) and field.name.endswith("_encrypted")
    }

    assert columns == {(secret.model, secret.column) for secret in secrets()}


def test_everything_is_read_with_the_new_key_alone(connection: Connection, settings: Any) -> None:
    assert done()["access_token_encrypted"] == (2, 0)

    settings.ENCRYPTION_KEYS = [NEW]
    connection.refresh_from_db()
    assert (connection.access_token, connection.refresh_token) == ("shpat_one", "shprt_one")
    with tenant_scope(connection.tenant_id):
        assert PrivacyRequest.objects.get().customer == "somebody"


def test_a_second_run_finds_nothing(connection: Connection) -> None:
    done()

    assert done() == {}


def test_it_goes_on_where_it_was_stopped(
    connection: Connection, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    monkeypatch.setattr(key_rotation, "BATCH", 1)
    next(rotate())  # one column, then it is killed

    rest: list[Rotated] = list(rotate())

    assert sum(each.rotated for each in rest) > 0
    settings.ENCRYPTION_KEYS = [NEW]
    assert {row.access_token for row in Connection.objects.all()} == {"shpat_one"}
    assert all(app.client_secret for app in ShopifyApp.objects.all())


def test_a_value_that_no_key_opens_is_told_and_left(connection: Connection, settings: Any) -> None:
    settings.ENCRYPTION_KEYS = [NEW]
    told = StringIO()

    with pytest.raises(CommandError, match="missing"):
        call_command("rotate_keys", stdout=told)

    assert "access_token_encrypted: 2 that no key opens" in told.getvalue()
    connection.refresh_from_db()
    with pytest.raises(Undecryptable):
        _ = connection.access_token
