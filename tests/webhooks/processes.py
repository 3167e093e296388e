"""Workers and web servers in processes of their own, on the database of the tests."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

import psycopg
from django.conf import settings
from django.db import connections

PATIENCE = 30.0  # seconds
_WORK = """
import signal, django
django.setup()
from xenofy import worker
from webhooks import processing
from xenofy.supervised import end_with_parent
{changes}
it = worker.Worker()
signal.signal(signal.SIGTERM, lambda *_: it.stop())
end_with_parent()
it.run()
"""


def environment(**more: str) -> dict[str, str]:
    """Return what a process needs to work on the database of the tests, and no longer than they."""
    urls = {}
    for kind, alias in (("", "owner"), ("APP_", "default"), ("WORKER_", "worker")):
        given = connections[alias].settings_dict
        urls[f"DATABASE_{kind}URL"] = (
            f"postgres://{given['USER']}:{given['PASSWORD']}@/{given['NAME']}"
            f"?host={given['HOST']}&port={given['PORT']}"
        )
    lasting = {"XENOFY_SUPERVISOR": str(os.getpid())}
    return {**os.environ, **urls, **lasting, "DJANGO_SETTINGS_MODULE": "xenofy.settings", **more}


@contextmanager
def worker(*, changes: str = "", failpoint: str = "") -> Iterator[subprocess.Popen[bytes]]:
    """Run a worker, with changes to its modules as Python; it is killed at the end."""
    process = subprocess.Popen(
        [sys.executable, "-c", _WORK.format(changes=changes)],
        cwd=settings.BASE_DIR,
        env=environment(XENOFY_FAILPOINT=failpoint),
        stderr=subprocess.PIPE,
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait()
        if process.stderr:
            process.stderr.close()


@contextmanager
def web(*, failpoint: str = "", **more: str) -> Iterator[int]:
    """Run the web server of production with one worker; yield its port. It is killed at the end,
    with the worker that it started. `more` is put into its environment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    process = subprocess.Popen(
        [sys.executable, "manage.py", "web"],
        cwd=settings.BASE_DIR,
        env=environment(PORT=str(port), WEB_WORKERS="1", XENOFY_FAILPOINT=failpoint, **more),
        start_new_session=True,
    )
    try:
        wait_until(lambda: process.poll() is not None or _listens(port))
        yield port
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


@contextmanager
def other_session() -> Iterator[psycopg.Connection[Any]]:
    """Yield a session of the tables' owner beside all others, in a transaction."""
    given = connections["owner"].settings_dict
    with psycopg.connect(
        host=given["HOST"],
        port=given["PORT"] or 5432,
        dbname=given["NAME"],
        user=given["USER"],
        password=given["PASSWORD"],
    ) as session:
        yield session


def _listens(port: int) -> bool:
    with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
        return True
    return False


def wait_until(holds: Callable[[], bool]) -> None:
    """Wait until something holds; fail when it does not within `PATIENCE`."""
    until = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < until, "This took too long."
        time.sleep(0.02)
