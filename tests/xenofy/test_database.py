"""What a process says that waits for the database."""

from __future__ import annotations

import shutil
from collections import namedtuple
from typing import Any

import psycopg
import pytest
from django.db import OperationalError

from xenofy.database import why_it_waits

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


def test_a_disk_that_is_elsewhere_is_not_ours_to_look_at(
    here: pytest.MonkeyPatch, settings: Any
) -> None:
    settings.EMBEDDED_POSTGRES = False
    here.setattr(shutil, "disk_usage", lambda _: Usage(2**30, 2**30, 0))

    assert why_it_waits(caused_by(psycopg.OperationalError())) == SILENT
