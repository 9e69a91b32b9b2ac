"""`python -m deploy.ready 8601`: whether the server on a port takes readers (exit status 0); `--within 120` waits for it, and
`--rest 6` then as long as a proxy goes on passing over who did not answer: before that, the next one must not be stopped.

For units and containers: it needs no other program and imports nothing of the app.
"""

from __future__ import annotations

import argparse
import http.client
import sys
import time
from collections.abc import Sequence
from contextlib import closing, suppress

POLL_SECONDS = 0.2


def answers(port: int, path: str, host: str = "127.0.0.1", timeout: float = 5) -> bool:
    """Whether an address answers 200 now."""
    with suppress(OSError, http.client.HTTPException):
        connection = http.client.HTTPConnection(host, port, timeout=timeout)
        with closing(connection):
            connection.request("GET", path)
            return connection.getresponse().status == 200
    return False


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m deploy.ready", description=__doc__)
    parser.add_argument("port", type=int)
    parser.add_argument("--path", default="/readyz")
    parser.add_argument("--within", type=float, default=0, metavar="SECONDS")
    parser.add_argument("--rest", type=float, default=0, metavar="SECONDS")
    chosen = parser.parse_args(arguments)
    ends = time.monotonic() + chosen.within
    while not answers(chosen.port, chosen.path):
        if time.monotonic() >= ends:
            print(f"nothing ready on port {chosen.port}{chosen.path}", file=sys.stderr)
            return 1
        time.sleep(POLL_SECONDS)
    time.sleep(chosen.rest)
    return 0


if __name__ == "__main__":
    sys.exit(main())
