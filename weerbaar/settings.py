"""Settings come from the environment only; `docs/operations.md` lists them all.

A missing secret stops start-up with one clear line. `./portaal` writes an environment of its own.
"""

from __future__ import annotations

import sys
from pathlib import Path
from urllib.parse import unquote

import environ
from django.utils.translation import gettext_lazy as _

from weerbaar.zones import Zone

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()


def optional(name: str) -> str:
    """A value from the environment, or from the file that NAME_FILE points at."""
    path = env.str(f"{name}_FILE", default="")
    return Path(path).read_text().strip() if path else env.str(name, default="")


def several(name: str) -> list[str]:
    return [entry.strip() for entry in optional(name).replace("\n", ",").split(",") if entry.strip()]


def secret(name: str) -> str:
    """A value that must come from the environment, or from the file that NAME_FILE points at."""
    value = optional(name)
    if not value:
        sys.exit(f"Instelling {name} ontbreekt. Zie docs/operations.md.")
    return value


# --- what this process is -------------------------------------------------------------------------
DEBUG = False
EMBEDDED = env.bool("EMBEDDED", default=False)  # ./portaal: demo data and demo accounts are possible
ZONES = frozenset(Zone(zone) for zone in env.list("ZONES", default=[]))
SECRET_KEYS = {zone: secret(f"SECRET_KEY_{zone.upper()}") for zone in sorted(ZONES)}
SECRET_KEY = next(iter(SECRET_KEYS.values()), "") or secret("SECRET_KEY_WORKER")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=[])
SITE_URL = env.str("SITE_URL", default="http://127.0.0.1:8000").rstrip("/")
SECURE = SITE_URL.startswith("https://")
if EMBEDDED and SECURE:
    sys.exit("EMBEDDED=1 is voor ./portaal op de eigen computer, en niet voor een site op https.")
# Whose documents these are, for the Woo-index: the address in TOOI and the name of who runs this portal.
PUBLISHER = (
    env.str("PUBLISHER_URI", default=f"{SITE_URL}/over/"),
    env.str("PUBLISHER_NAME", default="De beheerder van dit portaal"),
)
TEAM_PHONE = env.str("TEAM_PHONE", default="070-0000000")
TEAM_EMAIL = env.str("TEAM_EMAIL", default="team@demo.invalid")

# --- database -------------------------------------------------------------------------------------
# `default` does the work; `audit` commits access-log rows on a connection of its own.
_database = env.db_url_config(secret("DATABASE_URL"))
_database["HOST"] = unquote(_database["HOST"])  # a socket folder is written as %2Fpath
_pool = {
    "min_size": 0,
    "max_size": env.int("DATABASE_POOL", default=8),
    "timeout": 10,
    "max_idle": 300,
}
DATABASES = {
    alias: {
        **_database,
        "ENGINE": "django.db.backends.postgresql",
        "CONN_MAX_AGE": 0,
        "OPTIONS": {"pool": dict(_pool), "options": options},
        "TEST": {"NAME": None},
    }
    for alias, options in {
        "default": "-c lock_timeout=10s",
        "audit": "-c lock_timeout=2s -c statement_timeout=5s",
    }.items()
}
DATABASE_ROUTERS = ["weerbaar.audit.router.AuditRouter"]
DATABASE_ROLES = env.json("DATABASE_ROLES", default={"alles": "portaal_app"})
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

CACHES = {"default": {"BACKEND": "weerbaar.accounts.cache.LimitCache"}}

# --- applications ---------------------------------------------------------------------------------
INSTALLED_APPS = [
    "weerbaar.accounts",
    "weerbaar.vault",
    "weerbaar.audit",
    "weerbaar.jobs",
    "weerbaar.documents",
    "weerbaar.files",
    "weerbaar.pages",
    "netwerk",
    "ondersteuning",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "guardian",
    "pghistory",
    "pgtrigger",
    "django.contrib.admin.apps.SimpleAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.staticfiles",
    "django.forms",  # its own widget templates, for the renderer of weerbaar.pages
]
MIDDLEWARE = [
    "weerbaar.pages.middleware.StrictHeaders",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "weerbaar.pages.middleware.Zones",
    "weerbaar.accounts.middleware.ZoneSessions",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "weerbaar.accounts.middleware.SecondFactor",
    "weerbaar.accounts.middleware.WrongInput",
    "weerbaar.audit.middleware.Changes",
]
ROOT_URLCONF = "weerbaar.urls.publiek"
WSGI_APPLICATION = "weerbaar.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "weerbaar.pages.context.site",
            ],
            "loaders": [
                (
                    "django.template.loaders.cached.Loader",
                    [
                        "django.template.loaders.filesystem.Loader",
                        "django.template.loaders.app_directories.Loader",
                    ],
                )
            ],
        },
    }
]
FORM_RENDERER = "weerbaar.pages.rendering.FormRenderer"

