"""Waiting for the database, and what a process says that does."""

from __future__ import annotations

import shutil
from collections import namedtuple
from typing import Any

import psycopg
import pytest
from django.core.management import CommandError
from django.db import OperationalError, connection
from django.test import Client

from xenofy import database
from xenofy.database import wait_for_database, why_it_waits

FULL = "The database's disk is full: make room. Trying again."
SILENT = "The database does not answer; trying again."
Usage = namedtuple("Usage", "total used free")


def caused_by(cause: Exception) -> OperationalError:
    error = OperationalError("…")
    error.__cause__ = cause
    return error


@pytest.fixture
def here(settings: Any, monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    settings.EMBEDDED_POSTGRES = True
    monkeypatch.setattr(shutil, "disk_usage", lambda _: Usage(2**30, 0, 2**30))
    return monkeypatch


def test_a_server_without_room_says_so() -> None:
    assert why_it_waits(caused_by(psycopg.errors.DiskFull())) == FULL


def test_a_server_that_ended_for_want_of_room_cannot_say_so_itself(
    here: pytest.MonkeyPatch,
) -> None:
    gone = caused_by(psycopg.OperationalError("connection refused"))
    assert why_it_waits(gone) == SILENT

    here.setattr(shutil, "disk_usage", lambda _: Usage(2**30, 2**30, 2**20))

    assert why_it_waits(gone) == FULL


@pytest.mark.django_db(transaction=True)
def test_a_server_that_takes_no_writes_is_not_ready_and_says_so() -> None:
    client = Client(raise_request_exception=False)
    with connection.cursor() as cursor:
        cursor.execute("SET default_transaction_read_only = on")
        with pytest.raises(OperationalError) as refused:
            cursor.execute("DELETE FROM accounts_attemptcount")

    answers = [client.get("/health/ready"), client.post("/auth/login"), client.get("/health")]
    connection.close()

    assert why_it_waits(refused.value) == "The database takes no writes; trying again."
    assert [answer.status_code for answer in answers] == [503, 503, 200]
    assert answers[0].json()["parts"]["database"] == "down"
    assert [int(answer["Retry-After"]) > 0 for answer in answers[:2]] == [True, True]


def test_a_disk_that_is_elsewhere_is_not_ours_to_look_at(
    here: pytest.MonkeyPatch, settings: Any
) -> None:
    settings.EMBEDDED_POSTGRES = False
    here.setattr(shutil, "disk_usage", lambda _: Usage(2**30, 2**30, 0))

    assert why_it_waits(caused_by(psycopg.OperationalError())) == SILENT


class Server:
    """Stands for a connection: its server refuses with each of the sentences, then lets in."""

    settings_dict = {"HOST": "db", "PORT": 5432, "USER": "xenofy_app", "NAME": "xenofy"}

    def __init__(self, *refusals: str) -> None:
        self.refusals = list(refusals)

    def ensure_connection(self) -> None:
        if self.refusals:
            raise OperationalError(self.refusals.pop(0))


def waited_for(server: Server, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Wait for a server; return what was said meanwhile."""
    monkeypatch.setattr(database, "connections", {"default": server})
    monkeypatch.setattr(database, "_PAUSE", 0)
    said: list[str] = []
    wait_for_database("default", say=said.append)
    return said


def test_a_server_that_is_up_needs_no_words(monkeypatch: pytest.MonkeyPatch) -> None:
    assert waited_for(Server(), monkeypatch) == []


@pytest.mark.parametrize("times", [1, 3])
@pytest.mark.parametrize(
    "refusal",
    [
        "the database system is starting up",
        "the database system is in recovery mode",
        "the database system is not yet accepting connections",
    ],
)
def test_a_server_that_starts_is_waited_for_and_named_once(
    monkeypatch: pytest.MonkeyPatch, refusal: str, times: int
) -> None:
    said = waited_for(Server(*[refusal] * times), monkeypatch)

    assert said == ["The database is starting or recovering; waiting for it"]


def test_a_server_that_never_gets_up_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "_PATIENCE", -1)

    with pytest.raises(CommandError, match="No database answers at db, port 5432"):
        waited_for(Server("the database system is starting up"), monkeypatch)


def test_a_wrong_password_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    refusal = 'password authentication failed for user "xenofy_app"'

    with pytest.raises(CommandError, match="does not let 'xenofy_app' into 'xenofy'"):
        waited_for(Server(refusal), monkeypatch)
