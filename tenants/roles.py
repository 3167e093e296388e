"""The database logins beside the owner, and the refusal to run with a wrong one."""

from __future__ import annotations

from collections.abc import Iterable

from django.core.exceptions import ImproperlyConfigured
from django.db import ProgrammingError, connections, transaction

_ALIASES = {"app": "default", "worker": "worker", "staff": "staff"}
_VARIABLES = {alias: f"DATABASE_{kind.upper()}_URL" for kind, alias in _ALIASES.items()}
_INSUFFICIENT_PRIVILEGE = "42501"
_LOCK = 0x78656E6F  # of the hosts that create roles at the same time


class RolesMissing(Exception):
    """The owner may not create roles; `sql` is what an administrator has to run."""

    def __init__(self, sql: str) -> None:
        super().__init__("The database user of DATABASE_URL may not create roles or change them.")
        self.sql = sql


def role_names() -> dict[str, str]:
    """Return kind -> name of the login, as configured for this database."""
    return {kind: connections[alias].settings_dict["USER"] for kind, alias in _ALIASES.items()}


def ensure_roles() -> list[str]:
    """Create the logins that are missing and give them their passwords; return the new names.

    Safe where several hosts start at once. Raises `RolesMissing` where the owner may not.
    """
    if not _absent() and not _rights_missing():
        return []
    with transaction.atomic(using="owner"):
        _execute([f"SELECT pg_advisory_xact_lock({_LOCK})"])
        absent = _absent()  # asked again: another host may have been first
        _execute(_statements(absent))
    return absent


def renew_passwords() -> None:
    """Give each login the password that follows from SECRET_KEY, after that key was changed.

    Raises `RolesMissing` where the owner may not.
    """
    _execute(
        f"ALTER ROLE \"{name}\" PASSWORD '{_password(name)}'" for name in role_names().values()
    )


def _execute(statements: Iterable[str]) -> None:
    """Run statements as the owner; where it lacks the right, raise with all of them."""
    planned = list(statements)
    try:
        with connections["owner"].cursor() as cursor:
            for statement in planned:
                cursor.execute(statement)
    except ProgrammingError as error:
        if getattr(error.__cause__, "sqlstate", None) == _INSUFFICIENT_PRIVILEGE:
            raise RolesMissing("".join(f"{statement};\n" for statement in planned)) from error
        raise


def _absent() -> list[str]:
    """Return the logins that do not exist yet."""
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT rolname FROM pg_roles")
        present = {name for (name,) in cursor.fetchall()}
    return [name for name in role_names().values() if name not in present]


def _statements(absent: list[str]) -> list[str]:
    names = role_names()
    database = connections["owner"].settings_dict["NAME"]
    create = [
        f'CREATE ROLE "{name}" LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEROLE NOCREATEDB'
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
    logins = [connections[alias].settings_dict for alias in _ALIASES.values()]
    password: str = next(login["PASSWORD"] for login in logins if login["USER"] == name)
    return password.replace("'", "''")


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
    """Raise `ImproperlyConfigured` when row-level security would not bind this login.

    What another role may do counts where the login could become that role.
    """
    with connections[alias].cursor() as cursor:
        cursor.execute(
            "SELECT bool_or(rolsuper), bool_or(rolbypassrls), bool_or(rolcreaterole),"
            " EXISTS (SELECT FROM pg_class WHERE relrowsecurity AND"
            " pg_has_role(relowner, 'MEMBER')) FROM pg_roles WHERE pg_has_role(oid, 'MEMBER')"
        )
        superuser, bypasses, creates, owns = cursor.fetchone()
    reasons = {"is a superuser": superuser, "bypasses row-level security": bypasses}
    reasons |= {"may make itself a member of other roles": creates, "owns tenant tables": owns}
    found = [reason for reason, holds in reasons.items() if holds]
    if found:
        user = connections[alias].settings_dict["USER"]
        raise ImproperlyConfigured(
            f"The database user {user!r} {' and '.join(found)}, so that one tenant could read"
            f" another's rows. Give DATABASE_URL to `manage.py setup` only and let it create the"
            f" logins, or set {_VARIABLES[alias]} to a user without these rights."
        )
