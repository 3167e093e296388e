"""A small soak in the suite; `make soak` runs a large one."""

from __future__ import annotations

import subprocess
import sys

import pytest
from django.conf import settings

from tests.platforms import reads_proc


@reads_proc
@pytest.mark.fault(1)
@pytest.mark.fault(2)
@pytest.mark.fault(3)
@pytest.mark.fault(26)
def test_nothing_is_lost_or_doubled_while_processes_are_killed() -> None:
    command = "-m bench soak --events 300 --tenants 2 --kills 3 --seed 7"

    ended = subprocess.run(
        [sys.executable, *command.split()],
        cwd=settings.BASE_DIR,
        capture_output=True,
        text=True,
        check=False,
    )

    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert "Differences         0" in ended.stdout
    assert "Killed              1 × database, 1 × web, 1 × worker" in ended.stdout
