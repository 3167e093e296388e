"""The first layer alone: managers and joins keep to the tenant where the database would not.

Everything here runs through the owner's login, for which row-level security does not hold. Two
tenants hold rows with the SAME ids, so that only the tenant tells them apart.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import pytest
from django.db import models, transaction
from django.db.models import Count, Exists, OuterRef, Subquery

from shop_data.models import Customer, Order, OrderItem, Sale
from tenants.fields import TenantForeignKey
from tenants.models import TenantModel
from tenants.scope import WrongTenant, tenant_scope
from tests.invariants.rows import KEYS, MODELS, columns, is_single, make
from xenofy.common.identifiers import uuid7

pytestmark = pytest.mark.django_db(databases=["default", "owner"])
each_key = pytest.mark.parametrize("key", KEYS, ids=str)
each_model = pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)


@dataclass(frozen=True)
class Twins:
    """A parent and a child in each of two tenants, all with the same ids and keys."""

    mine: UUID
    other: UUID
    my_parent: Any
    my_child: Any
    other_parent: Any
    other_child: Any


def twins(key: TenantForeignKey) -> Twins:
    mine, other = uuid7(), uuid7()
    with tenant_scope(mine):
        parent = make(key.remote_field.model, using="owner")
        child = make(key.model, using="owner", **{key.attname: parent.pk})
    with tenant_scope(other):
        copied = {
            row: _copy(row, other, prefix) for row, prefix in ((parent, "parent"), (child, "child"))
        }
    return Twins(mine, other, parent, child, copied[parent], copied[child])


def _copy(row: Any, tenant_id: UUID, prefix: str) -> Any:
    """Save the row once more as another tenant's, with the rows that it points to."""
    for field in row._meta.local_fields:
        if isinstance(field, TenantForeignKey) and getattr(row, field.attname):
            target = field.remote_field.model
            if not target.objects.using("owner").filter(pk=getattr(row, field.attname)).exists():
                make(target, using="owner", id=getattr(row, field.attname))
    changed = {_number(type(row)): 7, "tenant_id": tenant_id}
    copy = type(row)(**{**columns(row), **changed})
    copy.save(force_insert=True, using="owner")
    return copy


def _number(model: type[models.Model]) -> str:
    """Return a plain column in which the two tenants' rows differ."""
    skipped = {"id", "tenant"}
    kinds = {"BigIntegerField", "IntegerField"}
    found = [
        f.name
        for f in model._meta.local_fields
        if f.get_internal_type() in kinds and f.name not in skipped
    ]
    return found[0] if found else "tenant_id"


def children(key: TenantForeignKey) -> Any:
    return key.model.objects.using("owner")


def parents(key: TenantForeignKey) -> Any:
    return key.remote_field.model.objects.using("owner")


def assert_refused(write: Callable[[], Any]) -> None:
    with pytest.raises(WrongTenant):
        write()
    transaction.set_rollback(False, using="owner")  # nothing was sent to the database


@each_key
def test_forward_relation_leads_to_the_own_row(key: TenantForeignKey) -> None:
    found = twins(key)

    with tenant_scope(found.mine):
        child = children(key).get()

        assert getattr(child, key.name).tenant_id == found.mine


@each_key
def test_select_related_joins_the_own_row_only(key: TenantForeignKey) -> None:
    found = twins(key)

    with tenant_scope(found.mine):
        rows = list(children(key).select_related(key.name))

    assert [row.tenant_id for row in rows] == [found.mine]
    assert getattr(rows[0], key.name).tenant_id == found.mine


@each_key
def test_prefetch_in_both_directions_loads_own_rows_only(key: TenantForeignKey) -> None:
    found = twins(key)
    back = key.remote_field.get_accessor_name()

    with tenant_scope(found.mine):
        (parent,) = parents(key).filter(pk=found.my_parent.pk).prefetch_related(back)
        (child,) = children(key).prefetch_related(key.name)

        assert [row.tenant_id for row in getattr(parent, back).all()] == [found.mine]
        assert getattr(child, key.name).tenant_id == found.mine


@each_key
def test_filter_and_exclude_across_the_relation_do_not_see_the_other_row(
    key: TenantForeignKey,
) -> None:
    found = twins(key)
    column = _number(key.remote_field.model)
    probe = {f"{key.name}__{column}": getattr(found.other_parent, column)}

    with tenant_scope(found.mine):
        assert not children(key).filter(**probe).exists()
        assert children(key).exclude(**probe).count() == 1


