"""Collecting static files: one style sheet, hashed names, vendored files as they came."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command

from xenofy.static_files import IMPORT, STYLES, JoinedStaticFilesStorage

CHART = "vendor/chart-4.6.1.umd.min.js"
CHART_SHA256 = "87364cc2b2a76a6684929e7d6b80b18a897794db38400caff1fcf1791c6925d2"  # as in npm


@pytest.fixture(scope="module")
def collected(tmp_path_factory: pytest.TempPathFactory) -> JoinedStaticFilesStorage:
    """Collect the static files of the checkout once, into a folder of their own."""
    root = tmp_path_factory.mktemp("static")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(settings, "STATIC_ROOT", str(root))
        patch.setitem(settings.STORAGES, "staticfiles", {"BACKEND": _backend()})
        call_command("collectstatic", interactive=False, verbosity=0)
        return JoinedStaticFilesStorage()


def _backend() -> str:
    return f"{JoinedStaticFilesStorage.__module__}.{JoinedStaticFilesStorage.__qualname__}"


def _served(collected: JoinedStaticFilesStorage, name: str) -> bytes:
    return Path(collected.path(collected.stored_name(name))).read_bytes()


def test_styles_are_one_sheet_in_their_layers(collected: JoinedStaticFilesStorage) -> None:
    sheet = _served(collected, STYLES).decode()

    assert "@import" not in sheet.split("*/", 1)[1]
    assert sheet.count("@layer components {") > 10
    assert "--ground:" in sheet


def test_parts_of_the_sheet_are_not_served(collected: JoinedStaticFilesStorage) -> None:
    assert "css/tokens.css" not in collected.hashed_files
    assert not collected.exists("css/tokens.css")


def test_fonts_are_found_from_the_sheet(collected: JoinedStaticFilesStorage) -> None:
    font = collected.stored_name("fonts/archivo-latin.woff2")

    assert f'url("../{font}")' in _served(collected, STYLES).decode()


def test_modules_name_each_other_by_hash(collected: JoinedStaticFilesStorage) -> None:
    theme = Path(collected.stored_name("js/theme.js")).name

    assert theme != "theme.js"
    assert f'"./{theme}"' in _served(collected, "js/xenofy.js").decode()


def test_chart_library_is_the_published_one(collected: JoinedStaticFilesStorage) -> None:
    assert hashlib.sha256(_served(collected, CHART)).hexdigest() == CHART_SHA256


def test_collected_text_is_compressed_beforehand(collected: JoinedStaticFilesStorage) -> None:
    assert collected.exists(f"{collected.stored_name(STYLES)}.gz")


def test_every_style_sheet_is_part_of_the_one() -> None:
    styles = Path(settings.BASE_DIR, "static", "css")
    imported = {match["path"] for match in IMPORT.finditer((styles / "xenofy.css").read_text())}

    found = {path.relative_to(styles).as_posix() for path in styles.rglob("*.css")}

    assert found - {"xenofy.css"} == imported
