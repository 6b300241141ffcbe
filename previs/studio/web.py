"""The web child: uvicorn on a listening socket that the supervisor opened.

The supervisor keeps the socket open, so while a dead web process is replaced the kernel holds new
connections back instead of refusing them: a browser sees a short wait, not an error page.
"""

import socket
import sys

import uvicorn


def main() -> None:
    listening = socket.socket(fileno=int(sys.argv[1]))
    config = uvicorn.Config(
        "previs.asgi:application",
        lifespan="off",  # Django answers no lifespan events
        ws="websockets-sansio",
        # The longest message a page sends is a form of a few kilobytes.
        ws_max_size=1_000_000,
        server_header=False,
        # Open sockets never end by themselves; without a limit a stop would wait for every open page.
        timeout_graceful_shutdown=2,
    )
    uvicorn.Server(config).run(sockets=[listening])


if __name__ == "__main__":
    main()
