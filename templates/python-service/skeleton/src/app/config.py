"""The configuration, from environment variables; docs/operations.md lists them."""

from collections.abc import Mapping
from dataclasses import dataclass

LOG_LEVELS = ("ERROR", "WARNING", "INFO", "DEBUG")


@dataclass(frozen=True)
class Config:
    """What can be set from outside."""

    host: str
    """Where the service listens."""
    port: int
    """The port; 0 takes a free one."""
    log_level: str
    """The least important level that is logged."""
    shutdown_grace_seconds: int
    """How long requests may go on after the signal to stop."""


class ConfigError(Exception):
    """Everything that is wrong with the configuration, one line for each variable."""


def read_config(variables: Mapping[str, str]) -> Config:
    """Reads variables; what is not set has a default.

    Raises ConfigError, which names everything that is wrong, not only the first.
    """
    problems: list[str] = []

    def whole_number(name: str, default: int, most: int) -> int:
        text = variables.get(name)
        if text is None:
            return default
        if text.isascii() and text.isdigit() and len(text) <= len(str(most)) and int(text) <= most:
            return int(text)
        problems.append(f'{name} must be a whole number up to {most}, not "{text}"')
        return default

    def log_level() -> str:
        text = variables.get("LOG_LEVEL", "info")
        if text.upper() not in LOG_LEVELS:
            allowed = ", ".join(LOG_LEVELS).lower()
            problems.append(f'LOG_LEVEL must be one of {allowed}, not "{text}"')
        return text.upper()

    config = Config(
        host=variables.get("HOST", "0.0.0.0"),  # noqa: S104 (a container must be reached)
        port=whole_number("PORT", 8080, 65535),
        log_level=log_level(),
        shutdown_grace_seconds=whole_number("SHUTDOWN_GRACE_SECONDS", 10, 3600),
    )
    if problems:
        raise ConfigError("\n".join(problems))
    return config
