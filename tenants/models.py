"""Tenants, the Shopify apps and connections that lead to them, and what every tenant table shares.

`Tenant`, `ShopifyApp`, `Connection`, `ApiKey` and `Invitation` are control tables: they are read
before a tenant is known, carry no shop data and have no row-level security.
"""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.db import models, router
from django.db.models import Q
from django.db.models.functions import Now

from tenants.crypto import Encrypted
from tenants.fields import TenantForeignKey, TenantKey
from tenants.querysets import TenantManager
from xenofy.common.identifiers import uuid7

__all__ = ["TenantForeignKey", "TenantModel"]


class Role(models.TextChoices):
    """What a person may do in a tenant; `docs/security.md` lists the rights."""

    OWNER = "owner"
    ANALYST = "analyst"
    VIEWER = "viewer"


class Tenant(models.Model):
    """A merchant's account: one shop, its data and its people.

    For `body_retention_days` the bodies of deliveries are kept, whatever became of them; those
    that still wait to be processed are kept longer.

    Since `erased_at` the shop is forgotten: nothing of it is kept, nobody belongs to it, and what
    comes for it is refused. The row stays, without a name, so that the id is not given again.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    name = models.TextField()
    body_retention_days = models.IntegerField(default=90, db_default=90)
    is_demo = models.BooleanField(default=False, editable=False)
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    updated_at = models.DateTimeField(auto_now=True)
    erased_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["is_demo"], condition=Q(is_demo=True), name="tenant_one_demo"
            ),
            models.CheckConstraint(
                condition=Q(body_retention_days__range=(7, 3650)), name="tenant_body_retention"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.id})"


class TenantModel(models.Model):
    """A table of tenant data. In the database its key is (tenant_id, id); see `harden`."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    tenant = TenantKey()

    objects: ClassVar[TenantManager[Any]] = TenantManager()
    unscoped = models.Manager()  # only where tests/invariants allow it

    grants = "SELECT, INSERT, UPDATE, DELETE"  # what the application's login may do
    stays_until_erased = False  # whether rows can be deleted of an erased shop only
    worker_sees_all = False  # whether the worker may look for work across tenants

    class Meta:
        abstract = True
        base_manager_name = "objects"

    def delete(
        self, using: str | None = None, keep_parents: bool = False
    ) -> tuple[int, dict[str, int]]:
        """Delete this row and what belongs to it, as `TenantQuerySet.delete` does."""
        using = using or router.db_for_write(type(self), instance=self)
        return type(self).objects.using(using).filter(pk=self.pk).delete()


class TenantState(TenantModel):
    """What changes often about a tenant; also the row that a writer locks.

    `data_version` rises whenever a figure of the tenant may have changed. `history_since` is the
    first day that a running import will bring, newest days first; null when none is running.
    From `known_since_at` on every order is known: what happened before is only known of orders that
    changed since. Null until an order was delivered or imported.
    Bodies of deliveries that were received before `bodies_kept_since_at` are pruned.
    Until `claim_ends_at` a worker that has claimed deliveries may begin to write them; no other one
    claims meanwhile. Null when nothing is claimed.
    From `pseudonym_key` follow the numbers of customers who are forgotten.
    """

    data_version = models.BigIntegerField(default=0)
    data_changed_at = models.DateTimeField(null=True)
    history_since = models.DateField(null=True)
    known_since_at = models.DateTimeField(null=True)
    bodies_kept_since_at = models.DateTimeField(null=True)
    claim_ends_at = models.DateTimeField(null=True)
    pseudonym_key_encrypted = models.BinaryField(null=True)

    pseudonym_key = Encrypted("pseudonym_key_encrypted")

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["tenant"], name="tenant_state_one")]

    def __str__(self) -> str:
        return f"State of {self.tenant_id}"


