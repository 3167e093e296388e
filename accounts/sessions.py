"""Sign-ins of the REST API: opened, found again by a token, renewed and ended."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import islice
from typing import Any, NamedTuple, TypeVar
from uuid import UUID

from django.db import connection
from django.db.models import Model
from django.utils.crypto import constant_time_compare

from accounts import tokens
from accounts.models import LoginSession, User
from accounts.tokens import Claims, InvalidToken, TokenPair
from tenants.models import Role, Tenant
from xenofy.common.identifiers import uuid7

Row = TypeVar("Row", bound=Model)

USED = timedelta(minutes=5)  # how exactly the last use is known

_READ: dict[type[Model], list[str]] = {
    model: [field.attname for field in model._meta.concrete_fields]
    for model in (LoginSession, User, Tenant)
}
_COLUMNS = ", ".join(
    f"{alias}.{name}" for alias, names in zip("sut", _READ.values(), strict=True) for name in names
)
# Asked for each request with a token: building this query from models takes longer than answering.
_USED = f"""
SELECT m.role, {_COLUMNS}
FROM accounts_loginsession AS s JOIN accounts_user AS u ON u.id = s.user_id
    LEFT JOIN tenants_tenant AS t ON t.id = s.tenant_id
    LEFT JOIN accounts_membership AS m ON m.user_id = s.user_id AND m.tenant_id = s.tenant_id
WHERE s.id = %s AND s.user_id = %s AND s.tenant_id IS NOT DISTINCT FROM %s
    AND s.revoked_at IS NULL AND s.expires_at > %s AND u.is_active
    AND (s.tenant_id IS NULL OR m.role IS NOT NULL)
"""  # noqa: S608


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
    found = _found(claims, now)
    if found is None:
        raise InvalidToken
    session, user, tenant, role = found
    if not _has_same_password(session, user):
        raise InvalidToken
    if session.last_used_at is None or session.last_used_at < now - USED:
        LoginSession.objects.filter(id=session.id).update(last_used_at=now)
    return UsedSession(session.id, user, tenant, role)


def _found(
    claims: Claims, now: datetime
) -> tuple[LoginSession, User, Tenant | None, Role | None] | None:
    """Read the session, its person and its tenant, whose member the person has to be."""
    given = [claims.session_id, claims.user_id, claims.tenant_id, now]
    with connection.cursor() as cursor:
        cursor.execute(_USED, given)
        row = cursor.fetchone()
    if row is None:
        return None
    role, *columns = row
    values = iter(columns)
    session, user = _next(LoginSession, values), _next(User, values)
    tenant = _next(Tenant, values) if session.tenant_id else None
    return session, user, tenant, Role(role) if role else None


def _next(model: type[Row], values: Iterator[Any]) -> Row:
    """Return a row of a model from the next values."""
    names = _READ[model]
    return model.from_db(connection.alias, names, list(islice(values, len(names))))


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


def _has_same_password(session: LoginSession, user: User) -> bool:
    hashes = [user.get_session_auth_hash(), *user.get_session_auth_fallback_hash()]
    return any(constant_time_compare(session.auth_hash, known) for known in hashes)
