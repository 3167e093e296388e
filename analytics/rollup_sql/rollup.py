"""What a rollup is: a table, and the one SELECT that fills it, checks it and answers for it."""

from __future__ import annotations

from dataclasses import dataclass

DATES = ("day", "month", "until")  # what rollups are by, but that of customers


@dataclass(frozen=True, slots=True)
class Rollup:
    """A table of sums, and the SELECT that derives its rows from the ledger and the orders.

    `select` yields `tenant_id` and the columns of `key` (which tell the rows of a tenant apart),
    `values` (whole numbers; a row of zeros is no row) and `moments`, each under its name and with
    the type that it has in the table. `by` is the column of `key` whose values are derived: those
    in `wanted`, which is %(days)s or %(customers)s as a rule. `select_all` yields the same as
    `select` and is quicker where those are all that there are. `of` is the rollup whose rows are
    summed, if any: where that has not changed, this has not.
    """

    table: str
    key: tuple[str, ...]
    values: tuple[str, ...]
    select: str
    by: str = "day"
    wanted: str = "%(days)s"
    moments: tuple[str, ...] = ()
    select_all: str = ""
    of: str = ""

    @property
    def columns(self) -> tuple[str, ...]:
        """Return what a row says of its key."""
        return (*self.values, *self.moments)

    def write(self, *, of_all: bool = False) -> str:
        """Return the statement that writes the rows which differ; a row too many becomes zeros.

        Rows that are as they were are left alone: of a day that is under way most are.
        """
        values = ", ".join(f"coalesce(derived.{name}, 0)" for name in self.values)
        moments = "".join(
            f", CASE WHEN derived.present THEN derived.{name} ELSE stored.{name} END"
            for name in self.moments
        )
        news = ", ".join(f"{name} = excluded.{name}" for name in self.columns)
        return (
            f"{self._insert(values + moments)} FROM {self._differing(of_all=of_all)}"
            f" ORDER BY tenant_id, {self._key}"
            f" ON CONFLICT (tenant_id, {self._key}) DO UPDATE SET {news} RETURNING 1"
        )

    @property
    def sweep(self) -> str:
        """Return the statement that deletes the rows of zeros that `write` has left."""
        zeros = " AND ".join(f"{name} = 0" for name in self.values)
        return f"DELETE FROM {self.table} WHERE {self._stored} AND {zeros}"

    @property
    def is_filled(self) -> str:
        """Return the query for whether there are any rows yet."""
        return f"SELECT EXISTS (SELECT FROM {self.table} WHERE {self._stored})"

    def fill(self, *, of_all: bool = False) -> str:
        """Return the statement that inserts all rows where none are yet; half the work."""
        columns = ", ".join(f"derived.{name}" for name in self.columns)
        derived = self._derived(of_all=of_all)
        return f"{self._insert(columns)} FROM {derived} ORDER BY tenant_id, {self._key} RETURNING 1"

    @property
    def compare(self) -> str:
        """Return the query for the rows that differ from what is derived now.

        Its columns: `key`, whether the row is stored, whether it is derived, the stored `columns`,
        the derived ones; those of a side that lacks the row are null.
        """
        sides = (f"{side}.{name}" for side in ("stored", "derived") for name in self.columns)
        return (
            f"SELECT {self._key}, stored.present IS TRUE, derived.present IS TRUE,"
            f" {', '.join(sides)} FROM {self._differing()} ORDER BY {self._key}"
        )

    def _insert(self, columns: str) -> str:
        """Return the beginning of an INSERT, always followed by ORDER BY the key: so a range of
        days is read from few pages.

        The id is a digest of the key, which costs a fifth of a random one and stays when a row is
        derived again; the date begins it, for the index's sake. Free text is last in a key, so
        that no two keys are written alike.
        """
        digest = f"md5(concat_ws('/', {self._key}))"
        if self.by in DATES:
            begins = f"lpad(to_hex({self.by} - DATE '0001-01-01'), 8, '0')"
            digest = f"({begins} || left({digest}, 24))"
        return (
            f"INSERT INTO {self.table} (tenant_id, id, {self._key}, {', '.join(self.columns)})"
            f" SELECT tenant_id, {digest}::uuid, {self._key}, {columns}"
        )

    def _differing(self, *, of_all: bool = False) -> str:
        stored, derived = (
            ", ".join(f"{side}.{name}" for name in self.columns) for side in ("stored", "derived")
        )
        return (
            f"(SELECT {self._read} FROM {self.table} WHERE {self._stored}) AS stored"
            f" FULL JOIN {self._derived(of_all=of_all)} USING (tenant_id, {self._key})"
            f" WHERE ({stored}) IS DISTINCT FROM ({derived})"
        )

    def _derived(self, *, of_all: bool = False) -> str:
        zeros = ", ".join("0" * len(self.values))
        select = self.select_all if of_all and self.select_all else self.select
        return (
            f"(SELECT {self._read} FROM ({select}) AS sums"
            f" WHERE ({', '.join(self.values)}) <> ({zeros})) AS derived"
        )

    @property
    def _key(self) -> str:
        return ", ".join(self.key)

    @property
    def _read(self) -> str:
        return ", ".join(("tenant_id", *self.key, *self.columns, "true AS present"))

    @property
    def _stored(self) -> str:
        return f"tenant_id = %(tenant)s AND {self.by} = ANY({self.wanted})"
