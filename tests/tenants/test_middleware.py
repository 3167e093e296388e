"""A request is one transaction of one tenant, from the credential to the last byte."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.template import engines
from django.test import Client

from accounts.models import User
from shop_data.models import Customer
from tenants.middleware import StreamingInScope
from tenants.models import Tenant
from tenants.scope import NoTenant, tenant_id_or_none, tenant_scope
from tests.factories import UserFactory
from tests.invariants.rows import make

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.urls("tests.tenants.urls"),
]


@pytest.fixture
def web(client: Client, owner: User) -> Client:
    """A browser in which the tenant's owner is signed in."""
    client.force_login(owner)
    client.raise_request_exception = False
    return client


def customers(tenant: Tenant) -> int:
    with tenant_scope(tenant.id):
        return Customer.objects.count()


def test_a_view_runs_in_the_scope_of_the_credentials_tenant(web: Client, tenant: Tenant) -> None:
    seen = web.post("/probe/state/").json()

    assert seen["scope"] == seen["announced"] == str(tenant.id)
    assert tenant_id_or_none() is None


@pytest.mark.parametrize("method", ["get", "head", "options"])
def test_reading_sees_one_moment(method: str, web: Client) -> None:
    answer = getattr(web, method)("/probe/state/")

    assert method == "head" or answer.json()["isolation"] == "repeatable read"


def test_writing_sees_what_is_committed(web: Client) -> None:
    assert web.post("/probe/state/").json()["isolation"] == "read committed"


def test_a_stranger_has_no_scope(client: Client) -> None:
    assert client.get("/probe/state/").json() == {
        "scope": "None",
        "announced": "",
        "isolation": "read committed",
    }


def test_a_person_without_a_shop_has_no_scope(client: Client) -> None:
    client.force_login(UserFactory())

    assert client.get("/probe/state/").json()["scope"] == "None"


def test_a_strangers_view_of_tenant_data_fails(client: Client) -> None:
    with pytest.raises(NoTenant):
        client.post("/probe/write/200/")


@pytest.mark.parametrize("status", [200, 204, 302])
def test_what_a_view_wrote_is_committed_with_its_answer(
    status: int, web: Client, tenant: Tenant
) -> None:
    web.post(f"/probe/write/{status}/")

    assert customers(tenant) == 1


@pytest.mark.parametrize("status", [400, 404, 409, 422, 500, 503])
def test_an_answer_that_reports_a_failure_leaves_nothing_written(
    status: int, web: Client, tenant: Tenant
) -> None:
    assert web.post(f"/probe/write/{status}/").status_code == status

    assert customers(tenant) == 0


@pytest.mark.parametrize("how, status", [("missing", 404), ("broken", 500)])
def test_an_exception_leaves_nothing_written(
    how: str, status: int, web: Client, tenant: Tenant
) -> None:
    assert web.post(f"/probe/fail/{how}/").status_code == status

    assert customers(tenant) == 0
    assert tenant_id_or_none() is None


def test_the_next_request_on_the_same_connection_starts_without_a_tenant(
    web: Client, client: Client
) -> None:
    web.post("/probe/fail/broken/")
    link = connection.connection
    web.logout()

    assert web.get("/probe/state/").json()["announced"] == ""
    assert connection.connection is link


def test_a_streaming_answer_is_refused_aloud(web: Client, tenant: Tenant) -> None:
    with tenant_scope(tenant.id):
        make(Customer)
    web.raise_request_exception = True

    with pytest.raises(StreamingInScope, match="/probe/stream/"):
        web.get("/probe/stream/")

    web.raise_request_exception = False
    answer = web.get("/probe/stream/")
    assert answer.status_code == 500
    assert str(tenant.id).encode() not in answer.content


def test_a_strangers_stream_of_tenant_data_fails_too(client: Client) -> None:
    answer = client.get("/probe/stream/")

    with pytest.raises(NoTenant):
        list(answer)


def test_a_template_that_is_rendered_late_is_still_inside(
    web: Client, tenant: Tenant, settings: Any, tmp_path: Any
) -> None:
    (tmp_path / "tenants").mkdir()
    (tmp_path / "tenants/names.txt").write_text(
        "{% for c in customers %}{{ c.first_name }}{% endfor %}"
    )
    with tenant_scope(tenant.id):
        make(Customer, first_name="Meera")
    templates = [{**settings.TEMPLATES[0], "DIRS": [tmp_path, *settings.TEMPLATES[0]["DIRS"]]}]
    settings.TEMPLATES = templates

    assert web.get("/probe/late/").content == b"Meera"
    assert engines.all()


def test_two_people_in_turn_each_see_their_own(
    client: Client, owner: User, other_owner: User, tenant: Tenant, other_tenant: Tenant
) -> None:
    for person, their in ((owner, tenant), (other_owner, other_tenant), (owner, tenant)):
        client.force_login(person)

        assert client.get("/probe/state/").json()["scope"] == str(their.id)
