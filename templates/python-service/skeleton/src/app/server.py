"""Serving, and stopping without losing a request.

The server of the standard library is enough behind a proxy. For more, give `app.routes.Application`
to a WSGI server such as gunicorn.
"""

import logging
import threading
from socket import socket
from socketserver import ThreadingMixIn
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer

from app.config import Config
from app.routes import Application

log = logging.getLogger(__name__)


class QuietHandler(WSGIRequestHandler):
    """Leaves the log to the application."""

    timeout = 30
    """How long a client may take to send its request, in seconds."""

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 (its name there)
        """Writes nothing."""


class CountingServer(ThreadingMixIn, WSGIServer):
    """Knows how many requests it is answering."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, host: str, port: int) -> None:
        """Listens from now on."""
        self.open_requests = 0
        self.changed = threading.Condition()
        super().__init__((host, port), QuietHandler)

    def process_request(self, request: socket | tuple[bytes, socket], client_address: Any) -> None:  # noqa: ANN401
        """Counts a request, before its thread begins."""
        with self.changed:
            self.open_requests += 1
        super().process_request(request, client_address)

    def shutdown_request(self, request: socket | tuple[bytes, socket]) -> None:
        """Counts the end of a request."""
        super().shutdown_request(request)
        with self.changed:
            self.open_requests -= 1
            self.changed.notify_all()

    def handle_error(self, request: socket | tuple[bytes, socket], client_address: Any) -> None:  # noqa: ANN401
        """Notes a connection that broke; the application answers for its own errors."""
        log.debug("a connection broke", exc_info=True)

    def wait_for_requests(self, seconds: float) -> bool:
        """Waits for all requests, and says whether they ended in time."""
        with self.changed:
            return self.changed.wait_for(lambda: self.open_requests == 0, timeout=seconds)


class Service:
    """The server and its application."""

    def __init__(self, config: Config) -> None:
        """Listens, but does not answer yet."""
        self.grace_seconds = config.shutdown_grace_seconds
        self.application = Application()
        self.server = CountingServer(config.host, config.port)
        self.server.set_app(self.application)

    @property
    def port(self) -> int:
        """The port it listens on."""
        return self.server.server_port

    def serve(self) -> bool:
        """Answers until `stop`, and says whether all requests ended in time."""
        self.server.serve_forever(poll_interval=0.1)
        self.server.socket.close()
        return self.server.wait_for_requests(self.grace_seconds)

    def stop(self) -> None:
        """Takes no new requests, and lets `serve` return."""
        self.application.is_stopping = True
        self.server.shutdown()
