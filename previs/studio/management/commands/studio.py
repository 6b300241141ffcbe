"""`manage.py studio`: run the whole of Previs on this machine until Ctrl-C."""

import contextlib
import os
import sys
import threading
import webbrowser
from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import get_commands
from django.core.management.base import BaseCommand, CommandError

from previs.studio import crew, preflight, valkey
from previs.studio.frontdoor import FrontDoor, accepted_name
from previs.studio.logbook import EVERYTHING, NORMAL, QUIET, Logbook
from previs.studio.paths import valkey_socket
from previs.studio.supervisor import Supervisor

VALKEY_PATIENCE = 60.0
PAGE_PATIENCE = 60.0
WORKERS_WAIT = 5.0


class Command(BaseCommand):
    help = "Run Previs: broker, workers, sweep and web, kept alive until Ctrl-C."
    # The checks that matter here run beside the start, in words; the rest would load every page's code first.
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--host", default=os.environ.get("PREVIS_HOST") or "127.0.0.1")
        parser.add_argument(
            "--port", type=int, default=int(os.environ.get("PREVIS_PORT") or 8000), help="0: any"
        )
        parser.add_argument("--gpu-workers", type=int, default=1, help="rendering processes (default 1)")
        parser.add_argument(
            "--demo", action="store_true", help="make the demo production if nobody is there yet"
        )
        parser.add_argument("--no-browser", action="store_true", help="do not open a browser window")
        parser.add_argument("--quiet", action="store_true", help="print only what needs a person")

    def handle(self, *args: Any, **options: Any) -> None:
        if sys.platform == "win32":
            raise CommandError("The embedded mode needs Linux or macOS. On Windows, run Previs inside WSL.")
        if not 0 <= options["gpu_workers"] <= 16:
            raise CommandError("--gpu-workers takes a number from 0 (this machine renders nothing) to 16.")
        try:
            Studio(options).run()
        except (preflight.StartError, valkey.NoServerError, PermissionError) as refusal:
            raise CommandError(str(refusal)) from refusal
        except KeyboardInterrupt:
            raise CommandError("Stopped before Previs was ready.", returncode=130) from None


