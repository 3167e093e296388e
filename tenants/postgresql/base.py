"""Django's PostgreSQL backend with two differences.

`id` alone is not the primary key.
Django shortens GROUP BY to the primary key of a model, from which PostgreSQL would infer the
other columns. The key of a tenant table is (tenant_id, id), which Django does not know of, and
PostgreSQL refuses the statement.

What is run for each delivery is prepared, with its values apart from the statement. Django's own
cursors write the values into the text, which is read and planned anew each time.
"""

from __future__ import annotations

from typing import Any

import psycopg
from django.db.backends.postgresql import base, features


class DatabaseFeatures(features.DatabaseFeatures):
    allows_group_by_selected_pks = False


class DatabaseWrapper(base.DatabaseWrapper):
    features_class = DatabaseFeatures

    def prepared_cursor(self) -> Any:
        """Return a cursor whose statements are prepared where the settings allow it."""
        self.ensure_connection()
        with self.wrap_database_errors:
            cursor: Any = psycopg.Cursor(self.connection)
        return self.make_debug_cursor(cursor) if self.queries_logged else self.make_cursor(cursor)
