"""Reading the files of customers' data."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.http import HttpResponse

from shop_data.models import CustomerFile


def file_content(file_id: UUID, *, now: datetime) -> str | None:
    """Return a file of the current tenant; None where there is none (any more)."""
    file = CustomerFile.objects.filter(id=file_id, expires_at__gt=now).first()
    return str(file.content) if file else None


def file_answer(file_id: UUID, content: str) -> HttpResponse:
    """Return the answer with which a file is saved."""
    name = f'attachment; filename="customer-data-{file_id}.json"'
    headers = {"Content-Disposition": name}
    return HttpResponse(content, content_type="application/json", headers=headers)