class Studio:
    """One run of the whole app."""

    def __init__(self, options: dict[str, Any]) -> None:
        self.options = options
        self.home = Path(settings.PREVIS_HOME)
        verbosity = QUIET if options["quiet"] else (EVERYTHING if options["verbosity"] > 1 else NORMAL)
        self.verbosity = verbosity
        self.page_answered = False

    def run(self) -> None:
        warning = preflight.usable_home(self.home)
        with contextlib.ExitStack() as stack:
            self.lock = stack.enter_context(preflight.only_instance(self.home))
            listener = stack.enter_context(
                preflight.open_listener(self.options["host"], self.options["port"])
            )
            self.door = FrontDoor(
                self.options["host"],
                listener.getsockname()[1],
                name=accepted_name(settings.ALLOWED_HOSTS, self.options["host"]),
                https=settings.PREVIS_HTTPS,
            )
            self.logbook = Logbook(self.home / "logs", verbosity=self.verbosity)
            stack.callback(self.logbook.close)
            if warning:
                self.logbook.say(warning, always=True)
            supervisor = Supervisor(
                self.logbook,
                environment=crew.environment(self.home),
                folder=Path(settings.BASE_DIR),
                keep_open=self.lock,
            )
            stack.enter_context(supervisor.signals())
            with self.ending(supervisor):
                self.start(supervisor, listening=listener.fileno())
                supervisor.run_until(lambda: False)

    @contextlib.contextmanager
    def ending(self, supervisor: Supervisor) -> Iterator[None]:
        try:
            yield
        finally:
            if supervisor.stop_requests:
                self.logbook.say("Stopping. Everything is kept; press Ctrl-C again to end it by force.")
            supervisor.stop()
            valkey.remove_socket_folder(socket_path=valkey_socket(self.home), folder=self.home / "valkey")
            self.logbook.say("Stopped.")

    def start(self, supervisor: Supervisor, *, listening: int) -> None:
        """Bring everything up: the broker first, because workers that miss it wait seconds before they retry."""
        from previs.studio import assets, services

        with supervisor.interruptible():
            if os.environ.get("PREVIS_REDIS_URL"):
                services.reach_redis(settings.REDIS_URL)
            else:
                self.start_valkey(supervisor)
            services.reach_database()
            services.migrate_if_needed(self.logbook.say)
            if self.options["demo"] and not services.people_exist():
                self.seed()
            self.close_database()
            assets.collect_if_changed()
        supervisor.add(crew.web_role(listening=listening))
        threading.Thread(target=self.welcome, args=(supervisor,), name="front door", daemon=True).start()
        self.warn_about_model()
        # Workers load for seconds on every core there is; a page to look at comes first.
        supervisor.run_until(lambda: self.page_answered, timeout=WORKERS_WAIT)
        if supervisor.stop_requests:
            return
        gpus = [crew.gpu_role(number + 1) for number in range(self.options["gpu_workers"])]
        supervisor.add(crew.default_role(), *gpus)

    def start_valkey(self, supervisor: Supervisor) -> None:
        place, folder = valkey_socket(self.home), self.home / "valkey"
        valkey.prepare_folders(socket_path=place, folder=folder)
        supervisor.add(crew.valkey_role(program=valkey.server_program(), socket_path=place, folder=folder))
        if not supervisor.run_until(lambda: valkey.answers(place), timeout=VALKEY_PATIENCE):
            if supervisor.stop_requests:
                raise KeyboardInterrupt
            raise preflight.StartError(
                f"The embedded Valkey does not answer after {VALKEY_PATIENCE:.0f} s. Its last words:\n"
                f"{self.logbook.last_words('valkey')}\nThe whole log is {self.logbook.folder / 'valkey.log'}"
            )

    def seed(self) -> None:
        from django.core.management import call_command

        if "seed_demo" in get_commands():
            self.logbook.say("Making the demo production; this happens once.")
            call_command("seed_demo", verbosity=0)

    def close_database(self) -> None:
        """The supervisor lives for weeks and needs no connection; a pool would keep some open."""
        from django.db import connections

        connections.close_all()
        for connection in connections.all(initialized_only=True):
            close_pool = getattr(connection, "close_pool", None)
            if close_pool is not None:
                close_pool()

    def warn_about_model(self) -> None:
        if not self.options["gpu_workers"]:
            return
        from previs.checks import model_problems

        for words, remedy in model_problems():
            self.logbook.say(f"{words} {remedy}", always=True)

    def welcome(self, supervisor: Supervisor) -> None:
        """In its own thread: wait for the first page, announce it, then sweep for as long as Previs runs."""
        from previs.studio.sweeper import sweep_for_ever

        status = self.door.wait(seconds=PAGE_PATIENCE)
        self.page_answered = True
        accounts = self.accounts_to_announce()
        supervisor.call(lambda: self.announce(status, accounts))
        sweep_for_ever(lambda words: supervisor.call(lambda: self.logbook.say(words, always=True)))

    def accounts_to_announce(self) -> list[tuple[str, str, str]]:
        from previs.studio.services import demo_accounts

        try:
            return demo_accounts()
        finally:
            self.close_database()

    def announce(self, status: int, accounts: list[tuple[str, str, str]]) -> None:
        if not 0 < status < 500:
            trouble = f"answers with error {status}" if status else "does not answer"
            self.logbook.say(
                f"The first page {trouble} after {PAGE_PATIENCE:.0f} s. See {self.logbook.folder / 'web.log'}; "
                f"it may still come at {self.door.url}",
                always=True,
            )
            return
        preflight.write_holder(self.lock, url=self.door.url)
        lines = [f"Previs is ready: {self.door.url}"]
        if accounts:
            width = max(len(name) for name, _, _ in accounts)
            secret = max(len(password) for _, password, _ in accounts)
            lines += ["", "Demo accounts (name, password, role):"]
            lines += [f"  {name:<{width}}  {password:<{secret}}  {role}" for name, password, role in accounts]
        lines += ["", f"State: {self.home}. Logs: {self.logbook.folder}. Ctrl-C stops everything."]
        self.logbook.say("\n".join(lines), always=True)
        if not self.options["no_browser"] and sys.stdout.isatty() and has_screen():
            webbrowser.open(self.door.url)


def has_screen() -> bool:
    """Whether a browser window could be seen: never over ssh, never as root, never without a display."""
    if os.getuid() == 0 or "SSH_CONNECTION" in os.environ:
        return False
    return sys.platform == "darwin" or any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY"))
