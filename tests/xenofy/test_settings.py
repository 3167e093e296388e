"""Settings: documented, and refused in plain words where they are wrong."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

from xenofy.local_secrets import fresh_key

ROOT = Path(settings.BASE_DIR)
PRODUCTION = {
    "XENOFY_ENV": "production",
    "SECRET_KEY": fresh_key(),
    "JWT_SIGNING_KEY": fresh_key(),
    "ENCRYPTION_KEYS": fresh_key(),
    "ALLOWED_HOSTS": "analytics.example.com",
    "XENOFY_EMBEDDED_PG": "1",
}


def _manage(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "XENOFY_VAR": str(settings.VAR_DIR), **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def test_every_variable_that_is_read_is_explained_in_the_example() -> None:
    source = (ROOT / "xenofy" / "settings.py").read_text()
    read = set(re.findall(r'env\.\w+\(\s*"([A-Z_]+)"|_secret\("([A-Z_]+)"\)', source))
    names = {name for pair in read for name in pair if name} - {"XENOFY_SUPERVISOR"}
    names |= {f"DATABASE_{kind}_URL" for kind in ("APP", "WORKER", "STAFF")}

    explained = set(re.findall(r"^#([A-Z_]+)=", (ROOT / ".env.example").read_text(), re.M))

    assert explained == names


@pytest.mark.parametrize(
    "missing",
    ["SECRET_KEY", "JWT_SIGNING_KEY", "ENCRYPTION_KEYS", "ALLOWED_HOSTS", "XENOFY_EMBEDDED_PG"],
)
def test_production_names_what_is_missing_in_one_sentence(missing: str) -> None:
    environment = {name: value for name, value in PRODUCTION.items() if name != missing}

    ended = _manage("check", **environment)

    expected = "DATABASE_URL" if missing == "XENOFY_EMBEDDED_PG" else missing
    assert ended.returncode == 1
    assert ended.stderr.startswith(f"Xenofy cannot start: {expected} is missing.")
    assert "Traceback" not in ended.stderr


@pytest.mark.threat(16)
def test_deployment_check_has_no_warning_in_production() -> None:
    ended = _manage("check", "--deploy", "--fail-level", "WARNING", **PRODUCTION)

    assert ended.returncode == 0, ended.stderr


def test_a_fresh_secret_is_another_each_time() -> None:
    first, second = _manage("secret").stdout, _manage("secret").stdout

    assert first != second
    assert len(first.strip()) == 64


_ASKS = """
from django.conf import settings
from django.test import Client
settings.DEBUG = True  # so that static files need not be collected
plain = Client().get("/login/", headers={"host": "analytics.example.com"})
page = Client().get("/login/", secure=True, headers={"host": "analytics.example.com"})
print(plain.status_code, plain["Location"])
print(page["Strict-Transport-Security"])
print(page.cookies.output(header=""))
session = (settings.SESSION_COOKIE_SECURE, settings.SESSION_COOKIE_HTTPONLY)
print(settings.SESSION_COOKIE_NAME, *session)
print(settings.LOGGING["handlers"]["stderr"]["formatter"])
"""


@pytest.mark.threat(6)
def test_production_speaks_tls_alone_and_keeps_its_cookies_to_itself() -> None:
    ended = _manage("shell", "--no-imports", "-c", _ASKS, **PRODUCTION)

    assert ended.returncode == 0, ended.stderr
    moved, hsts, cookie, session, log = ended.stdout.splitlines()
    assert moved == "301 https://analytics.example.com/login/"
    assert hsts == "max-age=31536000; includeSubDomains; preload"
    assert cookie.strip().startswith("__Host-csrftoken=")
    assert {"HttpOnly", "Secure", "SameSite=Lax", "Path=/"} <= set(cookie.split("; "))
    assert "Domain" not in cookie
    assert session == "__Host-sessionid True True"
    assert log == "json"
