"""What the service answers: a WSGI application."""

import json
import logging
import re
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from http import HTTPStatus
from wsgiref.types import StartResponse, WSGIEnvironment

log = logging.getLogger(__name__)

LONGEST_NAME = 100


@dataclass(frozen=True)
class Answer:
    """An answer, before it is written."""

    status: HTTPStatus
    body: object
    """Written as JSON."""
    headers: dict[str, str] = field(default_factory=dict)


class Problem(Exception):  # noqa: N818 (the word of RFC 9457)
    """A request that cannot be answered, said as RFC 9457 has it."""

    def __init__(
        self, status: HTTPStatus, title: str, headers: dict[str, str] | None = None
    ) -> None:
        """Says it in a short title."""
        super().__init__(title)
        self.status = status
        self.title = title
        self.headers = headers or {}

    def answer(self) -> Answer:
        """Returns what is sent."""
        headers = {"Content-Type": "application/problem+json", **self.headers}
        return Answer(self.status, {"status": self.status.value, "title": self.title}, headers)


def greeting(name: str) -> Answer:
    """Greets by name."""
    if len(name) > LONGEST_NAME:
        raise Problem(HTTPStatus.BAD_REQUEST, "the name is too long")
    return Answer(HTTPStatus.OK, {"message": f"Hello, {name}!"})


ROUTES: list[tuple[re.Pattern[str], Callable[[str], Answer]]] = [
    (re.compile(r"/v1/greetings/([^/]+)"), greeting),
]
"""A pattern of the path, and what answers a GET of it."""


class Application:
    """The WSGI application; any WSGI server can serve it."""

    def __init__(self) -> None:
        """Is ready at once."""
        self.is_stopping = False

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answers a request."""
        start = time.monotonic()
        method = str(environ["REQUEST_METHOD"])
        path = decoded_path(environ)
        answer = self.probe(path)
        # Probes come every few seconds: they stay out of the log.
        if answer is None:
            answer = self.answer(method, path)
            fields = {
                "method": method,
                "path": path,
                "status": answer.status.value,
                "milliseconds": round((time.monotonic() - start) * 1000, 3),
            }
            log.info("answered", extra={"fields": fields})
        body = json.dumps(answer.body, ensure_ascii=False).encode()
        headers = {
            "Content-Type": "application/json",
            "Content-Length": str(len(body)),
            **answer.headers,
        }
        start_response(f"{answer.status.value} {answer.status.phrase}", list(headers.items()))
        return [] if method == "HEAD" else [body]

    def probe(self, path: str) -> Answer | None:
        """Answers what an orchestrator asks."""
        if path == "/healthz":
            return Answer(HTTPStatus.OK, {"status": "alive"})
        if path == "/readyz":
            # Ask here for what the service cannot work without.
            if self.is_stopping:
                return Answer(HTTPStatus.SERVICE_UNAVAILABLE, {"status": "stopping"})
            return Answer(HTTPStatus.OK, {"status": "ready"})
        return None

    def answer(self, method: str, path: str) -> Answer:
        """Answers what users ask."""
        try:
            return route(method, path)
        except Problem as problem:
            return problem.answer()
        except Exception:
            log.exception("failed", extra={"fields": {"method": method, "path": path}})
            return Problem(HTTPStatus.INTERNAL_SERVER_ERROR, "something went wrong").answer()


def route(method: str, path: str) -> Answer:
    """Finds the route of a path and asks it."""
    for pattern, answer in ROUTES:
        found = pattern.fullmatch(path)
        if not found:
            continue
        if method not in ("GET", "HEAD"):
            allow = {"Allow": "GET, HEAD"}
            raise Problem(HTTPStatus.METHOD_NOT_ALLOWED, "the method is not allowed", allow)
        return answer(found[1])
    raise Problem(HTTPStatus.NOT_FOUND, "there is nothing here")


def decoded_path(environ: WSGIEnvironment) -> str:
    """Returns the path as text; WSGI has its bytes as Latin-1."""
    path: str = environ.get("PATH_INFO") or "/"
    return path.encode("latin-1").decode(errors="replace")
