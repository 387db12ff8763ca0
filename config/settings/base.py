"""Settings common to every process. What differs between web and portal is in `web.py` and `portal.py`.

Every value that differs between sites comes from an environment variable, listed in `docs/deploy.md`.
"""

from pathlib import Path

import dj_database_url
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from config import env

BASE_DIR = Path(__file__).resolve().parent.parent.parent

SECRET_KEY = env.text("SECRET_KEY")
DEBUG = env.boolean("DEBUG")
ALLOWED_HOSTS = env.words("ALLOWED_HOSTS", "localhost,127.0.0.1")
PUBLIC_URL = env.text("PUBLIC_URL", "http://localhost:8000")
PORTAL_URL = env.text("PORTAL_URL", "http://localhost:8001")
TLS = env.boolean("TLS", True)
if DEBUG and TLS:
    raise ImproperlyConfigured("DEBUG shows what a page knows to whoever breaks it: it can't be on where TLS is.")
if env.text("SANDBOX_WITHOUT_FILTER", "") and not DEBUG:
    raise ImproperlyConfigured("SANDBOX_WITHOUT_FILTER takes the walls from around hostile files: it needs DEBUG=true.")

INSTALLED_APPS = [
    "accounts.apps.AdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.contrib.postgres",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "csp",
    "knox",
    "pgtrigger",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "rules.apps.AutodiscoverRulesConfig",
    "storages",
    "vault",
    "audit",
    "jobs",
    "accounts",
    "cases",
    "evidence",
    "disclosure",
    "redaction",
    "bundles",
    "portal",
    "config",
    "demo",
]

MIDDLEWARE = [
    # what answers below these two can't do so without the headers: static files and error pages neither
    "config.headers.SecurityHeadersMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "audit.middleware.RequestIdMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
]

WSGI_APPLICATION = "config.wsgi.application"
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
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
                "accounts.ui.context.frame",
            ],
        },
    },
]

DATABASES = {"default": dj_database_url.parse(env.text("DATABASE_URL"), conn_max_age=60, conn_health_checks=True)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = env.text("REDIS_URL")
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": REDIS_URL,
        "OPTIONS": {"serializer": "config.cache.JsonSerializer"},
    },
}

# Celery carries "look at job N" and nothing else: PostgreSQL is the truth (docs/architecture.md, decision 1).
CELERY_BROKER_URL = REDIS_URL
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = False
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_DEFAULT_QUEUE = "quick"
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TIMEZONE = "UTC"

# Who may sign in, and how
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "rules.permissions.ObjectPermissionBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.ScryptPasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
ACCOUNT_ADAPTER = "accounts.adapters.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_CHANGE_EMAIL = False
ACCOUNT_MAX_EMAIL_ADDRESSES = 1
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300
ACCOUNT_RATE_LIMITS = {"login_failed": "10/m/ip,5/5m/key"}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = False
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not TLS
MFA_TOTP_ISSUER = "Digital evidence (RASSO)"
# How many proxies stand in front: without it, all who come through one share its address and its rate limit
ALLAUTH_TRUSTED_PROXY_COUNT = env.integer("TRUSTED_PROXIES", 1 if TLS else 0)
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"

# Sessions end 30 minutes after the last request
SESSION_COOKIE_AGE = env.integer("SESSION_MINUTES", 30) * 60
SESSION_SAVE_EVERY_REQUEST = True
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = TLS
# A browser takes a `__Host-` cookie from this very host over TLS only, so that no neighbour can plant one
COOKIE_PREFIX = "__Host-" if TLS else ""
SESSION_COOKIE_NAME = f"{COOKIE_PREFIX}session"
CSRF_COOKIE_NAME = f"{COOKIE_PREFIX}csrf"
SESSION_COOKIE_HTTPONLY = True
CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
CSRF_TRUSTED_ORIGINS = env.words("CSRF_TRUSTED_ORIGINS", "")
CSRF_FAILURE_VIEW = "django.views.csrf.csrf_failure"

