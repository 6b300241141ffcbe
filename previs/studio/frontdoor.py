"""Ask the web child for the first page, as a browser would: ready means that it really answers."""

import http.client
import socket
import time
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

REDIRECTS = (301, 302, 303, 307, 308)


@dataclass(frozen=True)
class FrontDoor:
    """host, port: where the web child listens. name: a host it accepts. https: whether it expects a TLS proxy."""

    host: str
    port: int
    name: str
    https: bool = False

    @property
    def url(self) -> str:
        """What a person on this machine types."""
        host = f"[{self.reachable}]" if ":" in self.reachable else self.reachable
        return f"http://{host}:{self.port}/"

    @property
    def reachable(self) -> str:
        """An address to connect to: listening on every network includes this machine."""
        return {"0.0.0.0": "127.0.0.1", "::": "::1", "": "127.0.0.1"}.get(self.host, self.host)  # noqa: S104

    def status(self, *, timeout: float) -> int:
        """HTTP status of the first page after redirects within the site; 0 while nothing answers."""
        path = "/"
        headers = {"Host": self.name, "User-Agent": "previs-studio"}
        if self.https:
            headers["X-Forwarded-Proto"] = "https"
        try:
            for _ in range(4):
                connection = http.client.HTTPConnection(self.reachable, self.port, timeout=timeout)
                try:
                    connection.request("GET", path, headers=headers)
                    answer = connection.getresponse()
                    answer.read()
                finally:
                    connection.close()
                if answer.status not in REDIRECTS:
                    return answer.status
                target = urlsplit(urljoin(path, answer.headers.get("Location", "/")))
                path = target.path + (f"?{target.query}" if target.query else "")
        except (OSError, http.client.HTTPException):
            return 0
        return 0

    def wait(self, *, seconds: float) -> int:
        """The first status that is an answer (below 500), or the last one seen when `seconds` are over."""
        deadline = time.monotonic() + seconds
        status = 0
        while time.monotonic() < deadline:
            # Connections wait in the listening socket, so the first request is answered the moment web is up.
            status = self.status(timeout=max(0.1, deadline - time.monotonic()))
            if 0 < status < 500:
                break
            time.sleep(0.1)
        return status


def accepted_name(allowed_hosts: list[str], host: str) -> str:
    """A Host header that Django will take: the first allowed name that is no pattern."""
    plain = [name for name in allowed_hosts if not name.startswith((".", "*"))]
    if "*" in allowed_hosts or host in plain or not plain:
        return host if host not in ("0.0.0.0", "::", "") else socket.gethostname()  # noqa: S104
    return plain[0]
