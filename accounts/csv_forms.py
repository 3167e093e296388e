"""The form that takes CSV exports of Shopify."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile

MOST_MEGABYTES = settings.DATA_UPLOAD_MAX_MEMORY_SIZE // 2**20


class _Files(forms.ClearableFileInput):
    allow_multiple_selected = True


class _FilesField(forms.FileField):
    """Several files at once: Shopify splits large exports."""

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile[Any]]:
        return [super(_FilesField, self).clean(each, initial) for each in data or [None]]


class CsvForm(forms.Form):
    exports = _FilesField(
        label="CSV files of Shopify",
        help_text=f"As they came, not saved by a spreadsheet. {MOST_MEGABYTES} MB at once, with"
        f" {settings.BODY_TIMEOUT} seconds to arrive; more in several turns.",
        widget=_Files({"class": "input", "accept": ".csv,text/csv"}),
    )
