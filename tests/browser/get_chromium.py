"""Find Chromium for the browser tests, or get it: ``python tests/browser/get_chromium.py``.

On PATH it is taken as it is. Else root on Debian or Ubuntu gets the distribution's package, and everybody
else, and whoever finds that package to be an empty shell, Playwright's own build.
"""

import os
import shutil
import subprocess
import sys

NAMES = ("chromium", "chromium-browser", "google-chrome")


def runs(command: str) -> bool:
    """Whether a browser starts: Ubuntu's package of that name only points to a snap."""
    options = ["--version", "--no-sandbox"]
    try:
        return subprocess.run([command, *options], capture_output=True, timeout=60).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False


def on_path() -> str | None:
    """Return the first browser on PATH that starts."""
    return next((path for name in NAMES if (path := shutil.which(name)) and runs(path)), None)


def from_apt() -> None:
    """Install the distribution's package, where that can be done."""
    if shutil.which("apt-get") is None or os.geteuid() != 0:
        return
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in (["update"], ["install", "--yes", "--no-install-recommends", "chromium"]):
        subprocess.run(["apt-get", "--quiet", "--quiet", *command], env=environment, check=False)


def main() -> int:
    """Return 0 when there is a browser, else say why not."""
    found = on_path()
    if found is None:
        from_apt()
        found = on_path()
    if found is None:
        command = [sys.executable, "-m", "playwright", "install", "chromium"]
        if subprocess.run(command, check=False).returncode:
            sys.stderr.write(
                "The browser tests need Chromium, and none could be had: not on PATH as "
                f"{', '.join(NAMES)}; not from apt (needs root on Debian or Ubuntu); not from Playwright "
                "(needs its download server). Install Chromium by hand, then run `make test` again.\n"
            )
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