SECURE_SSL_REDIRECT = TLS
# The supervisor asks from inside, past the proxy
SECURE_REDIRECT_EXEMPT = [r"^healthz$"]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if TLS else None
SECURE_HSTS_SECONDS = 31536000 if TLS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = TLS
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

# Where evidence lies (docs/architecture.md, decision 3)
VAULT = {
    "BACKEND": env.text("VAULT_BACKEND", "folder"),
    "FOLDER": env.text("VAULT_FOLDER", ""),
    "SIGNING_KEY": env.key("VAULT_SIGNING_KEY"),
    "PUBLIC_URL": PUBLIC_URL,
    "S3_ENDPOINT_URL": env.text("S3_ENDPOINT_URL", ""),
    "S3_PUBLIC_ENDPOINT_URL": env.text("S3_PUBLIC_ENDPOINT_URL", ""),
    "S3_BUCKET": env.text("S3_BUCKET", ""),
    "S3_ACCESS_KEY": env.text("S3_ACCESS_KEY", ""),
    "S3_SECRET_KEY": env.text("S3_SECRET_KEY", ""),
    "S3_REGION": env.text("S3_REGION", ""),
    "S3_CHECKSUM_SHA256": env.boolean("S3_CHECKSUM_SHA256"),
    "RETENTION_DAYS": env.integer("VAULT_RETENTION_DAYS", 30),
    "LOCK_MODE": env.text("VAULT_LOCK_MODE", "GOVERNANCE"),
    "RENEWED_DAYS": env.integer("VAULT_RENEWED_DAYS", 365),
    "RECHECK_DAYS": env.integer("VAULT_RECHECK_DAYS", 30),
}
# The largest file that an exhibit may have, in bytes; no store takes more than 5 TiB
# Whom an officer calls about material above OFFICIAL-SENSITIVE, which is not taken here
# Whether prosecutors endorse rows in the portal: its database role may then add endorsements (grant_roles)
PORTAL_ENDORSEMENTS = env.boolean("PORTAL_ENDORSEMENTS")
SECURE_HANDLING = env.text("SECURE_HANDLING", "your force’s unit for sensitive material (for an informant, its source unit)")
LARGEST_FILE = min(env.integer("LARGEST_FILE_GB", 200), 5120) * 1024**3
# Redaction: days until a copy is due unless somebody says otherwise, and before that day a reminder is sent
REDACTION = {
    "DUE_DAYS": env.integer("REDACTION_DUE_DAYS", 14),
    "REMIND_DAYS": env.integer("REDACTION_REMIND_DAYS", 2),
    # Pages that an approver reads whole, drawn from those with at most so many proposals
    "SAMPLE_PAGES": env.integer("REDACTION_SAMPLE_PAGES", 5),
    "SAMPLE_FEW": env.integer("REDACTION_SAMPLE_FEW", 2),
}
CLAMD = env.text("CLAMD", "")
FFMPEG = env.text("FFMPEG", "ffmpeg")

_upload_origin = [VAULT["S3_PUBLIC_ENDPOINT_URL"]] if VAULT["BACKEND"] == "s3" else []

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, "'wasm-unsafe-eval'"],
        "style-src": [SELF],
        "img-src": [SELF, "data:", "blob:"],
        "media-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF, *_upload_origin],
        "worker-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    },
}

# The log (docs/architecture.md, decision 5). Only the sequencer's process is given the signing key.
AUDIT = {
    "HMAC_KEYS": env.keys("AUDIT_HMAC_KEYS"),
    "RETIRED_HMAC_KEYS": env.retired_keys("AUDIT_RETIRED_HMAC_KEYS"),
    "SIGNING_KEY": env.key("AUDIT_SIGNING_KEY", optional=True),
    "PUBLIC_KEY": env.key("AUDIT_PUBLIC_KEY"),
    "RETIRED_PUBLIC_KEYS": env.retired_keys("AUDIT_RETIRED_PUBLIC_KEYS"),
    "ORIGIN": env.text("AUDIT_ORIGIN", "rasso-evidence/log"),
    "ANCHOR_BUCKET": env.text("AUDIT_ANCHOR_BUCKET", ""),
    "ANCHOR_DAYS": env.integer("AUDIT_ANCHOR_DAYS", 3650),
    "STAMP_SECONDS": env.integer("AUDIT_STAMP_SECONDS", 3600),
    "AUTHORITIES": [
        (env.text(f"AUDIT_TSA_{number}_URL"), env.text(f"AUDIT_TSA_{number}_CERTIFICATES"))
        for number in (1, 2)
        if env.text(f"AUDIT_TSA_{number}_URL", "")
    ],
}

