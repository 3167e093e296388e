"""What the admin for staff is built from.

Tenant data is read only and comes through the login `staff`, which may read every tenant and
write none; shown are rows of the shops that were opened, each for a reason. Control tables are
changed through the application's login. Everything stays bounded on large tables: lists follow an
index, are counted up to a limit, and are searched by exact values and beginnings.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, ClassVar
from uuid import UUID

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.utils import quote
from django.contrib.admin.views.main import ChangeList
from django.contrib.admin.widgets import AdminTextInputWidget
from django.core.paginator import Paginator
from django.db import models
from django.db.models import OuterRef, QuerySet, Subquery
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.http import urlencode
from django.utils.safestring import SafeString

from tenants.fields import TenantForeignKey
from tenants.lookup import tenants_called
from tenants.models import Tenant, TenantModel
from tenants.staff_access import open_shops
from tenants.staff_search import MATCHES, search

if TYPE_CHECKING:
    ModelAdmin = admin.ModelAdmin[Any]
else:
    ModelAdmin = admin.ModelAdmin

STAFF = "staff"  # the database alias
PER_PAGE = 50
COUNTED = 10_000  # rows of a list that are counted; beyond them it is "more than"
SHOWN_CHARACTERS = 100_000  # of a raw body


class CappedPaginator(Paginator):  # type: ignore[type-arg]
    """Counts no further than `COUNTED`: counting all of a large table takes seconds."""

    @cached_property
    def count(self) -> int:
        return min(self._counted, COUNTED)

    @property
    def is_capped(self) -> bool:
        return self._counted > COUNTED

    @cached_property
    def _counted(self) -> int:
        rows: Any = self.object_list
        return int(rows.order_by().values("pk")[: COUNTED + 1].count())


class BoundedAdmin(ModelAdmin):
    """Lists and searches that cost little however large the table is."""

    list_per_page = PER_PAGE
    paginator = CappedPaginator
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    sortable_by = ()  # the list follows an index; other columns have none


class TenantFilter(admin.ListFilter):
    """One input for a tenant's id, its shop's domain, or the beginning of its name."""

    title = "tenant"
    template = "admin/tenant_filter.html"
    parameter = "tenant"

    def __init__(
        self, request: HttpRequest, params: dict[str, Any], model: Any, model_admin: Any
    ) -> None:
        super().__init__(request, params, model, model_admin)
        given = params.pop(self.parameter, None) or [""]
        self.asked = str(given[-1]).replace("\0", "").strip()
        self.found = tenants_called(self.asked)
        if self.asked:
            self.used_parameters[self.parameter] = self.asked
        self.others = [
            (name, value)
            for name, values in request.GET.lists()
            for value in values
            if name not in {self.parameter, "p", "e"}
        ]

    def has_output(self) -> bool:
        return True

    def expected_parameters(self) -> list[str | None]:
        return [self.parameter]

    def choices(self, changelist: Any) -> Any:
        return iter(())

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if not self.asked:
            return queryset
        return queryset.filter(tenant_id__in=[tenant.id for tenant in self.found])


class TenantRows(ChangeList):
    """A list whose links carry the tenant, which every key and index begins with."""

    def url_for_result(self, result: Any) -> str:
        return row_url(result)


class TenantDataAdmin(BoundedAdmin):
    """A table of tenant data: shown with its related rows, never changed.

    `search_columns` are searched by exact value (numbers where a number is given, an id where an
    id is); those that end in `_search` hold lower-case text and are searched by its beginning.
    `unread` columns are left out of lists, `texts` are methods that show more of a row.
    """

    search_help_text = "Ids, numbers and codes as a whole; names, emails and titles from the start"
    search_columns: ClassVar[tuple[str, ...]] = ("shopify_id",)
    unread: ClassVar[tuple[str, ...]] = ()
    texts: ClassVar[tuple[str, ...]] = ()
    ordering: ClassVar[Any] = ("-tenant_id", "-id")
    list_filter: ClassVar[Any] = (TenantFilter,)
    change_form_template = "admin/read_only.html"

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    # ── reading ───────────────────────────────────────────────────────────────────────────────

    def rows(self) -> QuerySet[Any]:
        """Return all tenants' rows; related ones are joined, since there is no scope to load
        them in later. Only those of `open_rows` are shown."""
        related = [field.name for field in _references(self.model)]
        name = Tenant.objects.filter(id=OuterRef("tenant_id")).values("name")
        rows: QuerySet[Any] = self.model.unscoped.using(STAFF).annotate(tenant_name=Subquery(name))
        return rows.select_related(*related) if related else rows

    def open_rows(self, request: HttpRequest) -> QuerySet[Any]:
        """Return the rows of the shops that the staff of this browser opened."""
        return self.rows().filter(tenant_id__in=open_shops(request))

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return self.open_rows(request).defer(*self.unread)

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Show the list; without an open shop first the page that opens one."""
        return _way_to_open(request) or super().changelist_view(request, extra_context)

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Show a row; without an open shop first the page that opens one."""
        opening = _way_to_open(request) if object_id else None
        return opening or super().changeform_view(request, object_id, form_url, extra_context)

    def get_object(
        self, request: HttpRequest, object_id: str, from_field: str | None = None
    ) -> Any:
        """Return the row of an address of `row_url`."""
        tenant_id, _, row_id = object_id.partition(".")
        try:
            rows = self.open_rows(request)
            return rows.filter(tenant_id=UUID(tenant_id), id=UUID(row_id)).first()
        except ValueError:
            return None

    def get_search_fields(self, request: HttpRequest) -> tuple[str, ...]:
        return self.search_columns

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        term = search_term.strip()
        if not term:
            return queryset, False
        found = search(queryset, self.search_columns, term)
        if found.more:
            text = f"More than the {MATCHES} rows here match; search more closely."
            self.message_user(request, text, messages.WARNING)
        return queryset.filter(found.rows), False

    # ── showing ───────────────────────────────────────────────────────────────────────────────

    @admin.display(description="tenant")
    def shop(self, row: TenantModel) -> str:
        """Show the tenant's name; its id where the tenant is gone."""
        return getattr(row, "tenant_name", None) or str(row.tenant_id)

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return TenantRows

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Return every column but the binary ones, with references as links."""
        columns = [
            _link(field) if isinstance(field, TenantForeignKey) else field.name
            for field in self.model._meta.concrete_fields
            if field.name not in {"id", "tenant"} and not isinstance(field, models.BinaryField)
        ]
        return ["shop", "tenant_id", "id", *columns, *self.texts]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return self.get_fields(request, obj)


class SecretField(forms.CharField):
    """A text that is stored encrypted: set here, never shown. Empty keeps what is stored."""

    def __init__(self, *, label: str, help_text: str = "") -> None:
        widget = forms.PasswordInput({"autocomplete": "off", "class": "vTextField"})
        super().__init__(label=label, help_text=help_text, required=False, widget=widget)


class ControlAdmin(BoundedAdmin):
    """A control table. Only changed columns are written, so that no other writer's are lost."""

    touched: ClassVar[tuple[str, ...]] = ()  # columns that Django sets with every change
    formfield_overrides: ClassVar[Any] = {models.TextField: {"widget": AdminTextInputWidget}}

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Return the columns; for a new row without those that have no value yet."""
        fields = super().get_fields(request, obj)
        return fields if obj else [name for name in fields if name not in self.readonly_fields]

    def formfield_for_dbfield(
        self, db_field: models.Field[Any, Any], request: HttpRequest, **options: Any
    ) -> Any:
        """Let a moment that has not come stay empty: null columns here say so, `blank` does not."""
        if db_field.null:
            options["required"] = False
        return super().formfield_for_dbfield(db_field, request, **options)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        changed = set(form.changed_data)
        columns = {field.name for field in obj._meta.concrete_fields} & changed
        for name, field in form.fields.items():
            if isinstance(field, SecretField) and form.cleaned_data[name]:
                setattr(obj, name, form.cleaned_data[name])
                columns.add(f"{name}_encrypted")
        if not change:
            obj.save(force_insert=True)
        elif columns:
            obj.save(update_fields=[*columns, *self.touched])


def _way_to_open(request: HttpRequest) -> HttpResponse | None:
    """Return the way to the page that opens a shop; None where one is open."""
    if open_shops(request):
        return None
    asked = urlencode({"next": request.get_full_path()})
    return HttpResponseRedirect(f"{reverse('admin:shops')}?{asked}")


def row_url(row: TenantModel) -> str:
    """Return the address of a row of tenant data in the admin."""
    name = f"admin:{row._meta.app_label}_{row._meta.model_name}_change"
    return reverse(name, args=[quote(f"{row.tenant_id}.{row.pk}")])


def raw_text(data: bytes | memoryview | None) -> SafeString | str:
    """Show bytes as text, the first `SHOWN_CHARACTERS` of them."""
    if data is None:
        return "-"
    text = bytes(data)[:SHOWN_CHARACTERS].decode("utf-8", "replace")
    shown = format_html('<textarea rows="24" cols="110" readonly>{}</textarea>', text)
    if len(data) <= SHOWN_CHARACTERS:
        return shown
    return format_html(
        "{}<p>The first {} of {} bytes.</p>", shown, f"{SHOWN_CHARACTERS:,}", f"{len(data):,}"
    )


def _references(model: type[models.Model]) -> list[Any]:
    return [field for field in model._meta.concrete_fields if isinstance(field, TenantForeignKey)]


def _link(field: TenantForeignKey) -> Callable[[Any], SafeString | str]:
    """Return a column that links to the row a reference points to."""

    @admin.display(description=field.verbose_name)
    def link(row: Any) -> SafeString | str:
        related = getattr(row, field.name)
        return (
            "-"
            if related is None
            else format_html('<a href="{}">{}</a>', row_url(related), related)
        )

    return link