@each_key
def test_filter_and_exclude_across_the_reverse_relation_do_not_see_the_other_row(
    key: TenantForeignKey,
) -> None:
    found = twins(key)
    back = key.remote_field.get_accessor_name()
    column = _number(key.model)
    probe = {f"{key.related_query_name()}__{column}": getattr(found.other_child, column)}

    with tenant_scope(found.mine):
        own = parents(key).filter(pk=found.my_parent.pk)

        assert not own.filter(**probe).exists()
        assert own.exclude(**probe).count() == 1
        assert own.annotate(rows=Count(key.related_query_name())).get().rows == 1
        assert getattr(own.get(), back).count() == 1


@each_key
def test_subqueries_see_own_rows_only(key: TenantForeignKey) -> None:
    found = twins(key)

    with tenant_scope(found.mine):
        inner = children(key).filter(**{key.attname: OuterRef("pk")})
        own = parents(key).annotate(
            owner=Subquery(inner.values("tenant_id")[:1]),
            others=Exists(inner.exclude(tenant_id=found.mine)),
        )
        parent = own.get(pk=found.my_parent.pk)
        inside = children(key).filter(**{f"{key.name}__in": parents(key).all()})

        assert (parent.owner, parent.others) == (found.mine, False)
        assert inside.count() == 1


@each_model
def test_writes_touch_own_rows_only(model: type[TenantModel]) -> None:
    mine, other = uuid7(), uuid7()
    with tenant_scope(mine):
        make(model, using="owner")
    with tenant_scope(other):
        theirs = make(model, using="owner")
    field = next(f.name for f in model._meta.local_fields if f.name not in {"id", "tenant"})

    with tenant_scope(mine):
        rows = model.objects.using("owner")
        kept = {field: getattr(rows.get(), field)}

        assert rows.filter(pk=theirs.pk).update(**kept) == 0
        assert rows.bulk_update([theirs], [field]) == 0
        assert rows.filter(pk=theirs.pk).delete()[0] == 0
        assert theirs.delete(using="owner")[0] == 0
        assert rows.update(**kept) == 1
        assert_refused(lambda: theirs.save(using="owner"))
    with tenant_scope(other):
        assert model.objects.using("owner").count() == 1


@each_model
def test_rows_of_another_tenant_are_not_written(model: type[TenantModel]) -> None:
    mine, other = uuid7(), uuid7()
    with tenant_scope(other):
        theirs = make(model, using="owner")
        values = {**columns(theirs), "id": uuid7()}

    with tenant_scope(mine):
        rows = model.objects.using("owner")
        for write in (
            lambda: rows.create(**values),
            lambda: rows.bulk_create([model(**values)]),
            lambda: rows.bulk_create([model(**values)], ignore_conflicts=True),
            lambda: rows.get_or_create(pk=values["id"], defaults=values),
            lambda: rows.update_or_create(pk=values["id"], defaults=values),
            lambda: model(**values).save(using="owner"),
            lambda: model(**values).save(force_insert=True, using="owner"),
        ):
            assert_refused(write)


@each_model
def test_a_row_never_changes_its_tenant(model: type[TenantModel]) -> None:
    mine, other = uuid7(), uuid7()

    with tenant_scope(mine):
        row = make(model, using="owner")
        rows = model.objects.using("owner")
        row.tenant_id = other
        for write in (
            lambda: rows.update(tenant_id=other),
            lambda: rows.update(tenant=None),
            lambda: rows.bulk_update([row], ["tenant"]),
            lambda: rows.update_or_create(pk=row.pk, defaults={"tenant_id": other}),
            lambda: row.save(using="owner"),
            lambda: row.save(update_fields=["tenant"], using="owner"),
        ):
            assert_refused(write)


def test_deleting_a_row_takes_what_belongs_to_it_and_clears_what_points_to_it() -> None:
    key = Order._meta.get_field("customer")
    found = twins(key)

    with tenant_scope(found.mine):
        make(OrderItem, using="owner", order_id=found.my_child.pk)
        Customer.objects.using("owner").get().delete()

        assert Order.objects.using("owner").get().customer_id is None

        assert Order.objects.using("owner").all().delete() == (1, {"shop_data.Order": 1})

        assert not OrderItem.objects.using("owner").exists()
    with tenant_scope(found.other):
        assert Order.objects.using("owner").get().customer_id == found.my_parent.pk


def test_what_a_delete_cannot_mean_is_refused() -> None:
    with tenant_scope(uuid7()):
        for rows in (
            Sale.objects.all()[:1],
            Sale.objects.order_by("day").distinct("day"),
            Sale.objects.union(Sale.objects.all()),
        ):
            with pytest.raises(TypeError, match="cannot be deleted"):
                rows.delete()


def test_models_with_one_row_a_tenant_are_the_known_ones() -> None:
    """`make` returns their present row, so that the tests above count right."""
    singles = {model.__name__ for model in MODELS if is_single(model)}

    assert singles == {
        *("ApiBudget", "AppInstallation", "Rederivation"),
        *("StoreInfo", "SubscriptionCheck", "TenantState"),
    }
