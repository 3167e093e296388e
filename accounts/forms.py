"""The forms of signing in, registering and connecting a shop."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from accounts.domains import NotAShop, normal_domain, shop_name
from accounts.registration import Shop
from accounts.store_connection import StoreConnection
from accounts.validation import (
    LONGEST_CODE,
    LONGEST_PASSWORD,
    LONGEST_SECRET,
    check_new_password,
    plain_email,
)


class Domain(forms.CharField):
    """A shop's address at Shopify, cleaned to its normal form."""

    def __init__(self, **options: Any) -> None:
        attributes = {
            "class": "input",
            "placeholder": "your-shop.myshopify.com",
            "autocapitalize": "none",
            "spellcheck": "false",
        }
        widget = forms.TextInput(attributes)
        super().__init__(label="Store domain", max_length=500, widget=widget, **options)

    def clean(self, value: Any) -> str:
        given = super().clean(value)
        try:
            return normal_domain(given)
        except NotAShop as error:
            raise ValidationError(str(error)) from error


class Secret(forms.CharField):
    """Something of Shopify's that is stored encrypted, never shown; empty keeps what is there."""

    def __init__(self, *, label: str, help_text: str) -> None:
        widget = forms.PasswordInput({"class": "input", "autocomplete": "off"})
        super().__init__(
            label=label,
            help_text=help_text,
            required=False,
            max_length=LONGEST_SECRET,
            widget=widget,
        )


def email_field(**options: Any) -> forms.EmailField:
    """Return the field of a person's email."""
    widget = forms.EmailInput({"class": "input", "autocomplete": "username"})
    return forms.EmailField(label="Email", max_length=254, widget=widget, **options)


def password_field(
    autocomplete: str, *, label: str = "Password", help_text: str = ""
) -> forms.CharField:
    """Return the field of a password, as `autocomplete` of HTML calls it."""
    return forms.CharField(
        label=label,
        help_text=help_text,
        strip=False,
        max_length=LONGEST_PASSWORD,
        widget=forms.PasswordInput({"class": "input", "autocomplete": autocomplete}),
    )


def code_field(**options: Any) -> forms.CharField:
    """Return the field of a second factor's code."""
    attributes = {
        "class": "input",
        "autocomplete": "one-time-code",
        "autocapitalize": "none",
        "spellcheck": "false",
    }
    widget = forms.TextInput(attributes)
    return forms.CharField(label="Code", max_length=LONGEST_CODE, widget=widget, **options)


class LoginForm(forms.Form):
    email = email_field()
    password = password_field("current-password")


class CodeForm(forms.Form):
    """A code of the app, or a recovery code."""

    code = code_field()


class EmailForm(forms.Form):
    email = email_field()


class NewPasswordForm(forms.Form):
    """The password of somebody whom a mailed link proves to be who they are."""

    password = password_field(
        "new-password", label="New password", help_text="At least 10 characters."
    )

    def __init__(self, data: Any = None, *, email: str) -> None:
        super().__init__(data)
        self._email = email

    def clean_password(self) -> str:
        given: str = self.cleaned_data["password"]
        check_new_password(given, email=self._email)
        return given


class ConnectForm(forms.Form):
    """A shop of somebody who has an account."""

    domain = Domain()

    def shop(self) -> Shop:
        domain = self.cleaned_data["domain"]
        return Shop(name=shop_name(domain), domain=domain)


class RegisterForm(ConnectForm):
    email = email_field(validators=[plain_email])
    password = password_field("new-password", help_text="At least 10 characters.")

    field_order = ("email", "password", "domain")

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = self.cleaned_data
        if "email" in given and "password" in given:
            try:
                check_new_password(given["password"], email=given["email"])
            except ValidationError as error:
                self.add_error("password", error)
        return given


class RetentionForm(forms.Form):
    """For how many days a tenant keeps the bodies of deliveries."""

    days = forms.IntegerField(
        label="Keep bodies of webhooks for so many days",
        help_text="From 7 to 3650. After that they are deleted, and can no longer be put back;"
        " figures do not need them.",
        min_value=7,
        max_value=3650,
        widget=forms.NumberInput({"class": "input"}),
    )


class StoreForm(forms.Form):
    """The connection of the settings page; a proven domain cannot be changed."""

    domain = Domain()
    client_id = forms.CharField(
        label="Client ID",
        help_text="Of your app in Shopify’s Dev Dashboard, if you have one.",
        required=False,
        max_length=LONGEST_SECRET,
        widget=forms.TextInput({"class": "input", "autocomplete": "off", "spellcheck": "false"}),
    )
    client_secret = Secret(
        label="Client secret",
        help_text="It signs webhooks. Without an app: the key under the list of webhooks.",
    )
    access_token = Secret(
        label="Admin API access token",
        help_text="Only of an older custom app: starts with shpat_, shown once.",
    )

    def __init__(self, data: Any = None, *, connection: StoreConnection | None) -> None:
        known = connection._asdict() if connection else {}
        given = {name: known.get(name, "") for name in ("domain", "client_id")}
        super().__init__(data, initial=given)
        self.fields["domain"].disabled = connection is not None and connection.is_proven

    def shop(self) -> Shop:
        given = self.cleaned_data
        return Shop(name=shop_name(given["domain"]), **given)
