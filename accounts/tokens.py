"""The JWTs of the REST API: what they carry and which keys sign them.

A token says who and which session, and nothing that may change: role and rights are read on each
request. Keys rotate: the first of `JWT_SIGNING_KEYS` signs, each verifies the tokens that name it.
"""

from __future__ import annotations

import hashlib
from typing import Any, NamedTuple, cast
from uuid import UUID

import jwt
from django.conf import settings
from rest_framework_simplejwt.backends import TokenBackend
from rest_framework_simplejwt.exceptions import TokenBackendError, TokenError
from rest_framework_simplejwt.settings import api_settings
from rest_framework_simplejwt.tokens import AccessToken, RefreshToken, Token

from xenofy.common.errors import NotAuthenticated

LIFETIME = RefreshToken.lifetime
_LONGEST = 2048  # characters; ours have about 400


class Claims(NamedTuple):
    """What a token whose signature holds says."""

    session_id: UUID
    user_id: UUID
    tenant_id: UUID | None
    token_id: str


class TokenPair(NamedTuple):
    """What a sign-in answers: the token for requests, and the one for the next pair."""

    token: str
    refresh: str


class InvalidToken(NotAuthenticated):
    """The token is not ours, expired, or its session has ended."""

    code = "INVALID_TOKEN"

    def __init__(
        self, message: str = "The token is not valid, or not any more. Sign in again."
    ) -> None:
        super().__init__(message)


class KeyRing(TokenBackend):
    """Signs with the first key and names it in the header; verifies with the key that is named."""

    def encode(self, payload: dict[str, Any]) -> str:
        key = settings.JWT_SIGNING_KEYS[0]
        claims = {**payload, "aud": self.audience, "iss": self.issuer}
        return jwt.encode(claims, key, algorithm=self.algorithm, headers={"kid": _key_id(key)})

    def get_verifying_key(self, token: Any) -> str:
        named = jwt.get_unverified_header(token).get("kid")
        for key in settings.JWT_SIGNING_KEYS:
            if _key_id(key) == named:
                return str(key)
        raise TokenBackendError("No key has this id.")


_key_ring = KeyRing(
    api_settings.ALGORITHM,
    audience=api_settings.AUDIENCE,
    issuer=api_settings.ISSUER,
    leeway=api_settings.LEEWAY,
)


class Access(AccessToken):
    _token_backend = _key_ring


class Refresh(RefreshToken):
    _token_backend = _key_ring
    access_token_class = Access


def new_refresh(*, session_id: UUID, user_id: UUID, tenant_id: UUID | None) -> Refresh:
    """Return a fresh refresh token; its `jti` is what the session has to remember."""
    refresh = Refresh()
    refresh["sub"] = str(user_id)
    refresh["tenantId"] = str(tenant_id) if tenant_id else None
    refresh["sid"] = str(session_id)
    return refresh


def pair(refresh: Refresh) -> TokenPair:
    """Return the refresh token with an access token of the same session."""
    return TokenPair(str(refresh.access_token), str(refresh))


def read_access(token: str) -> Claims:
    """Return the claims of an access token; raise `InvalidToken`."""
    return _read(Access, token)


def read_refresh(token: str) -> Claims:
    """Return the claims of a refresh token; raise `InvalidToken`."""
    return _read(Refresh, token)


def _read(kind: type[Token], token: str) -> Claims:
    if len(token) > _LONGEST:
        raise InvalidToken
    try:
        claims = kind(cast("Token", token))
        tenant_id = claims["tenantId"]
        return Claims(
            session_id=UUID(claims["sid"]),
            user_id=UUID(claims["sub"]),
            tenant_id=UUID(tenant_id) if tenant_id is not None else None,
            token_id=claims["jti"],
        )
    except (TokenError, KeyError, ValueError, TypeError, AttributeError) as error:
        raise InvalidToken from error


def _key_id(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()[:16]