# Bundles for an audience (docs/bundle-format.md). Only the worker is given the signing key.
BUNDLES = {
    "SIGNING_KEY": env.key("BUNDLE_SIGNING_KEY", optional=True),
    "PUBLIC_KEY": env.key("BUNDLE_PUBLIC_KEY", optional=True),
    "ORIGIN": env.text("BUNDLE_ORIGIN", "rasso-evidence/bundle"),
}

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "accounts.api.ScopedTokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["accounts.api.ScopedPermission"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["accounts.api.BoundedJSONParser"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_PAGINATION_CLASS": "accounts.api.KeysetPagination",
    "PAGE_SIZE": 50,
    "EXCEPTION_HANDLER": "accounts.api.exception_handler",
}
KNOX_TOKEN_MODEL = "accounts.ApiToken"  # noqa: S105
REST_KNOX = {"TOKEN_TTL": None, "AUTO_REFRESH": False, "TOKEN_MODEL": "accounts.ApiToken"}
SPECTACULAR_SETTINGS = {
    "TITLE": "Digital evidence (RASSO)",
    "DESCRIPTION": "Cases, exhibits, uploads, disclosure decisions, schedules and released copies.",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PERMISSIONS": ["rest_framework.permissions.IsAuthenticated"],
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
    "SCHEMA_PATH_PREFIX": "/api/",
    # fields that share a name: without these, their types would be named by a hash
    "ENUM_NAME_OVERRIDES": {
        "CaseState": "cases.models.Case.State",
        "PersonKind": "cases.models.Person.Kind",
        "ExhibitKind": "evidence.models.Exhibit.Kind",
        "ExhibitState": "evidence.models.Exhibit.State",
        "BlobState": "evidence.models.Blob.State",
        "FenceKind": "disclosure.models.Fence.Kind",
        "FenceStepKind": "disclosure.models.FenceStep.Kind",
        "UploadState": "evidence.models.Upload.State",
        "ScheduleKind": "disclosure.models.Schedule.Kind",
        "VersionState": "disclosure.models.VersionState.State",
        "BundleState": "bundles.models.Bundle.State",
    },
}

LANGUAGE_CODE = "en-gb"
TIME_ZONE = "Europe/London"
USE_I18N = False
USE_TZ = True
DATE_FORMAT = "d/m/Y"
DATETIME_FORMAT = "d/m/Y H:i"
SHORT_DATE_FORMAT = "d/m/Y"
SHORT_DATETIME_FORMAT = "d/m/Y H:i"
TIME_FORMAT = "H:i"

STATIC_URL = "/static/"
STATIC_ROOT = env.text("STATIC_ROOT", str(BASE_DIR / "var" / "static"))
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},  # evidence goes through `vault`, never through here
    "staticfiles": {"BACKEND": "config.static.StaticFiles"},
}

EMAIL_BACKEND = env.text("EMAIL_BACKEND", "django.core.mail.backends.console.EmailBackend")
EMAIL_HOST = env.text("EMAIL_HOST", "localhost")
EMAIL_PORT = env.integer("EMAIL_PORT", 25)
DEFAULT_FROM_EMAIL = env.text("EMAIL_FROM", "digital-evidence@localhost")
EMAIL_SUBJECT_PREFIX = ACCOUNT_EMAIL_SUBJECT_PREFIX = "OFFICIAL-SENSITIVE: "

DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"()": "config.logs.Formatter", "format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": env.text("LOG_LEVEL", "INFO")},
}
