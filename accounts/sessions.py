"""Sign-ins of the REST API: opened, found again by a token, renewed and ended."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from django.db.models import OuterRef, Subquery
from django.utils.crypto import constant_time_compare

from accounts import tokens
from accounts.models import LoginSession, Membership, User
from accounts.tokens import Claims, InvalidToken, TokenPair
from tenants.models import Role, Tenant
from xenofy.common.identifiers import uuid7

USED = timedelta(minutes=5)  # how exactly the last use is known


class UsedSession(NamedTuple):
    """A session that is good, and the person's role in its tenant at this moment."""

    id: UUID
    user: User
    tenant: Tenant | None
    role: Role | None


def open_session(
    user: User,
    *,
    tenant_id: UUID | None,
    now: datetime,
    device: str = "",
    address: str = "",
) -> TokenPair:
    """Sign a person in; return the first tokens of the session."""
    session_id = uuid7()
    refresh = tokens.new_refresh(session_id=session_id, user_id=user.id, tenant_id=tenant_id)
    LoginSession.objects.create(
        id=session_id,
        user=user,
        tenant_id=tenant_id,
        device=device,
        address=address,
        last_used_at=now,
        refresh_id=refresh["jti"],
        auth_hash=user.get_session_auth_hash(),
        expires_at=now + tokens.LIFETIME,
    )
    return tokens.pair(refresh)


def session_of(claims: Claims, *, now: datetime) -> UsedSession:
    """Return the session behind a token; raise `InvalidToken` when it is over.

    It is over once it was ended, ran out, or the person is gone, inactive, has another password
    or is no longer a member of its tenant.
    """
    role = Membership.objects.filter(user=OuterRef("user"), tenant=OuterRef("tenant"))
    session = (
        LoginSession.objects.select_related("user", "tenant")
        .annotate(role=Subquery(role.values("role")))
        .filter(id=claims.session_id, user=claims.user_id, tenant=claims.tenant_id)
        .filter(revoked_at=None, expires_at__gt=now, user__is_active=True)
        .first()
    )
    if session is None or not _has_same_password(session):
        raise InvalidToken
    if session.tenant is not None and session.role is None:
        raise InvalidToken
    if session.last_used_at is None or session.last_used_at < now - USED:
        LoginSession.objects.filter(id=session.id).update(last_used_at=now)
    role_now = Role(session.role) if session.role else None
    return UsedSession(session.id, session.user, session.tenant, role_now)


def rotate(refresh: str, *, now: datetime) -> TokenPair:
    """Exchange a refresh token for the next pair; raise `InvalidToken`.

    Each is good once. One that comes a second time was copied: its session ends, for the thief
    and for the person.
    """
    claims = tokens.read_refresh(refresh)
    session = session_of(claims, now=now)
    following = tokens.new_refresh(
        session_id=session.id, user_id=claims.user_id, tenant_id=claims.tenant_id
    )
    # One statement, so that of two requests with the same token one is the second.
    unused = LoginSession.objects.filter(id=session.id, refresh_id=claims.token_id, revoked_at=None)
    if not unused.update(refresh_id=following["jti"], expires_at=now + tokens.LIFETIME):
        end_session(session.id, now=now)
        raise InvalidToken
    return tokens.pair(following)


def end_session(session_id: UUID, *, now: datetime) -> None:
    """Refuse the tokens of a session from now on."""
    LoginSession.objects.filter(id=session_id, revoked_at=None).update(revoked_at=now)


def end_session_of(refresh: str, *, now: datetime) -> None:
    """End the session that a refresh token belongs to; raise `InvalidToken` when it is not ours."""
    end_session(tokens.read_refresh(refresh).session_id, now=now)


def _has_same_password(session: LoginSession) -> bool:
    user = session.user
    hashes = [user.get_session_auth_hash(), *user.get_session_auth_fallback_hash()]
    return any(constant_time_compare(session.auth_hash, known) for known in hashes)
