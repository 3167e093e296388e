"""Who may take files: pages offer them to nobody else, and the API refuses."""

from __future__ import annotations

import pytest
from django.test import Client

from accounts.models import User
from tests.accounts.clients import Api, assert_error
from tests.analytics.conftest import Books
from tests.analytics.shopkeeping import RANGE, ROOT

pytestmark = pytest.mark.usefixtures("now")
DAYS = "start=2026-10-01&end=2026-11-20"
PAGES = ["/sales/", "/orders/", "/customers/", "/products/", "/carts/", "/fulfilment/"]
PAGES += ["/proof/"]
PROOF = "&report=sales&metric=netSales"


def path_of(page: str) -> str:
    return f"{page}?{RANGE}{PROOF}" if page == "/proof/" else f"{page}?{DAYS}"


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.mark.parametrize("page", PAGES)
def test_pages_offer_files_to_who_may_take_them(
    shop: Books, owner: User, analyst: User, viewer: User, page: str
) -> None:
    offered = {}
    for name, user in (("owner", owner), ("analyst", analyst), ("viewer", viewer)):
        answer = signed_in(user).get(path_of(page))
        assert answer.status_code == 200
        offered[name] = "format=csv" in answer.text

    assert offered == {"owner": True, "analyst": True, "viewer": False}


@pytest.mark.parametrize("kind", ["csv", "xlsx", "jsonl"])
def test_the_api_refuses_files_to_viewers(shop: Books, viewer: User, kind: str) -> None:
    token = str(Api().sign_in(viewer)["token"])
    path = f"{ROOT}/channels?{RANGE}"

    assert Api().get(path, token).status_code == 200
    assert_error(Api().get(f"{path}&format={kind}", token), 403, "FORBIDDEN")
