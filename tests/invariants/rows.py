"""A row of any tenant model, its required columns filled, for tests that walk over all models."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import count
from typing import Any

from django.db import models

from tenants.fields import TenantForeignKey, TenantKey
from tenants.harden import tenant_models
from tenants.models import TenantModel
from xenofy.common.identifiers import uuid7

MODELS = sorted(tenant_models(), key=lambda model: model._meta.label)
KEYS = [
    field for model in MODELS for field in model._meta.local_fields
    if isinstance(field, TenantForeignKey)
]  # fmt: skip
_numbers = count(1)
_DAY = date(2026, 1, 1)
_MOMENT = datetime(2026, 1, 1, tzinfo=UTC)


def build(model: type[TenantModel], *, using: str = "default", **given: Any) -> Any:
    """Return an unsaved row of the current tenant; the rows that it must point to are saved."""
    required = {
        field.attname: _value(field, using)
        for field in model._meta.local_fields
        if not {field.name, field.attname} & given.keys() and _must_be_given(field)
    }
    return model(**required, **given)


def make(model: type[TenantModel], *, using: str = "default", **given: Any) -> Any:
    """Return a saved row of the current tenant; of a model with one row a tenant, that row."""
    if is_single(model):
        present = model.objects.using(using).first()
        if present is not None:
            return present
    row = build(model, using=using, **given)
    row.save(force_insert=True, using=using)
    return row


def is_single(model: type[TenantModel]) -> bool:
    """Tell whether a tenant may have one row of the model only."""
    uniques = [c for c in model._meta.constraints if isinstance(c, models.UniqueConstraint)]
    return any(tuple(unique.fields) == ("tenant",) for unique in uniques)


def columns(row: models.Model) -> dict[str, Any]:
    """Return the row as keyword arguments."""
    return {field.attname: getattr(row, field.attname) for field in row._meta.local_fields}


def _must_be_given(field: models.Field[Any, Any]) -> bool:
    has_value = field.has_default() or field.has_db_default() or field.null
    return not (has_value or field.primary_key or isinstance(field, TenantKey))


def _value(field: Any, using: str) -> Any:
    """Return a value that no other row has, as far as the column is wide enough."""
    number = next(_numbers)
    if isinstance(field, TenantForeignKey):
        return make(field.remote_field.model, using=using).pk
    if field.choices:
        return field.choices[0][0]
    kind = field.get_internal_type()
    if kind not in _VALUES:
        raise TypeError(f"Say in rows.py what a {kind} holds, for {field}.")
    return _VALUES[kind](number)


_VALUES: dict[str, Any] = {
    "BigIntegerField": lambda number: 2**53 + number,
    "BinaryField": lambda number: b"%d" % number,
    "BooleanField": lambda number: False,
    "CharField": lambda number: "INR",
    "DateField": lambda number: _DAY + timedelta(days=number),
    "DateTimeField": lambda number: _MOMENT + timedelta(seconds=number),
    "DecimalField": lambda number: Decimal("1.25"),
    "IntegerField": lambda number: number,
    "JSONField": lambda number: {},
    "SmallIntegerField": lambda number: number % 24,
    "TextField": lambda number: f"text {number}",
    "UUIDField": lambda number: uuid7(),
}
