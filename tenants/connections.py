"""Which tenant a shop's domain leads to."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import IntegrityError, connection, transaction

from tenants.models import Connection, ShopifyApp

# Asked for each delivery: building this query from models takes longer than answering it.
_CLAIMS = """
SELECT c.id, c.tenant_id, c.app_id, c.domain, c.proven_at,
    a.id, a.client_secret_encrypted, a.previous_secret_encrypted
FROM tenants_connection AS c JOIN tenants_shopifyapp AS a ON a.id = c.app_id
WHERE c.domain = %s ORDER BY c.id
"""
# Holds while the claim is proven and its app has the secrets that it had when the claim was read.
# Two questions, because planning a join takes longer than answering both.
STILL_STANDS = """
EXISTS (SELECT FROM tenants_connection
    WHERE id = %s AND tenant_id = %s AND domain = %s AND app_id = %s AND proven_at IS NOT NULL)
AND EXISTS (SELECT FROM tenants_shopifyapp
    WHERE id = %s AND client_secret_encrypted IS NOT DISTINCT FROM %s
    AND previous_secret_encrypted IS NOT DISTINCT FROM %s)
"""
_CONNECTION = ("id", "tenant_id", "app_id", "domain", "proven_at")
_APP = ("id", "client_secret_encrypted", "previous_secret_encrypted")


def claims_of(domain: str) -> list[Connection]:
    """Return the one connection that has proven the domain, else all claims on it, oldest first."""
    with connection.cursor() as cursor:
        cursor.execute(_CLAIMS, [domain])
        claims = [_claim(row) for row in cursor.fetchall()]
    proven = [claim for claim in claims if claim.proven_at is not None]
    return proven or claims


def standing(claim: Connection) -> tuple[Any, ...]:
    """Return the parameters of `STILL_STANDS` for a claim that `claims_of` returned."""
    app = claim.app
    secrets = (app.client_secret_encrypted, app.previous_secret_encrypted)
    return (claim.id, claim.tenant_id, claim.domain, app.id, app.id, *secrets)


def _claim(row: tuple[Any, ...]) -> Connection:
    claim = Connection.from_db(connection.alias, _CONNECTION, row[: len(_CONNECTION)])
    claim.app = ShopifyApp.from_db(connection.alias, _APP, row[len(_CONNECTION) :])
    return claim


def prove(claim: Connection, *, now: datetime) -> bool:
    """Make the domain the tenant's; tell whether it is, which a faster other claim may prevent."""
    if claim.proven_at is not None:
        return True
    try:
        with transaction.atomic():
            Connection.objects.filter(id=claim.id, proven_at=None).update(proven_at=now)
    except IntegrityError:
        return False
    return True
