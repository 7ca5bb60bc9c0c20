"""Find or install the programs that tests need: ``python tests/get_programs.py [NAME …]``.

Installed programs are used as they are. Otherwise, root on Debian or Ubuntu gets the distribution's package,
and everybody else a message what to install; Chromium may also be Playwright's own build.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome")
#: Ubuntu's package of that name only points to a snap, which doesn't start with these options.
BROWSER = ("--version", "--no-sandbox")
#: Where Debian installs PostgreSQL's programs, outside PATH.
POSTGRESQL = Path("/usr/lib/postgresql")
#: How to get PostgreSQL where it is missing.
HINT = (
    "The tests of databases need PostgreSQL's programs, and initdb is neither on PATH nor in "
    "/usr/lib/postgresql. On Debian or Ubuntu, apt install postgresql; on macOS, brew install "
    'postgresql@17 and PATH="$(brew --prefix postgresql@17)/bin:$PATH". Its server need not run.'
)


def postgresql_programs() -> Path | None:
    """Return the folder of PostgreSQL's own programs."""
    versions = sorted(POSTGRESQL.glob("*/bin"), key=lambda path: float(path.parent.name))
    found = shutil.which("initdb")
    return versions[-1] if versions else Path(found).parent if found else None


def runs(command: str, *options: str) -> bool:
    """Return whether a program starts: a package may only point to one that isn't installed."""
    try:
        return subprocess.run([command, *options], capture_output=True, timeout=60).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False


def on_path() -> str | None:
    """Return the first browser on PATH that starts."""
    return next((path for name in NAMES if (path := shutil.which(name)) and runs(path, *BROWSER)), None)


def from_apt(package: str) -> None:
    """Install the distribution's package if that is possible."""
    if shutil.which("apt-get") is None or os.geteuid() != 0:
        return
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in (["update"], ["install", "--yes", "--no-install-recommends", package]):
        subprocess.run(["apt-get", "--quiet", "--quiet", *command], env=environment, check=False)


def get_chromium() -> bool:
    """Return whether there is a browser now; if not, print why."""
    if on_path() is None:
        from_apt("chromium")
    if on_path() is None:
        command = [sys.executable, "-m", "playwright", "install", "chromium"]
        if subprocess.run(command, check=False).returncode:
            sys.stderr.write(
                "The browser tests need Chromium, and none could be had: not on PATH as "
                f"{', '.join(NAMES)}; not from apt (needs root on Debian or Ubuntu); not from Playwright "
                "(needs its download server). Install Chromium by hand, then run `make test` again.\n"
            )
            return False
    return True


def get_java() -> bool:
    """Return whether there is a Java now, which Spark runs on; if not, print why."""
    if not runs("java", "-version"):
        from_apt("default-jre-headless")
    if not runs("java", "-version"):
        sys.stderr.write(
            "The tests of Spark need Java 17 or newer, and `java -version` does not run. On Debian or "
            "Ubuntu, apt install default-jre-headless; on macOS, brew install openjdk and "
            'PATH="$(brew --prefix openjdk)/bin:$PATH".\n'
        )
        return False
    return True


def get_postgresql() -> bool:
    """Return whether the tests can run: without PostgreSQL, its tests are skipped, which CI doesn't allow."""
    if postgresql_programs() is None:
        from_apt("postgresql")
    if postgresql_programs() is None:
        sys.stderr.write(f"{HINT}\n")
        return not os.environ.get("CI")
    return True


GETTERS = {"chromium": get_chromium, "java": get_java, "postgresql": get_postgresql}


def main(names: list[str]) -> int:
    """Get the programs named, or all; return 0 if the tests can run."""
    if unknown := set(names) - set(GETTERS):
        sys.stderr.write(f"Give {' or '.join(GETTERS)}; got {', '.join(sorted(unknown))}.\n")
        return 2
    # try each, so that all missing programs are reported at once
    got = [GETTERS[name]() for name in names or GETTERS]
    return 0 if all(got) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
