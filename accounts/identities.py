"""Who is asking, with what pages show of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings

from accounts import tokens
from accounts.models import User
from accounts.sessions import session_of
from accounts.tokens import InvalidToken
from tenants.api_keys import key_in_force, scopes_of
from tenants.credentials import Credential, Kind
from tenants.models import Role, Tenant
from tenants.rights import Right

DEMO_SCOPES = frozenset({Right.EXPORT})  # nothing in the demo store is anybody's


@dataclass(frozen=True, slots=True)
class Identity:
    """A credential with the rows that were read for it; `other_tenants` are the person's.

    `is_refused` tells whether the shop has to be connected again.
    """

    credential: Credential
    tenant: Tenant | None
    user: User | None = None
    other_tenants: tuple[Tenant, ...] = ()
    is_refused: bool = False


def of_browser(user: User, *, chosen: str | None) -> Identity:
    """Return a signed-in person in the chosen tenant, or in the first one they belong to.

    `user` comes from `with_memberships`, so this costs no query.
    """
    memberships = user.loaded_memberships
    fitting = [each for each in memberships if str(each.tenant_id) == chosen] or memberships
    if not fitting:
        return Identity(Credential(Kind.SESSION, None, None, user_id=user.id), None, user)
    tenant, role = fitting[0].tenant, Role(fitting[0].role)
    others = tuple(each.tenant for each in memberships if each.tenant_id != tenant.id)
    credential = Credential(Kind.SESSION, tenant.id, role, user_id=user.id)
    return Identity(credential, tenant, user, others, is_refused=tenant.id in user.refused_tenants)


def of_token(token: str, *, now: datetime) -> Identity:
    """Return the person behind an access token; raise `InvalidToken`."""
    session = session_of(tokens.read_access(token), now=now)
    credential = Credential(
        Kind.TOKEN,
        session.tenant.id if session.tenant else None,
        session.role,
        user_id=session.user.id,
        session_id=session.id,
    )
    return Identity(credential, session.tenant, session.user)


def of_api_key(key: str, *, now: datetime) -> Identity:
    """Return the integrator behind a key; raise `InvalidToken`."""
    found = key_in_force(key, now=now)
    if found is None:
        raise InvalidToken("The API key is not valid, or not any more.")
    credential = Credential(
        Kind.API_KEY, found.tenant_id, None, key_id=found.id, scopes=scopes_of(found)
    )
    return Identity(credential, found.tenant)


def of_demo() -> Identity | None:
    """Return the identity of everybody who looks at the demo store; None when there is none."""
    tenant = Tenant.objects.filter(is_demo=True).first() if settings.DEMO else None
    if tenant is None:
        return None
    credential = Credential(Kind.DEMO, tenant.id, Role.VIEWER, scopes=DEMO_SCOPES)
    return Identity(credential, tenant)
