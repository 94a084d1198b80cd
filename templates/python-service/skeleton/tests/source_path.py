"""Lets the tests find the service without an installation: each of them imports this first."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "src"))
