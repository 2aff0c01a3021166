"""Requests at a steady rate, some of them streams, some of whose clients leave; writes what became of each as one line of tab-separated text.

    load.py PORT KEY RATE SECONDS FILE

The columns: the decision's name or \\N, the model, what became of it (whole, left, refused, cut, broken, late), status, code, tokens of input and output or
\\N, milliseconds since 1970 at its end, and microseconds that it took. Prints how many were sent, and what the machine's clock said was missed.
"""

import asyncio
import json
import random
import re
import sys
import time

port, key, rate, seconds, path = int(sys.argv[1]), sys.argv[2], int(sys.argv[3]), float(sys.argv[4]), sys.argv[5]

STREAMS = 0.2  # of all requests
LEAVERS = 0.02
LEAVE_WITHIN = 0.03  # seconds; an answer takes about twenty milliseconds
LATE_AFTER = 15.0
MODELS = (["steady/chat"] * 7 + ["assistant"] * 2 + ["flaky/chat"])
TICK = 0.01

draws = random.Random(5)
DECISION = re.compile(rb"\r\nx-charter-decision: ([^\r]+)\r\n", re.I)
LENGTH = re.compile(rb"\r\ncontent-length: (\d+)\r\n", re.I)
USAGE = re.compile(rb'"prompt_tokens":(\d+),"completion_tokens":(\d+)')
CODE = re.compile(rb'"code":"([a-z_0-9]+)"')


def question(model, stream, usage):
    asked = {"model": model, "max_tokens": 12, "messages": [{"role": "user", "content": "What is a charter, and who grants it? " * draws.randint(1, 6)}]}
    if stream:
        asked["stream"] = True
        if usage:
            asked["stream_options"] = {"include_usage": True}
    body = json.dumps(asked).encode()
    return b"POST /v1/chat/completions HTTP/1.1\r\nHost: soak\r\nauthorization: Bearer %b\r\ncontent-type: application/json\r\ncontent-length: %d\r\n\r\n%b" % (
        key.encode(), len(body), body)


class Client(asyncio.Protocol):
    """One connection; carries one request after another."""

    def __init__(self, load):
        self.load = load
        self.transport = None
        self.asked = None
        self.leaving = None

    def connection_made(self, transport):
        self.transport = transport

    def ask(self, model, stream, usage):
        self.asked, self.model, self.stream, self.wants_usage, self.data = time.monotonic(), model, stream, usage, b""
        self.transport.write(question(model, stream, usage))
        if draws.random() < LEAVERS:
            self.leaving = self.load.loop.call_later(draws.random() * LEAVE_WITHIN, self.leave)

    def leave(self):
        self.leaving = None
        if self.asked is None:
            return
        self.finish("left")
        if draws.random() < 0.5:
            self.transport.abort()
        else:
            self.transport.close()

    def data_received(self, data):
        if self.asked is None:
            return
        self.data += data
        head, mark, body = self.data.partition(b"\r\n\r\n")
        if not mark:
            return
        length = LENGTH.search(head + b"\r\n")
        if length and len(body) < int(length.group(1)) or not length and not body.endswith(b"0\r\n\r\n"):
            return
        if self.data[9:12] != b"200":
            self.finish("refused")
        elif self.stream and b"data: [DONE]" not in body:
            self.finish("cut")
        else:
            self.finish("whole")
        self.load.idle.append(self)

    def connection_lost(self, _):
        if self.asked is not None:
            self.finish("cut" if self.data else "broken")
        elif self in self.load.idle:
            self.load.idle.remove(self)
        self.transport = None

    def finish(self, outcome):
        if self.leaving:
            self.leaving.cancel()
            self.leaving = None
        took = time.monotonic() - self.asked
        if outcome in ("whole", "refused") and took > LATE_AFTER:
            outcome = "late"
        decision, usage, code = DECISION.search(self.data), USAGE.findall(self.data), b"\\N"
        tokens = ("\\N", "\\N")
        if outcome == "whole" and usage and (self.wants_usage or not self.stream):
            tokens = [int(count) for count in usage[-1]]
        if outcome in ("refused", "cut", "late"):
            code = (CODE.findall(self.data) or [b"\\N"])[-1]
        self.load.file.write("\t".join(map(str, (
            decision.group(1).decode() if decision else "\\N", self.model, outcome, self.data[9:12].decode() or "0", code.decode(),
            *tokens, int(time.time() * 1e3), int(took * 1e6)))) + "\n")
        self.asked = None


class Load:
    def __init__(self, loop, file):
        self.loop, self.file, self.idle, self.clients = loop, file, [], set()

    async def open_and_ask(self, *what):
        try:
            _, client = await self.loop.create_connection(lambda: Client(self), "127.0.0.1", port)
        except OSError:
            self.file.write(f"\\N\t{what[0]}\tbroken\t0\tconnect\t\\N\t\\N\t{int(time.time() * 1e3)}\t0\n")
            return
        self.clients.add(client)
        client.ask(*what)

    async def run(self):
        start = time.monotonic()
        sent = 0
        while (passed := time.monotonic() - start) < seconds:
            while sent < passed * rate:
                sent += 1
                stream = draws.random() < STREAMS
                what = (draws.choice(MODELS), stream, stream and draws.random() < 0.9)
                while self.idle:
                    client = self.idle.pop()
                    if client.transport and not client.transport.is_closing():
                        client.ask(*what)
                        break
                else:
                    self.loop.create_task(self.open_and_ask(*what))
            await asyncio.sleep(TICK)
        end = time.monotonic() + LATE_AFTER
        while any(client.asked for client in self.clients) and time.monotonic() < end:
            await asyncio.sleep(0.05)
        for client in self.clients:
            if client.asked:
                client.finish("late")
            if client.transport:
                client.transport.abort()
        return sent


async def main():
    with open(path, "w", buffering=1 << 20) as file:
        print(await Load(asyncio.get_running_loop(), file).run())


asyncio.run(main())
