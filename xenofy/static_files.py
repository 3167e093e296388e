"""Static files: one style sheet, Swagger UI from its package; names with a hash, compressed."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from posixpath import dirname, join
from typing import Any

import drf_spectacular_sidecar
from django.contrib.staticfiles.finders import BaseFinder
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage, Storage
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


class SwaggerUIFinder(BaseFinder):
    """Finds of Swagger UI what the page of the API needs, a sixth of what its package holds."""

    NAMES = ("swagger-ui-bundle.js", "swagger-ui-bundle.js.LICENSE.txt", "swagger-ui.css")
    PREFIX = f"{VENDORED}swagger-ui"

    def __init__(self) -> None:
        package = Path(str(drf_spectacular_sidecar.__file__)).parent
        folder = package / "static" / "drf_spectacular_sidecar" / "swagger-ui-dist"
        self.storage: Any = FileSystemStorage(folder)
        setattr(self.storage, "prefix", self.PREFIX)  # noqa: B010 - how Django's finders say it

    def check(self, **kwargs: Any) -> list[Any]:
        return []

    def list(self, ignore_patterns: Iterable[str] | None) -> Iterator[Any]:
        return iter([(name, self.storage) for name in self.NAMES])

    def find(self, path: str, find_all: bool = False, **kwargs: Any) -> Any:
        name = path.removeprefix(f"{self.PREFIX}/")
        found = [self.storage.path(name)] if name != path and name in self.NAMES else []
        return found if find_all or not found else found[0]


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
