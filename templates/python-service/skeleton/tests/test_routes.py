"""The service as its users see it."""

import json
import unittest
from typing import Any
from wsgiref.util import setup_testing_defaults
from wsgiref.validate import validator

import source_path  # noqa: F401
from app.routes import Application


def request(
    path: str, method: str = "GET", application: Application | None = None
) -> tuple[int, dict[str, str], Any]:
    """Asks the application, and returns status, headers and body."""
    environ: dict[str, Any] = {}
    setup_testing_defaults(environ)
    environ |= {"PATH_INFO": path, "REQUEST_METHOD": method, "QUERY_STRING": ""}
    started: list[Any] = []

    def start_response(status: str, headers: list[tuple[str, str]], _info: Any = None) -> Any:
        started.append((int(status.split()[0]), dict(headers)))

    # The validator of the standard library sees that the application keeps to WSGI.
    answer = validator(application or Application())(environ, start_response)
    body = b"".join(answer)
    answer.close()  # type: ignore[attr-defined]
    status, headers = started[0]
    return status, headers, json.loads(body) if body else None


class Routes(unittest.TestCase):
    """Requests and their answers."""

    def test_greets_by_name(self) -> None:
        status, _, body = request("/v1/greetings/Ada Lovelace")
        self.assertEqual(status, 200)
        self.assertEqual(body, {"message": "Hello, Ada Lovelace!"})

    def test_reads_names_as_utf_8(self) -> None:
        _, _, body = request("/v1/greetings/Zoë".encode().decode("latin-1"))
        self.assertEqual(body, {"message": "Hello, Zoë!"})

    def test_refuses_a_name_that_is_too_long(self) -> None:
        status, headers, body = request("/v1/greetings/" + "x" * 101)
        self.assertEqual(status, 400)
        self.assertEqual(headers["Content-Type"], "application/problem+json")
        self.assertEqual(body, {"status": 400, "title": "the name is too long"})

    def test_refuses_other_methods(self) -> None:
        status, headers, _ = request("/v1/greetings/Ada", "DELETE")
        self.assertEqual(status, 405)
        self.assertEqual(headers["Allow"], "GET, HEAD")

    def test_does_not_know_other_paths(self) -> None:
        status, _, _ = request("/v1/nothing")
        self.assertEqual(status, 404)

    def test_is_alive_and_ready(self) -> None:
        for path in ("/healthz", "/readyz"):
            with self.subTest(path):
                status, _, _ = request(path)
                self.assertEqual(status, 200)

    def test_is_alive_but_not_ready_while_it_stops(self) -> None:
        application = Application()
        application.is_stopping = True
        self.assertEqual(request("/readyz", application=application)[0], 503)
        self.assertEqual(request("/healthz", application=application)[0], 200)

    def test_logs_answers_but_not_probes(self) -> None:
        with self.assertLogs("app.routes", "INFO") as logs:
            request("/healthz")
            request("/v1/greetings/Ada")
        paths = [vars(record)["fields"]["path"] for record in logs.records]
        self.assertEqual(paths, ["/v1/greetings/Ada"])
