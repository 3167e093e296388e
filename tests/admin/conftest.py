"""What the tests of the admin share: one row of every model, and a person of the staff."""

from __future__ import annotations

from typing import Any

import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth.models import Group
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.test import Client
from django.utils import timezone

from accounts import mails
from accounts.models import (
    AttemptCount,
    BrowserSession,
    LoginSession,
    OutgoingMail,
    RecoveryCode,
    SecondFactor,
    User,
)
from tenants.models import ApiKey, Connection, Invitation, ShopifyApp, Tenant, TenantModel
from tenants.scope import tenant_scope
from tenants.staff_admin import row_url
from tests.factories import ConnectionFactory, MembershipFactory
from tests.invariants.rows import MODELS, make
from tests.second_factors import enter_admin, with_second_factor
from xenofy.common.identifiers import uuid7

REGISTERED = dict(admin.site._registry)
TENANT_DATA = {model: its for model, its in REGISTERED.items() if issubclass(model, TenantModel)}
SECRETS = {
    "client secret": "canary-client-secret",
    "previous secret": "canary-previous-secret",
    "access token": "canary-access-token",
    "refresh id": "canary-refresh-id",
    "password's hash": "canary-auth-hash",
    "API key": b"canary-of-a-key".hex(),
    "session key": "canary-session-key",
    "session": "canary-session-data",
    "invitation": b"canary-of-an-invitation".hex(),
    "mail": "canary-of-a-mailed-link",
    "recovery code": b"canary-of-a-recovery-code".hex(),
}


@pytest.fixture(autouse=True)
def every_shop_is_open(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let staff read all shops; how they open one is tested in tests/accounts."""

    def all_ids(_: Any) -> Any:
        return {*Tenant.objects.values_list("id", flat=True), uuid7()}

    monkeypatch.setattr("tenants.staff_admin.open_shops", all_ids)


@pytest.fixture
def staff_client(transactional_db: None, staff: User) -> Client:
    """The browser of a superuser."""
    return enter_admin(Client(), staff)


@pytest.fixture
def every_row(transactional_db: None, tenant: Tenant, staff: User) -> dict[Any, models.Model]:
    """One row of every registered model; secrets are those of `SECRETS`."""
    with tenant_scope(tenant.id):
        rows: dict[Any, models.Model] = {model: make(model) for model in MODELS}
    return rows | _control_rows(tenant, staff)


def _control_rows(tenant: Tenant, staff: User) -> dict[Any, models.Model]:
    connection = ConnectionFactory(tenant=tenant, domain="kaveri.myshopify.com")
    connection.access_token = SECRETS["access token"]
    connection.save(update_fields=["access_token_encrypted"])
    app = connection.app
    app.client_secret = SECRETS["client secret"]
    app.previous_secret = SECRETS["previous secret"]
    app.save(update_fields=["client_secret_encrypted", "previous_secret_encrypted"])
    now = timezone.now()
    key = ApiKey.objects.create(
        tenant=tenant, name="Till", prefix="xen_1", sha256=bytes.fromhex(SECRETS["API key"])
    )
    invitation = Invitation.objects.create(
        tenant=tenant,
        email="new@example.com",
        role="viewer",
        expires_at=now,
        token_sha256=bytes.fromhex(SECRETS["invitation"]),
    )
    session = LoginSession.objects.create(
        user=staff,
        tenant=tenant,
        expires_at=now,
        refresh_id=SECRETS["refresh id"],
        auth_hash=SECRETS["password's hash"],
    )
    recovery = RecoveryCode.objects.create(
        user=staff, sha256=bytes.fromhex(SECRETS["recovery code"])
    )
    mails.post(to="new@example.com", subject="Hello", text=SECRETS["mail"], now=now)
    return {
        OutgoingMail: OutgoingMail.objects.get(),
        RecoveryCode: recovery,
        SecondFactor: SecondFactor.objects.filter(user=staff).first() or with_second_factor(staff),
        Tenant: tenant,
        ShopifyApp: app,
        Connection: connection,
        ApiKey: key,
        Invitation: invitation,
        LoginSession: session,
        BrowserSession: BrowserSession.objects.create(
            id=uuid7(),
            session_key=SECRETS["session key"],
            session_data=SECRETS["session"],
            expire_date=now,
            user=staff,
        ),
        User: staff,
        apps.get_model("accounts.Membership"): MembershipFactory(tenant=tenant),
        AttemptCount: AttemptCount.objects.create(key="k", attempts=1, expires_at=now),
        Group: Group.objects.create(name="Support"),
        LogEntry: LogEntry.objects.create(
            user=staff,
            content_type=ContentType.objects.get_for_model(Tenant),
            object_repr="Kaveri Handlooms",
            action_flag=CHANGE,
        ),
    }


def list_url(model: Any) -> str:
    return f"/admin/{model._meta.app_label}/{model._meta.model_name}/"


def url_of(row: models.Model) -> str:
    """Return the address of a row's page."""
    if isinstance(row, TenantModel):
        return row_url(row)
    return f"{list_url(row)}{row.pk}/change/"
