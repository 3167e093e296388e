"""The form in which an owner makes an API key."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django import forms

from tenants.rights import KEY_RIGHTS, Right

LIFETIMES = [("30", "30 days"), ("90", "90 days"), ("365", "One year"), ("", "Until revoked")]
DAYS = "90"


class KeyForm(forms.Form):
    """Name, scopes and lifetime of a key."""

    name = forms.CharField(
        label="Name",
        help_text="What uses it. Two keys of one name may be in use, so that one replaces the"
        " other.",
        max_length=60,
        widget=forms.TextInput({"class": "input", "autocomplete": "off"}),
    )
    scopes = forms.MultipleChoiceField(
        label="What it may do",
        choices=[(right.value, right.label) for right in KEY_RIGHTS],
        initial=[Right.READ_ANALYTICS.value],
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose at least one."},
    )
    days = forms.ChoiceField(
        label="Valid for",
        choices=LIFETIMES,
        initial=DAYS,
        required=False,
        widget=forms.Select({"class": "input"}),
    )

    def scopes_given(self) -> list[Right]:
        return [Right(value) for value in self.cleaned_data["scopes"]]

    def expires_at(self, now: datetime) -> datetime | None:
        """Return when the key ends; None for one that does not."""
        days: Any = self.cleaned_data["days"]
        return now + timedelta(days=int(days)) if days else None
