"""The program: reads the configuration, serves, and stops when it is told to."""

import logging
import os
import signal
import sys
import threading
from types import FrameType

from app.config import ConfigError, read_config
from app.log import start_logging
from app.server import Service

log = logging.getLogger(__name__)


def main() -> int:
    """Runs the service until a signal stops it, and returns the exit code."""
    try:
        config = read_config(os.environ)
    except ConfigError as error:
        sys.stderr.write(f"the configuration is wrong:\n{error}\n")
        return 2
    start_logging(config.log_level)
    try:
        service = Service(config)
    except OSError as error:
        fields = {"host": config.host, "port": config.port, "error": str(error)}
        log.error("cannot listen", extra={"fields": fields})
        return 1

    def stop(number: int, _frame: FrameType | None) -> None:
        log.info("stopping", extra={"fields": {"signal": signal.Signals(number).name}})
        # Not here: the server waits for the loop that this handler interrupts.
        threading.Thread(target=service.stop).start()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    log.info("listening", extra={"fields": {"host": config.host, "port": service.port}})
    if not service.serve():
        log.warning("some requests took too long and were cut off")
    log.info("stopped")
    return 0


if __name__ == "__main__":
    sys.exit(main())
