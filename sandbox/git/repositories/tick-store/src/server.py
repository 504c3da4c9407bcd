"""HTTP service: POST /ticks/<symbol>?price=..., GET /ticks/<symbol>, /, /healthz, /version."""

import json
import pathlib
import signal
import socket
import threading
from datetime import datetime, timezone
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, unquote, urlsplit

import settings
from ticks import TickStore

VERSION = json.loads(pathlib.Path(__file__).with_name("version.json").read_text(encoding="utf-8"))
STARTED_AT = datetime.now(timezone.utc).isoformat()
store = TickStore(settings.KEEP_TICKS)


def log(text):
    print(f"{datetime.now(timezone.utc).isoformat(timespec='milliseconds')} INFO  {text}", flush=True)


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        path = unquote(urlsplit(self.path).path)
        if path == "/":
            self.reply(200, {**VERSION, "host": socket.gethostname(), "environment": settings.ENVIRONMENT,
                             "startedAt": STARTED_AT, "ticks": store.sizes()})
        elif path == "/healthz":
            self.reply(200, {"status": "ok"})
        elif path == "/version":
            self.reply(200, VERSION)
        elif path.startswith("/ticks/"):
            self.reply(200, store.latest(path[len("/ticks/"):]))
        else:
            self.reply(404, {"error": f"no {path} here"})

    def do_POST(self):
        url = urlsplit(self.path)
        try:
            price = float(parse_qs(url.query)["price"][0])
        except (KeyError, ValueError):
            self.reply(400, {"error": "price is missing"})
            return
        if not url.path.startswith("/ticks/"):
            self.reply(404, {"error": f"no {url.path} here"})
            return
        store.add(unquote(url.path[len("/ticks/"):]), price, datetime.now(timezone.utc).isoformat())
        self.reply(201, {"stored": True})

    def reply(self, status, body):
        content = (json.dumps(body, ensure_ascii=False) + "\n").encode("utf-8")
        self.send_response(status)
        self.send_header("Content-Type", "application/json; charset=utf-8")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format, *args):
        if self.path != "/healthz":
            log(format % args)


server = ThreadingHTTPServer((settings.HOST, settings.PORT), Handler)
server.daemon_threads = True


def stop(number, _frame):
    log(f"{signal.Signals(number).name}: finishing open requests")
    # shutdown() waits for the serving loop, which this handler interrupts: it needs a thread of its own.
    threading.Thread(target=server.shutdown).start()


signal.signal(signal.SIGTERM, stop)
signal.signal(signal.SIGINT, stop)
log(f"{VERSION['name']} {VERSION['version']} listens host={settings.HOST} port={settings.PORT}")
server.serve_forever()
server.server_close()
log("stopped")
