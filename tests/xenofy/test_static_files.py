"""Collecting static files: one style sheet, hashed names, vendored files as they came."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders

from xenofy.static_files import IMPORT, STYLES, JoinedStaticFilesStorage

CHART = "vendor/chart-4.6.1.umd.min.js"
CHART_SHA256 = "87364cc2b2a76a6684929e7d6b80b18a897794db38400caff1fcf1791c6925d2"  # as in npm


@pytest.fixture(scope="module")
def collected(tmp_path_factory: pytest.TempPathFactory) -> JoinedStaticFilesStorage:
    """Collect the static files of the checkout once, into a folder of their own."""
    storage = JoinedStaticFilesStorage(location=str(tmp_path_factory.mktemp("static")))
    sources = {path: (source, path) for path, source in finders.FileSystemFinder().list([])}
    for path, (source, _) in sources.items():
        with source.open(path) as file:
            storage.save(path, file)
    failures = [text for *_, text in storage.post_process(sources) if isinstance(text, Exception)]
    assert failures == []
    return storage


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
    numbers = Path(collected.stored_name("js/numbers.js")).name

    assert numbers != "numbers.js"
    assert f'"./{numbers}"' in _served(collected, "js/chart_parts.js").decode()


def test_chart_library_is_the_published_one(collected: JoinedStaticFilesStorage) -> None:
    assert hashlib.sha256(_served(collected, CHART)).hexdigest() == CHART_SHA256


def test_collected_text_is_compressed_beforehand(collected: JoinedStaticFilesStorage) -> None:
    assert collected.exists(f"{collected.stored_name(STYLES)}.gz")


def test_every_style_sheet_is_part_of_the_one() -> None:
    styles = Path(settings.BASE_DIR, "static", "css")
    imported = {match["path"] for match in IMPORT.finditer((styles / "xenofy.css").read_text())}

    found = {path.relative_to(styles).as_posix() for path in styles.rglob("*.css")}

    assert found - {"xenofy.css"} == imported
