"""Apps that a developer has made, and what an authorisation has given them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from xenofy.fakeshop.grants import SCOPES, Grant

OLD_SECRET = timedelta(hours=1)  # for how long the secret before may sign after a rotation


@dataclass
class App:
    """An app of the developers' dashboard. `scopes` are what it asks for in its settings."""

    client_id: str
    secret: str
    redirects: list[str] = field(default_factory=list)
    scopes: frozenset[str] = SCOPES
    customer_data: bool = True
    people: bool = True  # as of a grant
    own_shops: bool = True  # the shops belong to the app's organisation: client credentials work
    webhook_version: str = "2026-07"
    webhooks_uri: str = ""  # where the app's configuration file has its topics, one under it each
    old_secret: str = ""
    rotated_at: datetime | None = None

    def rotate_secret(self, secret: str, *, now: datetime) -> None:
        """Give the app a new secret; the old one stays good for OAuth until it is dropped."""
        self.old_secret, self.secret, self.rotated_at = self.secret, secret, now

    def knows(self, secret: str) -> bool:
        return secret in {self.secret, self.old_secret} - {""}

    def may_sign_old(self, *, now: datetime) -> bool:
        """Tell whether a delivery may still be signed with the secret before."""
        return self.rotated_at is not None and now - self.rotated_at < OLD_SECRET


@dataclass
class Code:
    """What an approved authorisation is exchanged with, once."""

    client_id: str
    domain: str
    scopes: frozenset[str]
    ends_at: datetime


@dataclass
class Pair:
    """The one live pair of an app and a shop; `before` still renews it until it is used."""

    access: Grant
    refresh: str
    ends_at: datetime
    before: str = ""


@dataclass
class Apps:
    """All apps of a world. `lose_answers` and `rotation_is_final` are knobs of what goes wrong."""

    by_id: dict[str, App] = field(default_factory=dict)
    codes: dict[str, Code] = field(default_factory=dict)
    pairs: dict[tuple[str, str], Pair] = field(default_factory=dict)  # by client id and domain
    lose_answers: int = 0  # of the next rotations, which happen and are not told
    rotation_is_final: bool = False  # the token before is refused at once, as in an incident

    def add(self, client_id: str, secret: str, **values: object) -> App:
        """Make an app, with the fields of `App` that are given."""
        app = App(client_id, secret, **values)  # type: ignore[arg-type]
        self.by_id[client_id] = app
        return app

    def take_code(self, code: str, *, now: datetime) -> Code | None:
        """Return what a code stands for, and use it up."""
        found = self.codes.pop(code, None)
        return found if found is not None and found.ends_at > now else None

    def forget(self, client_id: str, domain: str) -> None:
        """Drop what an app could renew in a shop, and codes that are not exchanged yet."""
        self.pairs.pop((client_id, domain), None)
        for code, found in list(self.codes.items()):
            if (found.client_id, found.domain) == (client_id, domain):
                del self.codes[code]
