"""What a rollup is: a table, and the one SELECT that fills it, checks it and answers for it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Rollup:
    """A table of sums, and the SELECT that derives its rows from the ledger and the orders.

    `select` yields `tenant_id` and the columns of `key` (which tell the rows of a tenant apart),
    `values` (whole numbers; a row of zeros is no row) and `moments`, each under its name and with
    the type that it has in the table. `by` is the column of `key` whose values are derived: those
    in %(days)s or in %(customers)s.
    """

    table: str
    key: tuple[str, ...]
    values: tuple[str, ...]
    select: str
    by: str = "day"
    moments: tuple[str, ...] = ()

    @property
    def columns(self) -> tuple[str, ...]:
        """Return what a row says of its key."""
        return (*self.values, *self.moments)

    @property
    def write(self) -> str:
        """Return the statement that writes the rows which differ; a row too many becomes zeros.

        Rows that are as they were are left alone: of a day that is under way most are. In the
        order of the key, so that a range of days is read from few pages. The id is a digest of the
        key, which costs a fifth of a random one; free text is last in a key, so none is ambiguous.
        """
        key, columns = ", ".join(self.key), ", ".join(self.columns)
        values = ", ".join(f"coalesce(derived.{name}, 0)" for name in self.values)
        moments = "".join(
            f", CASE WHEN derived.present THEN derived.{name} ELSE stored.{name} END"
            for name in self.moments
        )
        news = ", ".join(f"{name} = excluded.{name}" for name in self.columns)
        return (
            f"INSERT INTO {self.table} (tenant_id, id, {key}, {columns})"
            f" SELECT tenant_id, md5(concat_ws('/', {key}))::uuid, {key}, {values}{moments}"
            f" FROM {self._differing} ORDER BY tenant_id, {key}"
            f" ON CONFLICT (tenant_id, {key}) DO UPDATE SET {news} RETURNING 1"
        )

    @property
    def sweep(self) -> str:
        """Return the statement that deletes the rows of zeros that `write` has left."""
        zeros = " AND ".join(f"{name} = 0" for name in self.values)
        return (
            f"DELETE FROM {self.table} WHERE tenant_id = %(tenant)s AND {self._wanted} AND {zeros}"
        )

    @property
    def compare(self) -> str:
        """Return the query for the rows that differ from what is derived now.

        Its columns: `key`, whether the row is stored, whether it is derived, the stored `columns`,
        the derived ones; those of a side that lacks the row are null.
        """
        key = ", ".join(self.key)
        sides = (f"{side}.{name}" for side in ("stored", "derived") for name in self.columns)
        return (
            f"SELECT {key}, stored.present IS TRUE, derived.present IS TRUE, {', '.join(sides)}"
            f" FROM {self._differing} ORDER BY {key}"
        )

    @property
    def _differing(self) -> str:
        columns = ", ".join(("tenant_id", *self.key, *self.columns, "true AS present"))
        zeros = ", ".join("0" * len(self.values))
        stored, derived = (
            ", ".join(f"{side}.{name}" for name in self.columns) for side in ("stored", "derived")
        )
        return (
            f"(SELECT {columns} FROM {self.table}"
            f" WHERE tenant_id = %(tenant)s AND {self._wanted}) AS stored"
            f" FULL JOIN (SELECT {columns} FROM ({self.select}) AS sums"
            f" WHERE ({', '.join(self.values)}) <> ({zeros})) AS derived"
            f" USING (tenant_id, {', '.join(self.key)})"
            f" WHERE ({stored}) IS DISTINCT FROM ({derived})"
        )

    @property
    def _wanted(self) -> str:
        params = "%(days)s" if self.by == "day" else "%(customers)s"
        return f"{self.by} = ANY({params})"
