"""The schema keeps the rules that isolation, and growth beyond one server, rest on.

docs/architecture.md gives the reason of each. They are read from the migrated database, not from
the models: what counts is what is there.
"""

from __future__ import annotations

import pytest

from tenants.harden import missing
from tests.invariants.database import LOGINS, TENANT_TABLES, catalog, tables

pytestmark = pytest.mark.django_db(databases=["default", "owner"])
TABLES = sorted(TENANT_TABLES)
OF_TENANTS = "ANY(%s::regclass[])"  # the tables of TABLES, as a parameter


def test_every_tenant_table_is_there() -> None:
    assert tables() >= TENANT_TABLES


def test_hardening_has_nothing_left_to_do() -> None:
    assert list(missing()) == []


# ── keys ──────────────────────────────────────────────────────────────────────────────────────


def test_the_primary_key_is_the_tenant_and_the_id() -> None:
    found = catalog(
        "SELECT conrelid::regclass::text, pg_get_constraintdef(oid) FROM pg_constraint"
        f" WHERE contype = 'p' AND conrelid = {OF_TENANTS}",
        TABLES,
    )

    assert dict(found) == dict.fromkeys(TABLES, "PRIMARY KEY (tenant_id, id)")


def test_tenant_and_id_are_uuids_that_the_application_gives() -> None:
    found = catalog(
        "SELECT table_name, column_name, data_type, is_nullable, column_default"
        " FROM information_schema.columns WHERE table_schema = 'public' AND table_name = ANY(%s)"
        " AND column_name IN ('tenant_id', 'id')",
        TABLES,
    )

    assert set(found) == {
        (table, column, "uuid", "NO", None) for table in TABLES for column in ("tenant_id", "id")
    }


@pytest.mark.threat(2)
def test_every_index_and_unique_constraint_starts_with_the_tenant() -> None:
    found = catalog(
        "SELECT indexrelid::regclass::text, coalesce(attname, '') FROM pg_index"
        " LEFT JOIN pg_attribute ON attrelid = indrelid AND attnum = indkey[0]"
        f" WHERE indrelid = {OF_TENANTS}",
        TABLES,
    )

    assert [index for index, first in found if first != "tenant_id"] == []
    assert len(found) > len(TABLES)


def test_foreign_keys_hold_within_one_tenant_and_at_once() -> None:
    """(tenant_id, x) to (tenant_id, id); not deferrable; no action or cascade; validated."""
    found = catalog(
        "SELECT conname, condeferrable, confdeltype::text, convalidated,"
        " confrelid::regclass::text = ANY(%s),"
        " (SELECT array_agg(attname::text ORDER BY place) FROM unnest(conkey)"
        "  WITH ORDINALITY AS k(number, place) JOIN pg_attribute"
        "  ON attrelid = conrelid AND attnum = number),"
        " (SELECT array_agg(attname::text ORDER BY place) FROM unnest(confkey)"
        "  WITH ORDINALITY AS k(number, place) JOIN pg_attribute"
        "  ON attrelid = confrelid AND attnum = number)"
        f" FROM pg_constraint WHERE contype = 'f' AND conrelid = {OF_TENANTS}",
        TABLES,
        TABLES,
    )

    for name, deferrable, on_delete, validated, inside, columns, target in found:
        assert (deferrable, validated, inside) == (False, True, True), name
        assert on_delete in {"a", "c"}, name
        assert (columns[0], len(columns)) == ("tenant_id", 2), name
        assert target == ["tenant_id", "id"], name
    assert len(found) > 10


def test_every_foreign_key_can_be_looked_up_by_an_index() -> None:
    """Else deleting one row reads the whole table that points to it."""
    found = catalog(
        "SELECT conname FROM pg_constraint WHERE contype = 'f'"
        f" AND conrelid = {OF_TENANTS} AND NOT EXISTS (SELECT 1 FROM pg_index"
        " WHERE indrelid = conrelid AND indpred IS NULL"
        " AND (indkey::int2[])[0:1] = conkey[1:2])",
        TABLES,
    )

    assert found == []


