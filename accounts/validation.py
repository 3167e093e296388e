"""What a new account's e-mail and password must be, for forms and for the REST API."""

from __future__ import annotations

from django.contrib.auth.password_validation import validate_password
from django.core.validators import RegexValidator

from accounts.models import User

LONGEST_PASSWORD = 1024
LONGEST_SECRET = 500
LONGEST_CODE = 40  # of a second factor, with the spaces and hyphens that people write

# Other alphabets have letters that become ASCII ones in lower case: two people, one address.
plain_email = RegexValidator(r"\A[!-~]+\Z", "Write the email in letters without accents.")


def check_new_password(password: str, *, email: str) -> None:
    """Raise Django's `ValidationError` for a password that is easily guessed."""
    validate_password(password, User(email=email))
