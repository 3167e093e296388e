"""Forms in which a person proves to be the one who signed in, by the present password."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from accounts import attempts
from accounts.forms import code_field, password_field
from accounts.models import User
from accounts.validation import check_new_password
from xenofy.common.errors import TooMany


class ProofForm(forms.Form):
    """The present password."""

    current = password_field("current-password", label="Present password")

    def __init__(self, data: Any = None, *, user: User) -> None:
        super().__init__(data)
        self._user, self._refusal = user, ""

    def proves(self, *, address: str, now: datetime) -> bool:
        """Tell whether all that was sent is right. The password is counted before it is checked,
        as in signing in; what is too much is not hashed."""
        if not self.is_bound:
            return False
        try:
            attempts.count_login(self._user.email, address=address, now=now)
        except TooMany as error:
            self._refusal = error.message
        if not self.is_valid():
            return False
        attempts.forget_login(self._user.email, address=address)
        return True

    def clean_current(self) -> str:
        given: str = self.cleaned_data["current"]
        if self._refusal:
            raise ValidationError(self._refusal)
        if not self._user.check_password(given):
            raise ValidationError("This is not your present password.")
        return given


class PasswordForm(ProofForm):
    """The present password, and the new one."""

    new = password_field("new-password", label="New password", help_text="At least 10 characters.")

    def clean_new(self) -> str:
        given: str = self.cleaned_data["new"]
        check_new_password(given, email=self._user.email)
        return given


class TurnOffForm(ProofForm):
    """The present password, and a code of the app or for recovery."""

    code = code_field()
