"""What is done at Shopify for a tenant, and how far it is."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from tenants.models import TenantForeignKey, TenantModel


class Errand(TenantModel):
    """Something that `manage.py sync` does for a tenant, now or again and again.

    Due at `due_at`; whoever works on it holds it until `claim_ends_at`. `failures` in a row make
    the rest until the next try longer; `trouble` says in a sentence what the last one was.
    """

    name = models.TextField()
    due_at = models.DateTimeField()
    claim_ends_at = models.DateTimeField(null=True)
    failures = models.BigIntegerField(default=0)
    trouble = models.TextField(blank=True, default="")
    ended_at = models.DateTimeField(null=True)

    worker_sees_all = True

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["tenant", "name"], name="errand_one")]

    def __str__(self) -> str:
        return f"{self.name}, due {self.due_at}"


class Import(TenantModel):
    """What is fetched through the Admin API: a shop's past, newest orders first, or what changed.

    Parameters
    ----------
    kind
        the past, or what changed since the last time.
    since_at
        from when on orders are brought; null until Shopify was asked what we may see.
    orders
        how many there are since then, as Shopify counted when the import began.
    trouble
        why it failed, or what it could not bring, in a sentence.
    """

    class State(models.TextChoices):
        DONE = "done"
        FAILED = "failed"
        CANCELLED = "cancelled"
        RUNNING = "running"

    class Kind(models.TextChoices):
        PAST = "past"
        CHANGES = "changes"

    kind = models.TextField(choices=Kind.choices, default=Kind.PAST)
    state = models.TextField(choices=State.choices)
    since_at = models.DateTimeField(null=True)
    orders = models.BigIntegerField(null=True)
    begun_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    trouble = models.TextField(blank=True, default="")

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "state"],
                condition=Q(state="running"),
                name="import_one_running",
            )
        ]
        indexes = [models.Index(fields=["tenant", "begun_at"], name="import_by_moment")]

    def __str__(self) -> str:
        return f"Import of {self.begun_at}: {self.state}"


class ImportPiece(TenantModel):
    """What one bulk operation of an import brings: all of a kind, or the orders of a span.

    `operation` is Shopify's id of the one that runs; empty before and after. `counted` are the
    orders that there were when it began, as Shopify counts them, `rows` those that were written.
    Of a piece that fails nothing is written, and it is asked for again.
    """

    of = TenantForeignKey(Import, on_delete=models.CASCADE, related_name="pieces")
    place = models.BigIntegerField()  # in the order in which pieces are brought
    kind = models.TextField()
    since_at = models.DateTimeField(null=True)
    until_at = models.DateTimeField(null=True)
    operation = models.TextField(blank=True, default="")
    failures = models.BigIntegerField(default=0)
    counted = models.BigIntegerField(null=True)
    rows = models.BigIntegerField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["tenant", "of", "place"], name="import_piece_one")
        ]

    def __str__(self) -> str:
        return f"{self.place}: {self.kind}"


class CsvUpload(TenantModel):
    """A CSV export of Shopify that somebody gave us: first understood, then taken when confirmed.

    `content` (zlib) stands here until it was taken, a day at most. `understood` is what a dry run
    said (`csv_exports.understanding`), `done` how many of its records have been gone through and
    `written` how many of these said something new. `holds_all`: whoever confirmed it says that no
    order of its days is missing.
    """

    class State(models.TextChoices):
        READING = "reading"
        UNDERSTOOD = "understood"
        REFUSED = "refused"
        TAKING = "taking"
        DONE = "done"
        DROPPED = "dropped"

    name = models.TextField()  # of the file, as the browser said
    size = models.BigIntegerField()  # bytes
    state = models.TextField(choices=State.choices, default=State.READING)
    content = models.BinaryField(null=True)
    understood = models.JSONField(default=dict)
    done = models.BigIntegerField(default=0)
    written = models.BigIntegerField(default=0)
    holds_all = models.BooleanField(default=False, db_default=False)
    trouble = models.TextField(blank=True, default="")
    uploaded_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta(TenantModel.Meta):
        indexes = [models.Index(fields=["tenant", "uploaded_at"], name="csv_upload_by_moment")]

    def __str__(self) -> str:
        return f"{self.name}: {self.state}"
