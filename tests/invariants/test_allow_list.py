"""The places that go past the managers, by name and with their reason: there are no others.

Raw SQL in a scope is held by row-level security alone; it must name the tenant itself, and a
review must look at it. So must whatever works outside of a scope.
"""

from __future__ import annotations

import ast

from tests.invariants.source import nodes

# ── without the tenant's filter ───────────────────────────────────────────────────────────────
UNSCOPED = {
    "tenants/models.py::TenantModel": "defines it",
    "tenants/staff_admin.py::TenantDataAdmin.rows": "the admin, through the login of staff",
    "webhooks/breaker.py::suspected_topics": "which topics wait for several shops, as the worker",
    "analytics/rollups.py::tenants_with_marks": "looks for tenants with marks, as the worker",
    "shop_data/rederiving.py::tenants_to_derive": "looks for tenants with work, as the worker",
    "shop_data/errands.py::due": "looks for tenants with errands, as the worker",
    "xenofy/privacy.py::tenants_with_requests": "looks for tenants with requests, as the worker",
}

# ── raw SQL ───────────────────────────────────────────────────────────────────────────────────
CURSOR = {
    "tenants/scope.py::_announce": "says which tenant it is",
    "tenants/scope.py::_silence": "takes it back",
    "tenants/scope.py::run_for_tenant": "one statement of a caller, which names the tenant",
    "tenants/connections.py::claims_of": "reads control tables, for each delivery",
    "tenants/harden.py::harden": "changes the schema, as the owner",
    "tenants/harden.py::_rows": "reads the catalog, as the owner",
    "tenants/roles.py::_execute": "creates logins, as the owner",
    "tenants/roles.py::_absent": "reads the names of logins, as the owner",
    "tenants/roles.py::_rights_missing": "reads the rights of logins, as the owner",
    "tenants/roles.py::refuse_unsafe_role": "asks what a login may do",
    "accounts/sessions.py::_found": "reads control tables, for each request with a token",
    "accounts/counts.py::count": "counts in a control table, in one statement",
    "shop_data/upserts/bulk.py::_write": "INSERT … ON CONFLICT … WHERE newer; writes the tenant",
    "shop_data/upserts/store_events.py::write_store_events": "keeps the first; writes the tenant",
    "shop_data/upserts/store_events.py::_count": "adds up; writes the tenant",
    "shop_data/upserts/fulfillments.py::_note_deliveries": "keeps the first; has the tenant",
    "shop_data/time_zones.py::move_days": "dates all rows anew; each statement has the tenant",
    "analytics/rollups.py::_write": "writes the rows of rollups that differ; has the tenant",
    "analytics/rebuilding.py::_rebuild": "fills rollups; each statement has the tenant",
    "analytics/rollups.py::_rows": "takes marks, finds later order days; has the tenant",
    "shop_data/marks.py::mark_days": "appends marks in one statement; writes the tenant",
    "shop_data/upserts/plans.py::plan_anew": "DISCARD PLANS",
    "shop_data/imports/hands.py::_shared": "locks one row beside others; has the tenant",
    "analytics/reports/coverage.py::_data_state": "reads how far data is; has the tenant",
    "analytics/buyers.py::_rows": "counts buyers; each statement has the tenant",
    "analytics/sales_reads.py::_summed": "sums rollups and ledger; each statement has the tenant",
    "analytics/reports/checkouts.py::checkouts_by_day": "sums checkouts by day; has the tenant",
    "analytics/ledger_rows.py::Behind.page": "reads rows of the ledger; has the tenant",
    "analytics/ledger_rows.py::Behind.total": "counts them; has the tenant",
    "analytics/months.py::_stored": "reads which months are summed; has the tenant",
    "analytics/to_date.py::_nearest": "reads until when years are summed; has the tenant",
    "analytics/product_reads.py::_read": "reads products; each statement has the tenant",
    "analytics/reports/order.py::_days": "sums the rows of an order; has the tenant",
    "analytics/reports/product.py::_live_rows": "sums variants on marked days; has the tenant",
    "analytics/reports/fulfilment.py::_live": "sums times of marked days; has the tenant",
    "analytics/ledger_sums.py::_rows": "sums the ledger; each statement has the tenant",
    "xenofy/verification/rollups.py::_rows": "compares rollups and ledger; has the tenant",
    "webhooks/queue.py::tenants_with_work": "looks for tenants with deliveries, as the worker",
    "webhooks/processing.py::_limit": "SET LOCAL of timeouts",
    "webhooks/replay.py::_update": "puts deliveries back; has the tenant",
    "webhooks/counts.py::_add": "adds to counts; writes the tenant",
    "xenofy/schema_locks.py::_wait_for_locks": "lock_timeout of whoever changes tables",
    "xenofy/health.py::_database_answers": "SELECT 1",
    "xenofy/health.py::_queue_answers": "whether the inbox can be reached, no row is read",
    "xenofy/health.py::_counters_answer": "whether requests can be counted, no row is read",
    "xenofy/metrics.py::_values": "counts what waits in all shops, as the worker",
}
RAW = {
    "analytics/order_rows.py::orders_placed_as": "a subquery that names the tenant, of its ledger",
}

