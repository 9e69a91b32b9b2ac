"""A slow line between browser and server: a TCP relay with a rate and a delay, for HTTP and WebSocket alike.

Chromium's own throttling (Network.emulateNetworkConditions) leaves WebSocket messages at full speed, and a Streamlit
page travels mostly over its WebSocket; so the line itself is made slow.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import time

CHUNK = 4096  # bytes; at 4 Mbit/s one chunk takes 8 ms, fine enough to share the line fairly


class Line:
    """One direction of the line, shared by all connections: bytes leave one after the other, at a fixed rate."""

    def __init__(self, bytes_per_second: float) -> None:
        self.bytes_per_second = bytes_per_second
        self.free_at = 0.0

    def book(self, size: int) -> float:
        """Reserve the line for `size` bytes; the time (monotonic seconds) at which the last of them has left."""
        self.free_at = max(self.free_at, time.monotonic()) + size / self.bytes_per_second
        return self.free_at


async def relay(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, line: Line, delay: float) -> None:
    """Pass bytes on in order; each arrives `delay` seconds after the line has carried it."""
    queue: asyncio.Queue[tuple[float, bytes]] = asyncio.Queue(maxsize=64)

    async def deliver() -> None:
        while True:
            due, chunk = await queue.get()
            await asyncio.sleep(due - time.monotonic())
            if not chunk:
                writer.close()
                return
            writer.write(chunk)
            await writer.drain()

    sender = asyncio.create_task(deliver())
    try:
        while chunk := await reader.read(CHUNK):
            left = line.book(len(chunk))
            await queue.put((left + delay, chunk))
            await asyncio.sleep(left - time.monotonic())
        await queue.put((time.monotonic() + delay, b""))
        await sender
    except (ConnectionError, asyncio.CancelledError):
        sender.cancel()
        writer.close()


async def serve(listen: int, target: int, bytes_per_second: float, round_trip: float) -> None:
    """Listen on 127.0.0.1:`listen` and relay to 127.0.0.1:`target`, `round_trip` seconds there and back."""
    down, up = Line(bytes_per_second), Line(bytes_per_second)

    async def join(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(round_trip)  # what opening a connection costs on such a line
        with contextlib.suppress(ConnectionError):
            far_reader, far_writer = await asyncio.open_connection("127.0.0.1", target)
            await asyncio.gather(
                relay(reader, far_writer, up, round_trip / 2),
                relay(far_reader, writer, down, round_trip / 2),
                return_exceptions=True,
            )

    server = await asyncio.start_server(join, "127.0.0.1", listen)
    async with server:
        await server.serve_forever()


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.proxy", description=__doc__)
    parser.add_argument("listen", type=int)
    parser.add_argument("target", type=int)
    parser.add_argument("--bits-per-second", type=float, default=4e6)
    parser.add_argument("--round-trip", type=float, default=0.06, metavar="SECONDS")
    chosen = parser.parse_args()
    asyncio.run(serve(chosen.listen, chosen.target, chosen.bits_per_second / 8, chosen.round_trip))


if __name__ == "__main__":
    main()
