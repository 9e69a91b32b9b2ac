"""Reads received files in children with limits, several at a time, in the order they were given."""

import json
import queue
import signal
import socket
import subprocess
import sys
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from data.errors import IngestRefused
from data.ingest.containers import check_container
from data.ingest.reader_server import receive_frame, send_frame
from data.ingest.received import Received, received_from_message
from data.settings import PROJECT_ROOT

WORKERS = 2
OUT_OF_LIMITS = frozenset((signal.SIGALRM, signal.SIGXCPU, signal.SIGKILL, signal.SIGABRT))


@dataclass(frozen=True)
class ReadOptions:
    """How a file is to be read. `last_period` is the newest month that can have been reported; `period` overrides the
    file's own; `template` asks for one layout."""

    last_period: str
    period: str | None = None
    template: str | None = None


class Sandbox:
    """Processes that read files. Use as a context manager; leaving it ends them."""

    def __init__(self, workers: int = WORKERS) -> None:
        pairs = [socket.socketpair() for _ in range(workers)]
        theirs = [other.fileno() for _, other in pairs]
        self._server = subprocess.Popen(
            [sys.executable, "-m", "data.ingest.reader_server", *map(str, theirs)],
            cwd=PROJECT_ROOT,
            pass_fds=theirs,
            stdin=subprocess.DEVNULL,
        )
        self._free: queue.SimpleQueue[socket.socket] = queue.SimpleQueue()
        self._connections = [mine for mine, _ in pairs]
        for mine, other in pairs:
            other.close()
            self._free.put(mine)
        self._threads = ThreadPoolExecutor(workers)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type | None, problem: BaseException | None, trace: TracebackType | None) -> None:
        self._threads.shutdown(cancel_futures=True)
        for connection in self._connections:
            connection.close()
        try:
            self._server.wait(timeout=10)
        except subprocess.TimeoutExpired:
            self._server.kill()
            self._server.wait()

    def read(self, path: Path, options: ReadOptions) -> list[Received]:
        """The parts of one file (one per sheet that was read). Raises IngestRefused."""
        container = check_container(path)
        request = asdict(options) | {"path": str(path.resolve()), "kind": container.kind, "marks": container.marks}
        connection = self._free.get()
        try:
            send_frame(connection, json.dumps(request).encode())
            frame = receive_frame(connection)
        except OSError:
            frame = None
        finally:
            self._free.put(connection)
        if frame is None:
            raise RuntimeError("the process that reads files has ended")
        return read_reply(json.loads(frame), path)

    def read_all(
        self, paths: Iterable[Path], options: ReadOptions
    ) -> Iterator[tuple[Path, list[Received] | IngestRefused]]:
        """Every file with its parts or the refusal, in order; files are read ahead while earlier ones are used."""
        waiting: list[tuple[Path, Future[list[Received]]]] = [
            (path, self._threads.submit(self.read, path, options)) for path in paths
        ]
        waiting.reverse()
        while waiting:
            path, future = waiting.pop()
            try:
                yield path, future.result()
            except IngestRefused as refusal:
                yield path, refusal


def read_reply(reply: dict[str, object], path: Path) -> list[Received]:
    """A child's reply as parts. Raises IngestRefused for a refusal and for a child that died."""
    if "parts" in reply:
        return [received_from_message(part, path) for part in reply["parts"]]
    if "refused" in reply:
        refused = reply["refused"]
        raise IngestRefused(refused["code"], refused["words_key"], **refused["values"])
    if reply.get("died") in OUT_OF_LIMITS:
        raise IngestRefused("INGEST-LIMIT", "ingest.took_too_long", file=path.name)
    if "died" in reply:
        raise IngestRefused("INGEST-UNREADABLE", "ingest.unreadable", file=path.name)
    # A bug, but only this file's: the others of the folder still load.
    raise IngestRefused("INGEST-BUG", "ingest.bug", file=path.name, detail=reply.get("bug"))
