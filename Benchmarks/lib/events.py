"""A provider of event streams for counting instructions: each event leaves by itself, a while after the one before.

    events.py PORT PAUSE_MS

A stream has as many events as the request's max_tokens.
"""

import json
import socketserver
import sys
import time

port, pause = int(sys.argv[1]), float(sys.argv[2]) / 1e3
HEAD = b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n"


def event(delta, finish=None, usage=None):
    choices = [] if usage else [{"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish}]
    body = {"id": "chatcmpl-9f2c5b71d0e84a63", "object": "chat.completion.chunk", "created": 1760000000, "model": "gpt-4o-mini",
            "choices": choices, "usage": usage}
    return chunk(f"data: {json.dumps(body, separators=(',', ':'))}\n\n".encode())


def chunk(data):
    return b"%x\r\n%b\r\n" % (len(data), data)


class Stream(socketserver.StreamRequestHandler):
    disable_nagle_algorithm = True

    def handle(self):
        while line := self.rfile.readline():
            length = 0
            while line.strip():
                name, _, value = line.partition(b":")
                if name.lower() == b"content-length":
                    length = int(value)
                line = self.rfile.readline()
            count = json.loads(self.rfile.read(length))["max_tokens"]
            self.wfile.write(HEAD)
            for _ in range(count):
                time.sleep(pause)
                self.wfile.write(event({"content": "charter "}))
            time.sleep(pause)
            usage = {"prompt_tokens": 78, "completion_tokens": count, "total_tokens": 78 + count}
            self.wfile.write(event({}, "stop") + event({}, usage=usage) + chunk(b"data: [DONE]\n\n") + chunk(b""))


class Provider(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True


Provider(("127.0.0.1", port), Stream).serve_forever()
