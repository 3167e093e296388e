"""Settings of Xenofy: every environment variable is read here, once, and explained in .env.example.

`XENOFY_ENV=local` (the default) needs nothing and serves this machine only. `production` refuses
to start without its secrets and its host names.
"""

from __future__ import annotations

import hashlib
import hmac
from datetime import timedelta
from pathlib import Path
from typing import Any

import environ
from csp.constants import NONE, SELF
from django.conf import global_settings
from django.core.exceptions import ImproperlyConfigured

from xenofy import __version__, embedded_postgres, local_secrets
from xenofy.common import log_settings

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()
env.read_env(str(BASE_DIR / ".env"))

# ── Mode ──────────────────────────────────────────────────────────────────────────────────────
XENOFY_ENV: str = env.str("XENOFY_ENV", default="local")
if XENOFY_ENV not in {"local", "production"}:
    raise ImproperlyConfigured(f"XENOFY_ENV is {XENOFY_ENV!r}; set it to local or production.")
PRODUCTION = XENOFY_ENV == "production"
DEBUG: bool = env.bool("DEBUG", default=False)
VAR_DIR = Path(env.str("XENOFY_VAR", default=str(BASE_DIR / "var"))).resolve()

# ── Secrets ───────────────────────────────────────────────────────────────────────────────────
_local = {} if PRODUCTION else local_secrets.read_or_create(VAR_DIR)


def _secret(name: str) -> str:
    value: str = env.str(name, default=_local.get(name, ""))
    if not value:
        raise ImproperlyConfigured(
            f"{name} is missing. In production set it in the environment or in .env; "
            "`python manage.py secret` prints a fresh one."
        )
    return value


SECRET_KEY = _secret("SECRET_KEY")
JWT_SIGNING_KEYS = _secret("JWT_SIGNING_KEY").split(",")  # the first signs, all verify
ENCRYPTION_KEYS = _secret("ENCRYPTION_KEYS").split(",")  # newest first; older ones only decrypt
if SECRET_KEY in JWT_SIGNING_KEYS:
    raise ImproperlyConfigured("JWT_SIGNING_KEY must differ from SECRET_KEY.")
if any(len(key.encode()) < 32 for key in JWT_SIGNING_KEYS):
    raise ImproperlyConfigured("JWT_SIGNING_KEY must have at least 32 characters.")

# ── Hosts ─────────────────────────────────────────────────────────────────────────────────────
HOST: str = env.str("HOST", default="127.0.0.1")
PORT: int = env.int("PORT", default=8000)
PUBLIC_URL: str = env.str("PUBLIC_URL", default=f"http://127.0.0.1:{PORT}").rstrip("/")
ALLOWED_HOSTS: list[str] = env.list(
    "ALLOWED_HOSTS", default=[] if PRODUCTION else ["127.0.0.1", "localhost", "[::1]"]
)
if PRODUCTION and not ALLOWED_HOSTS:
    raise ImproperlyConfigured(
        "ALLOWED_HOSTS is missing. In production name the hosts that Xenofy answers for, "
        "for example ALLOWED_HOSTS=analytics.example.com."
    )
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL]
CORS_ALLOWED_ORIGINS: list[str] = env.list("CORS_ALLOWED_ORIGINS", default=[])
CORS_URLS_REGEX = r"^/(api|auth)/"
CORS_ALLOW_METHODS = ["GET", "HEAD", "POST", "DELETE", "OPTIONS"]
CORS_ALLOW_HEADERS = ["accept", "authorization", "content-type", "if-none-match", "x-api-key"]
CORS_EXPOSE_HEADERS = [
    *("ETag", "Link", "Retry-After", "X-Request-Id", "Content-Disposition", "Deprecation"),
    *("RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset", "Sunset"),
]

# ── Applications ──────────────────────────────────────────────────────────────────────────────
INSTALLED_APPS = [
    "xenofy",  # first: its `migrate` and `runserver` know our database roles
    "accounts.apps.StaffAdminConfig",  # Django's admin
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "corsheaders",
    "csp",
    "rest_framework",
    "drf_spectacular",
    "tenants",
    "accounts",
    "shop_data",
    "webhooks",
    "analytics",
]
MIDDLEWARE = [
    "xenofy.common.request_ids.RequestIdMiddleware",
    "xenofy.common.request_log.RequestLogMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "xenofy.common.browser_rules.BrowserRulesMiddleware",
    "xenofy.common.client_hints.ColorSchemeMiddleware",
    "xenofy.common.crowds.CrowdMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "corsheaders.middleware.CorsMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "accounts.middleware.CredentialMiddleware",
    "accounts.rate_limit.RateLimitMiddleware",
    "accounts.middleware.ReadOnlyDemoMiddleware",
    "tenants.middleware.TenantMiddleware",
]
ROOT_URLCONF = "xenofy.urls"
WSGI_APPLICATION = "xenofy.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "accounts.context.page",
            ],
        },
    },
]

