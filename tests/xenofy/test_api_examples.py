"""docs/api.md: its examples are run as they stand, with curl against a running server."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as installation
from django.db import transaction
from django.utils import timezone

from tenants.api_keys import make_key
from tenants.rights import KEY_RIGHTS
from tests.analytics.conftest import STORE, Books, an_order
from tests.factories import PASSWORD, SECRET, ConnectionFactory, MembershipFactory, TenantFactory

SHOP = "kaveri.myshopify.com"
EXAMPLES = re.compile(r"^```sh\n(.+?)^```$", re.DOTALL | re.MULTILINE)
# Every refusal fails, but for the one that is shown.
STRICT = """set -eu -o pipefail
curl() { command curl --fail-with-body "$@" || { echo; return 22; }; echo; }
"""
CURL = shutil.which("curl")


def examples() -> str:
    text = (Path(installation.BASE_DIR) / "docs/api.md").read_text()
    return "".join(EXAMPLES.findall(text))


@pytest.fixture
def given(live_server: Any) -> dict[str, str]:
    """Return what a reader of the examples has: a shop, whose owner they are, and a key."""
    tenant = TenantFactory(name="Kaveri Handlooms")
    owner = MembershipFactory(tenant=tenant).user
    books = Books(ConnectionFactory(tenant=tenant, domain=SHOP))
    books.deliver("shop/update", STORE | {"myshopify_domain": SHOP})
    books.take(an_order(1, "2026-10-05T12:00:00", "100", customer=7),
               an_order(2, "2026-10-20T12:00:00", "2190.50", customer=8))  # fmt: skip
    with transaction.atomic():
        made = make_key(tenant, name="Examples", scopes=frozenset(KEY_RIGHTS), expires_at=None,
                        created_by=owner.id, now=timezone.now())  # fmt: skip
    person = {"EMAIL": owner.email, "PASSWORD": PASSWORD}
    return {"URL": live_server.url, "KEY": made.key, "SHOP": SHOP, "SECRET": SECRET, **person}


@pytest.mark.skipif(CURL is None, reason="curl is not installed")
def test_examples_do_what_they_say(given: dict[str, str], tmp_path: Path) -> None:
    ran = subprocess.run(
        ["bash", "-c", STRICT + examples()],
        cwd=tmp_path,
        env={"PATH": os.environ["PATH"], **given},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert "\n304\n" in ran.stdout
    assert '"code": "VALIDATION_ERROR"' in ran.stdout
    assert ran.stdout.count("refused\n") == 1
    assert "netSales" in ran.stdout
    assert "INR" in (tmp_path / "sales.csv").read_text()
    assert (tmp_path / "orders.xlsx").read_bytes().startswith(b"PK")
    assert ran.stdout.rstrip().endswith('{"message": "Signed out."}')
