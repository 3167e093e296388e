"""The tables without row-level security, by name: they carry no shop's data."""

from __future__ import annotations

import pytest

from tests.invariants.database import TENANT_TABLES, catalog, tables

pytestmark = pytest.mark.django_db(databases=["default", "owner"])

# Every table that is not a tenant's must stand here with the reason why it has no policy. A table
# that is asked for only once a tenant is known belongs to the tenants: derive from TenantModel.
CONTROL = {
    "tenants_tenant": "read to open a scope",
    "tenants_connection": "leads from a shop's domain to its tenant, before any is known",
    "tenants_shopifyapp": "one app serves many tenants; its secret verifies a webhook",
    "tenants_apikey": "leads from the hash of a key to its tenant",
    "tenants_invitation": "leads from the hash of a mailed token to its tenant",
    "accounts_user": "a person may belong to several tenants",
    "accounts_membership": "leads from a person to their tenants",
    "accounts_loginsession": "leads from a token to its person and tenant",
    "accounts_browsersession": "sign-ins in browsers, before a tenant is known",
    "accounts_secondfactor": "how a person signs in, before a tenant is known",
    "accounts_recoverycode": "how a person signs in without their device",
    "accounts_outgoingmail": "mails to people, of whichever shop or of none",
    "accounts_attemptcount": "counts sign-ins that failed, of people and addresses unknown yet",
    "accounts_user_groups": "rights in the admin for staff",
    "accounts_user_user_permissions": "rights in the admin for staff",
    "auth_group": "rights in the admin for staff",
    "auth_group_permissions": "rights in the admin for staff",
    "auth_permission": "rights in the admin for staff",
    "django_admin_log": "what staff did in the admin",
    "django_content_type": "names of models",
    "django_migrations": "which migrations ran",
}


def test_tables_without_a_policy_are_the_named_ones() -> None:
    assert tables() - TENANT_TABLES == CONTROL.keys()


def test_nothing_with_a_tenant_is_without_a_policy_but_the_named_ones() -> None:
    found = catalog(
        "SELECT table_name FROM information_schema.columns WHERE table_schema = 'public'"
        " AND column_name = 'tenant_id'"
    )

    with_tenant = {name for (name,) in found} - TENANT_TABLES
    assert with_tenant == {
        "tenants_connection",
        "tenants_apikey",
        "tenants_invitation",
        "accounts_membership",
        "accounts_loginsession",
    }
