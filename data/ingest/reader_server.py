"""The process that reads received files: loaded once, then a child for every few files, with limits per file.

`python -m data.ingest.reader_server FD…` serves one Unix socket per worker. A request and a reply are frames: length (4
bytes, little endian) and JSON. Nothing of a file is parsed in the server itself: a child that aborts takes only
itself away.

A fork costs as much processor time as reading a file (its page tables, and every page that either side then writes to),
so a child goes on to the next file after one that was read without a fault. Any other outcome ends the child; and where
it had read another file before, the file is read again by a new child of its own, whose word counts: no file is refused
for what another has done.
"""

import gc
import json
import os
import resource
import signal
import socket
import struct
import sys
from pathlib import Path
from typing import NoReturn

from data.errors import IngestRefused

FILES_PER_CHILD = 32
MEMORY_ALLOWANCE = 350_000_000  # of a child, beyond what the server itself has mapped
CPU_SECONDS = 20
WALL_SECONDS = 40
LARGEST_REPLY = 128_000_000
_LENGTH = struct.Struct("<I")
# How the reply to a file that was read begins; after any other the child is at its end.
READ = b'{"parts"'


def send_frame(connection: socket.socket, content: bytes) -> None:
    connection.sendall(_LENGTH.pack(len(content)) + content)


def receive_frame(connection: socket.socket, largest: int = LARGEST_REPLY) -> bytes | None:
    """The next frame; None where the other side has gone, or announces more than `largest` bytes."""
    head = _receive_exactly(connection, _LENGTH.size)
    if head is None or (size := _LENGTH.unpack(head)[0]) > largest:
        return None
    return _receive_exactly(connection, size)


def _receive_exactly(connection: socket.socket, size: int) -> bytes | None:
    parts, left = [], size
    while left:
        part = connection.recv(min(left, 1 << 20))
        if not part:
            return None
        parts.append(part)
        left -= len(part)
    return b"".join(parts)


def limit_child() -> None:
    """Memory; no files written, no core dumped. The signals of `limit_file` end the child at once, also inside the
    parser."""
    pages = int(Path("/proc/self/statm").read_text().split()[0])
    mapped = pages * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (mapped + MEMORY_ALLOWANCE,) * 2)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.signal(signal.SIGXCPU, signal.SIG_DFL)


def limit_file() -> None:
    """Processor time and wall time of the file that is read next."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    seconds = int(used.ru_utime + used.ru_stime) + 1 + CPU_SECONDS
    most = resource.getrlimit(resource.RLIMIT_CPU)[1]
    seconds = seconds if most == resource.RLIM_INFINITY else min(seconds, most)
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, most))
    signal.setitimer(signal.ITIMER_REAL, WALL_SECONDS)


def describe_refusal(problem: IngestRefused) -> dict[str, object]:
    values = {name: value if isinstance(value, list) else str(value) for name, value in problem.values.items()}
    return {"refused": {"code": problem.code, "words_key": problem.words_key, "values": values}}


def read_one(request: dict[str, object]) -> tuple[bytes, bool]:
    """The reply about one file, and whether the child may go on to another."""
    # Imported by `main` before the first fork; here only for the name.
    from data.ingest.reading import read_file

    try:
        return json.dumps({"parts": read_file(request)}, ensure_ascii=False).encode(), True
    except IngestRefused as problem:
        reply = describe_refusal(problem)
    except MemoryError:
        reply = {"died": signal.SIGKILL}
    except BaseException as problem:
        reply = {"bug": f"{type(problem).__name__}: {problem}"}
    return json.dumps(reply, ensure_ascii=False).encode(), False


def read_in_child(connection: socket.socket) -> NoReturn:
    """Answer requests until one could not be read, or the worker asks for no more; never returns."""
    status = 1
    try:
        # Whatever a library prints on its way down must not reach the operator's terminal.
        quiet = os.open(os.devnull, os.O_WRONLY)
        os.dup2(quiet, 2)
        limit_child()
        goes_on = True
        while goes_on and (frame := receive_frame(connection)) is not None:
            limit_file()
            reply, goes_on = read_one(json.loads(frame))
            send_frame(connection, reply)
            signal.setitimer(signal.ITIMER_REAL, 0)
        status = 0
    finally:
        os._exit(status)


class ReadingChild:
    """A fork that reads files one after another, seen from the worker."""

    def __init__(self) -> None:
        self.files_read = 0
        self._connection, theirs = socket.socketpair()
        self._pid = os.fork()
        if self._pid == 0:
            self._connection.close()
            read_in_child(theirs)
        theirs.close()

    def ask(self, request: bytes) -> bytes | None:
        """The child's reply about one file; None where it died without one, or said too much."""
        self.files_read += 1
        try:
            send_frame(self._connection, request)
            return receive_frame(self._connection)
        except OSError:  # it was gone before it was asked
            return None

    def end(self) -> int:
        """End the child; returns the number of the signal that it died of, 0 where it had left by itself."""
        self._connection.close()
        os.kill(self._pid, signal.SIGKILL)  # without effect on one that has died already, also on what it died of
        _, status = os.waitpid(self._pid, 0)
        return os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0


class Reader:
    """Reads files in children, one child at a time."""

    def __init__(self) -> None:
        self._child: ReadingChild | None = None

    def read(self, request: bytes) -> bytes:
        """The reply about one file; where the child died without one, the number of the signal that ended it."""
        child, self._child = self._child or ReadingChild(), None
        is_its_first = child.files_read == 0
        reply = child.ask(request)
        was_read = reply is not None and reply.startswith(READ)
        if was_read and child.files_read < FILES_PER_CHILD:
            self._child = child
            return reply
        ended_by = child.end()
        if not was_read and not is_its_first:
            return self.read(request)
        return json.dumps({"died": ended_by}).encode() if reply is None else reply

    def end(self) -> None:
        if self._child is not None:
            self._child.end()


def serve(connection: socket.socket) -> None:
    """Answer requests until the other side goes away."""
    reader = Reader()
    try:
        while (frame := receive_frame(connection)) is not None:
            send_frame(connection, reader.read(frame))
    finally:
        reader.end()


def main(descriptors: list[int]) -> int:
    """One worker process per socket, forked from one that has everything loaded."""
    import data.ingest.reading as reading

    reading.preload()
    gc.collect()
    gc.freeze()  # keeps the pages shared with the children as long as they only read
    workers = []
    for place, descriptor in enumerate(descriptors):
        worker = os.fork()
        if worker == 0:
            for other in descriptors[:place] + descriptors[place + 1 :]:
                os.close(other)
            with socket.socket(fileno=descriptor) as connection:
                serve(connection)
            os._exit(0)
        workers.append(worker)
    for descriptor in descriptors:
        os.close(descriptor)
    for worker in workers:
        os.waitpid(worker, 0)
    return 0


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the loader decides when to stop
    sys.exit(main([int(argument) for argument in sys.argv[1:]]))
