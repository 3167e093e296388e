"""`manage.py shopify_schema FILE`: try our documents against a version of Shopify's schema."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from shop_data.shopify.documents import document, names
from shop_data.shopify.validation import complaints, read_schema


class Command(BaseCommand):
    help = (
        "Validate every document that Xenofy sends to Shopify against a schema file of the Admin"
        " API, and those of bulk operations against the rules of bulk queries. Run it with the"
        " next version's schema before changing API_VERSION."
    )
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="the schema in SDL, as .graphql")

    def handle(self, *args: Any, file: Path, **options: Any) -> None:
        schema = read_schema(file.read_text(encoding="utf-8"))
        wrong = 0
        for name in names():
            found = complaints(schema, document(name), is_bulk=name.startswith("bulk_"))
            wrong += bool(found)
            self.stdout.write(f"{name}: {'; '.join(found) or 'right'}")
        if wrong:
            raise CommandError(f"{wrong} of {len(names())} documents are not right.")
