"""The tenant of the current transaction, and the one way to set it.

One transaction serves one tenant. Inside `tenant_scope` every manager adds the tenant to its
statements, and PostgreSQL's row-level security lets no other tenant's row through.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from uuid import UUID

from django.db import connection, transaction

_current: ContextVar[UUID | None] = ContextVar("tenant", default=None)


class NoTenant(RuntimeError):
    """Tenant data was asked for outside of a tenant scope."""


class WrongTenant(RuntimeError):
    """One tenant's scope met another tenant's row, query or scope."""


def current_tenant_id() -> UUID:
    """Return the id of the scope's tenant; raise `NoTenant` outside of one."""
    tenant_id = _current.get()
    if tenant_id is None:
        raise NoTenant("No tenant is set: open `tenant_scope(tenant_id)` first.")
    return tenant_id


def tenant_id_or_none() -> UUID | None:
    """Return the id of the scope's tenant, or None outside of one."""
    return _current.get()


@contextmanager
def tenant_scope(tenant_id: UUID, *, snapshot: bool = False) -> Iterator[None]:
    """Run a transaction for one tenant.

    With `snapshot` everything read inside agrees with one moment (REPEATABLE READ), unless a
    transaction is already open. A scope inside a scope of the same tenant changes nothing;
    another tenant's raises `WrongTenant`.
    """
    if _current.get() == tenant_id:  # already inside
        yield
        return
    if _current.get() is not None:
        raise WrongTenant("One transaction serves one tenant; leave the other's scope first.")
    outermost = not connection.in_atomic_block
    with transaction.atomic():
        _announce(tenant_id, snapshot=snapshot and outermost)
        token = _current.set(tenant_id)
        try:
            yield
        finally:
            _current.reset(token)
        if not outermost and not connection.needs_rollback:
            _silence()


def _announce(tenant_id: UUID, *, snapshot: bool) -> None:
    """Tell PostgreSQL the tenant until the transaction ends.

    A literal in SET LOCAL, because `set_config` does not reach Citus workers and a session-wide
    SET outlives the transaction in a connection pool.
    """
    statement = f"SET LOCAL xenofy.tenant_id = '{UUID(str(tenant_id))}'"
    if snapshot:
        statement = f"SET TRANSACTION ISOLATION LEVEL REPEATABLE READ; {statement}"
    with connection.cursor() as cursor:
        cursor.execute(statement)


def _silence() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL xenofy.tenant_id = ''")