# ── Database ──────────────────────────────────────────────────────────────────────────────────
# DATABASE_URL is the owner's, who alone migrates. The web logs in as <database>_app, the worker
# besides as <database>_worker, the admin as <database>_staff; `manage.py setup` creates them.
EMBEDDED_POSTGRES = not env.str("DATABASE_URL", default="")
if EMBEDDED_POSTGRES and PRODUCTION and not env.bool("XENOFY_EMBEDDED_PG", default=False):
    raise ImproperlyConfigured(
        "DATABASE_URL is missing. In production give Xenofy a PostgreSQL (15 or newer), or set "
        "XENOFY_EMBEDDED_PG=1 to use the one that comes with it."
    )
_owner: dict[str, Any] = (
    embedded_postgres.connection_settings(VAR_DIR) if EMBEDDED_POSTGRES else env.db("DATABASE_URL")
)
_owner |= {
    "ENGINE": "tenants.postgresql",
    "CONN_MAX_AGE": env.int("CONN_MAX_AGE", default=600),
    "CONN_HEALTH_CHECKS": True,
    "DISABLE_SERVER_SIDE_CURSORS": env.bool("PGBOUNCER", default=False),
    "OPTIONS": {"connect_timeout": 2, **_owner.get("OPTIONS", {})},
}


def role_password(role: str) -> str:
    """Return the password of a database role: derived, so that hosts with one key agree on it."""
    return hmac.new(SECRET_KEY.encode(), f"role {role}".encode(), hashlib.sha256).hexdigest()


def _login(kind: str) -> dict[str, Any]:
    """Return the settings of one role: its own URL, or the owner's server and a derived login."""
    url = f"DATABASE_{kind.upper()}_URL"
    if env.str(url, default=""):
        return {**_owner, **env.db(url), "ENGINE": _owner["ENGINE"]}
    role = f"{_owner['NAME']}_{kind}"
    return {**_owner, "USER": role, "PASSWORD": role_password(role)}


DATABASES = {
    "default": _login("app"),
    "worker": _login("worker"),
    "staff": _login("staff"),
    "owner": _owner,
}
DATABASE_ROUTERS = ["tenants.routers.OwnerMigrates"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# ── People ────────────────────────────────────────────────────────────────────────────────────
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["accounts.backends.PersonBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.BCryptSHA256PasswordHasher",
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
_check = "django.contrib.auth.password_validation.{}".format
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": _check("UserAttributeSimilarityValidator")},
    {"NAME": _check("MinimumLengthValidator"), "OPTIONS": {"min_length": 10}},
    {"NAME": _check("CommonPasswordValidator")},
    {"NAME": _check("NumericPasswordValidator")},
]
LOGIN_URL = LOGOUT_REDIRECT_URL = "accounts:login"
LOGIN_REDIRECT_URL = "analytics:overview"
ADMIN_PATH: str = env.str("ADMIN_PATH", default="admin").strip("/")
SIMPLE_JWT = {
    "ALGORITHM": "HS256",
    "SIGNING_KEY": JWT_SIGNING_KEYS[0],
    "AUDIENCE": "xenofy",
    "ISSUER": "xenofy",
    "ACCESS_TOKEN_LIFETIME": timedelta(hours=24),
    "REFRESH_TOKEN_LIFETIME": timedelta(days=30),
    "USER_ID_CLAIM": "sub",
    "LEEWAY": 10,  # seconds by which the clocks of two hosts may differ
}
# Requests to the REST API of one person, one API key, or one address that looks at the demo
REQUESTS_PER_MINUTE: int = env.int("REQUESTS_PER_MINUTE", default=100)
# At most so many within ATTEMPT_WINDOW seconds; counted before a password is hashed
ATTEMPT_WINDOW: int = env.int("ATTEMPT_WINDOW", default=300)
LOGINS_PER_PERSON: int = env.int("LOGINS_PER_PERSON", default=10)
LOGINS_PER_ACCOUNT: int = env.int("LOGINS_PER_ACCOUNT", default=100)  # from all addresses
LOGINS_PER_ADDRESS: int = env.int("LOGINS_PER_ADDRESS", default=100)
REGISTRATIONS_PER_ADDRESS: int = env.int("REGISTRATIONS_PER_ADDRESS", default=20)
# Codes of a second factor within CODE_WINDOW seconds: a million are possible, three are right
CODES_PER_PERSON: int = env.int("CODES_PER_PERSON", default=10)
CODE_WINDOW: int = env.int("CODE_WINDOW", default=3600)
# Mails that strangers may ask for: by one address within ATTEMPT_WINDOW, to one person in an hour
MAILS_PER_ADDRESS: int = env.int("MAILS_PER_ADDRESS", default=20)
MAILS_PER_PERSON: int = env.int("MAILS_PER_PERSON", default=5)
PASSWORD_RESET_TIMEOUT = 3600  # seconds for which the link to a new password is good

# Mail, sent by the worker; without EMAIL_URL it is written to the worker's output
_mail = env.email_url("EMAIL_URL", default="consolemail://")
EMAIL_BACKEND: str = _mail["EMAIL_BACKEND"]
EMAIL_HOST, EMAIL_PORT = _mail["EMAIL_HOST"], _mail["EMAIL_PORT"] or 25
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = _mail["EMAIL_HOST_USER"], _mail["EMAIL_HOST_PASSWORD"]
EMAIL_USE_TLS, EMAIL_USE_SSL = _mail.get("EMAIL_USE_TLS", False), _mail.get("EMAIL_USE_SSL", False)
EMAIL_TIMEOUT = 10  # seconds
DEFAULT_FROM_EMAIL: str = env.str("EMAIL_FROM", default="xenofy@localhost")

# ── HTTP ──────────────────────────────────────────────────────────────────────────────────────
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["accounts.authentication.CredentialAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["accounts.permissions.HasRight"],
    "DEFAULT_RENDERER_CLASSES": ["xenofy.common.renderers.MoneyJSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["xenofy.common.parsers.BoundedJSONParser"],
    "EXCEPTION_HANDLER": "xenofy.common.http.api_exception_handler",
    "DEFAULT_METADATA_CLASS": None,
    "DEFAULT_SCHEMA_CLASS": "xenofy.common.openapi.OperationSchema",
    "UNAUTHENTICATED_USER": None,
    "URL_FORMAT_OVERRIDE": None,  # reports have a `format` of their own
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 20 * 1024 * 1024  # bytes; checked before a body is read
BODY_TIMEOUT: int = env.int("BODY_TIMEOUT", default=20)  # seconds for a body to come
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        **{f"{kind}-src": [SELF] for kind in ("script", "style", "img", "font", "connect")},
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}
# As Django has them: X-Frame-Options DENY, Referrer-Policy same-origin, cookies SameSite=Lax
SESSION_ENGINE = "accounts.browser_sessions"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = PRODUCTION
if PRODUCTION:  # browsers take such names from this very host alone, and over TLS
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-sessionid", "__Host-csrftoken"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "xenofy.common.http.csrf_failure"
SECURE_SSL_REDIRECT = PRODUCTION
SECURE_REDIRECT_EXEMPT = [r"^health(/ready)?$", r"^metrics$"]  # asked on plain HTTP, from nearby
SECURE_HSTS_SECONDS = 31_536_000 if PRODUCTION else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = PRODUCTION
BEHIND_PROXY: bool = env.bool("BEHIND_PROXY", default=False)
if BEHIND_PROXY:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

# ── Static files ──────────────────────────────────────────────────────────────────────────────
STATIC_URL = "static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATICFILES_FINDERS = [
    *global_settings.STATICFILES_FINDERS,
    "xenofy.static_files.SwaggerUIFinder",
]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "xenofy.static_files.JoinedStaticFilesStorage"},
}
WHITENOISE_MAX_AGE = 31_536_000

