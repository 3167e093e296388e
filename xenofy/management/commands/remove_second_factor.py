"""`manage.py remove_second_factor`: let somebody in again who lost the device and the codes."""

from __future__ import annotations

import getpass
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from accounts.lost_device import take_away
from accounts.models import User
from tenants.roles import refuse_unsafe_role


class Command(BaseCommand):
    help = (
        "Remove the second factor of a person who lost the device and the recovery codes. Make sure"
        " who asks: from then on the password is enough. All their sign-ins end; it is noted in"
        " the audit entries of their shops and in the admin, and mailed to them."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email", help="of the person")
        parser.add_argument("--reason", required=True, help="how you know that it is them")

    def handle(self, *args: Any, email: str, reason: str, **options: Any) -> None:
        refuse_unsafe_role("default")
        person = User.objects.filter(email=email.strip().lower()).first()
        if person is None:
            raise CommandError(f"Nobody has the email {email}.")
        by = f"{getpass.getuser()}, by manage.py"
        if not take_away(person, by=by, reason=reason, now=timezone.now()):
            raise CommandError(f"{person} has no second factor.")
        self.stdout.write(f"{person} signs in with the password alone, and may set it up again.")
