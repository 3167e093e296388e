"""How Django finds people."""

from __future__ import annotations

from uuid import UUID

from django.contrib.auth.backends import ModelBackend

from accounts.models import User


class PersonBackend(ModelBackend):
    """Check e-mail and password; load a signed-in person together with the memberships.

    `authenticate`, Django's own, hashes once for an unknown e-mail too.
    """

    def get_user(self, user_id: UUID) -> User | None:
        user = User.objects.with_memberships(user_id)
        return user if user is not None and self.user_can_authenticate(user) else None
