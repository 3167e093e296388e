"""`manage.py rotate_keys`: encrypt everything anew with the newest key."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from tenants.key_rotation import rotate
from tenants.roles import refuse_unsafe_role
from xenofy.database import wait_for_database


class Command(BaseCommand):
    help = (
        "Encrypt every secret and token anew with the first of ENCRYPTION_KEYS, while Xenofy runs."
        " Stopped, it goes on where it was. When it says that nothing is left, the other keys can"
        " be taken out."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        wait_for_database("default", say=self.stdout.write)
        refuse_unsafe_role("default")
        unreadable = 0
        for done in rotate():
            unreadable += done.unreadable
            self.stdout.write(f"{done.secret}: {done.rotated} encrypted anew")
            if done.unreadable:
                self.stdout.write(f"{done.secret}: {done.unreadable} that no key opens")
        if unreadable:
            raise CommandError("Put the keys back that are missing, and run this again.")
        self.stdout.write("All is encrypted with the newest key; the others can go.")
