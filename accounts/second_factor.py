"""The second factor of a person: codes of an app on their device (TOTP, RFC 6238), and recovery
codes for the day it is lost.

The secret stands encrypted, of recovery codes only hashes do: with 80 bits of chance in each, a
slow hash would protect nothing. A code is good once.
"""

from __future__ import annotations

import hashlib
import secrets
from base64 import b32encode
from datetime import datetime

import pyotp
import segno
from django.db import transaction
from pyotp.exceptions import OTPVerificationError

from accounts.models import RecoveryCode, SecondFactor, User
from xenofy.common.errors import Conflict

ISSUER = "Xenofy"
DIGITS = 6
CLOCKS_DIFFER = 1  # steps of 30 seconds that a device's clock may be off, each way
RECOVERY_CODES = 10
_GROUP = 4  # characters of a recovery code between two hyphens


class InForce(Conflict):
    """The person has a second factor."""

    def __init__(self) -> None:
        super().__init__("The second step is on already. Turn it off to use another app.")


def factor_of(user: User) -> SecondFactor | None:
    """Return the factor that a person has to use, if any."""
    return SecondFactor.objects.filter(user=user, confirmed_at__isnull=False).first()


def being_set_up(user: User) -> SecondFactor | None:
    """Return the factor that a person has not confirmed yet."""
    return SecondFactor.objects.filter(user=user, confirmed_at=None).first()


@transaction.atomic
def begin(user: User) -> SecondFactor:
    """Make a secret for a person's app, in place of one not confirmed; raise `InForce`."""
    User.objects.select_for_update().get(pk=user.pk)
    if factor_of(user) is not None:
        raise InForce
    SecondFactor.objects.filter(user=user).delete()
    factor = SecondFactor(user=user)
    factor.secret = pyotp.random_base32()
    factor.save(force_insert=True)
    return factor


def qr_code(factor: SecondFactor) -> str:
    """Return the drawing that an app reads, as SVG: dark on white, whatever the theme."""
    uri = _app(factor).provisioning_uri(name=factor.user.email, issuer_name=ISSUER)
    code = segno.make(uri, error="m", micro=False)
    return code.svg_inline(light="#fff", svgclass="qr", lineclass=None, omitsize=True)


@transaction.atomic
def confirm(factor: SecondFactor, given: str, *, now: datetime) -> list[str] | None:
    """Ask for codes from now on, and return the recovery codes; None for a wrong code."""
    if not _is_of_app(factor, _plain(given), now=now):
        return None
    SecondFactor.objects.filter(pk=factor.pk).update(confirmed_at=now)
    return renew_recovery_codes(factor.user)


def accepts(user: User, given: str, *, now: datetime) -> bool:
    """Tell whether a code is right, of the app or for recovery; it is used up by that."""
    code, factor = _plain(given), factor_of(user)
    if factor is None:
        return False
    if code.isdigit():
        return _is_of_app(factor, code, now=now)
    used, _ = RecoveryCode.objects.filter(user=user, sha256=_digest(code)).delete()
    return used == 1


@transaction.atomic
def renew_recovery_codes(user: User) -> list[str]:
    """Return new recovery codes, which are stored nowhere; those of before are refused."""
    RecoveryCode.objects.filter(user=user).delete()
    codes = [b32encode(secrets.token_bytes(10)).decode().lower() for _ in range(RECOVERY_CODES)]
    RecoveryCode.objects.bulk_create(
        RecoveryCode(user=user, sha256=_digest(code)) for code in codes
    )
    return ["-".join(code[at : at + _GROUP] for at in range(0, 16, _GROUP)) for code in codes]


@transaction.atomic
def remove(user: User) -> bool:
    """Ask for no code any more; tell whether there was a factor."""
    RecoveryCode.objects.filter(user=user).delete()
    removed, _ = SecondFactor.objects.filter(user=user).delete()
    return removed > 0


def _is_of_app(factor: SecondFactor, code: str, *, now: datetime) -> bool:
    """Tell whether the app shows this code about now, and use it up: of two requests one wins."""
    try:
        step = _app(factor).verify_and_get_timecode(code, for_time=now, valid_window=CLOCKS_DIFFER)
    except OTPVerificationError:
        return False
    unused = SecondFactor.objects.filter(pk=factor.pk, last_step__lt=step)
    return bool(unused.update(last_step=step))


def _app(factor: SecondFactor) -> pyotp.TOTP:
    return pyotp.TOTP(factor.secret, digits=DIGITS)


def _plain(given: str) -> str:
    """Return a code as it is compared, however it was written down or copied."""
    return "".join(given.split()).replace("-", "").lower()


def _digest(code: str) -> bytes:
    return hashlib.sha256(code.encode()).digest()
