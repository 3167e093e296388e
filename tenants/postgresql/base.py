"""Django's PostgreSQL backend, told that `id` alone is not the primary key.

Django shortens GROUP BY to the primary key of a model, from which PostgreSQL would infer the
other columns. The key of a tenant table is (tenant_id, id), which Django does not know of, and
PostgreSQL refuses the statement.
"""

from __future__ import annotations

from django.db.backends.postgresql import base, features


class DatabaseFeatures(features.DatabaseFeatures):
    allows_group_by_selected_pks = False


class DatabaseWrapper(base.DatabaseWrapper):
    features_class = DatabaseFeatures
