"""The options with which Chromium is started."""

import os
from pathlib import Path
from typing import Any

from playwright.sync_api import Playwright

from ..get_programs import NAMES, on_path

#: Flags that turn off what Chromium would otherwise do and fetch for itself.
QUIET_FLAGS = [
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


def launch_options(playwright: Playwright) -> dict[str, Any]:
    """Return options for Chromium from PATH, else Playwright's; without either, the error says what to do."""
    found = on_path() or playwright.chromium.executable_path
    if not Path(found).exists():
        raise FileNotFoundError(
            f"No Chromium: none of {', '.join(NAMES)} on PATH starts and Playwright has none of its own;"
            " run `python tests/get_programs.py`"
        )
    # Chromium's sandbox refuses to run as root, which is usual in containers.
    as_root = ["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
    return {"executable_path": found, "args": [*QUIET_FLAGS, *as_root]}
