"""The database logins beside the owner, and the refusal to run with a wrong one."""

from __future__ import annotations

from django.core.exceptions import ImproperlyConfigured
from django.db import ProgrammingError, connections, transaction

_ALIASES = {"app": "default", "worker": "worker", "staff": "staff"}
_INSUFFICIENT_PRIVILEGE = "42501"


class RolesMissing(Exception):
    """The owner may not create roles; `sql` is what an administrator has to run."""

    def __init__(self, sql: str) -> None:
        super().__init__("The database user of DATABASE_URL may not create roles.")
        self.sql = sql


def role_names() -> dict[str, str]:
    """Return kind -> name of the login, as configured for this database."""
    return {kind: connections[alias].settings_dict["USER"] for kind, alias in _ALIASES.items()}


def ensure_roles() -> list[str]:
    """Create the logins that are missing and give them their passwords; return the new names.

    Raises `RolesMissing` where the owner may not.
    """
    present = _existing_roles()
    absent = [name for name in role_names().values() if name not in present]
    if not absent and not _rights_missing():
        return []
    try:
        with transaction.atomic(using="owner"), connections["owner"].cursor() as cursor:
            for statement in _statements(absent):
                cursor.execute(statement)
    except ProgrammingError as error:
        if getattr(error.__cause__, "sqlstate", None) == _INSUFFICIENT_PRIVILEGE:
            raise RolesMissing(";\n".join(_statements(absent)) + ";") from error
        raise
    return absent


def renew_passwords() -> None:
    """Give each login the password that follows from SECRET_KEY, after that key was changed."""
    with connections["owner"].cursor() as cursor:
        for name in role_names().values():
            cursor.execute(f"ALTER ROLE \"{name}\" PASSWORD '{_password(name)}'")


def _statements(absent: list[str]) -> list[str]:
    names = role_names()
    database = connections["owner"].settings_dict["NAME"]
    create = [
        f"CREATE ROLE \"{name}\" LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEROLE NOCREATEDB"
        f" PASSWORD '{_password(name)}'"
        for name in absent
    ]
    every = ", ".join(f'"{name}"' for name in names.values())
    return [
        *create,
        f'GRANT "{names["app"]}" TO "{names["worker"]}"',
        f'GRANT CONNECT ON DATABASE "{database}" TO {every}',
        f"GRANT USAGE ON SCHEMA public TO {every}",
    ]


def _password(name: str) -> str:
    """Return the password configured for a login."""
    by_name = {connections[alias].settings_dict["USER"]: connections[alias].settings_dict["PASSWORD"]
               for alias in _ALIASES.values()}  # fmt: skip
    return by_name[name].replace("'", "''")


def _existing_roles() -> set[str]:
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT rolname FROM pg_roles")
        return {name for (name,) in cursor.fetchall()}


def _rights_missing() -> bool:
    """Tell whether the worker lacks the application's rights or a login its way in."""
    names = role_names()
    database = connections["owner"].settings_dict["NAME"]
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            "SELECT NOT pg_has_role(%s, %s, 'USAGE') OR bool_or(NOT"
            " (has_database_privilege(r, %s, 'CONNECT') AND has_schema_privilege(r, 'public',"
            " 'USAGE'))) FROM unnest(%s::name[]) AS r",
            [names["worker"], names["app"], database, list(names.values())],
        )
        return bool(cursor.fetchone()[0])


def refuse_unsafe_role(alias: str) -> None:
    """Raise `ImproperlyConfigured` when row-level security would not bind this login."""
    with connections[alias].cursor() as cursor:
        cursor.execute(
            "SELECT r.rolsuper, r.rolbypassrls, EXISTS (SELECT FROM pg_class c WHERE"
            " c.relrowsecurity AND pg_has_role(c.relowner, 'USAGE')) FROM pg_roles r"
            " WHERE r.rolname = current_user"
        )
        superuser, bypasses, owns = cursor.fetchone()
    reasons = {"is a superuser": superuser, "bypasses row-level security": bypasses}
    reasons["owns tenant tables"] = owns
    found = [reason for reason, holds in reasons.items() if holds]
    if found:
        user = connections[alias].settings_dict["USER"]
        raise ImproperlyConfigured(
            f"The database user {user!r} {' and '.join(found)}, so that one tenant could read"
            f" another's rows. Give DATABASE_URL to `manage.py setup` only and let it create the"
            f" logins, or set DATABASE_{alias.upper()}_URL to a user without these rights."
        )
