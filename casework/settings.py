"""The one settings module. Everything that differs between machines comes from the environment."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import structlog
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from casework import environment
from casework.log_lines import name_page_only, name_task_only, what_broke
from casework.records.scopes import SCOPES

ROOT = Path(__file__).resolve().parent.parent

# Where it runs --------------------------------------------------------------------------------------

DEBUG = False  # always: an error page with a child's record in it is a breach
DEMO = environment.flag("DEMO")  # invented people only; the demo says so on every page
PUBLIC_URL, _public_host, OVER_TLS = environment.public_address()

SECRET_KEY = environment.text("SECRET_KEY")
if len(SECRET_KEY) < 40:
    raise ImproperlyConfigured(
        "SECRET_KEY is shorter than 40 characters. Make one with: openssl rand -base64 48"
    )
SECRET_KEY_FALLBACKS = environment.listed("SECRET_KEY_FALLBACKS")

_own_names = [_public_host] if OVER_TLS else ["127.0.0.1", "localhost", "[::1]"]
ALLOWED_HOSTS = [*_own_names, *environment.listed("ALLOWED_HOSTS")]
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL] if OVER_TLS else []

# The house ------------------------------------------------------------------------------------------

INSTALLED_APPS = [
    "casework.records",
    "incidents",
    "protocols",
    "casework.front",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.forms",  # our own templates override the form widgets'
    "allauth",
    "allauth.account",
    "csp",
    "django_htmx",
    "django_structlog",
    "guardian",
    "pghistory",
    "pgtrigger",
    "oauth2_provider",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
]

MIDDLEWARE = [
    "casework.middleware.true_address",  # before anything that asks who it is, or whether it came over TLS
    "django_structlog.middlewares.RequestMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "casework.middleware.private_answers",
    "casework.middleware.measured_bodies",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "casework.middleware.one_look_a_page",
    "casework.middleware.named_caller",  # for the audit, and for every row the history triggers write
    "django.contrib.auth.middleware.LoginRequiredMiddleware",  # a page is private unless it says otherwise
    "allauth.account.middleware.AccountMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "casework.front.pages.kit.refusals.Refusals",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]

ROOT_URLCONF = "casework.urls"
WSGI_APPLICATION = "casework.wsgi.application"
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [ROOT / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "casework.front.pages.kit.around.surroundings",
            ],
        },
    },
]

LANGUAGE_CODE = "en-gb"
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Europe/London"

# The database ---------------------------------------------------------------------------------------

DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
DATABASES: dict[str, dict[str, Any]] = {
    "default": {
        **environment.database("DATABASE_URL"),
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {"connect_timeout": 5, "application_name": environment.process_name()},
        "TEST": {"NAME": "test_casework"},
    },
}
# Shared by all web processes and there when Redis is not: sign-in limits count in the database.
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "cache_entries"},
}

# People ---------------------------------------------------------------------------------------------

AUTH_USER_MODEL = "records.User"
AUTHENTICATION_BACKENDS = [
    "allauth.account.auth_backends.AuthenticationBackend",
    "guardian.backends.ObjectPermissionBackend",
]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "account_login"

ACCOUNT_FORMS = {"login": "casework.front.pages.sign_in.SignInForm"}
ACCOUNT_ADAPTER = "casework.front.pages.sign_in.InvitedPeopleOnly"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"  # people are invited at an address that their organisation gave
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_RATE_LIMITS = {
    "login": "60/m/ip",
    "login_failed": "10/m/ip,5/5m/key",
    "reset_password": "20/m/ip,5/h/key",
}

# How many addresses of children who are neither missing nor their own a person may look at, and in how long.
ADDRESS_LIMITS = ((5, timedelta(minutes=10)), (20, timedelta(days=1)))

# How many searches for a child one person may make in an hour.
SEARCHES_AN_HOUR = 60

GUARDIAN_MONKEY_PATCH_USER = False
ANONYMOUS_USER_NAME = None
POLICE_READ_AFTER_CLOSING = timedelta(days=28)  # a force reads a closed episode that much longer

# Sessions, cookies, headers -------------------------------------------------------------------------

_prefix = "__Host-" if OVER_TLS else ""  # a browser refuses the prefix over plain http
SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_NAME = f"{_prefix}sessionid"
SESSION_COOKIE_SECURE = OVER_TLS
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = int(timedelta(hours=12).total_seconds())
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
CSRF_COOKIE_NAME = f"{_prefix}csrftoken"
CSRF_COOKIE_SECURE = OVER_TLS
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "casework.front.pages.kit.refusals.csrf_failure"

SECURE_SSL_REDIRECT = OVER_TLS
SECURE_REDIRECT_EXEMPT = [r"^health/"]  # probes come from inside, over plain http
TRUSTED_PROXIES = environment.trusted_proxies()
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if TRUSTED_PROXIES else None
SECURE_HSTS_SECONDS = int(timedelta(days=365).total_seconds()) if OVER_TLS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = OVER_TLS
SECURE_HSTS_PRELOAD = OVER_TLS
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"  # "no-referrer" makes browsers post from nowhere, which is refused
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "object-src": [NONE],
    },
}
# A narrative of a megabyte, percent-encoded, gets our answer and keeps its text instead of a bare 400.
DATA_UPLOAD_MAX_MEMORY_SIZE = 4 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 500
DATA_UPLOAD_MAX_NUMBER_FILES = 100
# Files are read into memory or not at all: what is handed over about children is never put on a disk.
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.MemoryFileUploadHandler"]
FILE_UPLOAD_MAX_MEMORY_SIZE = 10 * 1024 * 1024

# Files that are served ------------------------------------------------------------------------------

ASSETS_DIR = Path(environment.text("ASSETS_DIR", str(ROOT / "var" / "assets")))
STATIC_URL = "/static/"
STATICFILES_DIRS = [ROOT / "static", *([ASSETS_DIR] if ASSETS_DIR.is_dir() else [])]
WHITENOISE_USE_FINDERS = True  # files are served from where they lie: there is no collecting step to forget
WHITENOISE_MAX_AGE = 300

# Messages to people ---------------------------------------------------------------------------------

EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
EMAIL_HOST = environment.text("EMAIL_HOST", "127.0.0.1")
EMAIL_PORT = environment.integer("EMAIL_PORT", 25)
EMAIL_HOST_USER = environment.text("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD = environment.text("EMAIL_HOST_PASSWORD", "")
EMAIL_USE_TLS = environment.flag("EMAIL_USE_TLS")
EMAIL_TIMEOUT = 10  # a dead mail server must not hold the delivery of everybody else's message
DEFAULT_FROM_EMAIL = environment.text("DEFAULT_FROM_EMAIL", "Casework <casework@casework.example>")
MAIL_PAGE_URL = environment.text("MAIL_PAGE_URL", "")  # where the local service shows the mail it caught
# Text messages go through GOV.UK Notify, when there is a key; its one template says ((words)) and no more.
NOTIFY_API_KEY, NOTIFY_TEMPLATE_ID, NOTIFY_URL = environment.texting()
# The watchdog calls this address while all is well; an outside monitor alarms when the calls stop.
WATCHDOG_PING_URL = environment.text("WATCHDOG_PING_URL", "")
# Where the heads of the audit's chains are kept every five minutes: a file or folder elsewhere, or mailto:…
AUDIT_SINK = environment.text("AUDIT_SINK", "")

# The clock: Celery nudges, PostgreSQL remembers -----------------------------------------------------

REDIS_URL = environment.text("REDIS_URL")

# The police's systems: JSON in, JSON out, and nobody without a key. Each view says the rest itself.
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "UNAUTHENTICATED_USER": None,
    "URL_FORMAT_OVERRIDE": None,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Casework for police systems",
    "VERSION": "1.0.0",
    "DESCRIPTION": (
        "What a local authority and its children’s homes share with a police force about a child who is "
        "missing, and what the force answers."
    ),
    "OAS_VERSION": "3.1.0",
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "SERVE_INCLUDE_SCHEMA": False,
    "COMPONENT_SPLIT_REQUEST": False,
    "COMPONENT_SPLIT_PATCH": False,
    "ENUM_NAME_OVERRIDES": {"Grade": "incidents.models.Grade", "State": "casework.front.api.shapes.STATES"},
    "SORT_OPERATIONS": False,
    "PREPROCESSING_HOOKS": ["casework.front.api.schema.only_ours"],
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "casework.front.api.schema.with_what_all_share",
    ],
}

# Tokens for the forces' systems. A client shows its secret and gets a token: no other grant is there to be
# asked for. Only digests are kept (RFC 9700), of tokens that end by themselves after half an hour.
OAUTH2_PROVIDER_APPLICATION_MODEL = "oauth2_provider.Application"
OAUTH2_PROVIDER = {
    "OAUTH2_SERVER_CLASS": "oauthlib.oauth2.BackendApplicationServer",
    "OAUTH2_VALIDATOR_CLASS": "casework.front.api.tokens.SecretsAreOurs",
    "SCOPES": dict(SCOPES),
    "DEFAULT_SCOPES": [],
    "ACCESS_TOKEN_EXPIRE_SECONDS": int(timedelta(minutes=30).total_seconds()),
    "ALLOWED_REDIRECT_URI_SCHEMES": ["https"],
    "REFRESH_TOKEN_REUSE_PROTECTION": True,
    "COMPLIANT_BCP_RFC9700_TOKEN_STORAGE": True,
    "COMPLIANT_BCP_RFC9700_ACCESS_TOKEN_TRANSPORT": True,  # never in an address, where logs would have it
    "COMPLIANT_BCP_RFC9700_IMPLICIT_GRANT": True,
    "COMPLIANT_BCP_RFC9700_PASSWORD_GRANT": True,
    "COMPLIANT_BCP_RFC9700_PKCE_METHOD": True,
    "COMPLIANT_BCP_RFC9700_AUTHZ_RESPONSE_ISS": True,
    "COMPLIANT_BCP_RFC9700_REFRESH_TOKEN": True,
    "COMPLIANT_BCP_RFC9700_REDIRECT_URI_SCHEME": True,
    "COMPLIANT_BCP_RFC9700_REDIRECT_URI_MATCHING": True,
    "COMPLIANT_BCP_RFC9700_PKCE_REQUIRED": True,
}

# Logs: JSON lines with ids and verbs, never what was written about a child --------------------------

DJANGO_STRUCTLOG_IP_LOGGING_ENABLED = (
    False  # the audit has the address; here it would be as the client wrote it
)
_log_steps: list[structlog.types.Processor] = [
    structlog.contextvars.merge_contextvars,
    name_page_only,
    name_task_only,
    structlog.stdlib.add_logger_name,
    structlog.stdlib.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    structlog.processors.ExceptionRenderer(what_broke),
]
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "json": {
            "()": structlog.stdlib.ProcessorFormatter,
            "processors": [
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.JSONRenderer(),
            ],
            "foreign_pre_chain": _log_steps,
        },
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["console"], "level": environment.text("LOG_LEVEL", "INFO")},
    "loggers": {
        "django": {"handlers": []},  # not Django's own, which mails administrators what was in a request
        "django.server": {"handlers": ["console"], "propagate": False},
        "django.security": {"handlers": ["console"], "propagate": False},
        "notifications_python_client": {"level": "ERROR"},  # its warnings repeat what Notify answered
    },
}
structlog.configure(
    processors=[
        structlog.stdlib.filter_by_level,
        *_log_steps,
        structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
    ],
    logger_factory=structlog.stdlib.LoggerFactory(),
    cache_logger_on_first_use=True,
)
