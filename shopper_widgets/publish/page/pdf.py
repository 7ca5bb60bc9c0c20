"""The report's page as a PDF, printed by an installed browser."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from shopper_widgets._support.writing import write_whole

#: Browsers that can print, by the names of their programs.
BROWSERS = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "microsoft-edge",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
)
#: The environment variable that names another browser.
VARIABLE = "SHOPPER_BROWSER"
#: Milliseconds of virtual time for the page, so that all charts are drawn; and seconds for the whole run.
_PAGE_MS, _SECONDS = 60_000, 300


def find_browser() -> str:
    """Return the browser for printing: that of ``SHOPPER_BROWSER``, or the first usual one found.

    Raises
    ------
    FileNotFoundError
        There is no browser.
    """
    named = os.environ.get(VARIABLE, "")
    found = next((path for name in ([named] if named else BROWSERS) if (path := shutil.which(name))), None)
    if found is None:
        looked = repr(named) if named else ", ".join(BROWSERS[:-1])
        raise FileNotFoundError(
            f"A PDF needs Chromium, Chrome or Edge, and there is none: looked for {looked}. Install "
            f"one, or name its program in {VARIABLE}; the page itself prints from any browser, too."
        )
    return found


def print_pdf(page: Path, out: Path) -> Path:
    """Print a report's page as a PDF, with all charts drawn and all parts unfolded.

    Parameters
    ----------
    page : Path
        The HTML page.
    out : Path
        The file to write; replaced when it exists, whole or not at all.

    Returns
    -------
    Path
        `out`.

    Raises
    ------
    FileNotFoundError
        There is no browser that prints.
    RuntimeError
        It failed; the error has its last words.
    """
    browser = find_browser()
    # Chromium's sandbox doesn't run as root, as in containers; the page runs only its own two scripts.
    as_root = ["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
    with tempfile.TemporaryDirectory(prefix="shopper-widgets-", ignore_cleanup_errors=True) as scratch:
        printed = Path(scratch) / "report.pdf"
        command = [
            browser,
            "--headless",
            "--disable-gpu",
            "--disable-dev-shm-usage",
            "--no-first-run",
            *as_root,
            f"--user-data-dir={scratch}/profile",
            "--no-pdf-header-footer",
            f"--virtual-time-budget={_PAGE_MS}",
            f"--print-to-pdf={printed}",
            page.absolute().as_uri(),
        ]
        try:
            done = subprocess.run(command, capture_output=True, text=True, timeout=_SECONDS, check=False)
        except subprocess.TimeoutExpired as error:
            raise RuntimeError(f"{browser} took more than {_SECONDS} seconds to print {page}") from error
        if done.returncode or not printed.exists():
            said = (done.stderr.strip().splitlines() or ["it said nothing"])[-1]
            raise RuntimeError(f"{browser} could not print {page}: {said}")
        write_whole(out, printed.read_bytes())
    return out
