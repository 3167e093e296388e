"""`make bench ARGS=reports` in small: it runs to its end; how fast is no matter of tests."""

from __future__ import annotations

import subprocess
import sys

from django.conf import settings


def test_every_report_is_measured() -> None:
    command = "-m bench reports --orders 400 --products 20 --small 1 --rounds 1"

    ended = subprocess.run(
        [sys.executable, *command.split()],
        cwd=settings.BASE_DIR,
        capture_output=True,
        text=True,
        check=False,
    )

    assert ended.returncode == 0, ended.stdout + ended.stderr
    measurements = ("rebuild", "one day of", "unique buyers", "cohorts", "RFM", "All time | large")
    for measured in measurements:
        assert f"| {measured}" in ended.stdout
