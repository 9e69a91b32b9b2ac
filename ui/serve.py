"""`python -m ui.serve --server.address 127.0.0.1 --server.port 8601`: `streamlit run asgi.py`, which listens once it can answer.

Streamlit listens before it has imported the app: for the seconds of a start the system takes connections that nobody answers,
and a proxy that asks there waits with its reader. Here the port is taken at once and refuses until the app has started, so
that a proxy asks the next replica; uvicorn listens itself when it serves.
"""

from __future__ import annotations

import socket
import sys
from collections.abc import Sequence

from streamlit.web import cli
from streamlit.web.server.starlette import starlette_server


def bind_only(address: str, port: int, backlog: int) -> socket.socket:
    """Streamlit's `_bind_socket` without listening."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    bound = socket.socket(family=family)
    try:
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if family == socket.AF_INET6:
            bound.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
        bound.bind((address, port))
        bound.setblocking(False)
        bound.set_inheritable(True)
    except BaseException:
        bound.close()
        raise
    return bound


def main(arguments: Sequence[str] | None = None) -> None:
    if not hasattr(starlette_server, "_bind_socket"):
        raise SystemExit("this Streamlit binds its socket elsewhere: see ui/serve.py")
    starlette_server._bind_socket = bind_only
    cli.main(["run", "asgi.py", *(sys.argv[1:] if arguments is None else arguments)])


if __name__ == "__main__":
    main()
