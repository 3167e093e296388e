"""The third layer alone: no row can point to another tenant's row, not even the owner's."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, connections, transaction

from tenants.fields import TenantForeignKey
from tenants.scope import tenant_scope
from tests.invariants.rows import KEYS, build, columns, make
from xenofy.common.identifiers import uuid7

pytestmark = pytest.mark.django_db(databases=["default", "owner"])
each_key = pytest.mark.parametrize("key", KEYS, ids=str)


@each_key
def test_the_application_cannot_point_to_another_tenants_row(key: TenantForeignKey) -> None:
    with tenant_scope(uuid7()):
        theirs = make(key.remote_field.model)

    with tenant_scope(uuid7()):
        row = build(key.model, **{key.attname: theirs.pk})

        with pytest.raises(IntegrityError, match="_tenant_fk"), transaction.atomic():
            row.save()


@each_key
def test_not_even_the_owner_can(key: TenantForeignKey) -> None:
    with tenant_scope(uuid7()):
        theirs = make(key.remote_field.model, using="owner")
    with tenant_scope(uuid7()):
        row = build(key.model, using="owner", **{key.attname: theirs.pk})
        values = {
            field.column: field.get_db_prep_save(columns(row)[field.attname], connections["owner"])
            for field in key.model._meta.local_fields
            if columns(row)[field.attname] is not None and not field.has_db_default()
        }
    names = ", ".join(f'"{name}"' for name in values)
    places = ", ".join(["%s"] * len(values))

    with (
        pytest.raises(IntegrityError, match="_tenant_fk"),
        transaction.atomic(using="owner"),
        connections["owner"].cursor() as cursor,
    ):
        cursor.execute(
            f'INSERT INTO "{key.model._meta.db_table}" ({names}) VALUES ({places})',
            list(values.values()),
        )


@each_key
def test_a_row_that_is_pointed_to_takes_its_own_with_it_or_stays(key: TenantForeignKey) -> None:
    """CASCADE is the database's; what only loses its reference is cleared by `delete`."""
    with tenant_scope(uuid7()):
        parent = make(key.remote_field.model)
        make(key.model, **{key.attname: parent.pk})

        parent.delete()

        assert not key.remote_field.model.objects.filter(pk=parent.pk).exists()
        left = key.model.objects.filter(**{key.attname: parent.pk})
        assert not left.exists()
        assert key.model.objects.count() == (1 if key.null and not _cascades(key) else 0)


def _cascades(key: TenantForeignKey) -> bool:
    return key.remote_field.on_delete.__name__ == "CASCADE"
