"""The tenant of the current transaction, and the one way to set it.

One transaction serves one tenant. Inside `tenant_scope` every manager adds the tenant to its
statements, and PostgreSQL's row-level security lets no other tenant's row through.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from threading import get_ident
from typing import Any, TypeVar
from uuid import UUID

from django.db import connection, transaction

T = TypeVar("T")
_NO_TENANT = "SET LOCAL xenofy.tenant_id = ''"


class NoTenant(RuntimeError):
    """Tenant data was asked for outside of a tenant scope."""


class WrongTenant(RuntimeError):
    """One tenant's scope met another tenant's row, query or scope."""


@dataclass(slots=True)
class _Scope:
    """A tenant's open transaction, which belongs to one thread's connection.

    A context can be copied into tasks and threads and outlive the transaction; a copy holds this
    same object, and so learns that it has no tenant.
    """

    tenant_id: UUID
    snapshot: bool
    reading: bool
    thread: int = field(default_factory=get_ident)
    open: bool = True
    found: dict[Callable[[], Any], Any] = field(default_factory=dict)  # by `found_once`


_current: ContextVar[_Scope | None] = ContextVar("tenant_scope", default=None)


def current_tenant_id() -> UUID:
    """Return the id of the scope's tenant; raise `NoTenant` outside of one."""
    tenant_id = tenant_id_or_none()
    if tenant_id is None:
        raise NoTenant("No tenant is set: open `tenant_scope(tenant_id)` first.")
    return tenant_id


def tenant_id_or_none() -> UUID | None:
    """Return the id of the scope's tenant, or None outside of one."""
    scope = _current.get()
    if scope is None or not scope.open or scope.thread != get_ident():
        return None
    return scope.tenant_id


def reads_a_snapshot() -> bool:
    """Tell whether what others commit meanwhile is not seen in the current scope."""
    scope = _current.get()
    return scope is not None and tenant_id_or_none() is not None and scope.snapshot


def found_once(find: Callable[[], T]) -> T:
    """Return what `find` finds; asked for once where a scope reads one moment of the data."""
    scope = _current.get()
    if scope is None or tenant_id_or_none() is None or not scope.reading:
        return find()
    if find not in scope.found:
        scope.found[find] = find()
    found: T = scope.found[find]
    return found


@contextmanager
def tenant_scope(tenant_id: UUID, *, snapshot: bool = False) -> Iterator[None]:
    """Run a transaction for one tenant.

    With `snapshot` everything read inside agrees with one moment (REPEATABLE READ), unless a
    transaction is already open. A scope inside a scope of the same tenant changes nothing;
    another tenant's raises `WrongTenant`.
    """
    if _surrounding(tenant_id) is not None:
        yield
        return
    outermost = not connection.in_atomic_block
    with transaction.atomic():
        _announce(tenant_id, snapshot=snapshot and outermost)
        scope = _Scope(tenant_id, snapshot=snapshot and outermost, reading=snapshot)
        token = _current.set(scope)
        try:
            yield
        finally:
            scope.open = False
            _current.reset(token)
        if not outermost and not connection.needs_rollback:
            _silence()


def run_for_tenant(
    tenant_id: UUID,
    statement: str,
    params: Sequence[Any],
    *,
    patience: int = 0,
    prepare: bool = False,
) -> list[tuple[Any, ...]]:
    """Run one writing statement as a tenant's whole transaction, in one round trip; return the
    rows that it returns.

    This is `tenant_scope` with a quarter of its messages. Inside a transaction it becomes a part
    of that. With `patience` it fails when a lock takes longer than so many seconds; `prepare` is
    for statements that come again and again.
    """
    around = _surrounding(tenant_id)
    before, after = [_setting(tenant_id)], [_setting(around) if around else _NO_TENANT]
    if patience:
        before.append(f"SET LOCAL lock_timeout = '{patience}s'")
    if not connection.in_atomic_block:
        before, after = ["BEGIN", *before], ["COMMIT"]
    backend: Any = connection
    rows: list[tuple[Any, ...]] = backend.run_between(
        before, statement, params, after, prepare=prepare
    )
    return rows


def _surrounding(tenant_id: UUID) -> UUID | None:
    """Return the tenant of the scope around this, if any; raise `WrongTenant` for another."""
    around = tenant_id_or_none()
    if around not in {None, tenant_id}:
        raise WrongTenant("One transaction serves one tenant; leave the other's scope first.")
    return around


def _setting(tenant_id: UUID) -> str:
    """Return the statement that tells PostgreSQL the tenant until the transaction ends.

    A literal in SET LOCAL, because `set_config` does not reach Citus workers and a session-wide
    SET outlives the transaction in a connection pool.
    """
    return f"SET LOCAL xenofy.tenant_id = '{UUID(str(tenant_id))}'"


def _announce(tenant_id: UUID, *, snapshot: bool) -> None:
    statement = _setting(tenant_id)
    if snapshot:
        statement = f"SET TRANSACTION ISOLATION LEVEL REPEATABLE READ; {statement}"
    with connection.cursor() as cursor:
        cursor.execute(statement)


def _silence() -> None:
    with connection.cursor() as cursor:
        cursor.execute(_NO_TENANT)
