"""Database and broker before the start: do they answer, are the tables there, in words when not."""

from collections.abc import Callable

from django.core.management import call_command
from django.db import OperationalError, connection
from django.db.migrations.executor import MigrationExecutor

from previs.studio.preflight import StartError


def reach_database() -> None:
    """Open a connection. Raises StartError when the server does not answer or refuses us."""
    try:
        if connection.vendor == "postgresql":
            reach_postgresql()
        connection.ensure_connection()
    except OperationalError as error:
        reason = " ".join(str(error).split()).rstrip(".?") or "no reason given"
        if connection.vendor == "sqlite":
            raise StartError(
                f"The database {connection.settings_dict['NAME']} cannot be opened: {reason}. "
                "Check that the file belongs to you and that the disk is not full."
            ) from error
        where = connection.settings_dict.get("HOST") or "the local socket"
        raise StartError(
            f"PostgreSQL at {where} does not let Previs in: {reason}. Check that the server runs and that "
            "PREVIS_DATABASE_URL names the right host, port, database, user and password."
        ) from error


def reach_postgresql() -> None:
    """Try one connection outside the pool, which would wait 20 seconds and then not say why."""
    import psycopg

    parameters = connection.get_connection_params()
    parameters.pop("pool", None)
    with connection.wrap_database_errors:
        psycopg.connect(**{"connect_timeout": 5, **parameters}).close()


def migrate_if_needed(say: Callable[[str], None]) -> None:
    """Apply what is missing, and nothing on an ordinary start. Raises StartError for a newer database."""
    executor = MigrationExecutor(connection)
    known = executor.loader.graph.nodes
    ours = executor.loader.migrated_apps
    newer = sorted(f"{app}.{name}" for app, name in executor.loader.applied_migrations if app in ours)
    newer = [
        label for label in newer if tuple(label.split(".", 1)) not in known and not _replaced(executor, label)
    ]
    if newer:
        raise StartError(
            f"This database was written by a newer Previs (it has {', '.join(newer[:3])}). "
            "Update this copy of Previs, or give this one another PREVIS_HOME."
        )
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if not plan:
        return
    say(f"Preparing the database: {len(plan)} migrations.")
    call_command("migrate", interactive=False, verbosity=0)


def _replaced(executor: MigrationExecutor, label: str) -> bool:
    """Whether a squashed migration stands in for this one, which the graph then no longer lists."""
    app, name = label.split(".", 1)
    return any((app, name) in migration.replaces for migration in executor.loader.disk_migrations.values())


def reach_redis(url: str) -> None:
    """Ask a server given by PREVIS_REDIS_URL for an answer. Raises StartError; never prints a password."""
    import redis
    from redis.backoff import NoBackoff
    from redis.retry import Retry

    client = redis.Redis.from_url(
        url, socket_connect_timeout=3, socket_timeout=3, retry=Retry(NoBackoff(), 0)
    )
    try:
        version = client.info("server").get("redis_version", "0")
    except redis.AuthenticationError as error:
        raise StartError(
            "The Redis server of PREVIS_REDIS_URL refuses the password. Correct it in PREVIS_REDIS_URL."
        ) from error
    except redis.RedisError as error:
        raise StartError(
            f"The Redis server of PREVIS_REDIS_URL does not answer ({where_of(url)}): {str(error).rstrip('.')}. Start it or correct "
            "the address; or unset PREVIS_REDIS_URL, and Previs starts a server of its own."
        ) from error
    finally:
        client.close()
    if tuple(int(part) for part in str(version).split(".")[:2] if part.isdecimal()) < (6, 2):
        raise StartError(f"The server of PREVIS_REDIS_URL is version {version}; Previs needs 6.2 or newer.")


def where_of(url: str) -> str:
    """The address without user and password."""
    from urllib.parse import urlsplit

    parts = urlsplit(url)
    return parts.netloc.rpartition("@")[2] or parts.path


def people_exist() -> bool:
    """Whether anybody can sign in yet; an installation without people gets the demo production."""
    from django.contrib.auth import get_user_model

    return get_user_model()._default_manager.exists()


def demo_accounts() -> list[tuple[str, str, str]]:
    """(name to sign in with, password, role) of the demo accounts that are in the database."""
    try:
        from previs.demo.accounts import DEMO_ACCOUNTS
    except ImportError:
        return []
    from django.contrib.auth import get_user_model

    # Whether a password was changed since is not asked: hashing all of them would delay every start by seconds.
    names = [account.username for account in DEMO_ACCOUNTS]
    present = set(
        get_user_model()._default_manager.filter(username__in=names).values_list("username", flat=True)
    )
    return [
        (account.username, account.password, account.role)
        for account in DEMO_ACCOUNTS
        if account.username in present
    ]
