"""The shop's own settings, its locations, and our app in it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from shop_data.changes import Change
from shop_data.models import (
    AppInstallation,
    BulkOperation,
    InventoryLevel,
    Location,
    StoreInfo,
)
from shop_data.payloads.store import bulk_operation_row, location_row, scopes, store_row
from shop_data.payloads.values import PayloadError, required_identifier
from shop_data.store import shop_ids, shop_time_zone
from shop_data.time_zones import move_days
from shop_data.upserts.bodies import Superseded, upsert_bodies
from shop_data.upserts.tombstones import LOCATION, Deletion, Graves, upsert_living


def upsert_store(changes: Sequence[Change], *, now: datetime) -> Superseded:
    """Write the shop's settings; when its time zone changes, every day moves with it.

    Raises `PayloadError` for those of another shop.
    """
    if len({*shop_ids(), *(required_identifier(change.body) for change in changes)}) > 1:
        raise PayloadError("The body is of another shop.")
    before = shop_time_zone()
    superseded = upsert_bodies(StoreInfo, store_row, changes, now=now)
    after = shop_time_zone()
    if after != before:
        move_days(after)
    return superseded


def upsert_locations(changes: Sequence[Change], *, now: datetime) -> Superseded:
    """Write locations; with a deleted one goes what was in stock there."""

    def remove(graves: Graves) -> None:
        Location.objects.filter(shopify_id__any=graves).delete()
        InventoryLevel.objects.filter(location_id__any=graves).delete()

    def write(living: Sequence[Change]) -> Superseded:
        return upsert_bodies(Location, location_row, living, now=now)

    return upsert_living(changes, Deletion(LOCATION, "locations/delete", remove), write)


def upsert_bulk_operations(changes: Sequence[Change], *, now: datetime) -> Superseded:
    """Note which bulk operations have ended, and how."""
    return upsert_bodies(BulkOperation, bulk_operation_row, changes, now=now)


def note_uninstalled(changes: Sequence[Change], *, now: datetime) -> Superseded:
    """Note that our app is gone from the shop: its token is dead, its data stays for now."""
    state = _installation()
    at = max(change.version.triggered_at for change in changes)
    if state.uninstalled_at is None or state.uninstalled_at < at:
        AppInstallation.objects.update(uninstalled_at=at)
    return set()


def note_scopes(changes: Sequence[Change], *, now: datetime) -> Superseded:
    """Note what our app may read in the shop; the newest word counts."""
    known_at = _installation().scopes_changed_at
    newest = max(changes, key=lambda change: change.version)
    at = newest.version.at
    if known_at is not None and known_at > at:
        return {change.delivery for change in changes}
    AppInstallation.objects.update(scopes=scopes(newest.body), scopes_changed_at=at)
    return {change.delivery for change in changes if change is not newest}


def note_granted(granted: Sequence[str], *, now: datetime) -> None:
    """Note what our app may read in the shop, as Shopify answered when it was asked."""
    _installation()
    AppInstallation.objects.update(scopes=sorted(set(granted)), scopes_changed_at=now)


def note_people(*, withheld_at: datetime | None) -> None:
    """Note when Shopify refused names, e-mails and addresses; None: it is to be asked again."""
    _installation()
    AppInstallation.objects.update(people_withheld_at=withheld_at)


def _installation() -> AppInstallation:
    AppInstallation.objects.bulk_create([AppInstallation()], ignore_conflicts=True)
    found: AppInstallation = AppInstallation.objects.get()
    return found
