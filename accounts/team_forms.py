"""The forms of inviting somebody and of accepting an invitation."""

from __future__ import annotations

from typing import Any

from django import forms

from accounts.forms import email_field, password_field
from accounts.validation import check_new_password, plain_email
from tenants.models import Role

ROLES = [
    (Role.VIEWER.value, "Viewer: reports and lists, nobody’s name"),
    (Role.ANALYST.value, "Analyst: all figures, people, files, putting deliveries back"),
    (Role.OWNER.value, "Owner: everything, this page too"),
]


class RoleForm(forms.Form):
    """What somebody may do."""

    role = forms.ChoiceField(
        label="May", choices=ROLES, initial=Role.VIEWER, widget=forms.Select({"class": "input"})
    )

    def given_role(self) -> Role:
        return Role(self.cleaned_data["role"])


class InviteForm(RoleForm):
    email = email_field(validators=[plain_email])

    field_order = ("email", "role")


class JoinForm(forms.Form):
    """The password of somebody who has no account yet."""

    password = password_field("new-password", help_text="At least 10 characters.")

    def __init__(self, data: Any = None, *, email: str) -> None:
        super().__init__(data)
        self._email = email

    def clean_password(self) -> str:
        given: str = self.cleaned_data["password"]
        check_new_password(given, email=self._email)
        return given
