"""A receiver that has the reference implementation of Standard Webhooks judge what `charter watch` sends.

    webhooks_check.py FOLDER SECRET COUNT

Writes its port to FOLDER/port, ends with 0 once COUNT messages were verified, and with 1 at the first that was not.
"""

import http.server
import os
import sys

from standardwebhooks.webhooks import Webhook

folder, secret, count = sys.argv[1], sys.argv[2], int(sys.argv[3])
verified = set()


class Handler(http.server.BaseHTTPRequestHandler):
    def log_message(self, *_):
        pass

    def do_POST(self):
        body = self.rfile.read(int(self.headers["content-length"]))
        headers = {name.lower(): value for name, value in self.headers.items()}
        try:
            message = Webhook(secret).verify(body, headers)
            assert set(message) == {"type", "timestamp", "data"}, message
        except Exception as problem:  # whatever it is, the message is not good
            print(f"not verified: {problem!r}: {headers} {body!r}", flush=True)
            os._exit(1)
        try:
            Webhook(secret).verify(body + b" ", headers)
            print("verified although it was changed", flush=True)
            os._exit(1)
        except Exception:
            pass
        verified.add(headers["webhook-id"])
        print(f"verified {message['type']}", flush=True)
        self.send_response(204)
        self.end_headers()


server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
with open(f"{folder}/port.new", "w") as out:
    out.write(str(server.server_address[1]))
os.rename(f"{folder}/port.new", f"{folder}/port")
while len(verified) < count:
    server.handle_request()