# --- language and time ----------------------------------------------------------------------------
LANGUAGE_CODE = "nl"
LANGUAGES = [("nl", _("Nederlands"))]
TIME_ZONE = "Europe/Amsterdam"
USE_TZ = True

# --- accounts -------------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["weerbaar.accounts.backends.ByEmail", "guardian.backends.ObjectPermissionBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}", "OPTIONS": options}
    for name, options in {
        "MinimumLengthValidator": {"min_length": 12},
        "UserAttributeSimilarityValidator": {"user_attributes": ["email", "name"]},
        "CommonPasswordValidator": {},
    }.items()
]
GUARDIAN_RAISE_403 = False
ANONYMOUS_USER_NAME = None
SESSION_ENGINE = "weerbaar.accounts.sessions"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"  # sealed; no text in cookies
LOGIN_URL = "account_login"
ACCOUNT_ADAPTER = "weerbaar.accounts.adapter.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]  # sign-up is closed; checks read this
ACCOUNT_EMAIL_VERIFICATION = "none"  # the invitation went to the address
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = True
ACCOUNT_FORMS = {
    "login": "weerbaar.accounts.forms.SignInForm",
    "reauthenticate": "weerbaar.accounts.forms.PasswordAgainForm",
    "change_password": "weerbaar.accounts.forms.OtherPasswordForm",
}
MFA_ADAPTER = "weerbaar.accounts.adapter.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "Weerbaar Bestuur"
MFA_TOTP_TOLERANCE = 1  # clocks of phones differ; weerbaar.accounts.codes takes each code once
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = EMBEDDED and not SECURE
MFA_FORMS = {
    "authenticate": "weerbaar.accounts.forms.CodeForm",
    "reauthenticate": "weerbaar.accounts.forms.FreshCodeForm",
    "activate_totp": "weerbaar.accounts.forms.SetUpAppForm",
    "add_webauthn": "weerbaar.accounts.forms.AddKeyForm",
    "login_webauthn": "weerbaar.accounts.forms.KeyAloneForm",
}
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXIES", default=0)  # for limits an address: nginx is 1

# An organisation's own sign-in. It replaces the password, never the second factor.
OIDC = env.str("OIDC_ISSUER", default="")
OIDC_DOMAINS = {domain.lower().lstrip("@") for domain in several("OIDC_DOMAINS")}
if OIDC:
    if not OIDC_DOMAINS:
        sys.exit("Instelling OIDC_DOMAINS ontbreekt. Zie docs/operations.md.")
    INSTALLED_APPS += ["allauth.socialaccount", "allauth.socialaccount.providers.openid_connect"]
    SOCIALACCOUNT_ADAPTER = "weerbaar.accounts.oidc.OidcAdapter"
    SOCIALACCOUNT_EMAIL_AUTHENTICATION = True  # a checked address, each time anew
    SOCIALACCOUNT_EMAIL_AUTHENTICATION_AUTO_CONNECT = False
    SOCIALACCOUNT_PROVIDERS = {
        "openid_connect": {
            "OAUTH_PKCE_ENABLED": True,
            "APPS": [
                {
                    "provider_id": "organisatie",
                    "name": env.str("OIDC_NAME", default="uw organisatie"),
                    "client_id": secret("OIDC_CLIENT_ID"),
                    "secret": secret("OIDC_CLIENT_SECRET"),
                    "settings": {"server_url": OIDC},
                }
            ],
        }
    }

# --- vault: see weerbaar/vault/keys.py ------------------------------------------------------------
VAULT_PUBLIC_KEYS = several("VAULT_PUBLIC_KEYS")  # reader:base64, newest first
VAULT_PRIVATE_KEYS = several("VAULT_PRIVATE_KEYS")  # the readers this process may be
VAULT_CODE_KEY = optional("VAULT_CODE_KEY")  # finds an access code
VAULT_INDEX_KEY = optional("VAULT_INDEX_KEY")  # blind index: worker and beheer only
VAULT_OWNER_KEY = optional("VAULT_OWNER_KEY")  # pseudonym of the owner of a dossier
AUDIT_SEAL_KEY = optional("AUDIT_SEAL_KEY")  # chain over the logs: worker only
AUDIT_ANCHOR_FILE = env.str("AUDIT_ANCHOR_FILE", default="")  # heads of the chains, kept outside the database

