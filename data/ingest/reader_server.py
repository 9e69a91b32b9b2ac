"""The process that reads received files: loaded once, then one fork per file, with limits on memory and time.

`python -m data.ingest.reader_server FD…` serves one Unix socket per worker. A request and a reply are frames: length (4
bytes, little endian) and JSON. Nothing of a file is parsed in the server itself: a child that aborts takes only
itself away. A fork costs milliseconds; a fresh interpreter with the unit lists would cost most of a second per file.
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

from data.errors import IngestRefused

MEMORY_ALLOWANCE = 350_000_000  # beyond what the server itself has mapped
CPU_SECONDS = 20
WALL_SECONDS = 40
LARGEST_REPLY = 128_000_000
_LENGTH = struct.Struct("<I")


def send_frame(connection: socket.socket, content: bytes) -> None:
    connection.sendall(_LENGTH.pack(len(content)) + content)


def receive_frame(connection: socket.socket) -> bytes | None:
    """The next frame; None where the other side has gone."""
    head = _receive_exactly(connection, _LENGTH.size)
    return None if head is None else _receive_exactly(connection, _LENGTH.unpack(head)[0])


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
    """Memory, processor time, wall time; no files written, no core dumped. The signals end the child at once, also
    inside the parser."""
    pages = int(Path("/proc/self/statm").read_text().split()[0])
    mapped = pages * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (mapped + MEMORY_ALLOWANCE,) * 2)
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS + 1))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.setitimer(signal.ITIMER_REAL, WALL_SECONDS)


def describe_refusal(problem: IngestRefused) -> dict[str, object]:
    values = {name: value if isinstance(value, list) else str(value) for name, value in problem.values.items()}
    return {"refused": {"code": problem.code, "words_key": problem.words_key, "values": values}}


def read_in_child(request: dict[str, object], out: int) -> None:
    """Read one file and write the reply; never returns."""
    # Imported by `main` before the first fork; here only for the name.
    from data.ingest.reading import read_file

    status = 1
    try:
        # Whatever a library prints on its way down must not reach the operator's terminal.
        quiet = os.open(os.devnull, os.O_WRONLY)
        os.dup2(quiet, 2)
        limit_child()
        try:
            reply = {"parts": read_file(request)}
        except IngestRefused as problem:
            reply = describe_refusal(problem)
        except MemoryError:
            reply = {"died": signal.SIGKILL}
        with os.fdopen(out, "wb") as stream:
            stream.write(json.dumps(reply, ensure_ascii=False).encode())
        status = 0
    except BaseException as problem:
        with os.fdopen(out, "wb") as stream:
            stream.write(json.dumps({"bug": f"{type(problem).__name__}: {problem}"}).encode())
        status = 0
    finally:
        os._exit(status)


def read_in_fork(request: dict[str, object]) -> bytes:
    """The child's reply; where it died without one, the number of the signal that ended it."""
    incoming, outgoing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(incoming)
        read_in_child(request, outgoing)
    os.close(outgoing)
    parts, size = [], 0
    with os.fdopen(incoming, "rb", buffering=0) as stream:
        while part := stream.read(1 << 20):
            parts.append(part)
            size += len(part)
            if size > LARGEST_REPLY:
                os.kill(child, signal.SIGKILL)
                break
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status) or os.WEXITSTATUS(status) != 0:
        ended_by = os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0
        return json.dumps({"died": ended_by}).encode()
    return b"".join(parts)


def serve(connection: socket.socket) -> None:
    """Answer requests until the other side goes away."""
    while (frame := receive_frame(connection)) is not None:
        send_frame(connection, read_in_fork(json.loads(frame)))


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
