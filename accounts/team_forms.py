"""The forms of inviting somebody, and of what they may do."""

from __future__ import annotations

from django import forms

from accounts.forms import email_field
from accounts.validation import plain_email
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
