"""Who is asking: the credential of a request, whichever way it was given."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from tenants.models import Role
from tenants.rights import RIGHTS_OF, Right


class Kind(StrEnum):
    """How a request proves who it is."""

    SESSION = "session"  # a person in the browser
    TOKEN = "token"  # noqa: S105  # a person through the REST API, with a JWT
    API_KEY = "api_key"
    DEMO = "demo"  # anybody, reading the demo store


@dataclass(frozen=True, slots=True)
class Credential:
    """A proven identity. `tenant_id` is None for a person without a shop.

    A person's rights follow from the role, those of an API key are its `scopes`; it has no role.
    """

    kind: Kind
    tenant_id: UUID | None
    role: Role | None
    user_id: UUID | None = None
    session_id: UUID | None = None
    key_id: UUID | None = None
    scopes: frozenset[Right] = frozenset()

    def may(self, right: Right) -> bool:
        """Tell whether it has a right in its tenant."""
        return right in RIGHTS_OF[self.role] or right in self.scopes

    @property
    def may_see_people(self) -> bool:
        """Tell whether names, e-mails and addresses of customers may be shown."""
        return self.may(Right.READ_CUSTOMERS)

    @property
    def may_manage(self) -> bool:
        """Tell whether the connection, people and keys may be changed."""
        return self.may(Right.MANAGE)

    @property
    def may_export(self) -> bool:
        """Tell whether files may be taken; a key takes whatever it reads as a file too."""
        return self.kind is Kind.API_KEY or self.may(Right.EXPORT)
