"""Sends chat requests in waves: one on each connection, then all the answers, then the next wave. Fails unless every answer is whole and 200.

    waves.py PORT KEY MODEL CONNECTIONS WAVES [EVENTS]

With EVENTS each answer is a stream of that many events.
"""

import json
import socket
import sys

port, key, model, connections, waves = int(sys.argv[1]), sys.argv[2], sys.argv[3], int(sys.argv[4]), int(sys.argv[5])
events = int(sys.argv[6]) if len(sys.argv) > 6 else 0

# The request of Benchmarks/chat.lua: 528 bytes.
question = {"model": model, "temperature": 0.2, "max_tokens": events or 64}
question["messages"] = [
    {"role": "system", "content": "You are the assistant of a shop. Answer in one sentence and name no prices. "},
    {"role": "user", "content": "What is a charter, and who grants it to whom? " * 6},
]
if events:
    question |= {"stream": True, "stream_options": {"include_usage": True}}
body = json.dumps(question, separators=(",", ":")).ljust(528).encode()
request = (f"POST /v1/chat/completions HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\ncontent-type: application/json\r\n"
           f"authorization: Bearer {key}\r\nContent-Length: {len(body)}\r\n\r\n").encode() + body


class Connection:
    def __init__(self):
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=120)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.rest = b""

    def until(self, ends):
        """Reads until `ends` says how many bytes belong to it, and takes them."""
        while (length := ends(self.rest)) is None:
            more = self.socket.recv(65536)
            if not more:
                sys.exit(f"the connection ended after {self.rest[:300]!r}")
            self.rest += more
        taken, self.rest = self.rest[:length], self.rest[length:]
        return taken

    def answer(self):
        after = lambda mark: lambda data: data.index(mark) + len(mark) if mark in data else None
        head = self.until(after(b"\r\n\r\n"))
        lengths = [int(line.split(b":")[1]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:")]
        body = self.until(lambda data: lengths[0] if len(data) >= lengths[0] else None) if lengths else self.until(after(b"\r\n0\r\n\r\n"))
        if not head.startswith(b"HTTP/1.1 200 ") or (events and b"[DONE]" not in body):
            sys.exit(f"answered {head!r} {body[:600]!r}")


crowd = [Connection() for _ in range(connections)]
for _ in range(waves):
    for one in crowd:
        one.socket.sendall(request)
    for one in crowd:
        one.answer()
