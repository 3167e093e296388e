"""After an older backup is restored, the ledger of redactions forgets everybody again."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import transaction
from django.utils import timezone

from shop_data.models import Redaction
from tenants.models import TenantState
from tenants.scope import tenant_scope
from tests.privacy.canaries import found_in_database
from tests.privacy.life import CANARIES, carry_out, requests, tenant_of, told
from tests.privacy.test_redact_customer import differences, redact, sums
from tests.privacy.test_redact_shop import ask, erase, gone, rows_of  # noqa: F401
from tests.shops import Shop
from xenofy import redactions

pytestmark = pytest.mark.django_db


def apply(entries: list[redactions.Entry]) -> list[int | None]:
    return [redactions.forget_again(each, now=timezone.now()) for each in entries]


def subjects(shop: Shop) -> set[int]:
    with tenant_scope(tenant_of(shop)):
        return set(Redaction.objects.values_list("subject", flat=True))


def test_who_was_forgotten_is_forgotten_again(shop: Shop, tmp_path: Path) -> None:
    told(shop)
    backup = transaction.savepoint()
    redact(shop)
    before, forgotten = sums(shop), subjects(shop)
    call_command("redactions", "export", str(tmp_path / "ledger"))
    transaction.savepoint_rollback(backup)
    assert found_in_database(tenant_of(shop), CANARIES)

    call_command("redactions", "apply", str(tmp_path / "ledger"))
    carry_out(shop)

    assert found_in_database(tenant_of(shop), CANARIES) == []
    assert (sums(shop), differences(shop)) == (before, 0)
    assert subjects(shop) >= forgotten
    ledger = (tmp_path / "ledger").read_text().lower()
    assert [each for each in CANARIES if each in ledger] == []


def test_what_is_known_already_is_not_asked_again(shop: Shop) -> None:
    told(shop)
    redact(shop)

    assert set(apply(list(redactions.ledger()))) == {0}
    assert [request.status for request in requests(shop)] == ["done"]


def test_a_shop_that_was_erased_is_erased_again(gone: Shop) -> None:  # noqa: F811
    backup = transaction.savepoint()
    ask(gone)
    erase(gone)
    entries = list(redactions.ledger())
    transaction.savepoint_rollback(backup)
    assert rows_of(tenant_of(gone))

    assert None in apply(entries)
    erase(gone)

    assert rows_of(tenant_of(gone)) == {}


def test_a_ledger_of_another_key_is_refused(shop: Shop) -> None:
    told(shop)
    redact(shop)
    (entry,) = [each for each in redactions.ledger() if each["forgotten"]]
    with tenant_scope(tenant_of(shop)):
        state = TenantState.objects.get()
        state.pseudonym_key = "ab" * 32
        Redaction.objects.all().delete()

    with pytest.raises(redactions.OtherKey):
        redactions.forget_again(
            {**entry, "key": state.pseudonym_key_encrypted.hex()}, now=timezone.now()
        )
