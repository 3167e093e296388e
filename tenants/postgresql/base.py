"""Django's PostgreSQL backend, told that `id` alone is not the primary key.

Django shortens GROUP BY to the primary key of a model, from which PostgreSQL would infer the
other columns. The key of a tenant table is (tenant_id, id), which Django does not know of, and
PostgreSQL refuses the statement.
"""

from __future__ import annotations

from typing import Any

import psycopg
from django.db.backends.postgresql import base, features


class DatabaseFeatures(features.DatabaseFeatures):
    allows_group_by_selected_pks = False


class DatabaseWrapper(base.DatabaseWrapper):
    features_class = DatabaseFeatures

    def bound_cursor(self) -> Any:
        """Return a cursor whose values travel apart from the statement's text.

        For values of many kilobytes: written into the text they are quoted here and read twice
        there. PostgreSQL then has to tell each value's type from the statement.
        """
        backend: Any = self
        backend.ensure_connection()
        with backend.wrap_database_errors:
            return backend._prepare_cursor(psycopg.Cursor(backend.connection))  # noqa: SLF001
