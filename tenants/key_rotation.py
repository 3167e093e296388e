"""Encrypting everything anew with the newest of `ENCRYPTION_KEYS`, so that an old one can go.

Rows are taken in small transactions, by the key that each names itself: stopped at any point, the
next run goes on with what is left, and the application reads both keys meanwhile.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple
from uuid import UUID

from django.apps import apps
from django.db import models, transaction
from django.db.models.functions import Substr

from tenants.crypto import KEY_ID_BYTES, Encrypted, Undecryptable, newest_key_id
from tenants.models import Tenant, TenantModel
from tenants.scope import tenant_scope

BATCH = 200  # rows in a transaction


class Secret(NamedTuple):
    """A column that is encrypted, and the attribute through which it is read."""

    model: Any
    attribute: str
    column: str

    def __str__(self) -> str:
        return f"{self.model._meta.db_table}.{self.column}"


class Rotated(NamedTuple):
    """How many values of a column got the newest key, and how many none of the keys opens."""

    secret: Secret
    rotated: int
    unreadable: int


def secrets() -> list[Secret]:
    """Return every encrypted column, those of tenants last."""
    found = [
        Secret(model, name, value.column)
        for model in apps.get_models()
        for name, value in vars(model).items()
        if isinstance(value, Encrypted)
    ]
    return sorted(found, key=lambda secret: issubclass(secret.model, TenantModel))


def rotate() -> Iterator[Rotated]:
    """Rotate column after column; yield what was done to each."""
    for secret in secrets():
        if not issubclass(secret.model, TenantModel):
            yield _rotate(secret, None)
            continue
        tenants = Tenant.objects.order_by("id").values_list("id", flat=True)
        parts = [_rotate(secret, tenant_id) for tenant_id in tenants]
        yield Rotated(
            secret, sum(part.rotated for part in parts), sum(part.unreadable for part in parts)
        )


def _rotate(secret: Secret, tenant_id: UUID | None) -> Rotated:
    rotated, unreadable, after = 0, 0, None
    while True:
        done = _batch_of(secret, tenant_id, after)
        rotated += sum(done.values())
        unreadable += len(done) - sum(done.values())
        if len(done) < BATCH:
            return Rotated(secret, rotated, unreadable)
        after = list(done)[-1]


def _batch_of(secret: Secret, tenant_id: UUID | None, after: Any) -> dict[Any, bool]:
    """Rotate the next rows in a transaction; return key of a row -> whether it could be read."""
    with transaction.atomic() if tenant_id is None else tenant_scope(tenant_id):
        rows = secret.model.objects.annotate(
            key_id=Substr(secret.column, 1, KEY_ID_BYTES, output_field=models.BinaryField())
        ).exclude(key_id=newest_key_id())
        if after is not None:
            rows = rows.filter(pk__gt=after)
        locked = rows.filter(**{f"{secret.column}__isnull": False}).select_for_update()
        return {row.pk: _encrypt_anew(secret, row) for row in locked.order_by("pk")[:BATCH]}


def _encrypt_anew(secret: Secret, row: models.Model) -> bool:
    try:
        setattr(row, secret.attribute, getattr(row, secret.attribute))
    except Undecryptable:
        return False
    row.save(update_fields=[secret.column])
    return True
