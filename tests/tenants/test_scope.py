"""The scope ends with its transaction, whatever ends that, and is nobody else's."""

from __future__ import annotations

import asyncio
import contextvars
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import UUID

import pytest
from asgiref.sync import async_to_sync, sync_to_async
from django.db import OperationalError, connection, connections, transaction
from django.test.utils import CaptureQueriesContext

from shop_data.models import Customer
from tenants.models import Tenant
from tenants.scope import (
    NoTenant,
    WrongTenant,
    current_tenant_id,
    tenant_id_or_none,
    tenant_scope,
)
from tests.factories import TenantFactory
from tests.invariants.rows import make
from xenofy.common.identifiers import uuid7

committing = pytest.mark.django_db(transaction=True)


def setting() -> str:
    """Return what PostgreSQL believes the tenant to be."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(current_setting('xenofy.tenant_id', true), '')")
        return str(cursor.fetchone()[0])


def rows() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM shop_data_customer")
        return int(cursor.fetchone()[0])


def assert_nobody() -> None:
    assert tenant_id_or_none() is None
    assert setting() == ""
    with pytest.raises(NoTenant):
        current_tenant_id()


# ── entering and leaving ──────────────────────────────────────────────────────────────────────


@committing
def test_scope_announces_the_tenant_and_takes_it_back() -> None:
    tenant_id = uuid7()

    with tenant_scope(tenant_id):
        assert (current_tenant_id(), setting()) == (tenant_id, str(tenant_id))

    assert_nobody()


@pytest.mark.threat(3)
@committing
def test_scope_is_left_by_an_exception_and_nothing_stays_written() -> None:
    tenant_id = uuid7()

    with pytest.raises(ZeroDivisionError), tenant_scope(tenant_id):
        make(Customer)
        raise ZeroDivisionError

    assert_nobody()
    with tenant_scope(tenant_id):
        assert not Customer.objects.exists()


@committing
def test_scope_is_left_by_a_database_error() -> None:
    with pytest.raises(Exception, match="division by zero"), tenant_scope(uuid7()):
        connection.cursor().execute("SELECT 1 / 0")

    assert_nobody()


@committing
def test_scope_is_left_when_the_connection_is_lost() -> None:
    with pytest.raises(OperationalError), tenant_scope(uuid7()):
        connection.cursor().execute("SELECT pg_terminate_backend(pg_backend_pid())")

    connection.close()
    assert_nobody()


@committing
def test_a_persistent_connection_carries_nothing_into_its_next_transaction(tenant: Tenant) -> None:
    with tenant_scope(tenant.id):
        make(Customer)
        link = connection.connection

    with transaction.atomic():
        assert (setting(), rows()) == ("", 0)
    assert connection.connection is link


@committing
def test_a_commit_in_raw_sql_leaves_no_tenant_behind() -> None:
    with tenant_scope(uuid7()):
        make(Customer)
        connection.cursor().execute("COMMIT")

        assert (setting(), rows()) == ("", 0)


@committing
def test_what_runs_on_commit_has_no_tenant() -> None:
    seen: list[UUID | None] = []

    with tenant_scope(uuid7()):
        transaction.on_commit(lambda: seen.append(tenant_id_or_none()))

    assert seen == [None]


@pytest.mark.django_db
@pytest.mark.parametrize("end", [None, ZeroDivisionError])
def test_scope_inside_an_open_transaction_is_taken_back_too(end: type[Exception] | None) -> None:
    """As where a test, or a command, holds a transaction around several tenants."""
    try:
        with tenant_scope(uuid7()):
            make(Customer)
            if end:
                raise end
    except ZeroDivisionError:
        pass

    assert_nobody()
    assert rows() == 0


@pytest.mark.django_db
def test_rolling_back_inside_takes_the_tenant_back() -> None:
    with tenant_scope(uuid7()):
        transaction.set_rollback(True)

    assert_nobody()


# ── nesting ───────────────────────────────────────────────────────────────────────────────────


@pytest.mark.django_db
def test_scope_of_the_same_tenant_inside_changes_nothing() -> None:
    tenant_id = uuid7()

    with tenant_scope(tenant_id):
        with CaptureQueriesContext(connection) as queries, tenant_scope(tenant_id):
            assert current_tenant_id() == tenant_id

        assert len(queries) == 0
        assert (current_tenant_id(), setting()) == (tenant_id, str(tenant_id))


@pytest.mark.django_db
def test_scope_of_another_tenant_inside_is_refused_and_the_outer_one_goes_on() -> None:
    tenant_id = uuid7()

    with tenant_scope(tenant_id):
        with pytest.raises(WrongTenant), tenant_scope(uuid7()):
            pass

        assert (current_tenant_id(), setting()) == (tenant_id, str(tenant_id))


@pytest.mark.django_db
@pytest.mark.parametrize("wrong", ["", "1", "x' ; DROP TABLE tenants_tenant; --", None])
def test_only_a_uuid_becomes_part_of_the_statement(wrong: Any) -> None:
    with pytest.raises((ValueError, TypeError)), tenant_scope(wrong):
        pass

    assert_nobody()


# ── threads, tasks, generators ────────────────────────────────────────────────────────────────


def elsewhere(call: Callable[[], Any]) -> Any:
    """Run in a new thread, with a connection of its own."""

    def run() -> Any:
        try:
            return call()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as pool:
        return pool.submit(run).result()


@pytest.mark.threat(3)
@committing
def test_a_thread_has_no_tenant(tenant: Tenant) -> None:
    with tenant_scope(tenant.id):
        elsewhere(assert_nobody)


@committing
def test_a_thread_that_is_given_a_copy_of_the_context_has_no_tenant(tenant: Tenant) -> None:
    """The other thread's connection was told nothing: the managers must not pretend it was."""
    with tenant_scope(tenant.id):
        context = contextvars.copy_context()

        elsewhere(lambda: context.run(assert_nobody))


