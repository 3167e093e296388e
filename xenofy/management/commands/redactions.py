"""`manage.py redactions export|apply`: who was forgotten, for the time after a restore."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from tenants.roles import refuse_unsafe_role
from xenofy import redactions
from xenofy.database import wait_for_database


class Command(BaseCommand):
    help = (
        "Write who was forgotten into a file that names nobody, to be kept apart from the backups"
        " (export); or ask, after an older backup was restored, that they be forgotten again"
        " (apply), which a worker then carries out. Both may be repeated."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("action", choices=["export", "apply"])
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, action: str, file: Path, **options: Any) -> None:
        wait_for_database("default", say=self.stdout.write)
        refuse_unsafe_role("default")
        if action == "export":
            lines = [redactions.written(entry) for entry in redactions.ledger()]
            file.write_text("".join(f"{line}\n" for line in lines))
            self.stdout.write(f"Tenants: {len(lines)}")
            return
        for line in file.read_text().splitlines():
            self._apply(json.loads(line))

    def _apply(self, entry: redactions.Entry) -> None:
        try:
            missing = redactions.forget_again(entry, now=timezone.now())
        except redactions.OtherKey as error:
            raise CommandError(str(error)) from error
        told = "the shop is to be erased" if missing is None else f"names missing here: {missing}"
        self.stdout.write(f"{entry['tenant']}: {told}")
