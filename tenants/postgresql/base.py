"""Django's PostgreSQL backend, told that `id` alone is not the primary key, and that a database
which takes no writes is as good as none.

Django shortens GROUP BY to the primary key of a model, from which PostgreSQL would infer the
other columns. The key of a tenant table is (tenant_id, id), which Django does not know of, and
PostgreSQL refuses the statement.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import psycopg
from django.db import OperationalError
from django.db.backends.postgresql import base, features
from django.db.utils import DatabaseErrorWrapper
from django.utils.functional import cached_property


class DatabaseFeatures(features.DatabaseFeatures):
    allows_group_by_selected_pks = False


class _Errors(DatabaseErrorWrapper):
    """Lets a server that was demoted, or is read-only for now, be one that does not answer: what
    failed may come again, and is not the fault of what was written."""

    wrapper: Any

    def __exit__(self, kind: Any, error: Any, traceback: Any) -> None:
        if isinstance(error, psycopg.errors.ReadOnlySqlTransaction):
            self.wrapper.errors_occurred = True
            raise OperationalError(*error.args).with_traceback(traceback) from error
        super().__exit__(kind, error, traceback)


class DatabaseWrapper(base.DatabaseWrapper):
    features_class = DatabaseFeatures

    @cached_property
    def wrap_database_errors(self) -> _Errors:
        """What turns errors of the driver into Django's."""
        return _Errors(self)

    def bound_cursor(self) -> Any:
        """Return a cursor whose values travel apart from the statement's text.

        For values of many kilobytes: written into the text they are quoted here and read twice
        there. PostgreSQL then has to tell each value's type from the statement.
        """
        backend: Any = self
        backend.ensure_connection()
        with backend.wrap_database_errors:
            return backend._prepare_cursor(psycopg.Cursor(backend.connection))  # noqa: SLF001

    def run_between(
        self,
        before: Iterable[str],
        statement: str,
        params: Sequence[Any],
        after: Iterable[str],
        *,
        prepare: bool,
    ) -> list[tuple[Any, ...]]:
        """Run a statement between others that have no values, all in one round trip; return the
        rows that it returns. With `prepare` PostgreSQL keeps it, where no pool is in between.

        Places for values are written `$1`, as PostgreSQL does: nothing then reads the text here.
        """
        backend: Any = self
        has_pool = backend.settings_dict["DISABLE_SERVER_SIDE_CURSORS"]
        kind = _PreparedCursor if prepare and not has_pool else psycopg.RawCursor
        backend.ensure_connection()
        raw = backend.connection
        cursor = backend._prepare_cursor(kind(raw))  # noqa: SLF001
        with cursor, backend.wrap_database_errors:
            try:
                with raw.pipeline():
                    _send(raw, before)
                    cursor.execute(statement, params)
                    _send(raw, after)
                return list(cursor.fetchall()) if cursor.description else []
            except psycopg.Error:
                if not backend.in_atomic_block and not raw.closed:
                    raw.rollback()
                raise


class _PreparedCursor(psycopg.RawCursor[Any]):
    """A cursor whose statements come again and again."""

    def execute(self, query: Any, params: Any = None, **_: Any) -> Any:
        return super().execute(query, params, prepare=True)


def _send(raw: Any, statements: Iterable[str]) -> None:
    for statement in statements:
        psycopg.Cursor(raw).execute(statement)
