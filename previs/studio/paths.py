"""Where the embedded services keep their files; standard library only, so settings may import it."""

import hashlib
import os
import re
import secrets
from pathlib import Path
from urllib.parse import quote, urlsplit, urlunsplit

# Kernels cut socket paths at 104 (macOS) or 108 (Linux) bytes.
LONGEST_SOCKET_PATH = 90
# Broker URLs quote and unquote their path differently in each client library; these characters never need it.
PLAIN_PATH = re.compile(r"[A-Za-z0-9/._-]+")


def valkey_socket(home: Path) -> Path:
    """The unix socket of the embedded broker; every process of one state folder computes the same path.

    A state folder whose path is too long for a socket, or holds characters that broker URLs treat
    specially (a space, %, ?), gets a short runtime folder instead, named after a digest of its path.
    """
    direct = home / "valkey" / "v.sock"
    if len(str(direct)) <= LONGEST_SOCKET_PATH and PLAIN_PATH.fullmatch(str(direct)):
        return direct
    # Not the TMPDIR of the moment: a worker started from another shell must find the same socket.
    digest = hashlib.sha256(os.fsencode(home)).hexdigest()[:16]
    return Path("/tmp") / f"previs-{os.getuid()}-{digest}" / "v.sock"  # noqa: S108 - made 0700 and checked


def local_redis_url(home: Path) -> str:
    return f"unix://{valkey_socket(home)}"


def local_database_url(home: Path) -> str:
    """The SQLite file as a database URL; quoted, because a folder may be named `50% done #2`."""
    return f"sqlite:///{quote(str(home / 'db.sqlite3'))}"


def redis_database(url: str, number: int) -> str:
    """The same server, another of its databases, in the form redis-py reads: redis://, rediss:// or unix://.

    A database given in the URL is the first of the three that Previs uses (0 broker, 1 cache, 2 channel
    layer), so two installations may share a server. Raises ValueError for any other kind of URL.
    """
    parts = urlsplit(url)
    if parts.scheme in ("unix", "redis+socket"):
        query = dict(pair.partition("=")[::2] for pair in parts.query.split("&") if pair)
        first = query.pop("virtual_host", "") or query.pop("db", "") or "0"
        query["db"] = str(_database_number(url, first) + number)
        options = "&".join(f"{name}={value}" for name, value in query.items())
        return f"unix://{parts.netloc}{parts.path}?{options}"
    if parts.scheme in ("redis", "rediss"):
        first = parts.path.strip("/") or "0"
        return urlunsplit(parts._replace(path=f"/{_database_number(url, first) + number}"))
    raise ValueError(
        f"PREVIS_REDIS_URL must start with redis://, rediss://, unix:// or redis+socket://, not {parts.scheme!r}."
    )


def _database_number(url: str, text: str) -> int:
    if not text.isdecimal():
        raise ValueError(f"PREVIS_REDIS_URL names the database {text!r}; it must be a number.")
    return int(text)


def celery_broker_url(url: str) -> str:
    """Database 0 in the form Celery reads; it spells unix sockets `redis+socket://`."""
    broker = redis_database(url, 0)
    if not broker.startswith("unix://"):
        return broker
    return broker.replace("unix://", "redis+socket://", 1).replace("db=", "virtual_host=", 1)


def secret_key(home: Path) -> str:
    """The installation's signing key, made at first use and readable by its owner only.

    Exits in words when the state folder cannot be written: no process of Previs can start without a key.
    """
    path = home / "secret.key"
    try:
        if path.exists():
            return path.read_text().strip()
        home.mkdir(parents=True, exist_ok=True)
        draft = home / f".secret.{os.getpid()}.{secrets.token_hex(4)}"
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_urlsafe(48))
        try:
            # A link appears whole and only once, so two processes starting together agree on one key.
            os.link(draft, path)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
        return path.read_text().strip()
    except OSError as error:
        raise SystemExit(
            f"Previs cannot keep its state in {home}: {error.strerror}. "
            "Free some space or fix the permissions there, or set PREVIS_HOME to a folder you may write to."
        ) from error
