"""The configuration."""

import unittest

import source_path  # noqa: F401
from app.config import ConfigError, read_config


class ReadConfig(unittest.TestCase):
    """Reading variables."""

    def test_everything_has_a_default(self) -> None:
        config = read_config({})
        self.assertEqual(config.port, 8080)
        self.assertEqual(config.log_level, "INFO")

    def test_variables_replace_defaults(self) -> None:
        config = read_config({"PORT": "9000", "LOG_LEVEL": "debug"})
        self.assertEqual(config.port, 9000)
        self.assertEqual(config.log_level, "DEBUG")

    def test_all_problems_are_named_at_once(self) -> None:
        with self.assertRaises(ConfigError) as raised:
            read_config({"PORT": "70000", "LOG_LEVEL": "loud"})
        self.assertEqual(
            str(raised.exception).splitlines(),
            [
                'PORT must be a whole number up to 65535, not "70000"',
                'LOG_LEVEL must be one of error, warning, info, debug, not "loud"',
            ],
        )
