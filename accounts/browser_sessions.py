"""Where Django keeps what belongs to a browser: a row that its person can see, and end.

What a row says beside Django's own columns is copied from the session at each save.
"""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Any, TypedDict
from uuid import UUID

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore

SIGN_IN = "sign_in"


class SignIn(TypedDict):
    """What is known of a sign-in: from what, from where, and when (ISO 8601)."""

    device: str
    address: str
    at: str
    last_used: str


def public_id(session_key: str) -> UUID:
    """Return the id by which a session may be named where its key may not be seen."""
    return UUID(bytes=hashlib.sha256(session_key.encode()).digest()[:16])


class SessionStore(DatabaseStore):
    @classmethod
    def get_model_class(cls) -> Any:
        from accounts.models import BrowserSession  # noqa: PLC0415 - as Django's own store does

        return BrowserSession

    def create_model_instance(self, data: Any) -> Any:
        """Return the row; of a browser that nobody has signed in with it names nobody."""
        row: Any = super().create_model_instance(data)
        row.id = public_id(row.session_key)
        sign_in: SignIn | None = data.get(SIGN_IN)
        if sign_in is not None and SESSION_KEY in data:
            row.user_id = data[SESSION_KEY]
            row.device, row.address = sign_in["device"], sign_in["address"]
            row.signed_in_at = datetime.fromisoformat(sign_in["at"])
            row.last_used_at = datetime.fromisoformat(sign_in["last_used"])
        return row
