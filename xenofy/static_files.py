"""Static files as they are served: one style sheet, names that carry a hash, compressed."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from posixpath import dirname, join
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import Storage
from whitenoise.storage import CompressedManifestStaticFilesStorage

STYLES = "css/xenofy.css"
VENDORED = "vendor/"
IMPORT = re.compile(r'^@import url\("(?P<path>[^"]+)"\) layer\((?P<layer>\w+)\);$', re.MULTILINE)

Sources = dict[str, tuple[Storage, str]]  # name: the storage it comes from, its path in there


class JoinedStaticFilesStorage(CompressedManifestStaticFilesStorage):
    """Joins the style sheets into one when static files are collected, then names and compresses.

    The parts lie in folders of their own, so only tokens.css, beside the joined sheet, may hold
    addresses of files. Where nothing was collected, in development, plain names are used.
    """

    support_js_module_import_aggregation = True

    def post_process(self, paths: Sources, dry_run: bool = False, **options: Any) -> Iterator[Any]:
        if STYLES in paths and not dry_run:
            paths = self._with_joined_styles(paths)
        files = super().post_process(paths, dry_run, **options)  # type: ignore[no-untyped-call]
        yield from files

    def url_converter(self, name: str, *args: Any, **kwargs: Any) -> Callable[[re.Match[str]], str]:
        """Leave other people's files as they published them: the sum of their bytes holds."""
        if name.startswith(VENDORED):
            return _unchanged
        converter: Callable[[re.Match[str]], str] = super().url_converter(name, *args, **kwargs)
        return converter

    def _with_joined_styles(self, paths: Sources) -> Sources:
        """Write the joined sheet, remove its parts, and return what is left to be served."""
        sheet = _text(paths, STYLES)
        parts = [join(dirname(STYLES), match["path"]) for match in IMPORT.finditer(sheet)]
        joined = IMPORT.sub(lambda match: _layer(paths, match), sheet)
        for name in (STYLES, *parts):
            self.delete(name)
        self.save(STYLES, ContentFile(joined))
        rest = {name: source for name, source in paths.items() if name not in parts}
        return {**rest, STYLES: (self, STYLES)}


def _unchanged(match: re.Match[str]) -> str:
    return match[0]


def _layer(paths: Sources, match: re.Match[str]) -> str:
    text = _text(paths, join(dirname(STYLES), match["path"]))
    return f"@layer {match['layer']} {{\n{text}}}"


def _text(paths: Sources, name: str) -> str:
    storage, path = paths[name]
    with storage.open(path) as file:
        text: str = file.read().decode()
    return text
