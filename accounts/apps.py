"""The app of people, and the admin that they enter with a second factor."""

from django.apps import AppConfig
from django.contrib.admin import apps as admin


class AccountsConfig(AppConfig):
    name = "accounts"
    default = True


class StaffAdminConfig(admin.AdminConfig):
    """Django's admin, with our way in."""

    default = False  # of this module: `accounts` means the one above
    default_site = "accounts.staff_site.StaffSite"
