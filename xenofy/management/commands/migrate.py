"""`manage.py migrate`, as the owner: no other login may change the schema."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.core.management.base import CommandParser
from django.core.management.commands import migrate

from xenofy.schema_locks import patiently


class Command(migrate.Command):
    """Each migration is one transaction; what is done already is not begun again."""

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.set_defaults(database="owner")

    def handle(self, *args: Any, **options: Any) -> None:
        work = partial(super().handle, *args, **options)
        patiently(work, alias=options["database"], say=self.stdout.write)
