"""Carrying out requests of privacy, one step and one transaction at a time.

A step locks the tenant as a batch of deliveries does, so that none is written meanwhile. What a
step does can be done again; a process that is killed leaves a request where its last step ended.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from analytics import rollups
from shop_data.models import CustomerFile, PrivacyRequest
from shop_data.privacy.customer_data import write_file
from shop_data.privacy.forgetting import forget_customers, forget_orders
from shop_data.privacy.knowledge import all_known
from shop_data.privacy.people import Person
from shop_data.privacy.pseudonyms import Pseudonyms
from tenants.scope import tenant_scope
from tenants.state import data_changed, lock_tenant
from webhooks import privacy as inbox
from xenofy.common.failpoints import failpoint
from xenofy.erasing import erase_step

Kind, Status = PrivacyRequest.Kind, PrivacyRequest.Status
Step = Callable[[PrivacyRequest, datetime], int]


def tenants_with_requests() -> list[UUID]:
    """Return the tenants with requests that wait."""
    waiting = PrivacyRequest.unscoped.using("worker").filter(status=Status.WAITING).order_by()
    return sorted(waiting.values_list("tenant_id", flat=True).distinct())


def carry_out(tenant_id: UUID, *, now: datetime) -> int:
    """Do the next step of a tenant's oldest request; return 1, or 0 when there is none to do.

    0 also when a worker is busy with this tenant.
    """
    with tenant_scope(tenant_id):
        waiting = PrivacyRequest.objects.filter(status=Status.WAITING).order_by("id")
        if not waiting.exists() or not lock_tenant():
            return 0
        request = waiting.first()
        if request is None:  # another worker was faster
            return 0
        done = STEPS[Kind(request.kind)](request, now)
        failpoint("before_privacy_commit")
    failpoint("after_privacy_step")
    return min(done, 1)


def expire_files(tenant_id: UUID, *, now: datetime) -> int:
    """Delete the files of a tenant whose time is over, with whom they are about."""
    with tenant_scope(tenant_id):
        old = CustomerFile.objects.filter(expires_at__lte=now)
        requests = list(old.values_list("request_id", flat=True))
        if requests:
            old.delete()
            PrivacyRequest.objects.filter(id__in=requests).update(customer_encrypted=None)
    return len(requests)


def _data_step(request: PrivacyRequest, now: datetime) -> int:
    """Note who is meant; look through the inbox; then write the file."""
    if request.begun_at is None:
        return _begin(request, now)
    person = Person.from_json(request.customer)
    events = inbox.next_deliveries(request.done_to or inbox.NOWHERE)
    request.found += [str(event.id) for event in inbox.about(person, events)]
    if len(events) == inbox.BATCH:
        _looked_through(request, events[-1].id)
        return 1
    write_file(request, person, inbox.in_file(request.found), now=now)
    inbox.drop_body(request.key, now=now)
    _end(request, now)
    return 1


def _forget_step(request: PrivacyRequest, now: datetime) -> int:
    """Note who is meant; take them out of orders, of all other rows, and of the inbox."""
    if request.begun_at is None:
        return _begin(request, now)
    person = Person.from_json(request.customer)
    names = Pseudonyms().names(person.customers)
    if forget_orders(person, names, now=now):
        data_changed(now=now)
    elif request.done_to is None:
        forget_customers(person, names)
        rollups.recompute_customers({*names, *names.values()})
        data_changed(now=now)
        _looked_through(request, inbox.NOWHERE)
    else:
        _take_out_of_inbox(request, person, names, now)
    return 1


def _take_out_of_inbox(
    request: PrivacyRequest, person: Person, names: dict[int, int], now: datetime
) -> None:
    """Look through the next deliveries; with the last of them the request is carried out.

    What arrives from then on is without the person once it is processed, so a shop whose
    deliveries never end keeps no request waiting.
    """
    events = inbox.next_deliveries(request.done_to or inbox.NOWHERE)
    inbox.take_out(person, names, events, now=now)
    if len(events) == inbox.BATCH:
        _looked_through(request, events[-1].id)
        return
    inbox.forget_reasons(person)
    inbox.drop_body(request.key, now=now)
    request.customer = ""
    _end(request, now)


def _looked_through(request: PrivacyRequest, last: UUID) -> None:
    """Note the last delivery that was looked at."""
    request.done_to = last
    request.save(update_fields=["found", "done_to"])


def _begin(request: PrivacyRequest, now: datetime) -> int:
    """Note by which names the person is known, before any of them goes."""
    request.customer = all_known(Person.from_json(request.customer)).as_json()
    request.begun_at = now
    request.save(update_fields=["customer_encrypted", "begun_at"])
    return 1


def _end(request: PrivacyRequest, now: datetime) -> None:
    request.status, request.done_at, request.found = Status.DONE, now, []
    request.save(update_fields=["customer_encrypted", "status", "done_at", "found"])


STEPS: dict[PrivacyRequest.Kind, Step] = {
    Kind.DATA: _data_step,
    Kind.REDACT_CUSTOMER: _forget_step,
    Kind.REDACT_SHOP: erase_step,
}
