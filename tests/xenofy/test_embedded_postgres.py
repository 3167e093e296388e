"""The embedded PostgreSQL: started once, found again, and left in order."""

from __future__ import annotations

import os
import shutil
import signal
import stat
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from io import StringIO
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.core.management import CommandError, call_command

from xenofy import embedded_postgres
from xenofy.embedded_postgres import (
    EmbeddedPostgres,
    EmbeddedPostgresError,
    connection_settings,
)


@pytest.fixture
def server(tmp_path: Path) -> Iterator[EmbeddedPostgres]:
    server = EmbeddedPostgres(tmp_path / "var")
    yield server
    server.stop()
    shutil.rmtree(server.home)


def _kill(server: EmbeddedPostgres) -> int:
    """Kill the server as a power cut would; return its process id."""
    pid = int((server.data / "postmaster.pid").read_text().splitlines()[0])
    os.kill(pid, signal.SIGKILL)
    return pid


def test_a_second_start_finds_the_first(server: EmbeddedPostgres) -> None:
    assert server.start(say=print)
    assert not server.start(say=print)
    assert server.is_running()


def test_what_was_written_is_there_after_a_stop(server: EmbeddedPostgres) -> None:
    server.start(say=print)
    with server._connect("xenofy") as connection:
        connection.execute("CREATE TABLE kept AS SELECT 7 AS number")

    assert server.stop()
    assert not server.is_running()
    server.start(say=print)

    with server._connect("xenofy") as connection:
        assert connection.execute("SELECT number FROM kept").fetchone() == (7,)


def test_a_killed_server_is_started_again(server: EmbeddedPostgres) -> None:
    server.start(say=print)
    _kill(server)
    while server.is_running():
        pass

    assert server.start(say=print)
    assert server.is_running()


def test_a_dead_server_whose_number_another_process_has_is_forgotten(
    server: EmbeddedPostgres,
) -> None:
    server.start(say=print)
    server.stop()
    (server.data / "postmaster.pid").write_text(f"{os.getpid()}\n{server.data}\n")

    assert server.start(say=print)


def test_two_that_start_at_once_share_one_server(server: EmbeddedPostgres) -> None:
    with ThreadPoolExecutor(2) as pool:
        started = list(pool.map(lambda _: server.start(say=print), range(2)))

    assert sorted(started) == [False, True]


def test_settings_of_other_postgres_programs_do_not_disturb(
    server: EmbeddedPostgres, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PGPORT", "61234")

    server.start(say=print)

    assert (server.socket / ".s.PGSQL.5432").exists()


def test_nobody_else_may_enter_and_no_directory_above_was_opened(
    server: EmbeddedPostgres, tmp_path: Path
) -> None:
    before = [stat.S_IMODE(parent.stat().st_mode) for parent in tmp_path.parents]

    server.start(say=print)

    assert [stat.S_IMODE(parent.stat().st_mode) for parent in tmp_path.parents] == before
    assert stat.S_IMODE(server.home.stat().st_mode) == 0o700
    assert stat.S_IMODE(server.socket.stat().st_mode) == 0o700


def test_a_password_is_asked_for(server: EmbeddedPostgres) -> None:
    server.start(say=print)
    settings = connection_settings(server.var)

    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(host=settings["HOST"], dbname="xenofy", user="xenofy", password="wrong")


def test_a_long_path_gets_a_short_socket(tmp_path: Path) -> None:
    deep = EmbeddedPostgres(tmp_path / ("d" * 50) / ("e" * 50) / "var")

    assert len(str(deep.socket).encode()) <= 90


def test_a_full_disk_is_named_before_data_is_made(
    server: EmbeddedPostgres, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(embedded_postgres, "SPACE", 2**80)

    with pytest.raises(
        EmbeddedPostgresError, match=r"The disk is full \(\d+ MB free at .*Make room"
    ):
        server.start(say=print)

    assert not server.data.exists()


def _db(action: str) -> str:
    out = StringIO()
    call_command("db", action, stdout=out)
    return out.getvalue()


def test_the_command_says_what_it_did(server: EmbeddedPostgres, settings: Any) -> None:
    settings.VAR_DIR = server.var
    settings.EMBEDDED_POSTGRES = True

    assert _db("status").startswith("PostgreSQL is stopped.\n")
    assert _db("start").endswith("Started.\n")
    assert _db("start") == "It runs already.\n"
    assert _db("status").startswith("PostgreSQL is running.\n")
    assert _db("stop") == "Stopped.\n"
    assert _db("stop") == "It was not running.\n"


def test_the_command_says_where_things_are(tmp_path: Path, settings: Any) -> None:
    server = EmbeddedPostgres(tmp_path)
    settings.VAR_DIR = server.var
    settings.EMBEDDED_POSTGRES = True

    places = dict(line.split(maxsplit=1) for line in _db("status").splitlines()[1:])

    assert places == {
        "Data:": str(server.data),
        "Socket:": str(server.socket),
        "Log:": str(server.log),
    }


def test_the_command_leaves_a_database_of_somebody_else_alone(settings: Any) -> None:
    settings.EMBEDDED_POSTGRES = False

    with pytest.raises(CommandError, match="DATABASE_URL is set"):
        _db("stop")
