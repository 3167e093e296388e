"""Looking for texts in everything that is kept."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.db import connection

from shop_data.models import OrderDocument
from tenants.scope import tenant_scope

_COLUMNS = """
SELECT table_name, string_agg(
    CASE data_type WHEN 'bytea' THEN format('encode(%I, ''escape'')', column_name)
    ELSE format('%I::text', column_name) END, ', ' ORDER BY ordinal_position)
FROM information_schema.columns WHERE table_schema = current_schema() GROUP BY table_name
"""


def found_in_database(tenant_id: UUID, canaries: Iterable[str]) -> list[str]:
    """Return "table: canary" for each that stands in any column of any row which is seen in the
    tenant's scope; compressed documents are unpacked."""
    # The driver's own cursor: what looks at every row cannot name the tenant.
    with tenant_scope(tenant_id), connection.connection.cursor() as cursor:
        cursor.execute(_COLUMNS)
        found = []
        for table, columns in list(cursor.fetchall()):
            cursor.execute(f"SELECT lower(concat_ws(' ', {columns})) FROM \"{table}\"")
            texts = [text for (text,) in cursor.fetchall()]
            found += [f"{table}: {each}" for each in canaries if any(each in t for t in texts)]
        unpacked = "\n".join(_documents()).lower()
        return found + [f"documents: {each}" for each in canaries if each in unpacked]


def found_in_files(canaries: Iterable[str]) -> list[str]:
    """Return "file: canary" for each file under XENOFY_VAR but those of the database itself."""
    var = Path(settings.VAR_DIR)
    files = [path for path in var.rglob("*") if path.is_file() and "postgres/data" not in str(path)]
    return [f"{path}: {each}" for path in files for each in canaries
            if each.encode() in path.read_bytes().lower()]  # fmt: skip


def _documents() -> Iterator[str]:
    for body, facts in OrderDocument.objects.values_list("body", "facts"):
        for packed in filter(None, (body, facts)):
            yield zlib.decompress(packed).decode()
