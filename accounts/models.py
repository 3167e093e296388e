"""People: users, their memberships in tenants, and how they sign in."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models.functions import Lower, Now

from tenants.crypto import Encrypted
from tenants.models import Connection, ConnectionState, Role, Tenant
from xenofy.common.identifiers import uuid7


class UserManager(BaseUserManager["User"]):
    """Creates users by e-mail; an address is one person however it is capitalised."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> User:
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)

    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(email=(username or "").strip().lower())

    def with_memberships(self, user_id: Any) -> User | None:
        """Return a person with the memberships, oldest first, in one query; two without any."""
        proven = Connection.objects.filter(tenant=models.OuterRef("tenant")).exclude(proven_at=None)
        refused = proven.exclude(state=ConnectionState.CONNECTED)
        joined = Membership.objects.select_related("user", "tenant").filter(user=user_id)
        joined = joined.annotate(is_refused=models.Exists(refused))
        memberships = list(joined.order_by("created_at", "id"))
        user = memberships[0].user if memberships else self.filter(pk=user_id).first()
        if user is not None:
            user.loaded_memberships = list(memberships)
            user.refused_tenants = {each.tenant_id for each in memberships if each.is_refused}
        return user


class User(AbstractBaseUser, PermissionsMixin):
    """A person, known by e-mail. Staff run the installation; rights in a tenant are memberships."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    email = models.EmailField(unique=True)
    name = models.TextField(blank=True)
    is_active = models.BooleanField(default=True)
    is_staff = models.BooleanField(default=False)
    email_confirmed_at = models.DateTimeField(null=True)  # when a mail to it was answered
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    updated_at = models.DateTimeField(auto_now=True)

    USERNAME_FIELD = "email"
    objects = UserManager()
    loaded_memberships: list[Membership]  # by `with_memberships`
    refused_tenants: set[UUID]  # those of them that Shopify does not let in any more

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(email=Lower("email")), name="user_email_lower_case"
            )
        ]

    def __str__(self) -> str:
        return self.email


class Membership(models.Model):
    """A person's role in a tenant. A person may have several shops, a shop several people."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.ForeignKey(User, models.CASCADE, related_name="memberships")
    tenant = models.ForeignKey(Tenant, models.CASCADE, related_name="memberships")
    role = models.TextField(choices=Role.choices)
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "tenant"], name="membership_one_role")
        ]

    def __str__(self) -> str:
        return f"{self.user} is {self.role} of {self.tenant_id}"


class LoginSession(models.Model):
    """A person's sign-in through the REST API; its tokens are good while it is not revoked.

    `refresh_id` is the one refresh token that may be used next: a used one ends the session.
    `auth_hash` follows from the password: another password ends the session. `tenant` is null for
    a person without a shop.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.ForeignKey(User, models.CASCADE, related_name="login_sessions")
    tenant = models.ForeignKey(Tenant, models.CASCADE, null=True, related_name="+")
    device = models.TextField(default="", db_default="")
    address = models.TextField(default="", db_default="")
    last_used_at = models.DateTimeField(null=True)
    refresh_id = models.TextField()
    auth_hash = models.TextField()
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"Session of {self.user} since {self.created_at:%Y-%m-%d}"


class BrowserSession(models.Model):
    """What belongs to a browser, by the secret in its cookie; `user` once a person signed in.

    The columns that Django's own sessions have, with an id that may be seen, and those of
    `browser_sessions.SignIn`.
    """

    id = models.UUIDField(primary_key=True, editable=False)
    session_key = models.CharField(max_length=40, unique=True)
    session_data = models.TextField()
    expire_date = models.DateTimeField(db_index=True)
    user = models.ForeignKey(User, models.CASCADE, null=True, related_name="browser_sessions")
    device = models.TextField(default="")
    address = models.TextField(default="")
    signed_in_at = models.DateTimeField(null=True)
    last_used_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"Browser of {self.user or 'nobody'}"


class SecondFactor(models.Model):
    """The app on a person's device that makes codes; asked for since `confirmed_at`.

    Until then it is being set up. Codes of `last_step` (30 seconds each) and before are used up.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.OneToOneField(User, models.CASCADE, related_name="second_factor")
    secret_encrypted = models.BinaryField()
    confirmed_at = models.DateTimeField(null=True)
    last_step = models.BigIntegerField(default=0)
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    secret = Encrypted("secret_encrypted")

    def __str__(self) -> str:
        return f"Second factor of {self.user}"


class RecoveryCode(models.Model):
    """The hash of a code that a person may use once, instead of one of the lost device."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.ForeignKey(User, models.CASCADE, related_name="recovery_codes")
    sha256 = models.BinaryField(unique=True)

    def __str__(self) -> str:
        return f"Recovery code of {self.user}"


class OutgoingMail(models.Model):
    """A mail that waits to be sent, from `due_at` on; an empty address is nobody's.

    The text stands encrypted: there may be a link in it that lets somebody in.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    email = models.TextField()
    subject = models.TextField()
    text_encrypted = models.BinaryField()
    tries = models.IntegerField(default=0)
    due_at = models.DateTimeField(db_index=True)
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    text = Encrypted("text_encrypted")

    def __str__(self) -> str:
        return f"{self.subject} to {self.email or 'nobody'}"


class AttemptCount(models.Model):
    """How often something was tried, by whom `key` is the hash of, until `expires_at`."""

    key = models.TextField(primary_key=True)
    attempts = models.IntegerField()
    expires_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"{self.attempts} until {self.expires_at:%H:%M:%S}"
