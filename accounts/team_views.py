"""The settings page of a tenant's people, for the owner."""

from __future__ import annotations

from datetime import datetime
from typing import Any, cast
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts import invitations, team
from accounts.audit import note
from accounts.http import IdentifiedRequest, managed_tenant
from accounts.invitations import AlreadyThere
from accounts.models import User
from accounts.team import LastOwner
from accounts.team_forms import InviteForm, RoleForm
from tenants.audit import Action
from tenants.http import tenant_page
from tenants.models import Role, Tenant


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@tenant_page
def people(request: IdentifiedRequest) -> HttpResponse:
    """Show who belongs to the tenant and who is invited; invite somebody."""
    tenant, now = managed_tenant(request), timezone.now()
    form = InviteForm(request.POST if request.method == "POST" else None)
    if form.is_valid() and _invited(request, form, tenant, now):
        return redirect("accounts:team")
    context: dict[str, Any] = {
        "form": form,
        "members": team.members_of(tenant),
        "roles": Role.choices,
        "invitations": invitations.open_ones(tenant, now=now).order_by("email"),
    }
    status = 400 if form.is_bound else 200
    return render(request, "accounts/team.html", context, status=status)


@require_POST
@tenant_page
def change_role(request: IdentifiedRequest, membership: UUID) -> HttpResponse:
    """Give a member another role; 404 for who is none of this tenant."""
    tenant, form = managed_tenant(request), RoleForm(request.POST)
    if not form.is_valid():
        raise Http404
    role = form.given_role()
    try:
        member = team.change_role(tenant, membership, role)
    except LastOwner as error:
        messages.error(request, error.message)
        return redirect("accounts:team")
    if member is None:
        raise Http404
    note(request, Action.ROLE_CHANGED, subject=str(member.user_id), role=role)
    messages.info(request, f"{member.user} is {role} from now on.")
    return redirect("accounts:team")


@require_POST
@tenant_page
def remove(request: IdentifiedRequest, membership: UUID) -> HttpResponse:
    """End a membership; 404 for who is none of this tenant."""
    try:
        member = team.remove(managed_tenant(request), membership)
    except LastOwner as error:
        messages.error(request, error.message)
        return redirect("accounts:team")
    if member is None:
        raise Http404
    note(request, Action.MEMBER_REMOVED, subject=str(member.user_id))
    messages.info(request, f"{member.user} does not belong to this shop any more.")
    return redirect("accounts:team")


@require_POST
@tenant_page
def withdraw(request: IdentifiedRequest, invitation: UUID) -> HttpResponse:
    """Take an invitation back; 404 for what is none of this tenant, or not open any more."""
    found = invitations.withdraw(managed_tenant(request), invitation, now=timezone.now())
    if found is None:
        raise Http404
    note(request, Action.INVITATION_WITHDRAWN, subject=found.email)
    messages.info(request, f"The link that {found.email} got leads nowhere any more.")
    return redirect("accounts:team")


def _invited(request: IdentifiedRequest, form: InviteForm, tenant: Tenant, now: datetime) -> bool:
    email, role = form.cleaned_data["email"].lower(), form.given_role()
    by = cast("User", request.user)
    try:
        invitations.invite(tenant, email=email, role=role, invited_by=by, now=now)
    except AlreadyThere as error:
        form.add_error("email", error.message)
        return False
    note(request, Action.INVITED, subject=email, role=role)
    messages.info(request, f"{email} gets a mail with a link that is good for 7 days.")
    return True
