"""Taking a second factor away for somebody who lost the device, and who learns of it."""

from __future__ import annotations

import pytest
from django.contrib.admin.models import LogEntry
from django.core.management import CommandError, call_command
from django.test import Client

from accounts import second_factor
from accounts.models import User
from tenants.models import AuditEntry, Tenant
from tenants.scope import tenant_scope
from tests.accounts.clients import Api
from tests.factories import PASSWORD
from tests.postbox import sent_mails
from tests.second_factors import code_of, enter_admin, with_second_factor

pytestmark = pytest.mark.django_db(transaction=True)
REASON = "Called back at the number we know"


def remove(email: str) -> None:
    call_command("remove_second_factor", email, reason=REASON)


def test_the_password_is_enough_then_and_all_sign_ins_end(owner: User, api: Api) -> None:
    factor = with_second_factor(owner)
    body = {"email": owner.email, "password": PASSWORD, "code": code_of(factor)}
    token = api.post("/auth/login", body).json()["token"]

    remove(owner.email.upper())

    assert second_factor.factor_of(owner) is None
    assert api.get("/auth/me", token).status_code == 401
    assert api.sign_in(owner)["token"]


def test_the_shop_the_admin_and_the_person_learn_of_it(owner: User, tenant: Tenant) -> None:
    with_second_factor(owner)

    remove(owner.email)

    with tenant_scope(tenant.id):
        entry = AuditEntry.objects.get()
    assert entry.action == "person.second_factor_removed"
    assert entry.detail == {"person": str(owner.id), "reason": REASON}
    assert REASON in LogEntry.objects.get().change_message
    (mail,) = sent_mails()
    assert (mail.to, REASON in mail.body) == ([owner.email], True)


def test_who_has_none_or_is_unknown_is_told_so(owner: User) -> None:
    with pytest.raises(CommandError, match="has no second factor"):
        remove(owner.email)
    with pytest.raises(CommandError, match="Nobody has"):
        remove("nobody@example.com")
    assert sent_mails() == []


def test_staff_take_one_away_in_the_admin(owner: User, staff: User, tenant: Tenant) -> None:
    factor = with_second_factor(owner)
    client = enter_admin(Client(), staff)

    client.post(f"/admin/accounts/secondfactor/{factor.pk}/delete/", {"post": "yes"})

    assert second_factor.factor_of(owner) is None
    with tenant_scope(tenant.id):
        assert AuditEntry.objects.get().actor == staff.email
