"""Which database login does what."""

from __future__ import annotations

from typing import Any


class OwnerMigrates:
    """Only the owner's login changes the schema; all logins reach one database."""

    def allow_migrate(self, db: str, app_label: str, **hints: Any) -> bool:
        return db == "owner"

    def allow_relation(self, one: Any, other: Any, **hints: Any) -> bool:
        return True