def test_nothing_outside_points_into_tenant_tables() -> None:
    found = catalog(
        "SELECT conname FROM pg_constraint WHERE contype = 'f'"
        f" AND confrelid = {OF_TENANTS} AND conrelid <> {OF_TENANTS.replace('ANY', 'ALL')}",
        TABLES,
        TABLES,
    )

    assert found == []


def test_no_column_counts_by_itself_and_no_table_has_an_exclusion() -> None:
    """Sequences and EXCLUDE do not survive being spread over servers."""
    counting = catalog(
        "SELECT attrelid::regclass::text, attname FROM pg_attribute LEFT JOIN pg_attrdef"
        f" ON adrelid = attrelid AND adnum = attnum WHERE attrelid = {OF_TENANTS}"
        " AND (attidentity <> '' OR pg_get_expr(adbin, adrelid) LIKE '%%nextval%%')",
        TABLES,
    )
    excluding = catalog(
        f"SELECT conname FROM pg_constraint WHERE contype = 'x' AND conrelid = {OF_TENANTS}",
        TABLES,
    )

    assert counting == excluding == []


# ── row-level security ────────────────────────────────────────────────────────────────────────


def test_row_security_is_enabled_and_not_forced() -> None:
    found = catalog(
        "SELECT oid::regclass::text, relrowsecurity, relforcerowsecurity FROM pg_class"
        f" WHERE oid = {OF_TENANTS}",
        TABLES,
    )

    assert {(enabled, forced) for _, enabled, forced in found} == {(True, False)}
    assert {name for name, *_ in found} == TENANT_TABLES


@pytest.mark.threat(2)
def test_policies_are_exactly_these() -> None:
    app, worker, staff = LOGINS["app"], LOGINS["worker"], LOGINS["staff"]
    same = "(tenant_id = (NULLIF(current_setting('xenofy.tenant_id'::text, true), ''::text))::uuid)"
    expected = {
        (table, "same_tenant", "PERMISSIVE", "ALL", f"{{{app}}}", same, same) for table in TABLES
    }
    expected |= {
        (table, "staff_read", "PERMISSIVE", "SELECT", f"{{{staff}}}", "true", None)
        for table in TABLES
    }
    expected |= {
        (table, "worker_sees_work", "PERMISSIVE", "SELECT", f"{{{worker}}}", "true", None)
        for table in (
            *("webhooks_inboxevent", "webhooks_topicbreaker"),
            *("shop_data_rollupmark", "shop_data_rederivation", "shop_data_privacyrequest"),
            *("shop_data_apibudget", "shop_data_errand", "analytics_selfcheck"),
        )
    }

    erased = (
        "(EXISTS ( SELECT 1\n   FROM tenants_tenant\n  WHERE ((tenants_tenant.id ="
        " tenants_auditentry.tenant_id) AND (tenants_tenant.erased_at IS NOT NULL))))"
    )
    delete = ("RESTRICTIVE", "DELETE", f"{{{app}}}", erased, None)
    expected.add(("tenants_auditentry", "only_erased", *delete))

    found = catalog(
        "SELECT tablename, policyname, permissive, cmd, roles::text, qual, with_check"
        " FROM pg_policies"
    )

    assert set(found) == expected


# ── what would go round it ────────────────────────────────────────────────────────────────────


@pytest.mark.threat(2)
def test_no_materialised_view_is_there() -> None:
    assert catalog("SELECT matviewname FROM pg_matviews") == []


def test_every_view_asks_with_the_rights_of_its_caller() -> None:
    found = catalog(
        "SELECT relname FROM pg_class WHERE relkind = 'v' AND relnamespace ="
        " 'public'::regnamespace AND NOT coalesce(reloptions, '{}') @> '{security_invoker=true}'"
    )

    assert found == []


def test_no_trigger_and_no_rule_is_there() -> None:
    triggers = catalog("SELECT tgname FROM pg_trigger WHERE NOT tgisinternal")
    rules = catalog("SELECT rulename FROM pg_rules WHERE schemaname = 'public'")

    assert triggers == rules == []


# Adds up whole numbers with PostgreSQL's own `int8pl`; it has no body.
AGGREGATE = "bigint_sum(bigint)"


