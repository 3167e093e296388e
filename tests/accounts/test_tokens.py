"""JWTs: which are accepted, what they carry, and how keys rotate."""

from __future__ import annotations

import base64
import json
import time
from collections.abc import Callable
from typing import Any

import jwt
import pytest
from django.conf import LazySettings, settings

from accounts.models import LoginSession, Membership, User
from accounts.tokens import InvalidToken, read_access
from tenants.models import Role, Tenant
from tests.accounts.clients import Api, assert_error
from tests.factories import MembershipFactory

OTHER_KEY = "another key, also long enough for HS256"


def _claims(token: str) -> dict[str, Any]:
    return dict(jwt.decode(token, options={"verify_signature": False}))


def _forged(
    token: str, *, key: str = "", algorithm: str = "HS256", header: Any = None, **changes: Any
) -> str:
    """Return the token with other claims (None: left out), signed with our key by default."""
    claims = {**_claims(token), **changes}
    kept = {name: value for name, value in claims.items() if value is not None}
    header = {"kid": jwt.get_unverified_header(token)["kid"], **(header or {})}
    headers = {name: value for name, value in header.items() if value is not None}
    signing_key = key or settings.JWT_SIGNING_KEYS[0]
    return jwt.encode(kept, signing_key, algorithm=algorithm, headers=headers)


def _unsigned(token: str) -> str:
    parts = [
        base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode()
        for part in ({"alg": "none", "typ": "JWT"}, _claims(token))
    ]
    return ".".join([*parts, ""])


FORGERIES: dict[str, Callable[[str], str]] = {
    "algorithm none": _unsigned,
    "algorithm HS512": lambda token: _forged(token, algorithm="HS512"),
    "another key": lambda token: _forged(token, key=OTHER_KEY),
    "the key of sessions": lambda token: _forged(token, key=settings.SECRET_KEY),
    "no key id": lambda token: _forged(token, header={"kid": None}),
    "an unknown key id": lambda token: _forged(token, header={"kid": "0" * 16}),
    "a critical header": lambda token: _forged(token, header={"crit": ["b64"], "b64": True}),
    "expired": lambda token: _forged(token, exp=int(time.time()) - 60),
    "no expiry": lambda token: _forged(token, exp=None),
    "from tomorrow": lambda token: _forged(token, iat=int(time.time()) + 86_400),
    "another audience": lambda token: _forged(token, aud="elsewhere"),
    "no audience": lambda token: _forged(token, aud=None),
    "another issuer": lambda token: _forged(token, iss="elsewhere"),
    "no id": lambda token: _forged(token, jti=None),
    "another type": lambda token: _forged(token, token_type="refresh"),
    "no session": lambda token: _forged(token, sid=None),
    "an unknown session": lambda token: _forged(token, sid="0" * 32),
    "a session that is no id": lambda token: _forged(token, sid=["x"]),
    "another person": lambda token: _forged(token, sub="0" * 32),
    "another tenant": lambda token: _forged(token, tenantId="0" * 32),
    "no tenant": lambda token: _forged(token, tenantId=""),
    "ten thousand claims": lambda token: _forged(token, **{f"c{n}": n for n in range(10_000)}),
    "a changed signature": lambda token: token[:-4] + ("AAAA" if token[-4:] != "AAAA" else "BBBB"),
    "no token": lambda token: "",
    "rubbish": lambda token: "rubbish",
    "other bytes": lambda token: "\xff\xfe.\u00e9.x",
}


@pytest.mark.threat(4)
@pytest.mark.django_db
@pytest.mark.filterwarnings("ignore::jwt.warnings.InsecureKeyLengthWarning")  # for HS512
@pytest.mark.parametrize("how", FORGERIES)
def test_a_token_that_is_not_ours_is_refused(api: Api, owner: User, how: str) -> None:
    token = api.sign_in(owner)["token"]
    forged = FORGERIES[how](token)

    answer = api.get("/auth/me", authorization=f"Bearer {forged}")

    assert_error(answer, 401, "INVALID_TOKEN")
    assert answer["WWW-Authenticate"].startswith("Bearer")
    assert api.get("/auth/me", token).status_code == 200