class ShopifyApp(models.Model):
    """The credentials of one app in Shopify; it may serve many shops and signs their webhooks."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    name = models.TextField()
    client_id = models.TextField(blank=True)
    client_secret_encrypted = models.BinaryField(null=True)
    previous_secret_encrypted = models.BinaryField(null=True)
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    updated_at = models.DateTimeField(auto_now=True)

    client_secret = Encrypted("client_secret_encrypted")
    previous_secret = Encrypted("previous_secret_encrypted")  # Shopify signs with it for an hour

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["client_id"], condition=~Q(client_id=""), name="shopify_app_client_id"
            )
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.client_id or 'no client id'})"


class Grant(models.TextChoices):
    """How the token of a connection came to be, and so what renews it."""

    PASTED = "pasted", "Token of a custom app"
    CODE = "code", "Approved in Shopify"
    CLIENT_CREDENTIALS = "client_credentials", "Credentials of one's own app"


class ConnectionState(models.TextChoices):
    """Whether Shopify takes our token."""

    CONNECTED = "connected"
    REAUTH_REQUIRED = "reauth_required"
    UNINSTALLED = "uninstalled"


class Connection(models.Model):
    """A shop's domain in a tenant, through one app.

    A domain belongs to a tenant only once proven (a token that works, or a webhook signed with
    the tenant's own secret); an unproven claim blocks nobody and receives nothing.

    An access token without `access_expires_at` does not end by itself. The pair of tokens that was
    replaced last is kept: Shopify takes an old refresh token until the new one is used.
    Since `checked_at` what `state` and `last_error`, a sentence for the merchant, say is known;
    null when Shopify was never asked.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    tenant = models.ForeignKey(Tenant, models.CASCADE, related_name="connections")
    app = models.ForeignKey(ShopifyApp, models.PROTECT, related_name="connections")
    domain = models.TextField()
    grant = models.TextField(choices=Grant.choices, default=Grant.PASTED, db_default=Grant.PASTED)
    access_token_encrypted = models.BinaryField(null=True)
    refresh_token_encrypted = models.BinaryField(null=True)
    previous_access_token_encrypted = models.BinaryField(null=True)
    previous_refresh_token_encrypted = models.BinaryField(null=True)
    access_expires_at = models.DateTimeField(null=True)
    refresh_expires_at = models.DateTimeField(null=True)
    renewed_at = models.DateTimeField(null=True)
    state = models.TextField(
        choices=ConnectionState.choices,
        default=ConnectionState.CONNECTED,
        db_default=ConnectionState.CONNECTED,
    )
    last_error = models.TextField(blank=True, default="", db_default="")
    checked_at = models.DateTimeField(null=True)
    proven_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    updated_at = models.DateTimeField(auto_now=True)

    access_token = Encrypted("access_token_encrypted")
    refresh_token = Encrypted("refresh_token_encrypted")
    previous_access_token = Encrypted("previous_access_token_encrypted")
    previous_refresh_token = Encrypted("previous_refresh_token_encrypted")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["domain"], condition=Q(proven_at__isnull=False), name="connection_proven"
            ),
            models.UniqueConstraint(fields=["tenant", "domain"], name="connection_domain"),
            models.CheckConstraint(
                condition=Q(domain=models.functions.Lower("domain")), name="connection_lower_case"
            ),
        ]
        indexes = [models.Index(fields=["domain"], name="connection_by_domain")]

    def __str__(self) -> str:
        return self.domain


class ApiKey(models.Model):
    """A key of an integrator. Only its hash is kept; the prefix tells keys apart."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    tenant = models.ForeignKey(Tenant, models.CASCADE, related_name="api_keys")
    name = models.TextField()
    prefix = models.TextField()
    sha256 = models.BinaryField(unique=True)
    scopes = models.JSONField(default=list)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    last_used_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.name} ({self.prefix}…)"


class Invitation(models.Model):
    """An open invitation of a person to a tenant, known by the hash of the mailed token."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    tenant = models.ForeignKey(Tenant, models.CASCADE, related_name="invitations")
    email = models.EmailField()
    role = models.TextField(choices=Role.choices)
    token_sha256 = models.BinaryField(unique=True)
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.email} to {self.tenant_id}"


class AuditEntry(TenantModel):
    """Who did what in a tenant; appended, never changed, and gone with an erased shop alone.

    A tenant's entries are numbered without a gap from 1 on, and `sha256` is over what an entry
    says and the hash of the one before (tenants/audit.py); it is empty in entries that are older
    than this chain.
    """

    number = models.BigIntegerField()
    sha256 = models.BinaryField()
    at = models.DateTimeField()
    actor_id = models.UUIDField(null=True)  # the user's id; users are no tenant data
    actor = models.TextField()
    action = models.TextField()
    subject = models.TextField(blank=True)
    detail = models.JSONField(default=dict)
    ip_address = models.GenericIPAddressField(null=True)

    grants = "SELECT, INSERT, DELETE"
    stays_until_erased = True

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["tenant", "number"], name="audit_entry_number")
        ]
        indexes = [models.Index(fields=["tenant", "-at"], name="audit_entry_newest")]

    def __str__(self) -> str:
        return f"{self.actor}: {self.action} {self.subject}"
