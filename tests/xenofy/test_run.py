"""`make run` as people meet it: one process that starts everything and ends everything."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO
from urllib.error import URLError
from urllib.request import urlopen

import psycopg
import pytest
from django.conf import settings

from tests.platforms import reads_proc
from xenofy.embedded_postgres import EmbeddedPostgres

LIMIT = 180  # seconds after which a start has failed; machines of tests are busy


@pytest.fixture
def port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="module")
def var() -> Iterator[Path]:
    """Return the directory of one installation that every test here starts and ends."""
    directory = settings.VAR_DIR / f"run-test-{os.getpid()}"
    yield directory
    EmbeddedPostgres(directory).stop()
    subprocess.run(["rm", "-rf", str(directory)], check=True)


@contextmanager
def started(
    var: Path, port: int, *, output: int | IO[str] = subprocess.PIPE, **environment: str
) -> Iterator[subprocess.Popen[str]]:
    """Start all; at the end, however the test went, nothing of it runs."""
    process = subprocess.Popen(
        [sys.executable, "manage.py", "run"],
        cwd=settings.BASE_DIR,
        env={
            "PATH": os.environ["PATH"],
            "XENOFY_VAR": str(var),
            "XENOFY_DEMO": "false",
            "XENOFY_SUPERVISOR": str(os.getpid()),
            "PORT": str(port),
            "PYTHONUNBUFFERED": "1",
            **environment,
        },
        stdout=output,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        yield process
    finally:
        process.terminate()
        process.communicate(timeout=LIMIT)


def _refused(var: Path, port: int, **environment: str) -> str:
    """Return what is said by a start that fails."""
    with started(var, port, **environment) as process:
        output, _ = process.communicate(timeout=LIMIT)
    assert process.returncode == 1, output
    assert "Traceback" not in output
    return output


def _wait_until_it_says(words: str, output: Path) -> None:
    until = time.monotonic() + LIMIT
    while words not in output.read_text():
        assert time.monotonic() < until, output.read_text()
        time.sleep(0.1)


def _wait_until_it_serves(port: int, process: subprocess.Popen[str]) -> dict[str, object]:
    until = time.monotonic() + LIMIT
    while time.monotonic() < until and process.poll() is None:
        try:
            with urlopen(f"http://127.0.0.1:{port}/health/ready") as response:
                return dict(json.load(response))
        except URLError:
            time.sleep(0.1)
    process.terminate()
    raise AssertionError(process.communicate(timeout=LIMIT)[0])


def _children(pid: int) -> set[int]:
    """Return the processes below `pid`."""
    found: set[int] = set()
    for status in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = status.read_text().rsplit(")", 1)[1].split()
        except (FileNotFoundError, ProcessLookupError):
            continue
        if int(fields[1]) == pid:
            child = int(status.parent.name)
            found |= {child} | _children(child)
    return found


def _alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state != "Z"


@reads_proc
def test_it_serves_says_where_and_leaves_nothing_behind(
    var: Path, port: int, tmp_path: Path
) -> None:
    log = tmp_path / "output"
    with log.open("w") as file, started(var, port, output=file) as process:
        ready = _wait_until_it_serves(port, process)
        _wait_until_it_says(f"Xenofy serves http://127.0.0.1:{port}", log)
        children = _children(process.pid)

        process.send_signal(signal.SIGINT)
        process.wait(timeout=LIMIT)
    output = log.read_text()

    assert ready["status"] == "OK"
    assert process.returncode == 0, output
    assert "Xenofy has ended." in output
    assert "Traceback" not in output
    assert not [pid for pid in children if _alive(pid)]
    assert not EmbeddedPostgres(var).is_running()


def test_a_second_one_is_refused_with_the_address_of_the_first(var: Path, port: int) -> None:
    with started(var, port) as first:
        _wait_until_it_serves(port, first)

        output = _refused(var, port)

    assert f"Xenofy runs here already: http://127.0.0.1:{port}" in output


def test_a_busy_port_is_named_with_a_way_out(var: Path, port: int) -> None:
    with socket.socket() as busy:
        busy.bind(("127.0.0.1", port))
        busy.listen()

        output = _refused(var, port)

    assert f"PORT={port + 1} make run" in output


@reads_proc
def test_children_of_a_killed_supervisor_end_by_themselves(var: Path, port: int) -> None:
    with started(var, port) as process:
        _wait_until_it_serves(port, process)
        children = _children(process.pid)

        process.kill()
        process.communicate(timeout=LIMIT)
    until = time.monotonic() + LIMIT
    while any(map(_alive, children)) and time.monotonic() < until:
        time.sleep(0.1)

    assert not [pid for pid in children if _alive(pid)]


@reads_proc
def test_a_killed_worker_is_started_again(var: Path, port: int) -> None:
    with started(var, port) as process:
        _wait_until_it_serves(port, process)
        (worker,) = [pid for pid in _children(process.pid) if _is_command(pid, "worker")]

        os.kill(worker, signal.SIGKILL)
        until = time.monotonic() + LIMIT
        while time.monotonic() < until:
            again = [pid for pid in _children(process.pid) if _is_command(pid, "worker")]
            if again and again != [worker]:
                break
            time.sleep(0.1)

        process.terminate()
        output, _ = process.communicate(timeout=LIMIT)
    assert again != [worker]
    assert "The worker ended unexpectedly (signal 9)" in output


def _is_command(pid: int, command: str) -> bool:
    try:
        words = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
    except (FileNotFoundError, ProcessLookupError):
        return False
    return b"manage.py" in words and command.encode() in words


def test_an_unreachable_database_is_named(var: Path, port: int) -> None:
    output = _refused(var, port, DATABASE_URL="postgres://xenofy:x@127.0.0.1:1/xenofy")

    assert "No database answers at 127.0.0.1, port 1." in output


def test_an_owner_who_may_not_create_logins_gets_the_sql(
    django_db_setup: None, var: Path, port: int
) -> None:
    owner = settings.DATABASES["owner"]
    with psycopg.connect(
        host=owner["HOST"], port=owner["PORT"] or 5432, dbname=owner["NAME"],
        user=owner["USER"], password=owner["PASSWORD"], autocommit=True,
    ) as connection:  # fmt: skip
        connection.execute("DROP DATABASE IF EXISTS limited")
        connection.execute("DROP ROLE IF EXISTS limited")
        connection.execute("CREATE ROLE limited LOGIN PASSWORD 'limited'")
        connection.execute("CREATE DATABASE limited OWNER limited")
        url = (
            f"postgres://limited:limited@/limited?host={owner['HOST']}&port={owner['PORT'] or 5432}"
        )

        output = _refused(var, port, DATABASE_URL=url)

        connection.execute("DROP DATABASE limited")
        connection.execute("DROP ROLE limited")
    assert "may not create roles" in output
    assert 'CREATE ROLE "limited_app" LOGIN NOSUPERUSER NOBYPASSRLS' in output
