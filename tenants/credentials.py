"""Who is asking: the credential of a request, whichever way it was given."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from tenants.models import Role


class Kind(StrEnum):
    """How a request proves who it is."""

    SESSION = "session"  # a person in the browser
    TOKEN = "token"  # noqa: S105  # a person through the REST API, with a JWT
    API_KEY = "api_key"
    DEMO = "demo"  # anybody, reading the demo store


@dataclass(frozen=True, slots=True)
class Credential:
    """A proven identity. `tenant_id` and `role` are None for a person without a shop."""

    kind: Kind
    tenant_id: UUID | None
    role: Role | None
    user_id: UUID | None = None
    session_id: UUID | None = None

    @property
    def may_see_people(self) -> bool:
        """Tell whether names, e-mails and addresses of customers may be shown."""
        return self.role in {Role.OWNER, Role.ANALYST}