# ── another login than the application's ──────────────────────────────────────────────────────
OTHER_LOGINS = {
    "tenants/staff_admin.py::TenantDataAdmin.rows": "the admin reads as staff",
    "webhooks/breaker.py::suspected_topics": "which topics wait for several shops, as the worker",
    "webhooks/queue.py::tenants_with_work": "looks for tenants with deliveries, as the worker",
    "analytics/rollups.py::tenants_with_marks": "looks for tenants with marks, as the worker",
    "shop_data/rederiving.py::tenants_to_derive": "looks for tenants with work, as the worker",
    "shop_data/errands.py::due": "looks for tenants with errands, as the worker",
    "xenofy/privacy.py::tenants_with_requests": "looks for tenants with requests, as the worker",
    "tenants/harden.py::harden": "changes the schema, as the owner",
    "tenants/harden.py::missing": "reads the names of tables, as the owner",
    "tenants/harden.py::_rows": "reads the catalog, as the owner",
    "tenants/roles.py::role_names": "reads the names of logins from the settings",
    "tenants/roles.py::ensure_roles": "creates logins, as the owner",
    "tenants/roles.py::_execute": "creates logins, as the owner",
    "tenants/roles.py::_statements": "reads the name of the database from the settings",
    "tenants/roles.py::_absent": "reads the names of logins, as the owner",
    "tenants/roles.py::_password": "reads the passwords of logins from the settings",
    "tenants/roles.py::_rights_missing": "reads the rights of logins, as the owner",
    "tenants/roles.py::refuse_unsafe_role": "asks each login what it may do",
    "tenants/models.py::TenantModel.delete": "the login that the row came from",
    "tenants/querysets.py::TenantQuerySet.delete": "the login of the queryset",
    "tenants/querysets.py::_rows": "the login of the queryset",
    "tenants/querysets.py::_clear_references": "the login of the queryset",
    "accounts/models.py::UserManager.create_user": "Django's own way of a user manager",
    "xenofy/health.py::_database_answers": "the application's login",
    "xenofy/health.py::_queue_answers": "whether the worker's login reaches the inbox",
    "xenofy/health.py::_counters_answer": "the application's login",
    "xenofy/metrics.py::_values": "counts what waits in all shops, as the worker",
    "xenofy/health.py::_tables_are_current": "the application's login",
    "xenofy/database.py::wait_for_database": "waits for a login to be let in",
    "xenofy/database.py::_explain": "reads the address from the settings",
    "xenofy/schema_locks.py::_wait_for_locks": "the login that changes tables",
    "xenofy/management/commands/setup.py::Command._check_logins": "lets each login in once",
}


def uses(*names: str) -> set[str]:
    """Return where an attribute of one of these names is used."""
    return {
        place for place, node in nodes() if isinstance(node, ast.Attribute) and node.attr in names
    } | {place for place, node in nodes() if isinstance(node, ast.Name) and node.id in names}


def calls(*names: str) -> set[str]:
    """Return where something of one of these names is called."""
    return {
        place for place, node in nodes() if isinstance(node, ast.Call) and _name(node.func) in names
    }


def other_logins() -> set[str]:
    """Return where `.using(…)`, `connections[…]` or an argument `using=…` stands."""
    subscripts = {
        place
        for place, node in nodes()
        if isinstance(node, ast.Subscript) and _name(node.value) == "connections"
    }
    arguments = {
        place for place, node in nodes() if isinstance(node, ast.keyword) and node.arg == "using"
    }
    return calls("using", "db_manager") | subscripts | arguments


def _name(node: ast.AST) -> str:
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


def test_the_tenants_filter_is_left_out_in_the_named_places_only() -> None:
    assert uses("unscoped") | {"tenants/models.py::TenantModel"} == UNSCOPED.keys()
    assert uses("_base_manager", "_default_manager") == set()


def test_raw_sql_runs_in_the_named_places_only() -> None:
    assert calls("cursor", "bound_cursor", "run_between") == CURSOR.keys()
    assert calls("raw", "extra", "RawSQL", "execute_wrapper") == RAW.keys()


def test_other_logins_are_used_in_the_named_places_only() -> None:
    assert other_logins() == OTHER_LOGINS.keys()
