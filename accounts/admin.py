"""The admin of people and their sign-ins."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.contrib.admin.widgets import AdminEmailInputWidget
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import AdminUserCreationForm, UserChangeForm
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone

from accounts.lost_device import take_away
from accounts.models import (
    AttemptCount,
    BrowserSession,
    LoginSession,
    Membership,
    OutgoingMail,
    RecoveryCode,
    SecondFactor,
    User,
)
from accounts.validation import plain_email
from tenants.staff_admin import BoundedAdmin, ControlAdmin, TenantFilter

if TYPE_CHECKING:
    CreationForm = AdminUserCreationForm[User]
    ChangeForm = UserChangeForm[User]
    PersonBase = UserAdmin[User]
else:
    CreationForm, ChangeForm, PersonBase = AdminUserCreationForm, UserChangeForm, UserAdmin


def _email_field() -> forms.EmailField:
    return _LowerCaseEmail(validators=[plain_email], widget=AdminEmailInputWidget)


class _LowerCaseEmail(forms.EmailField):
    """An address as it is stored, so that it is found to be taken however it is capitalised."""

    def to_python(self, value: Any) -> str:
        return str(super().to_python(value) or "").lower()


class PersonCreationForm(CreationForm):
    email = _email_field()

    class Meta:
        model = User
        fields = ("email",)


class PersonChangeForm(ChangeForm):
    email = _email_field()

    class Meta:
        model = User
        fields = "__all__"  # those of `fieldsets`


@admin.register(User)
class PersonAdmin(ControlAdmin, PersonBase):
    """People. Who may enter the admin, and with which rights, is a superuser's to say."""

    form = PersonChangeForm
    add_form = PersonCreationForm
    list_display = ("email", "name", "is_staff", "is_active", "last_login", "created_at")
    list_filter = ("is_staff", "is_superuser", "is_active")
    search_fields = ("email__startswith",)
    ordering = ("email",)
    filter_horizontal = ()
    fieldsets = (
        (None, {"fields": ("email", "password", "name")}),
        ("Rights", {"fields": ("is_active", "is_staff", "is_superuser", "groups")}),
        ("Single permissions", {"fields": ("user_permissions",), "classes": ("collapse",)}),
        ("Dates", {"fields": ("email_confirmed_at", "last_login", "created_at", "updated_at")}),
    )
    add_fieldsets = ((None, {"fields": ("email", "usable_password", "password1", "password2")}),)
    readonly_fields = ("email_confirmed_at", "last_login", "created_at", "updated_at")
    touched = ("updated_at",)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        if getattr(request.user, "is_superuser", False):
            return self.readonly_fields
        rights = ("is_staff", "is_superuser", "groups", "user_permissions")
        return (*self.readonly_fields, *rights)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        return super().get_search_results(request, queryset, search_term.lower())


@admin.register(Membership)
class MembershipAdmin(ControlAdmin):
    list_display = ("user", "tenant", "role", "created_at")
    list_filter = (TenantFilter, "role")
    list_select_related = ("user", "tenant")
    search_fields = ("user__email__startswith",)
    ordering = ("-id",)
    raw_id_fields = ("user", "tenant")
    fields = ("user", "tenant", "role", "created_at")
    readonly_fields = ("created_at",)


@admin.register(LoginSession)
class LoginSessionAdmin(ControlAdmin):
    """Sign-ins through the REST API; one is ended by the moment in `revoked_at`."""

    list_display = ("user", "tenant", "created_at", "expires_at", "revoked_at")
    list_filter = (TenantFilter, ("revoked_at", admin.EmptyFieldListFilter))
    list_select_related = ("user", "tenant")
    search_fields = ("user__email__startswith",)
    ordering = ("-id",)
    fields = (
        *("user", "tenant", "device", "address", "created_at", "last_used_at"),
        *("expires_at", "revoked_at"),
    )
    readonly_fields = fields[:-1]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False


@admin.register(BrowserSession)
class BrowserSessionAdmin(BoundedAdmin):
    """Browsers; deleting one signs its person out there."""

    list_display = ("user", "device", "address", "signed_in_at", "last_used_at", "expire_date")
    list_select_related = ("user",)
    search_fields = ("user__email__startswith",)
    ordering = ("-expire_date",)
    fields = list_display

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(SecondFactor)
class SecondFactorAdmin(BoundedAdmin):
    """Who has a second factor. Deleting one helps who lost the device; they are told of it."""

    list_display = ("user", "confirmed_at", "created_at")
    list_select_related = ("user",)
    search_fields = ("user__email__startswith",)
    ordering = ("-id",)
    fields = list_display

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def delete_model(self, request: HttpRequest, obj: SecondFactor) -> None:
        take_away(obj.user, by=str(request.user), reason="in the admin", now=timezone.now())

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        for factor in queryset:
            self.delete_model(request, factor)


@admin.register(RecoveryCode)
class RecoveryCodeAdmin(BoundedAdmin):
    """Whose recovery codes are unused; nobody sees one."""

    list_display = ("user",)
    list_select_related = ("user",)
    search_fields = ("user__email__startswith",)
    ordering = ("-id",)
    fields = list_display

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(OutgoingMail)
class OutgoingMailAdmin(BoundedAdmin):
    """Mails that wait, or that no server has taken; deleting one lets it be."""

    list_display = ("email", "subject", "tries", "due_at", "created_at")
    search_fields = ("email__exact",)
    ordering = ("due_at",)
    fields = list_display

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(AttemptCount)
class AttemptCountAdmin(BoundedAdmin):
    """Counts of attempts; deleting one lets its person try again at once."""

    list_display = ("key", "attempts", "expires_at")
    search_fields = ("key__exact",)
    ordering = ("-expires_at",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(LogEntry)
class LogEntryAdmin(BoundedAdmin):
    """What staff changed in this admin."""

    list_display = ("action_time", "user", "content_type", "object_repr", "action_flag")
    list_filter = ("action_flag",)
    list_select_related = ("user", "content_type")
    search_fields = ("object_id__exact",)
    ordering = ("-id",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
