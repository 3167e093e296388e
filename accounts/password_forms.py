"""The form in which a person changes the password."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from accounts.forms import password_field
from accounts.models import User
from accounts.validation import check_new_password


class PasswordForm(forms.Form):
    """The present password, which proves who asks, and the new one."""

    current = password_field("current-password", label="Present password")
    new = password_field("new-password", label="New password", help_text="At least 10 characters.")

    def __init__(self, data: Any = None, *, user: User) -> None:
        super().__init__(data)
        self._user, self._refusal = user, ""

    def refuse(self, why: str) -> None:
        """Let the form be wrong, whatever the passwords are; nothing is hashed then."""
        self._refusal = why

    def clean_current(self) -> str:
        given: str = self.cleaned_data["current"]
        if self._refusal:
            raise ValidationError(self._refusal)
        if not self._user.check_password(given):
            raise ValidationError("This is not your present password.")
        return given

    def clean_new(self) -> str:
        given: str = self.cleaned_data["new"]
        check_new_password(given, email=self._user.email)
        return given