@pytest.mark.threat(4)
@pytest.mark.django_db
def test_a_token_may_point_to_keys_elsewhere_and_ours_is_used(api: Api, owner: User) -> None:
    token = api.sign_in(owner)["token"]
    pointing = {"jku": "https://evil.example/keys", "x5u": "https://evil.example/key"}

    assert api.get("/auth/me", _forged(token, header=pointing)).status_code == 200
    assert_error(
        api.get("/auth/me", _forged(token, key=OTHER_KEY, header=pointing)), 401, "INVALID_TOKEN"
    )


@pytest.mark.django_db
def test_a_refresh_token_is_no_access_token_and_the_other_way_round(api: Api, owner: User) -> None:
    body = api.sign_in(owner)

    assert_error(api.get("/auth/me", body["refresh"]), 401, "INVALID_TOKEN")
    assert_error(api.post("/auth/refresh", {"refresh": body["token"]}), 401, "INVALID_TOKEN")


@pytest.mark.django_db
def test_a_token_says_who_and_which_session_and_no_more(
    api: Api, owner: User, tenant: Tenant
) -> None:
    body = api.sign_in(owner)

    claims = _claims(body["token"])

    assert set(claims) == {
        "sub",
        "tenantId",
        "sid",
        "aud",
        "iss",
        "iat",
        "exp",
        "jti",
        "token_type",
    }
    assert (claims["sub"], claims["tenantId"]) == (str(owner.id), str(tenant.id))
    assert 24 * 3600 - (claims["exp"] - claims["iat"]) in {0, 1}  # a second may turn in between
    refresh = _claims(body["refresh"])
    assert refresh["exp"] - refresh["iat"] == 30 * 24 * 3600
    assert jwt.get_unverified_header(body["token"])["alg"] == "HS256"


@pytest.mark.django_db
def test_an_older_key_still_verifies_and_one_that_was_taken_out_does_not(
    api: Api, owner: User, settings: LazySettings
) -> None:
    token = api.sign_in(owner)["token"]
    old = settings.JWT_SIGNING_KEYS[0]

    settings.JWT_SIGNING_KEYS = [OTHER_KEY, old]
    newer = api.sign_in(owner)["token"]

    assert api.get("/auth/me", token).status_code == 200
    settings.JWT_SIGNING_KEYS = [OTHER_KEY]
    assert api.get("/auth/me", newer).status_code == 200
    assert_error(api.get("/auth/me", token), 401, "INVALID_TOKEN")


@pytest.mark.threat(4)
@pytest.mark.django_db
@pytest.mark.parametrize("what", ["inactive", "deleted", "another password", "not a member"])
def test_a_token_ends_with_what_it_rests_on(api: Api, owner: User, what: str) -> None:
    body = api.sign_in(owner)

    if what == "inactive":
        User.objects.filter(id=owner.id).update(is_active=False)
    elif what == "deleted":
        owner.delete()
    elif what == "another password":
        owner.set_password("quite another passphrase")
        owner.save(update_fields=["password"])
    else:
        Membership.objects.filter(user=owner).delete()

    assert_error(api.get("/auth/me", body["token"]), 401, "INVALID_TOKEN")
    assert_error(api.post("/auth/refresh", {"refresh": body["refresh"]}), 401, "INVALID_TOKEN")


@pytest.mark.threat(4)
@pytest.mark.django_db
def test_a_change_of_role_counts_at_once(api: Api, owner: User) -> None:
    token = api.sign_in(owner)["token"]
    Membership.objects.filter(user=owner).update(role=Role.VIEWER)

    answer = api.get("/auth/me", token)

    assert answer.wsgi_request.credential.role is Role.VIEWER


@pytest.mark.django_db
def test_the_role_is_the_one_in_the_tenant_of_the_session(
    api: Api, owner: User, tenant: Tenant
) -> None:
    MembershipFactory(user=owner, role=Role.VIEWER)
    token = api.sign_in(owner)["token"]

    credential = api.get("/auth/me", token).wsgi_request.credential

    assert (credential.tenant_id, credential.role) == (tenant.id, Role.OWNER)


@pytest.mark.django_db
def test_an_expired_session_refuses_a_token_that_is_not(api: Api, owner: User) -> None:
    token = api.sign_in(owner)["token"]
    LoginSession.objects.update(expires_at="2020-01-01T00:00:00Z")

    assert_error(api.get("/auth/me", token), 401, "INVALID_TOKEN")


@pytest.mark.threat(4)
def test_a_long_token_is_not_looked_into() -> None:
    with pytest.raises(InvalidToken):
        read_access("e" * 100_000)
