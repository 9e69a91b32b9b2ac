"""How long the head of a request may be: its address and headers, before any of our code sees them.

uvicorn with httptools keeps every byte of a head until its last line has come, with no limit: one connection that sends a
header without an end would take all memory (tests/test_attacks_server.py). It has no setting for it; what follows is its
own `data_received`, asked after the bytes were counted.
"""

from __future__ import annotations

from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

# Twice what one read of the event loop holds (256 kB): a short head with the beginning of a long body in one read is no long
# head. Heads above LONGEST_HEADERS (ui/error_pages.py) that are shorter than this get a page that says what is wrong.
LONGEST_HEAD = 512 * 1024


def limit_heads() -> None:
    """Refuse longer heads from now on, in every connection of this process."""
    if getattr(HttpToolsProtocol, "limits_heads", False):
        return
    receive, begin, complete = (
        HttpToolsProtocol.data_received,
        HttpToolsProtocol.on_message_begin,
        HttpToolsProtocol.on_headers_complete,
    )

    def data_received(self: Any, data: bytes) -> None:
        if getattr(self, "is_reading_head", True):
            self.head_bytes = getattr(self, "head_bytes", 0) + len(data)
            if self.head_bytes > LONGEST_HEAD:
                if not self.transport.is_closing():
                    self.send_400_response("The head of this request is too long.")
                return
        receive(self, data)

    def on_message_begin(self: Any) -> None:
        self.is_reading_head = True
        begin(self)

    def on_headers_complete(self: Any) -> None:
        self.is_reading_head, self.head_bytes = False, 0
        complete(self)

    HttpToolsProtocol.data_received = data_received
    HttpToolsProtocol.on_message_begin = on_message_begin
    HttpToolsProtocol.on_headers_complete = on_headers_complete
    HttpToolsProtocol.limits_heads = True
