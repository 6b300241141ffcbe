"""Settings of Previs: one file, read from the environment; each value says what breaks without it."""

from pathlib import Path
from typing import Any

import environ

from previs.media import storage_from_url
from previs.studio.paths import (
    celery_broker_url,
    local_database_url,
    local_redis_url,
    redis_database,
    secret_key,
)

env = environ.Env()
BASE_DIR = Path(__file__).resolve().parent.parent

# Everything this installation writes lives here: database, pictures, models, logs, the broker's files.
PREVIS_HOME = Path(env.str("PREVIS_HOME", default=str(BASE_DIR / "var"))).resolve()
PREVIS_MODELS_HOME = Path(env.str("PREVIS_MODELS_HOME", default=str(PREVIS_HOME / "models")))
PREVIS_MODEL = env.str("PREVIS_MODEL", default="pocket")
# The scripted engine draws test cards instead of pictures; only tests switch it on.
PREVIS_ALLOW_SCRIPTED = env.bool("PREVIS_ALLOW_SCRIPTED", default=False)
# Threads torch may use; None leaves it to torch. Part of a frame's provenance.
PREVIS_THREADS: int | None = env.int("PREVIS_THREADS", default=0) or None
# Most frames rendered together; None leaves it to the model. Lower it where memory is short.
PREVIS_BATCH_LIMIT: int | None = env.int("PREVIS_BATCH_LIMIT", default=0) or None

DEBUG = env.bool("PREVIS_DEBUG", default=False)
# Signs sessions: losing it signs everybody out. Made once and kept in the state folder when not given.
SECRET_KEY = env.str("PREVIS_SECRET_KEY", default="") or secret_key(PREVIS_HOME)
ALLOWED_HOSTS = env.list("PREVIS_ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
# Behind a reverse proxy with TLS: secure cookies, HSTS, and the proxy's word on the scheme.
PREVIS_HTTPS = env.bool("PREVIS_HTTPS", default=False)
CSRF_TRUSTED_ORIGINS = env.list(
    "PREVIS_TRUSTED_ORIGINS", default=[f"https://{host}" for host in ALLOWED_HOSTS] if PREVIS_HTTPS else []
)

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django_htmx",
    "channels",
    "allauth",
    "allauth.account",
    "csp",
    "previs.studio",
    "previs.accounts",
    "previs.audit",
    "previs.projects",
    "previs.rights",
    "previs.generation",
    "previs.review",
    "previs.script",
    "previs.storyboard",
    "sets",
    "costumes",
    "previs.demo",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    # Every page is private unless it says otherwise, so a forgotten decorator cannot open one.
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
]

ROOT_URLCONF = "previs.urls"
ASGI_APPLICATION = "previs.asgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

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
                "previs.storyboard.shell.shell",
            ],
            "builtins": ["previs.tags"],
        },
    }
]

# --- Services: one machine by default, a studio by three URLs -------------------------------------

REDIS_URL = env.str("PREVIS_REDIS_URL", default="") or local_redis_url(PREVIS_HOME)


def database() -> dict[str, Any]:
    config: dict[str, Any] = env.db_url("PREVIS_DATABASE_URL", default=local_database_url(PREVIS_HOME))
    if config["ENGINE"].endswith("sqlite3"):
        config["OPTIONS"] = {
            # IMMEDIATE takes the write lock at BEGIN, so a read never has to be upgraded: SQLite ignores
            # the timeout for upgrades and would answer "database is locked" at once.
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA busy_timeout=20000;",
        }
        # Threads and processes of a test must see one database; SQLite's in-memory one is private to each.
        config["TEST"] = {"NAME": str(PREVIS_HOME / "test.sqlite3")}
    else:
        # Under ASGI each request runs in another thread: persistent connections pile up, a pool does not.
        config["CONN_MAX_AGE"] = 0
        # What the URL asks for (sslmode, a socket folder as host) stays.
        config["OPTIONS"] = {
            **config.get("OPTIONS", {}),
            "pool": {"min_size": 1, "max_size": 12, "timeout": 20},
        }
    return config


DATABASES = {"default": database()}

CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": redis_database(REDIS_URL, 1),
        "KEY_PREFIX": "previs",
    }
}

CHANNEL_LAYERS = {
    "default": {
        "BACKEND": "channels_redis.core.RedisChannelLayer",
        "CONFIG": {
            # A socket waits five seconds at a time for its next message, as long as redis-py waits for any
            # answer by default: whichever came first, a quiet page would lose its line every five seconds.
            "hosts": [{"address": redis_database(REDIS_URL, 2), "socket_timeout": 20}],
            # The layer drops messages silently above its capacity of 100; nothing durable depends on them,
            # but a page that misses many looks frozen until it refreshes itself.
            "capacity": 1000,
            "expiry": 15,
        },
    }
}

CELERY_BROKER_URL = celery_broker_url(REDIS_URL)
# Rows tell how a job ended; nobody reads Celery's results.
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_DEFAULT_QUEUE = "default"
CELERY_TASK_ROUTES = {"previs.generation.tasks.run_jobs": {"queue": "gpu"}}
# A message is only a wake-up: acknowledging late would redeliver it while the render still runs.
CELERY_TASK_ACKS_LATE = False
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT = 20
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {"visibility_timeout": 24 * 3600, "socket_timeout": 10, "max_retries": 3}
CELERY_TASK_PUBLISH_RETRY_POLICY = {"max_retries": 1, "interval_start": 0, "interval_max": 0.2}
CELERY_TIMEZONE = "UTC"
SWEEP_SECONDS = 2.0
CELERY_BEAT_SCHEDULE = {
    # A sweep nobody took in time is worthless: the next one does its work.
    "sweep": {"task": "previs.generation.tasks.sweep", "schedule": SWEEP_SECONDS, "options": {"expires": 10}},
}

# --- Files -----------------------------------------------------------------------------------------

STORAGES = {
    "default": storage_from_url(env.str("PREVIS_MEDIA_URL", default=str(PREVIS_HOME / "media"))),
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
STATIC_URL = "/static/"
STATIC_ROOT = PREVIS_HOME / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
# The studio collects at every start. Files of the checkout itself may change under a running server, whose sizes
# would then be wrong; only who develops wants them served.
WHITENOISE_USE_FINDERS = DEBUG
WHITENOISE_AUTOREFRESH = DEBUG

# A screenplay is at most 10 MB and a drawing 40 MB; the form says so, this stops the rest early.
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_500_000
FILE_UPLOAD_MAX_MEMORY_SIZE = 2_500_000

# --- People ----------------------------------------------------------------------------------------

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
ACCOUNT_ADAPTER = "previs.accounts.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username", "email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = True
# allauth throttles sign-in by address and by account name (cache), which stops password guessing.
ACCOUNT_RATE_LIMITS = {"login_failed": "8/5m/key,30/5m/ip", "login": "60/m/ip"}

EMAIL_BACKEND = env.str("PREVIS_EMAIL_BACKEND", default="django.core.mail.backends.console.EmailBackend")

# --- Security --------------------------------------------------------------------------------------

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        # Live previews travel inside the fragment as data: pictures.
        "img-src": ["'self'", "data:", "blob:"],
        "connect-src": ["'self'"],
        "font-src": ["'self'"],
        "object-src": ["'none'"],
        "base-uri": ["'none'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_SAMESITE = "Lax"
if PREVIS_HTTPS:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_SSL_REDIRECT = env.bool("PREVIS_SSL_REDIRECT", default=True)
    SECURE_HSTS_SECONDS = 31_536_000
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_SECURE = True

# --- Language and time -------------------------------------------------------------------------------

LANGUAGE_CODE = "en"
TIME_ZONE = env.str("PREVIS_TIME_ZONE", default="UTC")
USE_I18N = False
USE_TZ = True

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{levelname} {name}: {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "loggers": {
        "previs": {"handlers": ["console"], "level": env.str("PREVIS_LOG_LEVEL", default="INFO")},
        # Django shows tracebacks of failed requests on the console only while DEBUG is on.
        "django": {"handlers": ["console"], "level": "WARNING"},
        # A form that was refused in words is no trouble of the server's.
        "django.request": {"level": "ERROR"},
    },
}
