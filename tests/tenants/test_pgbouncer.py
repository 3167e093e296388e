"""PgBouncer in transaction mode gives one server connection to many clients, one after another.

Nothing that a client sets may be there for the next one. Tried with the real program where it is
installed, with one server connection for all.
"""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import UUID

import psycopg
import pytest
from django.db import connection, connections
from django.db.utils import ConnectionHandler

from shop_data.models import Customer, RollupMark
from tenants.models import Tenant
from tenants.scope import run_for_tenant, tenant_scope
from tests.invariants.rows import make
from tests.tenants.test_run_for_tenant import MARK
from tests.tenants.test_scope import assert_nobody, rows, setting
from xenofy.common.identifiers import uuid7

PROGRAM = shutil.which("pgbouncer", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin")
PORT = "6432"  # part of the socket's name only
pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(PROGRAM is None, reason="pgbouncer is not installed"),
]
CONFIGURATION = """
[databases]
{name} = host={host} port={port} user={user} password={password} dbname={name}
[pgbouncer]
listen_addr =
listen_port = {own_port}
unix_socket_dir = {directory}
auth_type = any
pool_mode = transaction
default_pool_size = 1
max_client_conn = 50
logfile = {directory}/log
"""


@pytest.fixture
def pooled(db: None) -> Iterator[Path]:
    """Send the application's login through PgBouncer while a test runs."""
    with TemporaryDirectory() as name:
        directory = Path(name)
        process = _start(directory)
        login = connection.settings_dict
        direct = {key: login[key] for key in ("HOST", "PORT", "CONN_MAX_AGE")}
        connection.close()
        login |= {"HOST": name, "PORT": PORT}
        try:
            yield directory
        finally:
            connection.close()
            login |= direct
            process.kill()  # TERM would wait for clients in newer versions
            process.wait()


def _start(directory: Path) -> subprocess.Popen[bytes]:
    login = connection.settings_dict
    file = directory / "pgbouncer.ini"
    file.write_text(
        CONFIGURATION.format(
            name=login["NAME"], host=login["HOST"], port=login["PORT"] or 5432,
            user=login["USER"], password=login["PASSWORD"], own_port=PORT, directory=directory,
        )
    )  # fmt: skip
    process = subprocess.Popen([str(PROGRAM), "-q", str(file)], **_identity(directory))
    _wait_until_it_answers(directory, process)
    return process


def _identity(directory: Path) -> dict[str, Any]:
    """Return another user to run as when we are root, which PgBouncer refuses."""
    if os.geteuid() != 0:
        return {}
    host = Path(connection.settings_dict["HOST"])
    uid = host.stat().st_uid if host.is_dir() else pwd.getpwnam("nobody").pw_uid
    for path in (directory, *directory.iterdir()):
        os.chown(path, uid, -1)
    return {"user": uid}


def _wait_until_it_answers(directory: Path, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + 10
    while True:
        try:
            _client(directory).close()
        except psycopg.OperationalError:
            assert process.poll() is None, (directory / "log").read_text()
            assert time.monotonic() < until, (directory / "log").read_text()
            time.sleep(0.05)
        else:
            return


def _client(directory: Path) -> psycopg.Connection[Any]:
    return psycopg.connect(
        host=str(directory),
        port=PORT,
        dbname=connection.settings_dict["NAME"],
        user=connection.settings_dict["USER"],
        autocommit=True,
        prepare_threshold=None,
    )


def as_another_client(call: Callable[[], Any]) -> Any:
    def run() -> Any:
        try:
            return call()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as pool:
        return pool.submit(run).result()


def server_process() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return int(cursor.fetchone()[0])


def test_clients_share_one_server_connection(pooled: Path) -> None:
    """Else the tests below would prove nothing."""
    assert server_process() == as_another_client(server_process)


def test_a_session_wide_setting_would_reach_the_next_client(pooled: Path) -> None:
    """The leak that SET LOCAL avoids, shown with the form that is forbidden here."""
    tenant_id = str(uuid7())
    connection.cursor().execute(f"SET xenofy.tenant_id = '{tenant_id}'")

    assert as_another_client(setting) == tenant_id

    connection.cursor().execute("RESET xenofy.tenant_id")


@pytest.mark.threat(3)
def test_the_scope_does_not_reach_the_next_client(pooled: Path, tenant: Tenant) -> None:
    with tenant_scope(tenant.id):
        make(Customer)
        process = server_process()

    assert as_another_client(rows) == 0
    as_another_client(assert_nobody)
    assert as_another_client(server_process) == process


def test_a_scope_that_failed_does_not_reach_the_next_client(pooled: Path, tenant: Tenant) -> None:
    with pytest.raises(ZeroDivisionError), tenant_scope(tenant.id):
        make(Customer)
        raise ZeroDivisionError

    as_another_client(assert_nobody)


def test_a_client_that_vanishes_in_its_scope_leaves_nothing(pooled: Path, tenant: Tenant) -> None:
    client = _client(pooled)
    client.execute("BEGIN")
    client.execute(f"SET LOCAL xenofy.tenant_id = '{tenant.id}'")
    client.pgconn.finish()

    assert_nobody()


def test_a_statement_sent_with_its_tenant_leaves_nothing(pooled: Path, tenant: Tenant) -> None:
    run_for_tenant(tenant.id, MARK, [tenant.id, uuid7()])

    assert_nobody()
    as_another_client(assert_nobody)
    with tenant_scope(tenant.id):
        assert RollupMark.objects.count() == 1


def test_tenants_taking_turns_see_only_their_own(pooled: Path) -> None:
    """Eight clients, one server connection, two hundred transactions."""
    ids = [uuid7() for _ in range(8)]

    def work(tenant_id: UUID) -> set[tuple[str, int]]:
        seen = set()
        for number in range(25):
            with tenant_scope(tenant_id, snapshot=bool(number % 2)):
                if number == 0:
                    make(Customer)
                seen.add((setting(), rows()))
            seen.add((setting(), rows()))
        connections.close_all()
        return seen

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(work, ids)) == [{(str(each), 1), ("", 0)} for each in ids]


def test_the_handler_of_connections_makes_one_for_each_thread() -> None:
    """What `as_another_client` rests on."""
    assert ConnectionHandler.thread_critical
