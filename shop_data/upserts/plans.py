"""Plans that PostgreSQL keeps for a connection, and when they are too old."""

from __future__ import annotations

from django.db import connection

MANY = 100  # rows; planning anew costs some milliseconds


def plan_anew(*, rows: int) -> None:
    """Before many rows are written, let PostgreSQL plan the statements of this connection anew.

    A plan is kept until its table is analyzed, a minute or more later. The one by which a foreign
    key is checked, made when the table was small, reads all of the tenant's rows for each row that
    is written (docs/performance.md, Importing orders).
    """
    if rows >= MANY:
        with connection.cursor() as cursor:
            cursor.execute("DISCARD PLANS")
