"""No call of a manager, queryset, row or relation of a tenant model works without its tenant.

The calls are generated: every public method of Django's classes and ours, on every model. A
method that Django adds one day fails the first tests here until somebody says how it is called.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from django.db import connections, models, transaction
from django.db.models import prefetch_related_objects

from shop_data.models import Order
from tenants.fields import TenantForeignKey
from tenants.models import TenantModel
from tenants.querysets import TenantManager, TenantQuerySet
from tenants.scope import NoTenant, WrongTenant, tenant_scope
from tests.invariants.calls import LAZY, OPERATORS, SILENT, STATEMENTS, NotForThisModel, calls
from tests.invariants.rows import KEYS, MODELS, build, make
from xenofy.common.identifiers import uuid7

each_model = pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)
each_key = pytest.mark.parametrize("key", KEYS, ids=str)

NEIGHBOURS = ("get_next_by_", "get_previous_by_")
RELATED = {"add", "clear", "remove", "set"}
# Raw SQL is nothing of the queryset's: row-level security alone holds it, and shows no row.
RAW = {"raw": "answered []"}


def outcome(call: Callable[[], Any]) -> str:
    """Return "refused", or what happened instead."""
    try:
        answer = call()
    except (NoTenant, WrongTenant, NotForThisModel):
        return "refused"
    except Exception as error:  # noqa: BLE001  # whatever it is, it is no refusal
        return repr(error)
    finally:
        transaction.set_rollback(False)  # so that the next call would really run
    return f"answered {answer!r}"


def not_refused(tries: dict[str, Callable[[], Any]]) -> dict[str, str]:
    found = {name: outcome(call) for name, call in tries.items()}
    return {name: result for name, result in found.items() if result != "refused"}


def public_names(cls: type) -> set[str]:
    return {name for name in dir(cls) if not name.startswith("_")}


def test_every_public_method_is_tried_or_said_to_be_silent() -> None:
    public = public_names(TenantManager) | public_names(TenantQuerySet)

    assert public == calls().keys() | SILENT.keys()


def test_every_operator_is_tried() -> None:
    plain = {*dir(object), "__deepcopy__", "__setstate__", "__class_getitem__", "__annotations__"}
    special = {name for name in dir(TenantQuerySet) if name.startswith("__")} - plain
    typing = {"__dict__", "__module__", "__weakref__", "__orig_bases__", "__parameters__"}

    assert special - typing <= OPERATORS.keys()


@each_model
def test_managers_are_ours_and_refuse_at_their_root(model: type[TenantModel]) -> None:
    for manager in (model.objects, model._default_manager, model._base_manager):
        assert isinstance(manager, TenantManager)
        assert type(manager).get_queryset is TenantManager.get_queryset
        assert issubclass(manager._queryset_class, TenantQuerySet)


@each_model
def test_manager_refuses_every_call_without_a_tenant(model: type[TenantModel], db: None) -> None:
    with tenant_scope(uuid7()):
        row = build(model)

    known = {name: call for name, call in calls().items() if hasattr(TenantManager, name)}
    tries = {name: lambda call=call: call(model.objects, row) for name, call in known.items()}

    assert not_refused(tries) == {}


@each_model
def test_queryset_refuses_every_call_once_its_scope_is_left(
    model: type[TenantModel], db: None
) -> None:
    with tenant_scope(uuid7()):
        row = build(model)
        rows = model.objects.all()

    tries = calls() | OPERATORS
    refused = {name: lambda call=call: call(rows.all(), row) for name, call in tries.items()}

    assert not_refused(refused) == RAW


@each_model
def test_queryset_of_one_tenant_refuses_every_call_in_the_scope_of_another(
    model: type[TenantModel], db: None
) -> None:
    with tenant_scope(uuid7()):
        row = build(model)
        rows = model.objects.all()

    tries = STATEMENTS | LAZY | OPERATORS
    with tenant_scope(uuid7()):
        refused = {name: lambda call=call: call(rows.all(), row) for name, call in tries.items()}
        found = not_refused(refused)

    assert found == RAW


@each_model
def test_row_refuses_every_call_without_a_tenant(model: type[TenantModel], db: None) -> None:
    with tenant_scope(uuid7()):
        row = make(model)
        fresh = build(model) if model.__name__ not in {"TenantState", "StoreInfo"} else row

    tries: dict[str, Callable[[], Any]] = {
        "save": row.save,
        "save a new one": lambda: fresh.save(force_insert=True),
        "save_base": row.save_base,
        "delete": row.delete,
        "refresh_from_db": row.refresh_from_db,
        "asave": lambda: elsewhere(row.asave),
        "adelete": lambda: elsewhere(row.adelete),
        "arefresh_from_db": lambda: elsewhere(row.arefresh_from_db),
        **{name: getattr(row, name) for name in dir(row) if name.startswith(NEIGHBOURS)},
    }

    assert not_refused(tries) == {}


def elsewhere(method: Callable[[], Any]) -> Any:
    async def run() -> Any:
        try:
            return await method()
        finally:
            await sync_to_async(connections.close_all)()

    return asyncio.run(run())


def test_every_public_method_of_a_row_is_tried_or_known() -> None:
    tried = {"save", "save_base", "delete", "refresh_from_db", "asave", "adelete"}
    tried |= {"arefresh_from_db"}
    through_the_default_manager = {"full_clean", "validate_constraints", "validate_unique"}
    silent = {
        *("check", "clean", "clean_fields", "date_error_message", "from_db", "get_constraints"),
        *("get_deferred_fields", "pk", "prepare_database_save", "serializable_value"),
        "unique_error_message",
    }

    assert public_names(models.Model) == tried | through_the_default_manager | silent


@each_model
def test_row_cannot_be_made_without_a_tenant(model: type[TenantModel]) -> None:
    with pytest.raises(NoTenant):
        model()


@each_key
def test_relations_refuse_every_call_without_a_tenant(key: TenantForeignKey, db: None) -> None:
    with tenant_scope(uuid7()):
        parent = make(key.remote_field.model)
        row = build(key.model, **{key.attname: parent.pk})
        make(key.model, **{key.attname: parent.pk})
        stored = key.model.objects.get()
    related = getattr(parent, key.remote_field.get_accessor_name())

    tries: dict[str, Callable[[], Any]] = {
        name: lambda call=call: call(related, row) for name, call in calls().items()
        if hasattr(related, name)
    }  # fmt: skip
    tries |= {
        "add": lambda: related.add(row, bulk=False),
        "forward": lambda: getattr(stored, key.name),
        "prefetch back": lambda: prefetch_related_objects([parent], related_name(key)),
        "prefetch forward": lambda: prefetch_related_objects([stored], key.name),
    }
    if key.null:
        tries |= {"set": lambda: related.set([row]), "remove": lambda: related.remove(row)}
        tries |= {"clear": related.clear}

    assert not_refused(tries) == {}


def related_name(key: TenantForeignKey) -> str:
    name = key.remote_field.get_accessor_name()
    assert name is not None
    return name


@each_key
def test_related_managers_have_no_method_that_is_not_tried(key: TenantForeignKey, db: None) -> None:
    with tenant_scope(uuid7()):
        parent = make(key.remote_field.model)

    names = public_names(type(getattr(parent, related_name(key))))

    own = RELATED | {f"a{name}" for name in RELATED}
    prefetch = {"get_prefetch_queryset", "get_prefetch_querysets"}  # tried above by prefetching
    attributes = {"core_filters", "do_not_call_in_templates"}
    assert names <= calls().keys() | SILENT.keys() | own | prefetch | attributes


def test_calls_answer_inside_their_own_scope(db: None) -> None:
    """Else the tests above would prove nothing."""
    reading = [*LAZY, "count", "exists", "first", "get", "contains", "in_bulk", "explain"]

    with tenant_scope(uuid7()):
        row = make(Order)
        tries = {name: lambda name=name: calls()[name](Order.objects, row) for name in reading}
        found = not_refused(tries)

    assert found.keys() == set(reading)
    assert all(result.startswith("answered") for result in found.values()), found