# --- jobs -----------------------------------------------------------------------------------------
REDIS_URL = env.str("REDIS_URL", default="")
CELERY_BROKER_URL = REDIS_URL
EMAIL_URL = env.str("EMAIL_URL", default="consolemail://")
vars().update(env.email_url_config(EMAIL_URL))
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="Weerbaar Bestuur <noreply@demo.invalid>")
MAIL_DIR = env.str("MAIL_DIR", default="")
EMAIL_TIMEOUT = 10  # seconds
ALERT_GATEWAY_URL = env.str("ALERT_GATEWAY_URL", default="")
JOBS_KEPT_DAYS = env.int("JOBS_KEPT_DAYS", default=30)

# --- files: see weerbaar/files -----------------------------------------------------------------------
FILES_DIR = env.str("FILES_DIR", default=str(BASE_DIR / "var" / "files"))  # encrypted, never in clear
CLAMD_SOCKET = env.str("CLAMD_SOCKET", default="")  # a path, or tcp://host:port; without it files wait
TOOLKIT_DIR = env.str("TOOLKIT_DIR", default=str(BASE_DIR / "var" / "toolkit"))  # released files, in clear
X_ACCEL = env.bool("X_ACCEL", default=False)  # nginx stands in front and sends them
FILE_UPLOAD_HANDLERS = [  # what comes in sealed or as a release; no other handler writes to disk
    "weerbaar.files.uploads.SealingHandler",
    "netwerk.uploads.ReleaseHandler",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
]

# --- pages ----------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = env.str("STATIC_ROOT", default="") or None  # where collectstatic puts hashed, compressed files
WHITENOISE_ALLOW_ALL_ORIGINS = False
WHITENOISE_KEEP_ONLY_HASHED_FILES = True  # the others are never asked for, and compressing costs seconds
WHITENOISE_USE_FINDERS = STATIC_ROOT is None  # without it they are served from where they are
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if STATIC_ROOT
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
STATICFILES_FINDERS = [
    "weerbaar.pages.finders.NamedFiles",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
]
STATICFILES_NAMED = {
    "utrecht/index.css",
    "voorbeeld/theme.css",
    "skip-link/skip-link.css",
    "skip-link/skip-link.css.map",
    "noto-sans/noto-sans-latin-400-normal.woff2",
    "noto-sans/noto-sans-latin-700-normal.woff2",
}
_npm = BASE_DIR / "node_modules"
STATICFILES_DIRS = [
    BASE_DIR / "static",
    ("utrecht", _npm / "@utrecht/component-library-css/dist"),
    ("voorbeeld", _npm / "@nl-design-system-unstable/voorbeeld-design-tokens/dist"),
    ("skip-link", _npm / "@nl-design-system-candidate/skip-link-css/dist"),
    ("noto-sans", _npm / "@fontsource/noto-sans/files"),
]
EXIT_URL = env.str("EXIT_URL", default="https://www.knmi.nl/nederland-nu/weer/verwachtingen")
SECURITY_CONTACT = env.str("SECURITY_CONTACT", default=f"mailto:{TEAM_EMAIL}")
CSRF_FAILURE_VIEW = "weerbaar.pages.errors.csrf_failure"
CSRF_COOKIE_NAME = "__Host-csrf" if SECURE else "csrf"
CSRF_COOKIE_AGE = None  # gone when the browser closes

# --- the log: where it went wrong, never with what -------------------------------------------------
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"without_words": {"()": "weerbaar.pages.journal.WithoutWords"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "without_words"}},
    "root": {"handlers": ["stderr"], "level": "INFO"},
    "loggers": {
        "django": {"handlers": [], "level": "INFO"},  # Django's own mail to admins would quote the POST
        "django.request": {"level": "ERROR"},
        "celery.beat": {"level": "WARNING"},  # a tick every two seconds is no news
        "celery.worker.strategy": {"level": "WARNING"},
        "celery.app.trace": {"level": "WARNING"},
        "fido2": {"level": "WARNING"},  # it would name the passkeys that are used
    },
}

# --- strict by default ----------------------------------------------------------------------------
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "font-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "connect-src": ["'self'"],
        "form-action": ["'self'"],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
    }
}
SECURE_SSL_REDIRECT = False  # nginx does it
# StrictHeaders sets what these two want of Django's own middleware, and on every status
SILENCED_SYSTEM_CHECKS = ["security.W001", "security.W002"]
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Strict"
USE_X_FORWARDED_HOST = False
if SECURE:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_500_000