@committing
def test_a_copy_of_the_context_ends_with_the_scope(tenant: Tenant) -> None:
    with tenant_scope(tenant.id):
        context = contextvars.copy_context()

        assert context.run(tenant_id_or_none) == tenant.id

    context.run(assert_nobody)


@committing
def test_threads_with_scopes_of_their_own_do_not_meet() -> None:
    barrier = threading.Barrier(8)

    def work(tenant_id: UUID) -> tuple[UUID, str, int]:
        with tenant_scope(tenant_id):
            make(Customer)
            barrier.wait()
            return current_tenant_id(), setting(), rows()

    def run(tenant_id: UUID) -> Any:
        try:
            return work(tenant_id)
        finally:
            connections.close_all()

    ids = [uuid7() for _ in range(8)]
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(run, ids)) == [(each, str(each), 1) for each in ids]


@committing
def test_an_asynchronous_task_that_outlives_the_scope_has_no_tenant(tenant: Tenant) -> None:
    loop = asyncio.new_event_loop()
    seen: list[UUID | None] = []

    async def look() -> None:
        seen.append(tenant_id_or_none())

    with tenant_scope(tenant.id):
        task = loop.create_task(look())  # copies the context
    loop.run_until_complete(task)
    loop.close()

    assert seen == [None]


@committing
def test_asynchronous_calls_run_on_another_connection_and_are_refused(tenant: Tenant) -> None:
    async def count() -> int:
        try:
            return await Customer.objects.acount()
        finally:
            await sync_to_async(connections.close_all)()

    with tenant_scope(tenant.id), pytest.raises(NoTenant):
        asyncio.run(count())


@pytest.mark.threat(3)
@committing
def test_an_asynchronous_view_below_the_scope_is_refused_not_answered(tenant: Tenant) -> None:
    """Under WSGI Django runs it in a thread of its own, where no scope is open."""

    async def view() -> int:
        return await Customer.objects.acount()

    with tenant_scope(tenant.id), pytest.raises(NoTenant):
        async_to_sync(view)()


@committing
def test_a_task_may_open_a_scope_of_its_own(tenant: Tenant) -> None:
    def count() -> int:
        with tenant_scope(tenant.id):
            make(Customer)
            return Customer.objects.count()

    async def several() -> list[int]:
        try:
            return [await sync_to_async(count)() for _ in range(3)]
        finally:
            await sync_to_async(connections.close_all)()

    assert asyncio.run(several()) == [1, 2, 3]


@committing
def test_a_generator_read_after_the_scope_is_refused(tenant: Tenant) -> None:
    def lines() -> Iterator[Any]:
        yield from Customer.objects.iterator()

    with tenant_scope(tenant.id):
        make(Customer)
        late = lines()

    with pytest.raises(NoTenant):
        next(late)


# ── one moment ────────────────────────────────────────────────────────────────────────────────


@committing
def test_a_snapshot_sees_one_moment(tenant: Tenant) -> None:
    with tenant_scope(tenant.id, snapshot=True):
        before = Customer.objects.count()
        elsewhere(lambda: add_customer(tenant.id))

        assert Customer.objects.count() == before

    with tenant_scope(tenant.id):
        assert Customer.objects.count() == before + 1


@committing
def test_without_snapshot_each_statement_sees_what_is_committed(tenant: Tenant) -> None:
    with tenant_scope(tenant.id):
        elsewhere(lambda: add_customer(tenant.id))

        assert Customer.objects.count() == 1


def add_customer(tenant_id: UUID) -> None:
    with tenant_scope(tenant_id):
        make(Customer)


@committing
def test_the_isolation_level_ends_with_the_snapshot(tenant: Tenant) -> None:
    with tenant_scope(tenant.id, snapshot=True):
        pass

    with tenant_scope(TenantFactory().id), connection.cursor() as cursor:
        cursor.execute("SHOW transaction_isolation")
        assert cursor.fetchone() == ("read committed",)