# ── Language and time ─────────────────────────────────────────────────────────────────────────
LANGUAGE_CODE = "en"
USE_I18N = False
TIME_ZONE = "UTC"
DATE_FORMAT = "Y-m-d"  # in the admin; pages write days and times by xenofy.common.formats
DATETIME_FORMAT = "Y-m-d H:i:s"

# ── Processes ─────────────────────────────────────────────────────────────────────────────────
SUPERVISOR_PID: int = env.int("XENOFY_SUPERVISOR", default=0)  # set by `manage.py run` itself
WEB_WORKERS: int = env.int("WEB_WORKERS", default=2)
# For pages and the REST API; see also xenofy/common/crowds.py
WEB_THREADS: int = env.int("WEB_THREADS", default=16)
DEMO: bool = env.bool("XENOFY_DEMO", default=not PRODUCTION)
DEMO_TRAFFIC: bool = env.bool("XENOFY_DEMO_TRAFFIC", default=DEMO)
DEMO_PACE: int = env.int("XENOFY_DEMO_PACE", default=6)  # webhooks a minute, at most
DEMO_SEED: int = env.int("XENOFY_DEMO_SEED", default=7)
DEMO_ORDERS: int = env.int("XENOFY_DEMO_ORDERS", default=30_000)
# Where a process of a test dies, fails or hangs: xenofy/common/failpoints.py
FAILPOINT: str = "" if PRODUCTION else env.str("XENOFY_FAILPOINT", default="")
# Answers in Shopify's place, `manage.py fakeshop` for example; whoever it is gets the tokens
SHOPIFY_STAND_IN: str = env.str("SHOPIFY_STAND_IN", default="").rstrip("/")
if SHOPIFY_STAND_IN and not DEBUG:
    raise ImproperlyConfigured("SHOPIFY_STAND_IN is for development: it needs DEBUG=true.")
VERSION = __version__

# ── Logs, and figures about us ─────────────────────────────────────────────────────────────────
METRICS_TOKEN: str = env.str("METRICS_TOKEN", default="")  # for /metrics; xenofy/metrics.py
LOG_LEVEL: str = env.str("LOG_LEVEL", default="INFO")
LOGGING = log_settings.logging_settings(production=PRODUCTION, level=LOG_LEVEL)
