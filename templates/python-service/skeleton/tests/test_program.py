"""The program as an orchestrator sees it."""

import json
import os
import subprocess
import sys
import unittest
from pathlib import Path
from urllib.request import urlopen

SOURCES = str(Path(__file__).parent.parent / "src")


def start(variables: dict[str, str]) -> subprocess.Popen[str]:
    """Starts the program."""
    environment = {**os.environ, "PYTHONPATH": SOURCES, "PYTHONUNBUFFERED": "1", **variables}
    return subprocess.Popen(
        [sys.executable, "-m", "app"],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


class Program(unittest.TestCase):
    """Starting and stopping."""

    @unittest.skipIf(sys.platform == "win32", "has no SIGTERM")
    def test_stops_on_sigterm(self) -> None:
        with start({"HOST": "127.0.0.1", "PORT": "0"}) as program:
            assert program.stdout is not None
            listening = json.loads(program.stdout.readline())
            self.assertEqual(listening["message"], "listening")
            with urlopen(f"http://127.0.0.1:{listening['port']}/readyz") as response:
                self.assertEqual(response.status, 200)
            program.terminate()
            self.assertEqual(program.wait(timeout=20), 0)

    def test_does_not_start_with_a_wrong_configuration(self) -> None:
        with start({"PORT": "http"}) as program:
            _, errors = program.communicate(timeout=20)
            self.assertEqual(program.returncode, 2)
            self.assertIn("PORT", errors)
