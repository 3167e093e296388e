"""Failpoints: armed by one setting, on this machine only."""

from __future__ import annotations

import os
import signal
import subprocess
import sys

import pytest
from django.conf import settings

PASS_TWICE = """
import django
django.setup()
from xenofy.common.failpoints import failpoint
for passage in (1, 2):
    failpoint("after_claim")
    failpoint("after_upsert")
    print("passed", passage, flush=True)
"""


def _pass_twice(failpoint: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", PASS_TWICE],
        cwd=settings.BASE_DIR,
        env={
            "PATH": os.environ["PATH"],
            "DJANGO_SETTINGS_MODULE": "xenofy.settings",
            "XENOFY_VAR": str(settings.VAR_DIR),
            "XENOFY_FAILPOINT": failpoint,
            **environment,
        },
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.mark.parametrize(
    ("failpoint", "passed"),
    [("", 2), ("after_commit:kill", 2), ("after_upsert:kill", 0), ("after_upsert:kill:2", 1)],
)
def test_a_process_dies_at_the_point_and_passage_that_are_named(
    failpoint: str, passed: int
) -> None:
    ended = _pass_twice(failpoint)

    assert ended.stdout.count("passed") == passed
    assert ended.returncode == (0 if passed == 2 else -signal.SIGKILL), ended.stderr


def test_a_failure_can_be_asked_for_instead() -> None:
    ended = _pass_twice("after_claim:fail")

    assert "Failpoint after_claim:fail." in ended.stderr


@pytest.mark.parametrize("setting", ["after_lunch:kill", "after_claim:dance", "after_claim:kill:x"])
def test_a_misspelt_failpoint_is_refused(setting: str) -> None:
    ended = _pass_twice(setting)

    assert "XENOFY_FAILPOINT names no failpoint" in ended.stderr


def test_production_ignores_the_setting() -> None:
    ended = _pass_twice(
        "after_claim:kill",
        XENOFY_ENV="production",
        SECRET_KEY="s" * 50,
        JWT_SIGNING_KEY="j" * 50,
        ENCRYPTION_KEYS="MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=",
        ALLOWED_HOSTS="analytics.example.com",
        XENOFY_EMBEDDED_PG="1",
    )

    assert ended.stdout.count("passed") == 2
