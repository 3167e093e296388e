"""What people may ask of a shop that knows them: their data, and to be forgotten."""

from __future__ import annotations

from django.db import models
from django.db.models import Q, Value

from tenants.crypto import Encrypted
from tenants.models import TenantForeignKey, TenantModel


class PrivacyRequest(TenantModel):
    """One delivery of `customers/data_request`, `customers/redact` or `shop/redact`.

    Parameters
    ----------
    key
        of the delivery, so that one that is processed again asks for nothing new.
    customer
        who is meant, by all names that are known of them (`shop_data.privacy.people.Person`). Gone
        when the request is done; of one for data, with its file.
    subject
        the pseudonym of the customer, null for the shop.
    requested_at
        when Shopify says that it was asked.
    begun_at
        when it was noted who is meant; null while nothing was done.
    done_to
        the last delivery of the inbox that was looked through.
    found
        ids of the deliveries that are about the customer, of a request for data.
    """

    class Kind(models.TextChoices):
        DATA = "data"
        REDACT_CUSTOMER = "redact_customer"
        REDACT_SHOP = "redact_shop"

    class Status(models.TextChoices):
        WAITING = "waiting"
        DONE = "done"
        REFUSED = "refused"

    kind = models.TextField(choices=Kind.choices)
    key = models.TextField()
    status = models.TextField(choices=Status.choices, default=Status.WAITING)
    customer_encrypted = models.BinaryField(null=True)
    subject = models.BigIntegerField(null=True)
    requested_at = models.DateTimeField()
    begun_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)
    done_to = models.UUIDField(null=True)
    found = models.JSONField(default=list, db_default=Value([], models.JSONField()))
    reason = models.TextField(blank=True)

    customer = Encrypted("customer_encrypted")
    worker_sees_all = True

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["tenant", "kind", "key"], name="privacy_request_once"),
            models.CheckConstraint(
                condition=Q(status__in=["waiting", "done", "refused"]),
                name="privacy_request_known_status",
            ),
        ]
        indexes = [
            models.Index(
                fields=["tenant", "id"],
                condition=Q(status="waiting"),
                name="privacy_request_waiting",
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind}: {self.status}"


class CustomerFile(TenantModel):
    """All that a shop's data holds about one customer, for its owner to hand over."""

    request = TenantForeignKey(PrivacyRequest, models.CASCADE, related_name="files")
    subject = models.BigIntegerField()
    content_encrypted = models.BinaryField()
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()

    content = Encrypted("content_encrypted")

    class Meta(TenantModel.Meta):
        indexes = [
            models.Index(fields=["tenant", "request"], name="customer_file_of_request"),
            models.Index(fields=["tenant", "subject"], name="customer_file_of_subject"),
            models.Index(fields=["tenant", "expires_at"], name="customer_file_expires"),
        ]

    def __str__(self) -> str:
        return f"Data of customer {self.subject}"


class Redaction(TenantModel):
    """A name of a customer who was forgotten, as pseudonym: what still comes of them is withheld.

    Of an address or a phone number only what is older than `redacted_at` is theirs.
    """

    subject = models.BigIntegerField()
    redacted_at = models.DateTimeField()

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["tenant", "subject"], name="redaction_once")]

    def __str__(self) -> str:
        return f"Customer {self.subject}"
