"""What holds of every template, style and script, whatever page it is part of."""

from __future__ import annotations

import re
from itertools import chain
from pathlib import Path

import pytest
from django.conf import settings

ROOT = Path(settings.BASE_DIR)
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
SCRIPTS = sorted((ROOT / "static" / "js").glob("*.js"))
TOKENS = (ROOT / "static" / "css" / "tokens.css").read_text()
ICONS = set(re.findall(r'<symbol id="([\w-]+)"', (ROOT / "static/img/icons.svg").read_text()))

INLINE = re.compile(
    r"<style|\sstyle=|\son\w+=|javascript:|<script(?![^>]*\ssrc=)", re.IGNORECASE
)  # the Content-Security-Policy refuses all of them
ICON = re.compile(r'icon\.html" with name="([\w-]+)"|icon="([\w-]+)"')

INKS = ("ink", "ink-2", "ink-3", "link", "good", "bad", "warn")
TEXT = [
    *((ink, ground) for ink in INKS for ground in ("ground", "sheet", "inset")),
    *((tone, f"{tone}-bg") for tone in ("good", "bad", "warn")),
    ("on-brand", "brand"),
    ("on-brand", "brand-hover"),
    ("on-tip", "tip"),
    ("on-tip-2", "tip"),
    ("ink", "selected"),
    ("ink", "s1-soft"),
    *((f"h{step}-ink", f"h{step}") for step in range(9)),
]
GRAPHICS = [
    *((name, "sheet") for name in ("s1", "s2", "s3", "s4", "compare", "focus", "control")),
    ("focus", "ground"),
]


def _name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("template", TEMPLATES, ids=_name)
def test_template_has_nothing_inline(template: Path) -> None:
    assert INLINE.findall(template.read_text()) == []


@pytest.mark.parametrize("template", TEMPLATES, ids=_name)
def test_template_stays_short(template: Path) -> None:
    assert len(template.read_text().splitlines()) <= 80


@pytest.mark.parametrize("script", SCRIPTS, ids=_name)
def test_script_stays_short(script: Path) -> None:
    assert len(script.read_text().splitlines()) <= 120


def test_comments_of_templates_are_closed_on_their_line() -> None:
    """Django prints what a comment of two lines holds."""
    lines = chain.from_iterable(path.read_text().splitlines() for path in TEMPLATES)

    assert [line for line in lines if line.count("{#") != line.count("#}")] == []


@pytest.mark.parametrize("template", TEMPLATES, ids=_name)
def test_tables_of_pages_say_what_they_hold(template: Path) -> None:
    """Readers of a screen go from table to table by their captions."""
    if "admin" not in template.parts:
        assert re.findall(r"<table[^>]*>(?!\s*<caption)", template.read_text()) == []


def test_icons_of_templates_exist_and_no_others() -> None:
    found = chain.from_iterable(ICON.findall(path.read_text()) for path in TEMPLATES)

    assert set(filter(None, chain.from_iterable(found))) == ICONS


@pytest.mark.parametrize("theme", [":root {", ':root[data-theme="dark"] {'])
def test_colours_can_be_told_apart(theme: str) -> None:
    colours = _colours(theme)
    wanted = [*((pair, 4.5) for pair in TEXT), *((pair, 3.0) for pair in GRAPHICS)]

    weak = {pair for pair, least in wanted if _contrast(*(colours[name] for name in pair)) < least}

    assert weak == set()


def _colours(theme: str) -> dict[str, str]:
    block = TOKENS[TOKENS.index(theme) :]
    return dict(re.findall(r"--([\w-]+):\s*#([0-9A-Fa-f]{6})", block[: block.index("\n}")]))


def _contrast(one: str, other: str) -> float:
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    """Return the relative luminance of WCAG 2.2 of a colour in six hexadecimal digits."""
    channels = [int(colour[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in channels
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