def test_no_function_of_ours_is_there_and_none_that_acts_as_its_definer() -> None:
    found = catalog(
        "SELECT oid::regprocedure::text FROM pg_proc WHERE pronamespace = 'public'::regnamespace"
        " OR (prosecdef AND pronamespace NOT IN ('pg_catalog'::regnamespace,"
        " 'information_schema'::regnamespace))"
    )

    assert found == [(AGGREGATE,)]


def test_no_extension_is_needed() -> None:
    assert catalog("SELECT extname FROM pg_extension") == [("plpgsql",)]


def test_nothing_is_inherited_partitioned_or_unlogged() -> None:
    found = catalog(
        "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace"
        " AND relkind IN ('r', 'p', 'f') AND (relkind <> 'r' OR relpersistence <> 'p'"
        " OR relhassubclass OR relispartition)"
    )

    assert found == []


# ── logins ────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.threat(2)
@pytest.mark.parametrize("kind", LOGINS)
def test_a_login_has_no_power_of_its_own(kind: str) -> None:
    found = catalog(
        "SELECT rolsuper, rolbypassrls, rolcreaterole, rolcreatedb, rolreplication FROM pg_roles"
        " WHERE rolname = %s",
        LOGINS[kind],
    )

    assert found == [(False,) * 5]


@pytest.mark.parametrize("kind", LOGINS)
def test_a_login_owns_nothing(kind: str) -> None:
    found = catalog(
        "SELECT classid::regclass, objid FROM pg_shdepend WHERE deptype = 'o'"
        " AND refobjid = (SELECT oid FROM pg_roles WHERE rolname = %s)",
        LOGINS[kind],
    )

    assert found == []


@pytest.mark.parametrize("kind", LOGINS)
def test_a_login_makes_nothing_in_the_schema(kind: str) -> None:
    assert catalog("SELECT has_schema_privilege(%s, 'public', 'CREATE')", LOGINS[kind]) == [
        (False,)
    ]


def test_only_the_worker_is_a_member_of_another_login_and_only_of_the_applications() -> None:
    found = catalog(
        "SELECT member::regrole::text, roleid::regrole::text FROM pg_auth_members"
        " WHERE member::regrole::text = ANY(%s)",
        list(LOGINS.values()),
    )

    assert found == [(LOGINS["worker"], LOGINS["app"])]


def test_every_table_belongs_to_the_owner() -> None:
    found = catalog(
        "SELECT DISTINCT pg_get_userbyid(relowner) = current_user FROM pg_class"
        " WHERE relnamespace = 'public'::regnamespace"
    )

    assert found == [(True,)]


# ── rights ────────────────────────────────────────────────────────────────────────────────────


def granted() -> dict[tuple[str, str], set[str]]:
    """Return (table, grantee) -> rights, the owner's own left out."""
    found = catalog(
        "SELECT c.relname, CASE a.grantee WHEN 0 THEN 'PUBLIC' ELSE a.grantee::regrole::text END,"
        " array_agg(a.privilege_type || CASE WHEN a.is_grantable THEN '*' ELSE '' END)"
        " FROM pg_class AS c, aclexplode(c.relacl) AS a WHERE c.relnamespace ="
        " 'public'::regnamespace AND c.relkind = 'r' AND a.grantee <> c.relowner GROUP BY 1, 2"
    )
    return {(table, grantee): set(rights) for table, grantee, rights in found}


def test_rights_are_exactly_these() -> None:
    app, staff = LOGINS["app"], LOGINS["staff"]
    change = {"SELECT", "INSERT", "UPDATE", "DELETE"}
    expected = {(table, app): change for table in tables()}
    expected |= {(table, staff): change for table in tables() - TENANT_TABLES}
    expected |= {(table, staff): {"SELECT"} for table in TENANT_TABLES}
    expected |= {("django_migrations", login): {"SELECT"} for login in (app, staff)}
    expected[("tenants_auditentry", app)] = {"SELECT", "INSERT", "DELETE"}  # of erased shops

    assert granted() == expected


def test_no_right_is_given_for_a_column_or_in_advance() -> None:
    columns = catalog(
        "SELECT attrelid::regclass, attname FROM pg_attribute JOIN pg_class ON pg_class.oid ="
        " attrelid WHERE attacl IS NOT NULL AND relnamespace = 'public'::regnamespace"
    )
    in_advance = catalog("SELECT oid FROM pg_default_acl")

    assert columns == in_advance == []
