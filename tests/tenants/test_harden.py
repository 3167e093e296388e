"""`harden` finds nothing to do after `migrate`, and mends every kind of damage."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connections

from tenants.harden import harden, missing
from tenants.roles import role_names

pytestmark = pytest.mark.django_db(databases=["default", "owner"])
ORDER, ITEM = "shop_data_order", "shop_data_orderitem"
ROLES = role_names()


def owner(statement: str) -> list[tuple[Any, ...]]:
    with connections["owner"].cursor() as cursor:
        cursor.execute(statement)
        return list(cursor.fetchall()) if cursor.description else []


def test_nothing_is_left_to_do_after_migrating() -> None:
    assert harden() == []


def test_migrating_again_calls_it() -> None:
    owner(f"ALTER TABLE {ORDER} DISABLE ROW LEVEL SECURITY")

    call_command("migrate", interactive=False, verbosity=0)

    assert list(missing()) == []


DAMAGES = {
    "row security off": f"ALTER TABLE {ORDER} DISABLE ROW LEVEL SECURITY",
    "row security forced": f"ALTER TABLE {ORDER} FORCE ROW LEVEL SECURITY",
    "policy gone": f"DROP POLICY same_tenant ON {ORDER}",
    "policy open": f"ALTER POLICY same_tenant ON {ORDER} USING (true)",
    "policy open for writing": f"ALTER POLICY same_tenant ON {ORDER} WITH CHECK (true)",
    "policy for another role": f'ALTER POLICY staff_read ON {ORDER} TO "{ROLES["app"]}"',
    "policy for everybody": f"ALTER POLICY staff_read ON {ORDER} TO PUBLIC",
    "one policy too many": f'CREATE POLICY more ON {ORDER} TO "{ROLES["app"]}" USING (true)',
    "the worker's view gone": "DROP POLICY worker_sees_work ON webhooks_inboxevent",
    "the worker's view elsewhere": (
        f'CREATE POLICY worker_sees_work ON {ORDER} FOR SELECT TO "{ROLES["worker"]}" USING (true)'
    ),
    "foreign key gone": f"ALTER TABLE {ITEM} DROP CONSTRAINT {ITEM}_order_id_tenant_fk",
    "foreign key deferred": (
        f"ALTER TABLE {ITEM} ALTER CONSTRAINT {ITEM}_order_id_tenant_fk DEFERRABLE"
    ),
    "foreign key without cascade": (
        f"ALTER TABLE {ITEM} DROP CONSTRAINT {ITEM}_order_id_tenant_fk,"
        f" ADD CONSTRAINT {ITEM}_order_id_tenant_fk FOREIGN KEY (tenant_id, order_id)"
        f" REFERENCES {ORDER} (tenant_id, id)"
    ),
    "foreign key not checked": (
        f"ALTER TABLE {ITEM} DROP CONSTRAINT {ITEM}_order_id_tenant_fk,"
        f" ADD CONSTRAINT {ITEM}_order_id_tenant_fk FOREIGN KEY (tenant_id, order_id)"
        f" REFERENCES {ORDER} (tenant_id, id) ON DELETE CASCADE NOT VALID"
    ),
    "foreign key too many": (
        f"ALTER TABLE {ITEM} ADD FOREIGN KEY (tenant_id) REFERENCES tenants_tenant (id)"
    ),
    "primary key gone": f"ALTER TABLE {ITEM} DROP CONSTRAINT {ITEM}_pkey",
    "primary key of id alone": (
        f"ALTER TABLE {ITEM} DROP CONSTRAINT {ITEM}_pkey, ADD PRIMARY KEY (id)"
    ),
    "right gone": f'REVOKE UPDATE ON {ORDER} FROM "{ROLES["app"]}"',
    "right too many": f'GRANT TRUNCATE ON {ORDER} TO "{ROLES["app"]}"',
    "right that can be passed on": (
        f'GRANT SELECT ON tenants_auditentry TO "{ROLES["app"]}" WITH GRANT OPTION'
    ),
    "everybody's right": f"GRANT SELECT ON {ORDER} TO PUBLIC",
    "the worker's own right": f'GRANT SELECT ON {ORDER} TO "{ROLES["worker"]}"',
    "staff may write": f'GRANT INSERT ON {ORDER} TO "{ROLES["staff"]}"',
    "audit entries can be changed": f'GRANT UPDATE ON tenants_auditentry TO "{ROLES["app"]}"',
    "control table closed": f'REVOKE ALL ON tenants_tenant FROM "{ROLES["app"]}"',
    "control table open": "GRANT SELECT ON accounts_user TO PUBLIC",
    "migrations writable": f'GRANT INSERT ON django_migrations TO "{ROLES["app"]}"',
}


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES.keys())
def test_damage_is_mended(damage: str) -> None:
    before = fingerprint()
    owner(damage)
    damaged = fingerprint()

    statements = harden()

    assert damaged != before
    assert statements
    assert fingerprint() == before
    assert harden() == []


def fingerprint() -> set[tuple[Any, ...]]:
    """Return everything that `harden` answers for, as PostgreSQL tells it."""
    return set(
        owner(
            "SELECT 'c', conrelid::regclass::text, conname, pg_get_constraintdef(oid), ''"
            " FROM pg_constraint WHERE contype IN ('p', 'f')"
            " UNION ALL SELECT 't', oid::regclass::text, relrowsecurity::text,"
            " relforcerowsecurity::text, '' FROM pg_class WHERE relkind = 'r'"
            " UNION ALL SELECT 'p', tablename, policyname, concat_ws('|', permissive, cmd, qual,"
            " with_check), roles::text FROM pg_policies"
            " UNION ALL SELECT 'g', c.oid::regclass::text, a.grantee::regrole::text,"
            " a.privilege_type, a.is_grantable::text FROM pg_class AS c, aclexplode(relacl) AS a"
            " WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
        )
    )


@pytest.fixture
def reporting() -> Iterator[str]:
    """A role that an operator made for a tool of theirs."""
    owner("CREATE ROLE operators_reporting")
    yield "operators_reporting"


def test_an_operators_own_role_keeps_its_rights_and_sees_no_row(reporting: str) -> None:
    owner(f"GRANT SELECT ON {ORDER} TO {reporting}")

    assert harden() == []


def test_a_statement_that_fails_takes_the_others_back(monkeypatch: pytest.MonkeyPatch) -> None:
    owner(f"DROP POLICY same_tenant ON {ORDER}")
    planned = [*missing(), "SELECT 1 / 0"]
    monkeypatch.setattr("tenants.harden.missing", lambda: planned)

    with pytest.raises(Exception, match="division by zero"):
        harden()

    policies = owner(f"SELECT policyname FROM pg_policies WHERE tablename = '{ORDER}'")
    assert ("same_tenant",) not in policies
